import Foundation
import Glibc
import News
import Storage

/// Start to READY, memory, and a scheduling step with many sources: none may grow faster than the sources do.
struct StartBench {
    let bench: Bench
    let daemon: BenchDaemon

    private static let few = 1000
    private static let many = 100_000
    /// Polls by which a scheduling step is measured: due together, of a feed of one entry.
    private static let due = 500

    private struct Figures {
        var seconds: Double
        var wall: Double
        var resident: Double
        var peak: Double
        /// CPU seconds of a poll; nil without a server.
        var poll: Double?
    }

    func run() async throws {
        let few = try await figures(Self.few)
        let many = try await figures(Self.many)
        let growth = Double(Self.many) / Double(Self.few)
        func row(_ what: String, _ value: (Figures) -> Double, _ text: (Double) -> String, ofWork: Double) {
            let (a, b) = (value(few), value(many))
            bench.row(
                "\(what), 100,000 sources", text(b),
                floor: "with 1,000 \(text(a)), the work × \(Int(ofWork))", ratio: b / (a * ofWork))
        }
        row("start to READY, CPU", \.seconds, { "\(Bench.number($0)) s" }, ofWork: growth)
        row("start to READY, clock", \.wall, { "\(Bench.number($0)) s" }, ofWork: growth)
        row("resident", \.resident, { "\(Bench.number($0)) MB" }, ofWork: growth)
        bench.row(
            "a source more, resident",
            "\(Bench.number((many.resident - few.resident) * 1024 / Double(Self.many - Self.few))) KB",
            floor: "between 1,000 and 100,000 sources")
        row("resident at most", \.peak, { "\(Bench.number($0)) MB" }, ofWork: growth)
        guard few.poll != nil, many.poll != nil else {
            return bench.row("a poll in a daemon", "not measured", floor: bench.missing("server"))
        }
        row("a poll in a daemon", { $0.poll ?? 0 }, { "\(Bench.number($0 * 1e6)) µs" }, ofWork: 1)
    }

    private func figures(_ count: Int) async throws -> Figures {
        let place = try daemon.place(urls: (0..<count).map { daemon.url($0, document: "one.xml") })
        defer { try? FileManager.default.removeItem(atPath: place.folder) }
        try daemon.prepare(place)
        let first = try daemon.start(place)
        let memory = try first.memory()
        first.stop()
        var figures = Figures(seconds: first.seconds, wall: first.wall, resident: memory.now, peak: memory.peak)
        if let server = daemon.server { figures.poll = try await poll(place, server, startTakes: first.wall) }
        return figures
    }

    /// Polls that come due some seconds after READY, when nothing else goes on.
    private func poll(_ place: BenchDaemon.Place, _ server: BenchServer, startTakes wall: Double) async throws -> Double
    {
        var news = BenchNews(names: ["Harbour Board"], seed: 24)
        let feed = news.feed(id: "one", entries: 1, words: 110...130, hour: 4)
        try Data(feed).write(to: URL(fileURLWithPath: server.folder + "/one.xml"))
        let store = try Store(path: place.database)
        let due = Timestamp(seconds: Int64(Date().timeIntervalSince1970 + wall * 1.5) + 4)
        let keys = (0..<Self.due).map { "s\($0)" }
        try store.setDue(keys.map { DueJob(kind: .poll, key: $0, at: due) })
        store.close()
        let running = try daemon.start(place)
        defer { running.stop() }
        guard Date().timeIntervalSince1970 < Double(due.seconds) - 1 else {
            throw Broken("the second start took longer than the first: the machine is too busy to measure")
        }
        try await Task.sleep(for: .seconds(Double(due.seconds) - Date().timeIntervalSince1970 - 0.5))
        let before = running.secondsSoFar
        let reader = try Store(path: place.database, readOnly: true)
        var waiting = keys
        for _ in 0..<600 where !waiting.isEmpty {
            try await Task.sleep(for: .milliseconds(100))
            waiting = try waiting.filter { try reader.dueTime(of: .poll, $0).map { $0 <= due } ?? true }
        }
        guard waiting.isEmpty else { throw Broken("\(waiting.count) of \(keys.count) polls were not made in a minute") }
        return (running.secondsSoFar - before) / Double(keys.count)
    }
}
