/// What is kept in memory of a filed article to place the next ones.
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
    /// The first article with this text: itself where it is no copy.
    public var original: MemberKey

    /// For archives that give no date; the daemon always knows when it saw an entry.
    public static let unknownTime = Timestamp(seconds: .max)

    public init(_ reading: Reading) { self.init(StoryMember(reading), fingerprint: reading.fingerprint) }

    /// A member as the desk files it, or as it is restored from the database: the same of both.
    public init(_ member: StoryMember, fingerprint: Fingerprint) {
        key = MemberKey(source: member.source, key: member.key)
        urls = Self.identities([member.url, member.article.canonicalURL])
        self.fingerprint = fingerprint
        firstSeen = member.firstSeen
        topics = member.topics.filter { $0.match >= .likely }.map(\.topic)
        language = member.article.language
        entities = member.entities
        strongEntities = member.strongEntities
        terms = StoryTerms(member.article)
        terms.add(strongEntities)
        original = member.copyOf ?? key
    }

    /// A front page is no article's address, though some feeds give it as such.
    private static func identities(_ links: [String?]) -> [String] {
        var urls: [String] = []
        for link in links {
            guard let link, EntryIdentity.isWebAddress(link) else { continue }
            let url = WebURL.identityKey(link)
            if url.contains("/") || url.contains("?"), !urls.contains(url) { urls.append(url) }
        }
        return urls
    }

    /// The id of a story that it opens: the same for the same input. An address that another article of the window has too
    /// is no identity.
    func storyID(isShared: (String) -> Bool) -> StoryID { urls.first { !isShared($0) }.map(Hash.base32) ?? ownStoryID }

    /// The id where the address has a story already that it does not belong to.
    public var ownStoryID: StoryID { Hash.base32("\(key.source)\n\(key.key)") }
}
