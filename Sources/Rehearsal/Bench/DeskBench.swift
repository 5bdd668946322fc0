import Foundation
import Markup
import News
import Storage
import Watch

/// Commits of polls and the desk's filings against plain SQLite: the same rows, inserted by statements in C.
struct DeskBench {
    let bench: Bench
    let configuration: Configuration
    let articles: Int

    private static let perFeed = 20
    private static let polls = 2000
    private static let start = Timestamp(seconds: 1_743_300_000)

    func run() async throws {
        try await unchangedPolls()
        let entries = feeds()
        let path = try temporaryFolder("feedwatch-bench") + "/feedwatch.db"
        let store = try Store(path: path)
        try await newEntries(entries, store, path)
        let readings = try readings(of: store)
        try await filing(readings, batch: Limits.deskBatchMax, store, path)
        store.close()
        // One by one, as in a quiet hour.
        let other = try temporaryFolder("feedwatch-bench") + "/feedwatch.db"
        let quiet = try Store(path: other)
        for feed in entries { try commit(feed, quiet) }
        try await filing(readings, batch: 1, quiet, other)
        quiet.close()
    }

    private func unchangedPolls() async throws {
        let path = try temporaryFolder("feedwatch-bench") + "/feedwatch.db"
        let store = try Store(path: path)
        let source = Source(id: "outlet", url: "https://outlet.example/rss")
        let result = PollResult(
            source: source, at: Self.start, nextDue: Self.start + .seconds(60), validators: Validators(),
            outcome: .unchanged)
        let (cost, floor) = try await bench.leastOfTurns {
            try await bench.seconds { for _ in 0..<Self.polls { _ = try store.commit(result) } }
        } floor: {
            try bench.floor("store", [path, bench.work + "/polls.db", "polls", "\(Self.polls)"])?[0]
        }
        row("commit, unchanged", cost, floor, Self.polls, "poll")
        store.close()
    }

    private typealias Listed = (source: Source, entries: [Entry])

    private func feeds() -> [Listed] {
        var news = BenchNews(names: configuration.entities.map(\.name), seed: 23)
        return (0..<articles / Self.perFeed).map { feed in
            let entries = (0..<Self.perFeed).map { number in
                let article = news.article()
                var entry = Entry()
                entry.id = "\(feed)-\(number)"
                entry.title = article.title
                entry.link = "https://outlet-\(feed).example/\(number)"
                entry.content = article.paragraphs.map { "<p>\($0)</p>" }.joined()
                entry.published = Self.start
                return entry
            }
            return (Source(id: "outlet-\(feed)", url: "https://outlet-\(feed).example/rss"), entries)
        }
    }

    /// The first document of a source is its baseline; what is not in it is news.
    private func commit(_ feed: Listed, _ store: Store) throws {
        var old = Entry()
        old.id = "old"
        old.title = "What was there before"
        for (entries, after) in [([old], 0), (feed.entries, 3600)] {
            var document = Feed(format: .rss)
            document.entries = entries
            let at = Self.start + .seconds(after)
            let result = PollResult(
                source: feed.source, at: at, nextDue: at + .seconds(3600), validators: Validators(etag: "\"\(after)\""),
                outcome: .read(entries: ListedEntry.list(document), bodyHash: "\(after)", faults: []))
            _ = try store.commit(result)
        }
    }

    private func newEntries(_ feeds: [Listed], _ store: Store, _ path: String) async throws {
        let cost = try await bench.seconds { for feed in feeds { try commit(feed, store) } }
        let floor = try bench.leastFloor {
            try bench.floor("store", [path, bench.work + "/entries.db", "normal", "\(Self.perFeed + 1)", "entry"])?[0]
        }
        row("commit, new entries", cost, floor, articles, "entry")
    }

    private func readings(of store: Store) throws -> [Reading] {
        let engine = TopicEngine(topics: configuration.topics, entities: configuration.entities)
        let sources = Set((0..<articles / Self.perFeed).map { "outlet-\($0)" })
        return try store.pendingEntries(in: sources, most: articles).map { pending in
            let article = ArticleReader.read(entry: pending.entry, language: "en")
            let assessment = engine.assess(article)
            return Reading(
                pending: pending, article: article, readAt: pending.seen, topics: assessment.topics,
                entities: assessment.entities, strongEntities: assessment.strongEntities,
                fingerprint: Fingerprint(article: article))
        }
    }

    private func filing(_ readings: [Reading], batch: Int, _ store: Store, _ path: String) async throws {
        let sources = Set(readings.map(\.pending.source)).map { ($0, Source(id: $0, url: "https://\($0).example/rss")) }
        let rules = AlertDesk(
            sources: Dictionary(uniqueKeysWithValues: sources),
            topics: Dictionary(uniqueKeysWithValues: configuration.topics.map { ($0.id, $0) }), excerptMax: 240,
            zone: .utc, version: "bench")
        let desk = Desk(store: store, rules: rules, clock: .standing(at: readings[0].pending.seen), patience: nil)
        let cost = try await bench.seconds {
            for start in stride(from: 0, to: readings.count, by: batch) {
                let part = readings[start..<min(start + batch, readings.count)]
                _ = await desk.expect(part.map(\.pending))
                // The first in order comes last: nothing is filed before.
                for reading in part.reversed() { _ = try await desk.take(reading) }
            }
        }
        let floor = try bench.leastFloor {
            try bench.floor("store", [path, bench.work + "/filed.db", "full", "\(batch)", "article", "story"])?[0]
        }
        row(
            batch == 1 ? "desk and store, one by one" : "desk and store, in batches", cost, floor, readings.count,
            "article")
    }

    private func row(_ stage: String, _ seconds: Double, _ floor: Double?, _ count: Int, _ unit: String) {
        func microseconds(_ seconds: Double) -> String { "\(Bench.number(seconds / Double(count) * 1e6)) µs/\(unit)" }
        bench.row(
            stage, microseconds(seconds),
            floor: floor.map { "the same rows in plain SQLite \(microseconds($0))" } ?? bench.missing("store"),
            ratio: floor.map { seconds / $0 })
    }
}

extension Bench {
    /// For a subject that can run once only: the least of several turns of its floor.
    fileprivate func leastFloor(_ floor: () throws -> Double?) throws -> Double? {
        try (0..<Bench.rounds).compactMap { _ in try floor() }.min()
    }
}
