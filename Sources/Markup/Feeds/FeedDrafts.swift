import Foundation
import News

/// An entry while it is being read: what may still be overruled by a better element.
struct EntryDraft {
    var entry = Entry()
    var language: String?
    /// RDF's `rdf:about`.
    var about: String?
    /// The text of RSS's `link`.
    var link: String?
    var selfLink: String?
    /// Atom's `content src`.
    var contentSource: String?
    /// A date of which it is not said what it means (`dc:date`).
    private var plainDate: Timestamp?
    /// Counts where nothing says when it was published.
    private var issued: Timestamp?
    var latitude: Double?
    var longitude: Double?
    private var alternate: String?
    private var alternateRank = AlternateRank.other
    private var permalink: String?
    private var hasCoreTitle = false
    private var hasCoreSummary = false
    private var contentRank = 0

    /// RSS's own title counts more than Dublin Core's.
    mutating func set(title: String, _ kind: TextKind?, isCore: Bool) {
        guard entry.title == nil || isCore && !hasCoreTitle else { return }
        entry.title = title
        entry.titleKind = kind
        hasCoreTitle = isCore
    }

    mutating func set(id: String, isPermalink: Bool, permalink resolved: String?) {
        guard entry.id == nil else { return }
        entry.id = id
        if isPermalink, id.hasPrefix("http://") || id.hasPrefix("https://") || id.hasPrefix("/") {
            permalink = resolved
        }
    }

    mutating func set(summary: String, _ kind: TextKind?, isCore: Bool) {
        guard entry.summary == nil || isCore && !hasCoreSummary else { return }
        entry.summary = summary
        entry.summaryKind = kind
        hasCoreSummary = isCore
    }

    /// `content:encoded` counts more than anything else, HTML more than plain text.
    mutating func add(content: String, _ kind: TextKind?, isEncoded: Bool, type: String?) {
        let rank = isEncoded ? 3 : type?.contains("html") ?? false ? 2 : 1
        guard rank > contentRank else { return }
        entry.content = content
        entry.contentKind = isEncoded ? .html : kind
        contentRank = rank
    }

    mutating func set(_ time: Timestamp, _ element: FeedElement) {
        switch element {
        case .published: entry.published = entry.published ?? time
        case .issued: issued = issued ?? time
        case .updated: entry.updated = entry.updated ?? time
        default: plainDate = plainDate ?? time
        }
    }

    /// The first of the best.
    mutating func offer(alternate url: String, _ rank: AlternateRank) {
        guard alternate == nil || rank > alternateRank else { return }
        alternate = url
        alternateRank = rank
    }

    mutating func finish(isAtom: Bool) {
        // An Atom id may be an address (RFC 4287 §4.2.6 only forbids to rely on it): better than no link at all.
        entry.link = link ?? alternate ?? (isAtom ? contentSource : nil) ?? permalink
        if entry.id == nil, let about { entry.id = about }
        entry.published = entry.published ?? issued ?? plainDate
        entry.language = language
        if entry.point == nil, let latitude, let longitude {
            entry.point = GeoPoint(latitude: latitude, longitude: longitude)
        }
    }
}

/// How likely an alternate link is the page that people read.
enum AlternateRank: Int, Comparable {
    case other, untyped, page

    init(type: String?) {
        guard let type = type?.lowercased(), !type.isEmpty else {
            self = .untyped
            return
        }
        self = type.contains("html") ? .page : .other
    }

    static func < (a: AlternateRank, b: AlternateRank) -> Bool { a.rawValue < b.rawValue }
}

/// What a channel says that decides only when all of it is read.
struct ChannelDraft {
    var link: String?
    var published: Timestamp?
    var plainDate: Timestamp?
    var updatePeriod: String?
    var updateFrequency: Int?
    var skipHours: Set<Int> = []
    var skipDays: Set<Int> = []
    var hasCoreTitle = false
    var hasCoreDescription = false
    private var alternate: String?
    private var alternateRank = AlternateRank.other

    mutating func offer(alternate url: String, _ rank: AlternateRank) {
        guard alternate == nil || rank > alternateRank else { return }
        alternate = url
        alternateRank = rank
    }

    func finish(_ feed: inout Feed) {
        feed.link = link ?? alternate
        feed.updated = feed.updated ?? plainDate ?? published
        feed.ttlMinutes = feed.ttlMinutes ?? periodMinutes
        // Who skips every hour or day says nothing.
        if !skipHours.isEmpty, skipHours.count < 24 { feed.skipHours = skipHours.sorted() }
        if !skipDays.isEmpty, skipDays.count < 7 { feed.skipDays = skipDays.sorted() }
    }

    /// RSS 1.0's syndication module: so many times in an hour, a day, a week.
    private var periodMinutes: Int? {
        let minutes: [String: Int] = [
            "hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600,
        ]
        guard let period = updatePeriod.flatMap({ minutes[$0.lowercased()] }) else { return nil }
        return max(1, period / max(1, min(updateFrequency ?? 1, period)))
    }
}

/// RFC 4648 §4, with white space ignored.
enum Base64 {
    /// Nil when it is not Base64.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let compact = bytes.filter { $0 > 0x20 }
        guard !compact.isEmpty, let data = Data(base64Encoded: Data(compact)) else { return nil }
        return Array(data)
    }
}
