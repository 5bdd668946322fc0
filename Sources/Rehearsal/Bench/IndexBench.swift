import Foundation
import News
import Storage

/// What placing an article among those of a month costs, and what they take in memory: neither may grow with how many there are.
///
/// As the desk places them, in its transactions, fingerprints in the database; the articles' texts stay out of that.
struct IndexBench {
    let bench: Bench
    /// Articles in each window, the first to compare with.
    let sizes: [Int]

    /// In which a tenth of a window is filed, each beside a tenth of a first one: what else the machine does changes within
    /// minutes.
    private static let turns = 5

    func run() throws {
        let first = sizes[0]
        // Indexes stay and their databases do not, so that none stands in memory that another has left.
        var kept: [StoryIndex] = []
        var fewBytes = 0.0
        do {
            let few = try IndexDesk(full: first)
            fewBytes = few.bytes
            let cost = try few.file(first / 10)
            kept.append(few.index)
            bench.row("place, \(first) in the window", "\(Bench.number(cost * 1e6)) µs/article", floor: "")
            bench.row("story index, \(first) in the window", "\(Bench.number(fewBytes)) bytes/article", floor: "")
        }
        for size in sizes.dropFirst() {
            let desk = try IndexDesk(full: size)
            var (cost, fewCost) = (0.0, 0.0)
            for _ in 0..<Self.turns {
                cost += try desk.file(size / 10 / Self.turns) / Double(Self.turns)
                fewCost += try IndexDesk(full: first).file(first / 10) / Double(Self.turns)
            }
            kept.append(desk.index)
            bench.row(
                "place, \(size) in the window", "\(Bench.number(cost * 1e6)) µs/article",
                floor: "with \(first): \(Bench.number(fewCost * 1e6)) µs/article", ratio: cost / fewCost)
            bench.row(
                "story index, \(size) in the window", "\(Bench.number(desk.bytes)) bytes/article",
                floor: "with \(first): \(Bench.number(fewBytes)) bytes", ratio: desk.bytes / fewBytes)
            bench.row("story index whole", "\(Bench.number(desk.bytes * Double(size) / 1e6)) MB", floor: "")
        }
        withExtendedLifetime(kept) {}
    }
}

/// An index with its database, into which made-up news is filed as the desk does it.
private final class IndexDesk {
    private let window: Int
    private let folder: String
    private let store: Store
    /// Of all that the index held when its window was full, by article.
    private(set) var bytes = 0.0
    private var news = BenchNews(names: (0..<2000).map { "Name\($0)" }, seed: 31)
    private(set) var index = StoryIndex()
    /// Articles so far.
    private var count = 0

    private static let start = Timestamp(seconds: 1_743_300_000)

    /// - Parameter window: articles in thirty days, which are filed.
    init(full window: Int) throws {
        self.window = window
        folder = try temporaryFolder("feedwatch-bench")
        store = try Store(path: folder + "/feedwatch.db")
        let before = try ReadBench.residentMegabytes()
        try file(window)
        bytes = (try ReadBench.residentMegabytes() - before) * 1e6 / Double(window)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Files so many more articles.
    /// - Returns: CPU seconds of placing one, without writing.
    @discardableResult
    func file(_ more: Int) throws -> Double {
        var seconds = 0.0
        for begin in stride(from: 0, to: more, by: Limits.deskBatchMax) {
            let members = (begin..<min(begin + Limits.deskBatchMax, more)).map { _ in next() }
            seconds += try file(members)
        }
        return seconds / Double(more)
    }

    /// One batch of the desk.
    /// - Returns: CPU seconds of placing alone, without writing.
    private func file(_ members: [(member: StoryMember, article: IndexedArticle)]) throws -> Double {
        var seconds = 0.0
        func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
            let before = CPUTime.ofThisProcess
            defer { seconds += CPUTime.ofThisProcess - before }
            return try body()
        }
        measure { index.forget(before: members[0].member.firstSeen - StoryIndex.window) }
        try store.file { transaction in
            for (member, article) in members {
                let placement = try measure {
                    try index.place(article, shelf: transaction)
                }
                var (member, article) = (member, article)
                if case .copy(let original, _) = placement.kind {
                    article.original = original
                    member.copyOf = original
                }
                if case .new(let story) = placement.kind {
                    try transaction.open(story: story, shownID: story, firstSeen: member.firstSeen)
                }
                let turn = try transaction.add(member, article, to: placement.story)
                measure { index.insert(article, into: placement.story, turn: turn) }
            }
        }
        return seconds
    }

    /// The month goes by evenly.
    private func next() -> (member: StoryMember, article: IndexedArticle) {
        let article = news.article()
        let span = Int(StoryIndex.window.components.seconds)
        let time = Self.start + .seconds(Int64(count * span / window))
        let url = "https://outlet-\(count % 1000).example/news/\(count)-as-it-was-told"
        var member = StoryMember(
            source: "outlet-\(count % 1000)", key: url, url: url, article: article, firstSeen: time, readAt: time,
            relation: .first, topics: [], entities: [], strongEntities: [])
        let indexed = IndexedArticle(member, fingerprint: Fingerprint(article: article))
        member.article = Article()
        count += 1
        return (member, indexed)
    }
}
