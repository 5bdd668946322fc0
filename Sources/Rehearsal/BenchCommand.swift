import ArgumentParser
import Foundation
import Glibc
import Markup
import News
import NewsTesting
import Storage
import Watch

/// `make bench`: what each stage costs, in CPU seconds, beside its floor where one is at hand in the same run.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the cost of each stage in CPU time.")

    @OptionGroup var repository: RepositoryOptions
    @Option(help: "Articles to file.") var articles = 2000

    func run() async throws {
        print("stage                          cost              floor in the same run")
        try parsing()
        let readings = try scoring()
        try await filing(readings)
        try polling()
    }

    private func parsing() throws {
        let feed = Self.feed(entries: 2000)
        let megabytes = Double(feed.count) / 1e6
        let seconds = try best(of: 5) {
            _ = try FeedParser.parse(feed, contentType: "application/rss+xml", url: "https://outlet.example/rss")
        }
        let file = try temporaryFolder("feedwatch-bench") + "/feed.xml"
        try Data(feed).write(to: URL(fileURLWithPath: file))
        let floor = FileManager.default.fileExists(atPath: "/usr/bin/xmllint") ? try xmllint(file) : nil
        row(
            "parse, 2,000 entries", "\(number(megabytes / seconds)) MB/s",
            floor.map { "xmllint --stream \(number(megabytes / $0)) MB/s, ratio \(number(seconds / $0))" }
                ?? "xmllint is not installed")
    }

    /// CPU seconds of `xmllint --stream` on the file, without those of an empty document.
    private func xmllint(_ file: String) throws -> Double {
        func seconds(_ file: String) throws -> Double {
            try best(of: 5, who: RUSAGE_CHILDREN) { _ = try Run("/usr/bin/xmllint", ["--stream", "--noout", file]) }
        }
        let empty = file + ".empty"
        try Data("<rss/>".utf8).write(to: URL(fileURLWithPath: empty))
        return max(try seconds(file) - seconds(empty), 1e-6)
    }

    private func scoring() throws -> [Reading] {
        let configuration = try Configuration.load(ConfigurationLocation(folder: repository.config))
        let engine = TopicEngine(topics: configuration.topics, entities: configuration.entities)
        let start = Timestamp(seconds: 1_743_300_000)
        let news = (0..<articles).map(Self.article)
        var readings: [Reading] = []
        let seconds = try best(of: 3) {
            readings = news.enumerated().map { number, article in
                let assessment = engine.assess(article)
                let pending = PendingEntry(
                    source: "outlet-\(number % 100)", key: "\(number)", entry: Entry(), firstSeen: start, seen: start)
                return Reading(
                    pending: pending, article: article, readAt: start, topics: assessment.topics,
                    entities: assessment.entities, strongEntities: assessment.strongEntities,
                    fingerprint: Fingerprint(article: article))
            }
        }
        let megabytes = Double(news.reduce(0) { $0 + $1.text.utf8.count }) / 1e6
        row("score", "\(number(Double(articles) / seconds)) articles/s", "\(number(megabytes / seconds)) MB/s of text")
        return readings
    }

    private func filing(_ readings: [Reading]) async throws {
        let store = try Store(path: try temporaryFolder("feedwatch-bench") + "/feedwatch.db")
        let rules = AlertDesk(sources: [:], topics: [:], excerptMax: 240, zone: .utc, version: "bench")
        let desk = Desk(store: store, rules: rules, clock: .standing(at: readings[0].pending.seen), patience: nil)
        _ = await desk.expect(readings.map(\.pending))
        let before = cpuSeconds(RUSAGE_SELF)
        for reading in readings { _ = try await desk.take(reading) }
        let seconds = cpuSeconds(RUSAGE_SELF) - before
        row("desk and store", "\(number(seconds / Double(articles) * 1e6)) µs/article", "raw SQLite: about 25 µs a row")
        store.close()
    }

    private func polling() throws {
        let store = try Store(path: try temporaryFolder("feedwatch-bench") + "/feedwatch.db")
        let source = Source(id: "outlet", url: "https://outlet.example/rss")
        let result = PollResult(
            source: source, at: Timestamp(seconds: 1), nextDue: Timestamp(seconds: 2), validators: Validators(),
            outcome: .unchanged)
        let count = 2000
        let seconds = try best(of: 3) { for _ in 0..<count { _ = try store.commit(result) } }
        row("commit, unchanged", "\(number(seconds / Double(count) * 1e6)) µs/poll", "a transaction each")
        store.close()
    }

    private func best(of runs: Int, who: __rusage_who = RUSAGE_SELF, _ body: () throws -> Void) throws -> Double {
        try (0..<runs).map { _ in
            let before = cpuSeconds(who)
            try body()
            return cpuSeconds(who) - before
        }.min() ?? 0
    }

    private func row(_ stage: String, _ cost: String, _ floor: String) {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        print(padded(stage, 31) + padded(cost, 18) + floor)
    }

    private func number(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.0f", value) }

    private func cpuSeconds(_ who: __rusage_who) -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(who.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// A feed with a paragraph of content in each entry, about 1 KB each.
    private static func feed(entries: Int) -> [UInt8] {
        let items = (0..<entries).map { number in
            "<item><title>Headline \(number) of the harbour</title><link>https://outlet.example/\(number)</link>"
                + "<guid>https://outlet.example/\(number)</guid><pubDate>Sun, 30 Mar 2025 04:20:00 GMT</pubDate>"
                + "<description><![CDATA[<p>\(article(number).text)</p>]]></description></item>"
        }
        return Array(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Outlet</title>\(items.joined())</channel></rss>"
                .utf8)
    }

    /// Text made of everyday words in a fixed order of chance, so that no two articles are copies.
    private static func article(_ number: Int) -> Article {
        var random = SplitMix64(seed: UInt64(number))
        let words = [
            "harbour", "minister", "ferry", "budget", "exercise", "island", "deterrence", "coast", "guard", "talks",
            "Tokyo",
            "Taiwan", "strait", "missile", "summer", "court", "ships", "officials", "announced", "on", "the", "a",
            "new", "of",
        ]
        var article = Article()
        article.title = (0..<8).compactMap { _ in words.randomElement(using: &random) }.joined(separator: " ")
        article.language = "en"
        article.paragraphs = (0..<10).map { _ in
            (0..<60).compactMap { _ in words.randomElement(using: &random) }.joined(separator: " ") + "."
        }
        return article
    }
}
