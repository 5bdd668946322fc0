import Foundation
import Logging
import News
import Watch

/// The whole poll, fetch to commit, of many feeds on hosts of their own; and what comes after it, the filing of the entries
/// that it has left in the queue.
struct WholePollBench {
    let bench: Bench
    let daemon: BenchDaemon
    let feeds: Int
    /// Of how many feeds the entries are filed as well: filing costs ten times what polling does.
    let filed: Int

    private static let perFeed = 20
    /// Different documents; each is served to many of the feeds, on another host to each.
    private static let documents = 500
    private static let rounds = 3
    private static let names = ["Harbour Board", "Northern Fleet", "Seventh Fleet", "Okinawa"]

    func run() async throws {
        guard let server = daemon.server else {
            return bench.row("whole poll", "not measured", floor: bench.missing("server"))
        }
        try await poll(server)
        try await file(server)
    }

    private func poll(_ server: BenchServer) async throws {
        let place = try place(feeds)
        defer { try? FileManager.default.removeItem(atPath: place.folder) }
        _ = try write(entries: 1, hour: 3, in: server.folder)
        _ = try await pass(place, "2025-03-30T04:00:00Z") { try await $0.pollDue() }
        var costs: [Double] = []
        var floors: [Double] = []
        for round in 0..<Self.rounds {
            if let floor = try fetching(server)?[1] { floors.append(floor) }
            let (cost, summary) = try await pass(place, "2025-03-30T\(10 + 2 * round):00:00Z") {
                try await $0.pollDue()
            }
            guard summary.polled == feeds, summary.listed == 0 else {
                throw Broken("not all were unchanged: \(summary)")
            }
            costs.append(cost)
        }
        row("whole poll of \(feeds), unchanged", feeds, costs.min() ?? 0, [("libcurl", floors.min())])

        let files = try write(entries: Self.perFeed, hour: 16, in: server.folder)
        let (cost, summary) = try await pass(place, "2025-03-30T17:00:00Z") { try await $0.pollDue() }
        guard summary.new == feeds * Self.perFeed else { throw Broken("not all were new: \(summary)") }
        let list = bench.work + "/documents"
        try Data((0..<feeds).map { files[$0 % files.count] }.joined(separator: "\n").utf8).write(
            to: URL(fileURLWithPath: list))
        let fetch = try (0..<Self.rounds).compactMap { _ in try fetching(server)?[0] }.min()
        let parse = try (0..<Self.rounds).compactMap { _ in try bench.floor("parse", ["1", list])?[0] }.min()
        let rows = try (0..<Self.rounds).compactMap { _ in
            try bench.floor(
                "store",
                [
                    place.database, bench.work + "/polled.db", "normal", "2000", "entry WHERE state = 'pending'",
                    "source", "due",
                ]
            )?[0]
        }.min()
        row(
            "whole poll of \(feeds), all new", feeds, cost, [("libcurl", fetch), ("libxml2", parse), ("SQLite", rows)])
    }

    /// What `feedwatch once` does with the entries of a poll: read, score, desk.
    private func file(_ server: BenchServer) async throws {
        let place = try place(filed)
        defer { try? FileManager.default.removeItem(atPath: place.folder) }
        _ = try write(entries: 1, hour: 3, in: server.folder)
        _ = try await pass(place, "2025-03-30T04:00:00Z") { try await $0.onePass() }
        _ = try write(entries: Self.perFeed, hour: 5, in: server.folder)
        _ = try await pass(place, "2025-03-30T06:00:00Z") { try await $0.pollDue() }
        let (cost, _) = try await pass(place, "2025-03-30T06:00:00Z") { try await $0.onePass() }
        let rows = try (0..<Self.rounds).compactMap { _ in
            try bench.floor(
                "store",
                [place.database, bench.work + "/filed.db", "full", "\(Limits.deskBatchMax)", "article", "story"])?[0]
        }.min()
        row("filing of \(Self.perFeed) new entries", filed, cost, [("SQLite", rows)])
    }

    private func place(_ feeds: Int) throws -> BenchDaemon.Place {
        try daemon.place(
            urls: (0..<feeds).map { daemon.url($0, document: "poll-\($0 % Self.documents).xml") })
    }

    /// CPU seconds of this process for one pass at that time, without those of one that finds nothing to do.
    private func pass(
        _ place: BenchDaemon.Place, _ time: String, _ body: (Station) async throws -> PassSummary
    ) async throws -> (cost: Double, summary: PassSummary) {
        guard let now = Timestamp(rfc3339: time) else { throw Broken("not a time: \(time)") }
        let station = try Station.open(
            try Configuration.load(ConfigurationLocation(folder: place.config)),
            state: StateFolder(path: place.state), clock: .standing(at: now),
            log: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }, patience: nil, jitter: { _ in 0.5 })
        let before = CPUTime.ofThisProcess
        let summary = try await body(station)
        let cost = CPUTime.ofThisProcess - before
        let idle = try await bench.seconds { _ = try await body(station) }
        await station.close()
        return (cost - idle, summary)
    }

    private func fetching(_ server: BenchServer) throws -> [Double]? {
        let list = bench.work + "/urls"
        let urls = (0..<feeds).map { daemon.url($0, document: "poll-\($0 % Self.documents).xml") }
        try Data(urls.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
        return try bench.floor("fetch", ["1", list, "64", "0", bench.work + "/ca.pem", "\(server.port)"])
    }

    /// The documents of that hour, in place of the earlier ones.
    private func write(entries: Int, hour: Int, in folder: String) throws -> [String] {
        var news = BenchNews(names: Self.names, seed: UInt64(hour))
        return try (0..<min(feeds, Self.documents)).map { number in
            let file = "\(folder)/poll-\(number).xml"
            let feed = news.feed(id: "\(number)", entries: entries, words: 110...130, hour: hour)
            try Data(feed).write(to: URL(fileURLWithPath: file))
            return file
        }
    }

    private func row(_ what: String, _ count: Int, _ seconds: Double, _ floors: [(of: String, seconds: Double?)]) {
        func perThousand(_ seconds: Double) -> String { "\(Bench.number(seconds / Double(count) * 1000)) s/1,000" }
        let known = floors.compactMap { floor in floor.seconds.map { (floor.of, $0) } }
        let sum = known.count == floors.count ? known.reduce(0) { $0 + $1.1 } : nil
        let parts = known.map { "\($0.0) \(Bench.number($0.1 / Double(count) * 1000))" }.joined(separator: " + ")
        bench.row(
            what, perThousand(seconds), floor: sum == nil ? "not all floors are at hand" : parts + " s/1,000",
            ratio: sum.map { seconds / $0 })
    }
}
