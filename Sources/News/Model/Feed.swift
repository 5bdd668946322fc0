/// A parsed feed document of any format, or what a listing page or a sitemap gives in its place.
public struct Feed: Sendable, Hashable, Codable {
    public enum Format: String, Sendable, Hashable, Codable { case rss, rdf, atom, json, page, sitemap }

    public var format: Format
    public var id: String?
    public var title: String?
    /// Absolute, as all URLs here, resolved against `xml:base` and the document's address.
    public var link: String?
    public var selfLink: String?
    public var hub: String?
    public var description: String?
    public var language: String?
    public var updated: Timestamp?
    public var ttlMinutes: Int?
    /// Hours of the day in UTC, 0 to 23, at which RSS asks not to be read.
    public var skipHours: [Int]?
    /// Days of the week in UTC, Sunday is 0, on which RSS asks not to be read.
    public var skipDays: [Int]?
    /// Where the entries before these are (RFC 5005 §4).
    public var previousArchive: String?
    public var authors: [Person] = []
    /// In document order.
    public var entries: [Entry] = []
    /// What was wrong with the document and how it was read all the same.
    public var faults: [MarkupFault] = []

    public init(format: Format) { self.format = format }
}

/// What a text of a feed is by its own word.
public enum TextKind: String, Sendable, Hashable, Codable { case plain, html }

/// One entry as published in a feed.
public struct Entry: Sendable, Hashable, Codable {
    /// guid, atom:id, JSON `id`: as written, white space trimmed.
    public var id: String?
    /// Plain text or HTML, as the feed carries it; `PlainText` makes text of it.
    public var title: String?
    /// Nil where the feed does not say what the title is, as RSS cannot.
    public var titleKind: TextKind?
    /// The article's address, absolute.
    public var link: String?
    /// The address before a feed proxy rewrote `link` (feedburner:origLink): an identity hint.
    public var originalLink: String?
    /// HTML or text, as published.
    public var summary: String?
    public var summaryKind: TextKind?
    /// HTML or text, as published; never a copy of `summary`.
    public var content: String?
    public var contentKind: TextKind?
    public var authors: [Person] = []
    public var published: Timestamp?
    public var updated: Timestamp?
    public var categories: [String] = []
    public var enclosures: [Enclosure] = []
    /// BCP 47, inherited from the feed where the entry does not say.
    public var language: String?
    /// The feed that it was taken over from (RSS `source`, RFC 4287 §4.2.11, dc:source).
    public var origin: EntryOrigin?
    /// The id or address of what it answers (RFC 4685 §3).
    public var inReplyTo: String?
    /// Comments or replies so far, as the feed counts them (slash:comments, thr:total).
    public var commentCount: Int?
    public var point: GeoPoint?

    public init() {}
}

/// Where a syndicated entry comes from, as far as it says.
public struct EntryOrigin: Sendable, Hashable, Codable {
    public var title: String?
    /// The feed's or the site's address, absolute.
    public var url: String?
    /// atom:id of the feed.
    public var id: String?

    public init(title: String? = nil, url: String? = nil, id: String? = nil) {
        self.title = title
        self.url = url
        self.id = id
    }
}

/// A place on the earth in WGS 84 degrees (georss:point, geo:lat and geo:long).
public struct GeoPoint: Sendable, Hashable, Codable {
    /// -90 to 90.
    public var latitude: Double
    /// -180 to 180.
    public var longitude: Double

    /// Nil outside the earth.
    public init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}

public struct Person: Sendable, Hashable, Codable {
    public var name: String?
    public var email: String?
    public var url: String?

    public init(name: String? = nil, email: String? = nil, url: String? = nil) {
        self.name = name
        self.email = email
        self.url = url
    }
}

public struct Enclosure: Sendable, Hashable, Codable {
    public var url: String
    public var type: String?
    /// Bytes, as the feed claims.
    public var length: Int?

    public init(url: String, type: String? = nil, length: Int? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}

/// Something wrong in a document that was read all the same, or the reason why it was not.
public struct MarkupFault: Sendable, Hashable, Codable {
    /// A stable word, `undeclared-entity`, `truncated`, `bad-date`.
    public var code: String
    /// For people: what and where.
    public var detail: String

    public init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Of a document that goes on beyond what is read of one.
    /// - Parameters:
    ///   - limit: the bytes that were read.
    ///   - taken: how many addresses were in them, where that is known.
    public static func cut(
        _ what: String = "the document", limit: Int, taken: Int? = nil, isSitemap: Bool = false
    ) -> MarkupFault {
        let kept = taken.map { "\($0) addresses of its beginning are taken, " } ?? ""
        let advice =
            isSitemap && limit >= Limits.sitemapBytesMax
            ? "no sitemap may be larger: its publisher has to split it" : "raise the source's body_max"
        return MarkupFault(
            "cut", "\(what) is larger than \(limit) bytes; \(kept)what is beyond was not read – \(advice)")
    }

    /// The document has another address for good.
    public static let moved = "moved"
    /// A redirect on the way left https.
    public static let losesTLS = "redirect-loses-tls"
    /// A zone's abbreviation that names several.
    public static let ambiguousZone = "ambiguous-zone"
}
