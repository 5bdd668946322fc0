import Glibc

/// The namespaces that feeds use, by the URIs that they are really given, wrong ones included.
enum FeedNamespace: Sendable {
    /// RSS of any version, none at all, or one that nobody knows without a prefix.
    case core
    case atom, dc, dcterms, content, media, itunes, syndication, feedburner, xhtml, rdf
    case slash, thread, geography
    case other

    /// A format's own elements, not those of a module.
    var isCore: Bool { self == .core || self == .atom || self == .rdf }

    static func of(uri: String, prefix: String?) -> FeedNamespace {
        if let known = exact[uri] { return known }
        return uri.lowercased().withCString { lower in
            likenesses.first { strstr(lower, $0.part) != nil }?.namespace ?? nil
        } ?? byPrefix(prefix)
    }

    /// Parts of URIs in lower case; the first that fits decides. Of other modules the prefix decides.
    private static let likenesses: [(part: String, namespace: FeedNamespace?)] = [
        ("w3.org/2005/atom", .atom), ("purl.org/atom/ns", .atom), ("purl.org/dc/elements", .dc),
        ("purl.org/dc/terms", .dcterms), ("modules/content", .content), ("search.yahoo.com/mrss", .media),
        ("itunes.com/dtds", .itunes), ("modules/syndication", .syndication), ("modules/slash", .slash),
        ("purl.org/syndication/thread", .thread), ("georss.org/georss", .geography), ("opengis.net/gml", .geography),
        ("geo/wgs84_pos", .geography), ("rssnamespace.org/feedburner", .feedburner), ("w3.org/1999/xhtml", .xhtml),
        ("22-rdf-syntax-ns", .rdf), ("/modules/", nil),
        // What versions of RSS have been given.
        ("purl.org/rss/1.0", .core), ("purl.org/net/rss1.1", .core), ("my.netscape.com/", .core),
        ("channel.netscape.com/", .core), ("backend.userland.com/rss", .core),
        ("blogs.law.harvard.edu/tech/rss", .core), ("cyber.law.harvard.edu/rss", .core),
    ]

    private static let exact: [String: FeedNamespace] = [
        "http://www.w3.org/2005/Atom": .atom, "http://purl.org/atom/ns#": .atom, "http://purl.org/rss/1.0/": .core,
        "http://purl.org/dc/elements/1.1/": .dc, "http://purl.org/dc/terms/": .dcterms,
        "http://purl.org/rss/1.0/modules/content/": .content, "http://search.yahoo.com/mrss/": .media,
        "http://www.itunes.com/dtds/podcast-1.0.dtd": .itunes,
        "http://purl.org/rss/1.0/modules/syndication/": .syndication,
        "http://rssnamespace.org/feedburner/ext/1.0": .feedburner, "http://www.w3.org/1999/xhtml": .xhtml,
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": .rdf, "http://purl.org/rss/1.0/modules/slash/": .slash,
        "http://purl.org/syndication/thread/1.0": .thread, "http://www.georss.org/georss": .geography,
        "http://www.w3.org/2003/01/geo/wgs84_pos#": .geography, "http://wellformedweb.org/CommentAPI/": .other,
        "http://backend.userland.com/creativeCommonsRssModule": .other, "http://www.georss.org/georss/10": .geography,
        "http://www.opengis.net/gml": .geography, "http://www.itunes.com/DTDs/Podcast-1.0.dtd": .itunes,
        "http://my.netscape.com/rdf/simple/0.9/": .core, "http://channel.netscape.com/rdf/simple/0.9/": .core,
    ]

    /// Whether a URI is one that its specification gives.
    static func isUsual(_ uri: String) -> Bool { exact[uri] != nil }

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
        case "slash": .slash
        case "thr": .thread
        case "georss", "gml", "geo": .geography
        default: .other
        }
    }
}

/// What an element means where it stands in a channel, feed, item or entry.
enum FeedElement: Sendable {
    case root, channel, item
    case title, link, id, summary, content, published, issued, updated, publishedAndUpdated
    case author, personText, personName, personEmail, personURL
    case category, keywords, enclosure, language, timeToLive, updatePeriod, updateFrequency, originalLink,
        originalEnclosure
    case skipHour, skipDay, commentCount, replyTo, point, latitude, longitude
    /// The feed that an entry was taken over from: RSS's `source` is text, Atom's has a title, an id and links.
    case origin
    /// A container with titles and links of its own that say nothing of the feed's (`image`), or of an entry's (`media:content`: a picture's
    /// caption).
    case foreign
    /// A container whose parts are the entry's or the feed's own (`media:group`, `skipHours`).
    case transparent
    case unknown

    /// Finds the meaning of an element by its name in lower case.
    static func of(_ name: String, _ namespace: FeedNamespace) -> FeedElement {
        let table: [String: FeedElement]
        switch namespace {
        case .core: table = core
        case .atom: table = atom
        case .dc: table = dublinCore
        case .dcterms: return dublinTerms[name] ?? dublinCore[name] ?? .unknown
        case .content: return name == "encoded" ? .content : .unknown
        case .xhtml: return name == "body" || name == "div" ? .content : .unknown
        case .rdf: return name == "rdf" ? .root : core[name] ?? .unknown
        case .feedburner:
            return name == "origlink" ? .originalLink : name == "origenclosurelink" ? .originalEnclosure : .unknown
        case .syndication:
            return name == "updateperiod" ? .updatePeriod : name == "updatefrequency" ? .updateFrequency : .unknown
        case .itunes: table = itunes
        case .media: table = media
        case .slash: return name == "comments" ? .commentCount : .unknown
        case .thread: return name == "total" ? .commentCount : name == "in-reply-to" ? .replyTo : .unknown
        case .geography: table = geography
        case .other: return .unknown
        }
        return table[name] ?? .unknown
    }

    private static let core: [String: FeedElement] = [
        "rss": .root, "rdf": .root, "feed": .root, "channel": .channel, "item": .item, "entry": .item,
        "title": .title, "link": .link, "guid": .id, "id": .id, "description": .summary, "summary": .summary,
        "tagline": .summary, "subtitle": .summary, "content": .content, "fullitem": .content, "pubdate": .published,
        "published": .published,
        "issued": .issued, "lastbuilddate": .updated, "updated": .updated, "modified": .updated, "author": .author,
        "managingeditor": .personText, "category": .category, "enclosure": .enclosure, "language": .language,
        "ttl": .timeToLive,
        "image": .foreign, "textinput": .foreign, "source": .origin, "contributor": .foreign, "cloud": .foreign,
        "skiphours": .transparent, "skipdays": .transparent, "hour": .skipHour, "day": .skipDay, "name": .personName,
        "email": .personEmail, "uri": .personURL,
        "url": .personURL, "homepage": .personURL, "date": .publishedAndUpdated, "creator": .personText,
    ]

    private static let atom: [String: FeedElement] = [
        "feed": .root, "entry": .item, "title": .title, "link": .link, "id": .id, "summary": .summary,
        "tagline": .summary,
        "subtitle": .summary, "content": .content, "published": .published, "issued": .issued, "updated": .updated,
        "modified": .updated, "author": .author, "category": .category, "source": .origin, "contributor": .foreign,
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
        "language": .language, "description": .summary, "identifier": .id, "source": .origin,
    ]

    private static let itunes: [String: FeedElement] = [
        "author": .personText, "owner": .foreign, "title": .title, "subtitle": .summary, "summary": .summary,
        "keywords": .keywords, "category": .category,
    ]

    private static let media: [String: FeedElement] = [
        "group": .transparent, "content": .foreign, "title": .title, "description": .summary, "category": .category,
    ]

    private static let dublinTerms: [String: FeedElement] = [
        "created": .issued, "issued": .issued, "available": .published, "date": .publishedAndUpdated,
        "modified": .updated, "creator": .personText,
    ]

    private static let geography: [String: FeedElement] = [
        "where": .transparent, "point": .point, "pos": .point, "lat": .latitude, "long": .longitude,
    ]
}
