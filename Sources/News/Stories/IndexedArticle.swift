/// What is kept in memory of a filed article to place the next ones: about 4 KB.
public struct IndexedArticle: Sendable {
    public var key: MemberKey
    /// Identity keys of its addresses (`WebURL.identityKey`), the entry's first.
    public var urls: [String]
    public var entities: [EntityID]
    public var strongEntities: [EntityID]
    public var fingerprint: Fingerprint
    /// `unknownTime` is near to all times.
    public var firstSeen: Timestamp
    /// BCP 47.
    public var language: String?
    /// Topics that matched at least `likely`.
    public var topics: [TopicID]
    /// What the text speaks of.
    var terms: StoryTerms
    var opening: Opening
    /// Hashes of the numbers in title and text, sorted: weather and market reports differ in nothing else.
    var numbers: [UInt32]

    /// For archives that give no date; the daemon always knows when it saw an entry.
    public static let unknownTime = Timestamp(seconds: .max)

    public init(_ reading: Reading) {
        let entry = reading.pending.entry
        self.init(
            key: MemberKey(source: reading.pending.source, key: reading.pending.key),
            links: [entry.link, entry.originalLink, reading.article.canonicalURL], article: reading.article,
            fingerprint: reading.fingerprint, firstSeen: reading.pending.firstSeen, topics: reading.topics)
        entities = reading.entities
        strongEntities = reading.strongEntities
        terms.add(strongEntities)
    }

    public init(_ member: StoryMember, fingerprint: Fingerprint) {
        self.init(
            key: MemberKey(source: member.source, key: member.key), links: [member.url, member.article.canonicalURL],
            article: member.article, fingerprint: fingerprint, firstSeen: member.firstSeen, topics: member.topics)
        entities = member.entities
        strongEntities = member.strongEntities
        terms.add(strongEntities)
    }

    private init(
        key: MemberKey, links: [String?], article: Article, fingerprint: Fingerprint, firstSeen: Timestamp,
        topics: [TopicMatch]
    ) {
        self.key = key
        var urls: [String] = []
        for link in links {
            guard let link, EntryIdentity.isWebAddress(link) else { continue }
            let url = WebURL.identityKey(link)
            // A front page is no article's address, though some feeds give it as such.
            if url.contains("/") || url.contains("?"), !urls.contains(url) { urls.append(url) }
        }
        self.urls = urls
        self.fingerprint = fingerprint
        self.firstSeen = firstSeen
        self.topics = topics.filter { $0.match >= .likely }.map(\.topic)
        language = article.language
        entities = []
        strongEntities = []
        terms = StoryTerms(article)
        opening = Opening(article)
        numbers = terms.numbers
    }

    /// The id of a story that it opens: the same for the same input. An address that another article of the window has too
    /// is no identity.
    func storyID(isShared: (String) -> Bool) -> StoryID {
        Hash.base32(urls.first { !isShared($0) } ?? "\(key.source)\n\(key.key)")
    }
}
