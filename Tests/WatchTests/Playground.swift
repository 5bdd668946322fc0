import Fetch
import Foundation
import GRDB
import Logging
import News
import NewsTesting
import Synchronization

@testable import Watch

/// A configuration folder and a state folder of a test's own.
struct Playground {
    let folder: String
    var config: String { folder + "/config" }
    var state: StateFolder { StateFolder(path: folder + "/state") }
    var location: ConfigurationLocation { ConfigurationLocation(folder: config) }

    /// - Parameter sources: the text of `sources.d/test.yaml`.
    init(sources: String, main: String = "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\n") throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)").path
        for name in ["sources.d", "topics.d", "entities.d"] {
            try FileManager.default.createDirectory(
                atPath: "\(config)/\(name)", withIntermediateDirectories: true)
        }
        try write(main, to: "feedwatch.yaml")
        try write(sources, to: "sources.d/test.yaml")
        try write(
            """
            topic: deterrence
            name: Deterrence
            words: {en: {strong: ["deter China", "joint headquarters"]}}
            alert: {any_of: [{match: clear}]}

            """, to: "topics.d/deterrence.yaml")
    }

    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(config)/\(file)"))
    }

    func open(
        at time: Timestamp, log: Logger = Recorder().logger, observe: @escaping StageObserver = { _, _ in }
    ) throws -> Station {
        try Station.open(
            try Configuration.load(location), state: state, clock: .standing(at: time), log: log,
            patience: nil, jitter: { _ in 0 }, observe: observe)
    }

    /// Opens, makes one pass at this time, and closes.
    @discardableResult
    func pass(at time: Timestamp, observe: @escaping StageObserver = { _, _ in }) async throws -> PassSummary {
        let station = try open(at: time, observe: observe)
        let summary = try await station.onePass()
        await station.close()
        return summary
    }

    /// Those of readers; what a running service tells of itself is none.
    func files(_ suffix: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: state.path)) ?? [])
            .filter { $0.hasSuffix(suffix) && !$0.hasPrefix("run/") }.sorted()
    }

    func text(_ file: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(state.path)/\(file)") ?? Data(), as: UTF8.self)
    }

    /// The state's database, for a hand that is not the service's: it waits while that one writes.
    func database() throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: state.database, configuration: configuration)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// An RSS document with these items, as `id: text`.
    static func rss(_ items: [(id: String, title: String, text: String)]) -> LoopbackServer.Response {
        let body = items.map {
            "<item><guid isPermaLink=\"false\">\($0.id)</guid><title>\($0.title)</title>"
                + "<link>https://outlet.example/\($0.id)</link><description>\($0.text)</description></item>"
        }
        let document = "<rss version=\"2.0\"><channel><title>Outlet</title>\(body.joined())</channel></rss>"
        return LoopbackServer.Response(
            status: 200, headers: [("Content-Type", "application/rss+xml")], body: Array(document.utf8))
    }
}

/// Keeps log lines for a test to look at.
final class Recorder: Sendable {
    private let all = Mutex<[String]>([])
    private let journal = Mutex<[String]>([])

    var lines: [String] { all.withLock { $0 } }
    /// As the journal gets them.
    var journalLines: [String] { journal.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: Recorder
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            recorder.all.withLock { $0.append("\(event.level): \(event.message)") }
            let line = JournalLog.line(event.level, "\(event.message)", event.metadata ?? [:], isJournal: true)
            recorder.journal.withLock { $0.append(line) }
        }
    }
}

/// Counts across threads.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    @discardableResult
    func add() -> Int { count.add(1, ordering: .relaxed).newValue }
}

/// Holds a thread back until it is opened: a server's answer, a worker.
final class Gate: @unchecked Sendable {
    // Invariant: `condition` guards `isOpen`.
    private let condition = NSCondition()
    private var isOpen = false

    func wait() {
        condition.lock()
        while !isOpen { condition.wait() }
        condition.unlock()
    }

    func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }
}

/// A clock that a test moves.
final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp) { time = Mutex(start) }

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }

    func set(_ now: Timestamp) { time.withLock { $0 = now } }

    /// Who sleeps by it looks again every few milliseconds.
    var wall: WallClock { WallClock(now: { self.now }, sleep: { _ in try await Task.sleep(for: .milliseconds(3)) }) }
}

/// A daemon at work in a playground.
struct Service {
    let control: AsyncStream<ServiceSignal>.Continuation
    let running: Task<Void, any Error>
    let station: Station
    let daemon: Daemon
    let recorder = Recorder()

    init(
        _ playground: Playground, clock: WallClock, observe: @escaping StageObserver = { _, _ in },
        fetching: (inout FetchOptions) -> Void = { _ in }
    ) throws {
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: clock, log: recorder.logger,
            patience: Daemon.patience, jitter: { _ in 0 }, fetching: fetching, observe: observe)
        let (signals, control) = AsyncStream<ServiceSignal>.makeStream()
        self.control = control
        self.station = station
        let daemon = Daemon(station, location: playground.location, notifier: ServiceNotifier(address: nil))
        self.daemon = daemon
        running = Task { try await daemon.run(signals: signals, watchdog: nil) }
    }

    func says(_ words: String) async throws -> Bool {
        try await eventually { recorder.lines.contains { $0.contains(words) } }
    }

    /// Polls that have ended.
    var pollCount: Int { station.counters.now.polls.values.reduce(0, +) }

    /// That this many polls in all have ended and none is under way: whoever moves the clock while one is moves that poll.
    func hasPolled(_ count: Int) async throws -> Bool {
        try await eventually {
            pollCount == count && !station.sources.keys.contains(where: daemon.scheduler.isPolling)
        }
    }

    func stop() async throws {
        control.yield(.stop)
        try await running.value
    }
}

/// Looks until it holds; gives up after a minute, which no working program needs.
func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<3000 {
        if try await holds() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}
