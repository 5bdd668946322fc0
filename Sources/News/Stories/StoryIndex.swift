/// The articles of the last days, by what can tell that another one belongs to them: in memory, no I/O.
///
/// Of each it keeps numbers, some 250 bytes; what decides about the few articles that are found is on the shelf. Lookups visit a
/// bounded number of postings, so the cost per article does not grow with the window. An index that is filled anew with what
/// is still in the window, in the order of filing, places every article as this one does.
public struct StoryIndex: Sendable {
    struct Row: Sendable {
        var turn: Int64
        var name: UInt64
        var source: UInt64
        var original: UInt64
        var firstSeen: Timestamp
    }

    /// What is kept of an article for as long as follow-ups can come to it.
    public struct Recent: Sendable {
        var terms: StoryTerms
        var strongEntities: [EntityID]
        var story: UInt64

        public init(_ member: StoryMember, story: StoryID) {
            self.init(terms: StoryTerms(member), strongEntities: member.strongEntities, story: story)
        }

        init(terms: StoryTerms, strongEntities: [EntityID], story: StoryID) {
            self.terms = terms
            self.strongEntities = strongEntities
            self.story = Hash.number(story)
        }
    }

    private(set) var rows: [Row] = []
    /// For each row: its text is recognised. Apart from the rows, which are too far from each other for a look at thousands of
    /// them.
    private(set) var isCurrent: [Bool] = []
    /// For each row: of its text, as far as `UInt16` counts.
    private(set) var shingleCounts: [UInt16] = []
    /// For each row: follow-ups can come to it still.
    private(set) var isRecent: [Bool] = []
    private var recent = RecentArticles()
    /// The newest version of each article.
    private var byName: [UInt64: Int32] = [:]
    /// Versions before it whose text is still recognised, where there are any, the first one first.
    private var earlier: [UInt64: [Int32]] = [:]
    private var goneCount = 0
    /// Those that are recent, in the order of filing.
    private var byStory: [UInt64: [Int32]] = [:]
    private var byAddress = AddressBook()
    private(set) var byShingle = ShinglePostings()
    private(set) var byTerm = Postings()
    /// How many recent articles have a term.
    private var termCounts = FeatureTable()
    /// Articles that are no longer recent and were when both were made.
    private var leftCount = 0

    /// Articles first seen earlier are forgotten.
    private var oldest = Timestamp(seconds: .min)
    /// Rows by first seen; those before `forgotten` are gone.
    private var byAge: [Int32] = []
    private var forgotten = 0
    /// None before it is recent.
    private var stripped = 0

    public init() {}

    /// Articles that can be found.
    public var count: Int { byName.count }

    /// Articles that follow-ups can come to.
    var recentCount: Int { recent.count }

    /// Whether the clock was ahead when something was forgotten: articles seen since are not taken.
    public func isAhead(of time: Timestamp) -> Bool { oldest > time - Self.window }

    /// Days that the desk keeps: a copy may come late, by post as it were.
    public static let window = Duration.seconds(30 * 86_400)

    /// Articles first seen earlier are no longer recent.
    private var recentFrom: Timestamp {
        oldest.seconds == .min ? oldest : oldest + Self.window - .seconds(Int64(StoryScale.termDays) * 86_400)
    }

    /// Takes an article in as it is filed. One that was seen so long ago that the index would have forgotten it is kept until
    /// the next time that it forgets: what waits together is filed together.
    public mutating func insert(_ article: IndexedArticle, into story: StoryID, turn: Int64) {
        take(
            ArticleTrace(article, turn: turn),
            Recent(terms: article.terms, strongEntities: article.strongEntities, story: story))
    }

    /// Takes in an article that was filed long since. What the index has forgotten already is not taken.
    /// - Parameter recent: only asked for where follow-ups can come to it still; nil where none can.
    public mutating func insert(_ trace: ArticleTrace, _ recent: @autoclosure () throws -> Recent?) rethrows {
        guard trace.firstSeen >= oldest else { return }
        take(trace, trace.firstSeen >= recentFrom ? try recent() : nil)
    }

    /// A later version takes the place of the earlier one; others may have copied that, so the texts of the first version and
    /// of the one before the newest are recognised as well.
    private mutating func take(_ trace: ArticleTrace, _ recent: Recent?) {
        if let last = byName[trace.name] { supersede(last) }
        let number = Int32(rows.count)
        rows.append(
            Row(
                turn: trace.turn, name: trace.name, source: FNV.hash(trace.source.utf8), original: trace.original,
                firstSeen: trace.firstSeen))
        isCurrent.append(true)
        shingleCounts.append(UInt16(clamping: trace.shingleCount))
        isRecent.append(recent != nil)
        byName[trace.name] = number
        for address in trace.addresses { byAddress.add(number, at: address, where: isCurrent) }
        byShingle.add(number, to: trace.probes, where: isCurrent)
        if let recent { insert(recent, number) }
        // Nearly always the newest.
        var place = byAge.count
        while place > forgotten, rows[Int(byAge[place - 1])].firstSeen > trace.firstSeen { place -= 1 }
        byAge.insert(number, at: place)
        if place < stripped { stripped = recent == nil ? stripped + 1 : place }
    }

    private mutating func supersede(_ last: Int32) {
        strip(last)
        let name = rows[Int(last)].name
        earlier[name, default: []].append(last)
        if let versions = earlier[name], versions.count >= ArticleTrace.versionsMax {
            retire(versions[1])
        }
    }

    private mutating func insert(_ article: Recent, _ number: Int32) {
        recent.append(article, number: number)
        byStory[article.story, default: []].append(number)
        for term in article.terms.hashes { termCounts.add(1, to: term) }
        for term in article.terms.listed { byTerm.add(number, to: term, where: isRecent) }
    }

    /// How many recent articles have a term.
    func count(_ term: UInt32) -> Int { Int(termCounts[term] ?? 0) }

    /// The newest version of the article of this key.
    func number(of name: UInt64) -> Int32? { byName[name] }

    /// The first articles at an address, in the order of filing.
    func holders(of address: UInt64) -> [Row] {
        byAddress.holders(of: address).lazy.filter { byName[rows[Int($0)].name] == $0 }.map { rows[Int($0)] }
    }

    func recent(_ number: Int32) -> Recent? { recent[number] }

    /// Those that follow-ups can come to, in the order of filing.
    func members(of story: UInt64) -> [Int32] { byStory[story] ?? [] }
}

// MARK: - Forgetting

extension StoryIndex {
    /// Forgets the articles first seen before `time`, which must not go back.
    ///
    /// Their memory is given back when a quarter of all is gone, so that a call before every batch costs little.
    public mutating func forget(before time: Timestamp) {
        oldest = max(oldest, time)
        while forgotten < byAge.count, rows[Int(byAge[forgotten])].firstSeen < oldest {
            retire(byAge[forgotten])
            forgotten += 1
        }
        stripped = max(stripped, forgotten)
        while stripped < byAge.count, rows[Int(byAge[stripped])].firstSeen < recentFrom {
            strip(byAge[stripped])
            stripped += 1
        }
        if rows.count >= 64, goneCount * 4 >= rows.count { compact() }
        if leftCount >= 1024, leftCount >= 4 * recent.count { listTerms() }
    }

    private mutating func retire(_ number: Int32) {
        guard isCurrent[Int(number)] else { return }
        isCurrent[Int(number)] = false
        goneCount += 1
        let name = rows[Int(number)].name
        if byName[name] == number {
            byName[name] = nil
            earlier[name] = nil
        } else {
            earlier[name]?.removeAll { $0 == number }
        }
        strip(number)
    }

    private mutating func strip(_ number: Int32) {
        guard let article = recent.remove(number) else { return }
        isRecent[Int(number)] = false
        leftCount += 1
        // Nearly always the first.
        if let place = byStory[article.story]?.firstIndex(of: number) { byStory[article.story]?.remove(at: place) }
        if byStory[article.story]?.isEmpty == true { byStory[article.story] = nil }
        for term in article.terms.hashes { termCounts.add(-1, to: term) }
    }

    /// Numbers the rows that are left anew.
    private mutating func compact() {
        let numbers = Renumbering(closingUp: isCurrent)
        byShingle.pack(numbers)
        byAddress.renumber(numbers)
        byName = byName.mapValues(numbers.number(of:))
        earlier = earlier.mapValues { $0.map(numbers.number(of:)) }
        byStory = byStory.mapValues { $0.map(numbers.number(of:)) }
        recent = recent.renumbered(numbers)
        byAge = byAge.compactMap { numbers[$0] }
        let kept = rows.indices.filter { isCurrent[$0] }
        rows = kept.map { rows[$0] }
        isRecent = kept.map { isRecent[$0] }
        shingleCounts = kept.map { shingleCounts[$0] }
        isCurrent = kept.map { _ in true }
        (forgotten, goneCount) = (0, 0)
        stripped = byAge.firstIndex { rows[Int($0)].firstSeen >= recentFrom } ?? byAge.count
        listTerms()
    }

    private mutating func listTerms() {
        leftCount = 0
        byTerm = Postings()
        termCounts = FeatureTable()
        for number in rows.indices where isRecent[number] {
            guard let terms = recent[Int32(number)]?.terms else { continue }
            for term in terms.hashes { termCounts.add(1, to: term) }
            for term in terms.listed { byTerm.add(Int32(number), to: term, where: isRecent) }
        }
    }
}

/// Which articles are at an address.
private struct AddressBook: Sendable {
    /// Most have one.
    private var single: [UInt64: Int32] = [:]
    private var several: [UInt64: [Int32]] = [:]

    /// More than so many articles at one address say no more than so many.
    private static let holdersMax = 16

    /// - Parameter isCurrent: for each article, by its number; those that are not are passed over.
    mutating func add(_ number: Int32, at address: UInt64, where isCurrent: [Bool]) {
        if several[address] != nil {
            if several[address]?.count == Self.holdersMax { several[address]?.removeAll { !isCurrent[Int($0)] } }
            if several[address]?.count != Self.holdersMax { several[address]?.append(number) }
        } else if let other = single[address], isCurrent[Int(other)] {
            single[address] = nil
            several[address] = [other, number]
        } else {
            single[address] = number
        }
    }

    /// In the order of filing, at most `holdersMax`.
    func holders(of address: UInt64) -> [Int32] { several[address] ?? single[address].map { [$0] } ?? [] }

    mutating func renumber(_ numbers: Renumbering) {
        single = single.compactMapValues { numbers[$0] }
        several = several.mapValues { $0.compactMap { numbers[$0] } }.filter { !$0.value.isEmpty }
    }
}
