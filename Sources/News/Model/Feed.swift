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
    public var authors: [Person] = []
    /// In document order.
    public var entries: [Entry] = []
    /// What was wrong with the document and how it was read all the same.
    public var faults: [MarkupFault] = []

    public init(format: Format) { self.format = format }
}

/// One entry as published in a feed.
public struct Entry: Sendable, Hashable, Codable {
    /// guid, atom:id, JSON `id`: as written, white space trimmed.
    public var id: String?
    /// Plain text or HTML, as the feed carries it; `PlainText` makes text of it.
    public var title: String?
    /// The article's address, absolute.
    public var link: String?
    /// The address before a feed proxy rewrote `link` (feedburner:origLink): an identity hint.
    public var originalLink: String?
    /// HTML or text, as published.
    public var summary: String?
    /// HTML or text, as published; never a copy of `summary`.
    public var content: String?
    public var authors: [Person] = []
    public var published: Timestamp?
    public var updated: Timestamp?
    public var categories: [String] = []
    public var enclosures: [Enclosure] = []
    /// BCP 47, inherited from the feed where the entry does not say.
    public var language: String?

    public init() {}
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

    /// The document has another address for good.
    public static let moved = "moved"
    /// A redirect on the way left https.
    public static let losesTLS = "redirect-loses-tls"
}
