import Foundation
import News
import Storage

/// What placing an article among those of a month costs, and what they take in memory: neither may grow with how many there are.
///
/// As the desk places them, in its transactions, fingerprints in the database; the articles' texts stay out of that.
struct IndexBench {
    let bench: Bench
    /// Articles in the window of each turn, the first to compare with.
    let sizes: [Int]

    private static let start = Timestamp(seconds: 1_743_300_000)
    private struct Figures {
        /// CPU seconds of placing one among the others, over the last tenth of them.
        var seconds: Double
        /// Of all the index holds, by article.
        var bytes: Double
    }

    func run() throws {
        var first: Figures?
        // Those of before stay, so that none stands in memory that another has left.
        var kept: [StoryIndex] = []
        for size in sizes {
            let (figures, index) = try figures(size)
            kept.append(index)
            let few = first ?? figures
            first = few
            func row(_ what: String, _ cost: String, _ than: String, _ ratio: Double) {
                bench.row("\(what), \(size) in the window", cost, floor: "with \(sizes[0]): \(than)", ratio: ratio)
            }
            func microseconds(_ figures: Figures) -> String { "\(Bench.number(figures.seconds * 1e6)) µs/article" }
            row("place", microseconds(figures), microseconds(few), figures.seconds / few.seconds)
            row(
                "story index", "\(Bench.number(figures.bytes)) bytes/article", "\(Bench.number(few.bytes)) bytes",
                figures.bytes / few.bytes)
            bench.row("story index whole", "\(Bench.number(figures.bytes * Double(size) / 1e6)) MB", floor: "")
        }
        withExtendedLifetime(kept) {}
    }

    private func figures(_ size: Int) throws -> (Figures, StoryIndex) {
        var news = BenchNews(names: (0..<2000).map { "Name\($0)" }, seed: 31)
        var index = StoryIndex()
        let folder = try temporaryFolder("feedwatch-bench")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/feedwatch.db")
        let before = try ReadBench.residentMegabytes()
        let measured = max(size / 10, 1000)
        var seconds = 0.0
        for begin in stride(from: 0, to: size, by: Limits.deskBatchMax) {
            let members = (begin..<min(begin + Limits.deskBatchMax, size)).map { member(news.article(), $0, of: size) }
            let cost = try file(members, store, &index)
            if begin >= size - measured { seconds += cost }
        }
        let bytes = (try ReadBench.residentMegabytes() - before) * 1e6
        store.close()
        return (Figures(seconds: seconds / Double(measured), bytes: bytes / Double(size)), index)
    }

    /// One batch of the desk.
    /// - Returns: CPU seconds of placing alone, without writing.
    private func file(
        _ members: [(member: StoryMember, article: IndexedArticle)], _ store: Store, _ index: inout StoryIndex
    ) throws -> Double {
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
    private func member(
        _ article: Article, _ number: Int, of size: Int
    ) -> (member: StoryMember, article: IndexedArticle) {
        let span = Int(StoryIndex.window.components.seconds)
        let time = Self.start + .seconds(Int64(number * span / size))
        let url = "https://outlet-\(number % 1000).example/news/\(number)-as-it-was-told"
        var member = StoryMember(
            source: "outlet-\(number % 1000)", key: url, url: url, article: article, firstSeen: time, readAt: time,
            relation: .first, topics: [], entities: [], strongEntities: [])
        let indexed = IndexedArticle(member, fingerprint: Fingerprint(article: article))
        member.article = Article()
        return (member, indexed)
    }
}
