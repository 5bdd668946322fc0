import Foundation
import News

/// `feedwatch once` over many feeds, each on a host of its own, against the sum of the floors of its stages.
struct WholePollBench {
    let bench: Bench
    let daemon: BenchDaemon
    let feeds: Int

    private static let perFeed = 20

    func run() throws {
        guard let server = daemon.server else {
            return bench.row("whole poll", "not measured", floor: bench.missing("server"))
        }
        let urls = (0..<feeds).map { daemon.url($0, document: "poll-\($0).xml") }
        let list = bench.work + "/urls"
        try Data(urls.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
        let place = try daemon.place(urls: urls)
        defer { try? FileManager.default.removeItem(atPath: place.folder) }
        let files = try write(hour: 3, in: server.folder)
        // The first pass learns what is there; the second has nothing to do and costs what a start costs.
        _ = try daemon.once(place, now: "2025-03-30T04:00:00Z")
        let start = try daemon.once(place, now: "2025-03-30T04:01:00Z").seconds
        let fetching = try (0..<3).compactMap { _ in
            try bench.floor("fetch", ["1", list, "64", "0", bench.work + "/ca.pem", "\(server.port)"])
        }
        let polls = try bench.floor("store", [place.database, bench.work + "/polls.db", "polls", "\(feeds)"])?[0]
        let unchanged = try daemon.once(place, now: "2025-03-30T06:30:00Z")
        row("304", unchanged.seconds - start, floor: sum(fetching.map { $0[1] }.min(), polls), parts: "libcurl, SQLite")
        _ = try write(hour: 8, in: server.folder)
        let news = try daemon.once(place, now: "2025-03-30T09:00:00Z")
        guard news.words.contains("\(feeds * Self.perFeed) new") else {
            throw Broken("not all were new: \(news.words)")
        }
        let parse = try bench.xmllint(["--noout"], files)
        let rows = try bench.floor(
            "store", [place.database, bench.work + "/filed.db", "100", "article", "story", "entry"])?[0]
        row(
            "all new, \(Self.perFeed) entries", news.seconds - start,
            floor: sum(sum(fetching.map { $0[0] }.min(), parse), rows), parts: "libcurl, xmllint, SQLite")
    }

    /// The documents of that hour, in place of the earlier ones.
    private func write(hour: Int, in folder: String) throws -> [String] {
        var news = BenchNews(
            names: ["Harbour Board", "Northern Fleet", "Seventh Fleet", "Okinawa"], seed: UInt64(hour))
        return try (0..<feeds).map { number in
            let file = "\(folder)/poll-\(number).xml"
            let feed = news.feed(id: "\(number)", entries: Self.perFeed, words: 110...130, hour: hour)
            try Data(feed).write(to: URL(fileURLWithPath: file))
            return file
        }
    }

    private func sum(_ a: Double?, _ b: Double?) -> Double? { a.flatMap { a in b.map { a + $0 } } }

    private func row(_ what: String, _ seconds: Double, floor: Double?, parts: String) {
        func perThousand(_ seconds: Double) -> String { "\(Bench.number(seconds / Double(feeds) * 1000)) s/1,000" }
        bench.row(
            "whole poll of \(feeds), \(what)", perThousand(seconds),
            floor: floor.map { "floors of \(parts) \(perThousand($0))" } ?? "not all floors are at hand",
            ratio: floor.map { seconds / $0 })
    }
}
