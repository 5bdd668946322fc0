/// An article as it is placed among those filed before.
public struct IndexedArticle: Sendable {
    public let key: MemberKey
    /// A number for it (`MemberKey.mark`).
    public let name: UInt64
    /// Identity keys of its addresses (`WebURL.identityKey`), the entry's first.
    public let urls: [String]
    /// A number for each.
    public let addresses: [UInt64]
    public var strongEntities: [EntityID]
    public var fingerprint: Fingerprint
    /// Whether it may be the same text as another's.
    public var foldsCopies: Bool
    /// `unknownTime` is near to all times.
    public var firstSeen: Timestamp
    /// What the text speaks of.
    var terms: StoryTerms
    /// The first article with this text: itself where it is no copy.
    public var original: MemberKey

    /// A number for that.
    public var originalName: UInt64 { original == key ? name : original.mark }

    /// For archives that give no date; the daemon always knows when it saw an entry.
    public static let unknownTime = Timestamp(seconds: .max)

    public init(_ reading: Reading) { self.init(StoryMember(reading), fingerprint: reading.fingerprint) }

    public init(_ member: StoryMember, fingerprint: Fingerprint, foldsCopies: Bool = true) {
        key = MemberKey(member)
        name = key.mark
        urls = Self.identities([member.url, member.article.canonicalURL])
        addresses = urls.map(Hash.number)
        self.fingerprint = fingerprint
        self.foldsCopies = foldsCopies
        firstSeen = member.firstSeen
        strongEntities = member.strongEntities
        terms = StoryTerms(member)
        original = member.original
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
    func storyID(isShared: (UInt64) -> Bool) -> StoryID {
        zip(urls, addresses).first { !isShared($1) }.map { Hash.base32($0.0) } ?? ownStoryID
    }

    /// The id where the address has a story already that it does not belong to.
    public var ownStoryID: StoryID { Hash.base32("\(key.source)\n\(key.key)") }
}
