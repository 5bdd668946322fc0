import Glibc

/// The namespaces that feeds use, by the URIs that they are really given, wrong ones included.
enum FeedNamespace: Sendable {
    /// RSS of any version, none at all, or one that nobody knows without a prefix.
    case core
    case atom, dc, dcterms, content, media, itunes, syndication, feedburner, xhtml, rdf
    case other

    static func of(uri: String, prefix: String?) -> FeedNamespace {
        let lower = uri.lowercased()
        if lower.contains("w3.org/2005/atom") || lower.contains("purl.org/atom/ns") { return .atom }
        if lower.contains("purl.org/dc/elements") { return .dc }
        if lower.contains("purl.org/dc/terms") { return .dcterms }
        if lower.contains("modules/content") { return .content }
        if lower.contains("search.yahoo.com/mrss") { return .media }
        if lower.contains("itunes.com/dtds") { return .itunes }
        if lower.contains("modules/syndication") { return .syndication }
        if lower.contains("rssnamespace.org/feedburner") { return .feedburner }
        if lower.contains("w3.org/1999/xhtml") { return .xhtml }
        if lower.contains("22-rdf-syntax-ns") { return .rdf }
        if isRSS(lower) { return .core }
        return byPrefix(prefix)
    }

    /// The namespaces that versions of RSS have been given.
    private static func isRSS(_ uri: String) -> Bool {
        guard !uri.contains("/modules/") else { return false }
        return [
            "purl.org/rss/1.0", "purl.org/net/rss1.1", "my.netscape.com/", "channel.netscape.com/",
            "backend.userland.com/rss",
            "blogs.law.harvard.edu/tech/rss", "cyber.law.harvard.edu/rss",
        ].contains { uri.contains($0) }
    }

    /// What a prefix means by custom, where its URI is missing or unknown.
    static func byPrefix(_ prefix: String?) -> FeedNamespace {
        switch prefix?.lowercased() {
        case nil, "rss": .core
        case "atom", "a10", "atom03": .atom
        case "dc": .dc
        case "dcterms": .dcterms
        case "content": .content
        case "media": .media
        case "itunes": .itunes
        case "sy": .syndication
        case "feedburner": .feedburner
        case "xhtml", "html": .xhtml
        case "rdf": .rdf
        default: .other
        }
    }
}

/// What an element means where it stands in a channel, feed, item or entry.
enum FeedElement: Sendable {
    case root, channel, item
    case title, link, id, summary, content, published, updated, publishedAndUpdated
    case author, personText, personName, personEmail, personURL
    case category, keywords, enclosure, language, timeToLive, updatePeriod, updateFrequency, originalLink
    /// A container with titles and links of its own that say nothing of the feed's (`image`, `source`).
    case foreign
    /// A container whose parts are the entry's own (`media:group`).
    case transparent
    case unknown

    /// Finds the meaning of an element by its name in lower case.
    static func of(_ name: String, _ namespace: FeedNamespace) -> FeedElement {
        let table: [String: FeedElement]
        switch namespace {
        case .core: table = core
        case .atom: table = atom
        case .dc: table = dublinCore
        case .dcterms: table = dublinTerms
        case .content: return name == "encoded" ? .content : .unknown
        case .xhtml: return name == "body" || name == "div" ? .content : .unknown
        case .rdf: return name == "rdf" ? .root : core[name] ?? .unknown
        case .feedburner: return name == "origlink" ? .originalLink : .unknown
        case .syndication:
            return name == "updateperiod" ? .updatePeriod : name == "updatefrequency" ? .updateFrequency : .unknown
        case .itunes: table = itunes
        case .media: table = media
        case .other: return .unknown
        }
        return table[name] ?? .unknown
    }

    private static let core: [String: FeedElement] = [
        "rss": .root, "rdf": .root, "feed": .root, "channel": .channel, "item": .item, "entry": .item,
        "title": .title, "link": .link, "guid": .id, "id": .id, "description": .summary, "summary": .summary,
        "tagline": .summary, "subtitle": .summary, "content": .content, "fullitem": .content, "pubdate": .published,
        "published": .published,
        "issued": .published, "lastbuilddate": .updated, "updated": .updated, "modified": .updated, "author": .author,
        "managingeditor": .personText, "category": .category, "enclosure": .enclosure, "language": .language,
        "ttl": .timeToLive,
        "image": .foreign, "textinput": .foreign, "source": .foreign, "contributor": .foreign, "cloud": .foreign,
        "skiphours": .foreign, "skipdays": .foreign, "name": .personName, "email": .personEmail, "uri": .personURL,
        "url": .personURL, "homepage": .personURL, "date": .publishedAndUpdated, "creator": .personText,
    ]

    private static let atom: [String: FeedElement] = [
        "feed": .root, "entry": .item, "title": .title, "link": .link, "id": .id, "summary": .summary,
        "tagline": .summary,
        "subtitle": .summary, "content": .content, "published": .published, "issued": .published, "updated": .updated,
        "modified": .updated, "author": .author, "category": .category, "source": .foreign, "contributor": .foreign,
        "name": .personName, "email": .personEmail, "uri": .personURL, "url": .personURL, "homepage": .personURL,
        // RSS documents with Atom's namespace as their default.
        "rss": .root, "channel": .channel, "item": .item, "guid": .id, "description": .summary, "pubdate": .published,
        "lastbuilddate": .updated, "enclosure": .enclosure, "language": .language, "ttl": .timeToLive,
        "image": .foreign,
        "textinput": .foreign,
    ]

    private static let dublinCore: [String: FeedElement] = [
        "title": .title, "creator": .personText, "author": .personText, "date": .publishedAndUpdated,
        "subject": .category,
        "language": .language, "description": .summary, "identifier": .id,
    ]

    private static let itunes: [String: FeedElement] = [
        "author": .personText, "owner": .foreign, "summary": .summary, "keywords": .keywords, "category": .category,
    ]

    private static let media: [String: FeedElement] = [
        "group": .transparent, "content": .transparent, "title": .title, "description": .summary, "category": .category,
    ]

    private static let dublinTerms: [String: FeedElement] = [
        "created": .published, "issued": .published, "modified": .updated, "creator": .personText,
    ]
}
