/// The articles of the last days, by what can tell that another one belongs to them: in memory, no I/O.
///
/// The desk keeps a `base` of what is committed and a `fresh` one for the batch that it is filing, and merges after the
/// commit. Lookups visit a bounded number of postings, so the cost per article does not grow with the window.
public struct StoryIndex: Sendable {
    struct Item: Sendable {
        var article: IndexedArticle
        var story: StoryID
    }

    private(set) var items: [Item] = []
    private var byKey: [MemberKey: Int32] = [:]
    private var byStory: [StoryID: [Int32]] = [:]
    private var byURL: [String: [Int32]] = [:]
    private(set) var byShingle = Postings()
    private(set) var byTerm = Postings()

    /// Articles first seen earlier are forgotten.
    private var oldest = Timestamp(seconds: .min)
    /// No kept article is older than this, or was at the last look.
    private var oldestKept = Timestamp(seconds: .max)

    public init() {}

    /// Articles, those forgotten but not yet cleared away included.
    public var count: Int { byKey.count }

    /// A later version of a member takes the place of the earlier one.
    public mutating func insert(_ member: IndexedArticle, into story: StoryID) {
        let number = Int32(items.count)
        if let earlier = byKey.updateValue(number, forKey: member.key) {
            byStory[items[Int(earlier)].story]?.removeAll { $0 == earlier }
        }
        items.append(Item(article: member, story: story))
        oldestKept = min(oldestKept, member.firstSeen)
        byStory[story, default: []].append(number)
        for url in member.urls { byURL[url, default: []].append(number) }
        for hash in member.fingerprint.hashes.prefix(Self.probesMax) { byShingle.add(number, to: hash) }
        for term in member.terms.terms { byTerm.add(number, to: term.hash) }
    }

    /// Takes over all of `fresh`, in its order.
    public mutating func merge(_ fresh: StoryIndex) {
        for (number, item) in fresh.items.enumerated() where fresh.isCurrent(Int32(number)) {
            insert(item.article, into: item.story)
        }
    }

    /// Forgets the articles first seen before `time`, which must not go back.
    ///
    /// They are not found any more at once; their memory is given back when they are a quarter of all, so that a call after
    /// every batch costs little.
    public mutating func forget(before time: Timestamp) {
        oldest = max(oldest, time)
        guard items.count >= 64, oldestKept < oldest else { return }
        let gone = items.indices.count { !isCurrent(Int32($0)) }
        guard gone * 4 >= items.count else {
            // Look again when the next of them may be gone.
            oldestKept = oldestKept + .seconds(3600)
            return
        }
        var kept = StoryIndex()
        kept.oldest = oldest
        for (number, item) in items.enumerated() where isCurrent(Int32(number)) {
            kept.insert(item.article, into: item.story)
        }
        self = kept
    }

    /// Days that the desk keeps: a copy may come late, by post as it were.
    public static let window = Duration.seconds(14 * 86_400)

    /// Hashes of a fingerprint by which it is found.
    static let probesMax = 64

    /// Neither replaced by a later version nor forgotten.
    func isCurrent(_ number: Int32) -> Bool {
        let article = items[Int(number)].article
        return article.firstSeen >= oldest && byKey[article.key] == number
    }

    /// The story that a member is in.
    public func story(of key: MemberKey) -> StoryID? {
        byKey[key].flatMap { isCurrent($0) ? items[Int($0)].story : nil }
    }

    func holders(of url: String) -> [Item] {
        (byURL[url] ?? []).filter(isCurrent).map { items[Int($0)] }
    }

    func members(of story: StoryID) -> [Int32] { (byStory[story] ?? []).filter(isCurrent) }
}
