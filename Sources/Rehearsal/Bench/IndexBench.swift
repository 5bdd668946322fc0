import News

/// What placing an article among those of a month costs, and what they take in memory: neither may grow with how many there are.
struct IndexBench {
    let bench: Bench
    /// Articles in the window of each turn, the first to compare with.
    let sizes: [Int]

    private static let start = Timestamp(seconds: 1_743_300_000)
    /// Made and placed in turns of so many, so that making them is not measured.
    private static let turn = 1000

    private struct Figures {
        /// CPU seconds of placing one among the others, over the last tenth of them.
        var seconds: Double
        /// Of all the index holds, by article.
        var bytes: Double
    }

    func run() async throws {
        var first: Figures?
        // Those of before stay, so that none stands in memory that another has left.
        var kept: [StoryIndex] = []
        for size in sizes {
            let (figures, index) = try await figures(size)
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

    private func figures(_ size: Int) async throws -> (Figures, StoryIndex) {
        var news = BenchNews(names: (0..<2000).map { "Name\($0)" }, seed: 31)
        var index = StoryIndex()
        let fresh = StoryIndex()
        let before = try ReadBench.residentMegabytes()
        var seconds = 0.0
        for begin in stride(from: 0, to: size, by: Self.turn) {
            let articles = (begin..<min(begin + Self.turn, size)).map { indexed(news.article(), $0, of: size) }
            let cost = await bench.seconds {
                for article in articles {
                    index.forget(before: article.firstSeen - StoryIndex.window)
                    index.insert(article, as: StoryIndex.place(article, base: index, fresh: fresh))
                }
            }
            if begin >= size - max(size / 10, Self.turn) { seconds += cost }
        }
        let bytes = (try ReadBench.residentMegabytes() - before) * 1e6
        let measured = max(size / 10, Self.turn)
        return (Figures(seconds: seconds / Double(measured), bytes: bytes / Double(size)), index)
    }

    /// The month goes by evenly.
    private func indexed(_ article: Article, _ number: Int, of size: Int) -> IndexedArticle {
        let span = Int(StoryIndex.window.components.seconds)
        let time = Self.start + .seconds(Int64(number * span / size))
        var entry = Entry()
        entry.id = "https://outlet-\(number % 1000).example/news/\(number)-as-it-was-told"
        entry.link = entry.id
        let pending = PendingEntry(
            source: "outlet-\(number % 1000)", key: entry.id ?? "", entry: entry, firstSeen: time, seen: time)
        return IndexedArticle(
            Reading(
                pending: pending, article: article, readAt: time, topics: [], entities: [], strongEntities: [],
                fingerprint: Fingerprint(article: article)))
    }
}
