/// The articles of the last days, by what can tell that another one belongs to them: in memory, no I/O.
///
/// The desk keeps a `base` of what is committed and a `fresh` one for the batch that it is filing, and merges after the
/// commit. Lookups visit a bounded number of postings, so the cost per article does not grow with the window. An index that
/// is filled anew with what is still in the window, in the order of filing, places every article as this one does.
public struct StoryIndex: Sendable {
    struct Row: Sendable {
        var article: IndexedArticle
        var story: StoryID
    }

    private(set) var rows: [Row] = []
    /// For each row: neither replaced by a later version nor forgotten. Apart from the rows, which are too far from each other
    /// for a look at thousands of them.
    private(set) var isCurrent: [Bool] = []
    /// For each row: it has its terms still, by which follow-ups are found; those of older articles are let go.
    private(set) var hasTerms: [Bool] = []
    /// Rows that have, and how many had when `byTerm` was made last.
    private(set) var termedCount = 0
    private var strippedCount = 0
    private var byKey: [MemberKey: Int32] = [:]
    /// Those that have their terms.
    private var byStory: [StoryID: [Int32]] = [:]
    private var byURL: [String: [Int32]] = [:]
    private(set) var byShingle = Postings()
    private(set) var byTerm = Postings()

    /// Articles first seen earlier are forgotten.
    private var oldest = Timestamp(seconds: .min)
    /// Rows by first seen; those before `forgotten` are gone.
    private var byAge: [(firstSeen: Timestamp, number: Int32)] = []
    private var forgotten = 0
    /// Those before it have no terms.
    private var stripped = 0

    public init() {}

    /// Articles that can be found.
    public var count: Int { byKey.count }

    /// A later version of a member takes the place of the earlier one. What the index has forgotten already is not taken.
    public mutating func insert(_ member: IndexedArticle, into story: StoryID) {
        if let earlier = byKey[member.key] { retire(earlier) }
        guard member.firstSeen >= oldest else { return }
        let number = Int32(rows.count)
        var member = member
        // Before texts had an original, a copy named the copy that it was found by.
        if let original = byKey[member.original] { member.original = rows[Int(original)].article.original }
        let isRecent = member.firstSeen >= recent
        if !isRecent { member.terms = .none }
        rows.append(Row(article: member, story: story))
        isCurrent.append(true)
        hasTerms.append(isRecent)
        byKey[member.key] = number
        for url in member.urls { byURL[url, default: []].append(number) }
        for hash in member.fingerprint.hashes.prefix(Self.probesMax) { byShingle.add(number, to: hash) }
        if isRecent {
            termedCount += 1
            byStory[story, default: []].append(number)
            for term in member.terms.terms { byTerm.add(number, to: term.hash) }
        }
        // Nearly always the newest.
        var place = byAge.count
        while place > forgotten, byAge[place - 1].firstSeen > member.firstSeen { place -= 1 }
        byAge.insert((member.firstSeen, number), at: place)
        if !isRecent { stripped += 1 }
    }

    /// Takes an article in where it was placed.
    public mutating func insert(_ article: IndexedArticle, as placement: Placement) {
        var article = article
        if case .copy(let original, _) = placement.kind { article.original = original }
        insert(article, into: placement.story)
    }

    /// Takes over all of `fresh`, in its order.
    public mutating func merge(_ fresh: StoryIndex) {
        for (row, isCurrent) in zip(fresh.rows, fresh.isCurrent) where isCurrent {
            insert(row.article, into: row.story)
        }
    }

    /// Forgets the articles first seen before `time`, which must not go back.
    ///
    /// Their memory is given back when a quarter of all is gone, so that a call before every batch costs little.
    public mutating func forget(before time: Timestamp) {
        oldest = max(oldest, time)
        while forgotten < byAge.count, byAge[forgotten].firstSeen < oldest {
            let number = byAge[forgotten].number
            if isCurrent[Int(number)] { retire(number) }
            forgotten += 1
        }
        strip()
        guard rows.count >= 64, (rows.count - count) * 4 >= rows.count else { return }
        var kept = StoryIndex()
        kept.oldest = oldest
        for (row, isCurrent) in zip(rows, isCurrent) where isCurrent { kept.insert(row.article, into: row.story) }
        self = kept
    }

    /// Lets the terms of articles go that no follow-up can come to any more, and gives their memory back when half are gone.
    private mutating func strip() {
        stripped = max(stripped, forgotten)
        while stripped < byAge.count, byAge[stripped].firstSeen < recent {
            dropTerms(of: byAge[stripped].number)
            stripped += 1
        }
        guard strippedCount >= 64, strippedCount >= termedCount else { return }
        strippedCount = 0
        byTerm = Postings()
        for number in rows.indices where hasTerms[number] {
            for term in rows[number].article.terms.terms { byTerm.add(Int32(number), to: term.hash) }
        }
    }

    private mutating func dropTerms(of number: Int32) {
        guard hasTerms[Int(number)] else { return }
        hasTerms[Int(number)] = false
        termedCount -= 1
        strippedCount += 1
        Self.remove(number, from: &byStory, at: rows[Int(number)].story)
        for term in rows[Int(number)].article.terms.terms { byTerm.discount(term.hash) }
        rows[Int(number)].article.terms = .none
    }

    /// Days that the desk keeps: a copy may come late, by post as it were.
    public static let window = Duration.seconds(30 * 86_400)

    /// Articles first seen earlier have no terms.
    private var recent: Timestamp {
        oldest.seconds == .min ? oldest : oldest + Self.window - .seconds(Int64(StoryScale.termDays) * 86_400)
    }

    /// Hashes of a fingerprint by which it is found.
    static let probesMax = 32

    /// The current article of this key.
    func number(of key: MemberKey) -> Int32? { byKey[key] }

    /// The story that a member is in.
    public func story(of key: MemberKey) -> StoryID? { byKey[key].map { rows[Int($0)].story } }

    /// The first articles at an address, in the order of filing.
    func holders(of url: String) -> [Row] { (byURL[url] ?? []).prefix(Self.holdersMax).map { rows[Int($0)] } }

    /// More than so many articles at one address say no more than so many.
    private static let holdersMax = 16

    /// Those that follow-ups can come to, in the order of filing.
    func members(of story: StoryID) -> [Int32] { byStory[story] ?? [] }

    private mutating func retire(_ number: Int32) {
        let row = rows[Int(number)]
        isCurrent[Int(number)] = false
        byKey[row.article.key] = nil
        dropTerms(of: number)
        for url in row.article.urls { Self.remove(number, from: &byURL, at: url) }
        for hash in row.article.fingerprint.hashes.prefix(Self.probesMax) { byShingle.discount(hash) }
    }

    private static func remove(_ number: Int32, from lists: inout [String: [Int32]], at key: String) {
        guard let place = lists[key]?.firstIndex(of: number) else { return }
        lists[key]?.remove(at: place)
        if lists[key]?.isEmpty == true { lists[key] = nil }
    }
}
