/// The words by which people name things in the configuration: `[a-z0-9-]`.
public typealias SourceID = String
public typealias TopicID = String
public typealias EntityID = String

/// A place in the configuration that is polled.
public struct Source: Sendable, Hashable, Codable {
    public var id: SourceID
    /// As shown to readers; the id where the configuration gives none.
    public var name: String
    /// What is polled: the address of a feed document, a listing page or a sitemap, as `kind` says.
    public var url: String
    public var kind: Kind
    /// How the links of a page are found; of no meaning for other kinds.
    public var links = LinkRules()
    public var enabled = true
    /// Why it is disabled, in the administrator's words.
    public var because: String?
    /// ISO 3166-1 alpha-2, upper case.
    public var country: String?
    /// BCP 47, for entries that do not say their own.
    public var language: String?
    /// IANA name: where times of its feed are read that name no zone; nil is UTC.
    public var timezone: String?
    /// A wish; the server's own words may slow it. Nil is `polling.interval`.
    public var interval: Duration?
    public var tags: [String] = []
    /// Names under which the main file turns it on; a source without any is always on.
    public var packs: [String] = []
    public var affiliation: Affiliation?
    /// The reader's own judgement; never shipped.
    public var reliability: Reliability?
    public var origin: Origin?
    /// Topics that its articles always or never belong to, whatever they say.
    public var topics: [TopicID: TopicRuling] = [:]
    public var fullText: FullText = .feed
    /// The elements of its article pages that hold the text; nil looks for it.
    public var article: Selector?
    /// Its texts may be copies of others, and others' of its.
    public var foldsCopies = true
    /// Nil is its ids, until they were seen to change.
    public var ids: IDs?
    public var time: TimePolicy = .published
    /// Characters quoted per story; 0 is headline only; nil is the global `excerpt`.
    public var excerpt: Int?
    public var firstRead: FirstRead = .silent
    /// Silent for longer than this is said in coverage.
    public var expectEvery: Duration?
    /// Alerts when it is blind for `Blindness.criticalAfter`, others only after `Blindness.after`.
    public var critical = false
    /// Loopback, private and link-local addresses may be fetched for this source.
    public var privateHosts = false
    /// Its address may be a file of this machine; nothing that it links to may.
    public var localFile = false
    /// Whether what robots.txt asks of crawlers is done; nil is yes, but on private hosts.
    public var robots: RobotsPolicy?
    /// Nobody here has named its address: it came with the program.
    public var isShipped = false
    /// What it is asked with; nil for everybody's sources.
    public var login: LoginName?
    public var asking = Asking()
    /// The name of a proxy of the main file; nil asks directly.
    public var via: String?

    public init(id: SourceID, name: String? = nil, url: String, kind: Kind = .feed) {
        self.id = id
        self.name = name ?? id
        self.url = url
        self.kind = kind
        fullText = kind == .feed ? .feed : .fetch
    }

    /// What kind of document its address has; the name is the configuration's key.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// RSS, Atom, RDF or JSON Feed.
        case feed
        /// An HTML page that lists links to articles.
        case page
        /// An XML sitemap, a Google News sitemap, or an index of such.
        case sitemap
    }

    /// How its server is asked, where that differs from everybody's; names of credentials, never secrets.
    public struct Asking: Sendable, Hashable, Codable {
        public var userAgent: String?
        /// `Name: value`
        public var headers: [String] = []
        /// `1.1` or `2`
        public var http: String?
        /// `ipv4` or `ipv6`
        public var family: String?
        /// For a whole request.
        public var timeout: Duration?
        /// Bytes of the source's own document, after decompression.
        public var bodyMax: Int?
        /// Absolute path of a PEM file.
        public var authorities: String?
        /// The name of a credential.
        public var certificate: String?
        /// Why any certificate is taken; nil takes none that is not valid.
        public var insecure: String?

        public init() {}
    }

    /// RFC 9309, for pages.
    public enum RobotsPolicy: Sendable, Hashable, Codable {
        case obey
        /// With the administrator's reason.
        case ignore(because: String)
    }

    /// The name of a secret that is never in the configuration itself.
    public struct LoginName: Sendable, Hashable, Codable {
        public enum Scheme: String, Sendable, Hashable, Codable, CaseIterable {
            case basic, bearer, cookie
        }

        public var scheme: Scheme
        public var credential: String

        public init(scheme: Scheme, credential: String) {
            self.scheme = scheme
            self.credential = credential
        }
    }

    /// Which links of a listing page are entries; what is nil is found automatically.
    public struct LinkRules: Sendable, Hashable, Codable {
        /// The links, or the elements that hold one each.
        public var select: Selector?
        /// The headline, within the element that holds the link.
        public var title: Selector?
        /// The date, within the same.
        public var date: Selector?

        public init(select: Selector? = nil, title: Selector? = nil, date: Selector? = nil) {
            self.select = select
            self.title = title
            self.date = date
        }
    }

    /// Who stands behind an outlet, by one rule for every country.
    public enum Affiliation: String, Sendable, Hashable, Codable, CaseIterable {
        case government
        case partyState = "party-state"
        case stateRun = "state-run"
        case publicService = "public-service"
        case privateOwned = "private"
    }

    /// The Admiralty scale's first half, A (completely reliable) to F (cannot be judged).
    public enum Reliability: String, Sendable, Hashable, Codable, CaseIterable {
        case a = "A"
        case b = "B"
        case c = "C"
        case d = "D"
        case e = "E"
        case f = "F"
    }

    /// What kind of place it is that texts come from.
    public enum Origin: String, Sendable, Hashable, Codable, CaseIterable {
        case official, newsroom, wire, aggregator
        case thinkTank = "think-tank"
    }

    /// What a source decides for all its articles; the name is the configuration's key.
    public enum TopicRuling: String, Sendable, Hashable, Codable, CaseIterable {
        /// They match likely at least.
        case always
        case never
    }

    /// What its entries are known by from one document to the next.
    public enum IDs: String, Sendable, Hashable, Codable, CaseIterable {
        /// The ids of its feed.
        case feed
        /// Their addresses: its ids change with every document, or are used again for other texts.
        case address
    }

    /// Where an article's text is taken from.
    public enum FullText: String, Sendable, Hashable, Codable, CaseIterable {
        /// From the feed's own content or summary. Pages and sitemaps have none, only a headline at most.
        case feed
        /// From the page behind the entry.
        case fetch
        /// Headline and summary only.
        case never
    }

    /// Which time of an entry is shown and ordered by.
    public enum TimePolicy: String, Sendable, Hashable, Codable, CaseIterable {
        case published
        case firstSeen = "first-seen"
    }

    /// What the first successful poll of a source does with what it finds.
    public enum FirstRead: String, Sendable, Hashable, Codable, CaseIterable {
        /// Everything is known from then on and nothing is reported.
        case silent
        /// Entries published in the last 24 hours are filed as news.
        case last24h = "last-24h"
    }
}
