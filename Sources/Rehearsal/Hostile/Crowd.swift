import Foundation
import Glibc
import News
import Storage

/// A configuration of many sources, and feedwatch at work on it.
struct Crowd {
    struct Source {
        var id: String
        var url: String
        var interval = "1m"
    }

    let folder: String
    private var config: String { folder + "/config" }
    private var state: String { folder + "/state" }

    init(_ repository: RepositoryOptions, sources: [Source]) throws {
        folder = try temporaryFolder("feedwatch-hostile")
        let files = FileManager.default
        try files.createDirectory(atPath: config + "/sources.d", withIntermediateDirectories: true)
        for name in ["topics.d", "entities.d"] {
            try files.copyItem(atPath: repository.config + "/" + name, toPath: config + "/" + name)
        }
        // An issue's hour that does not come meanwhile: polls are drawn before it.
        let hour = Date(timeIntervalSinceNow: 12 * 3600).formatted(.iso8601).dropFirst(11).prefix(5)
        let main = "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\npacks: []\ndigest: {at: \"\(hour)\"}\n"
        try Data(main.utf8).write(to: URL(fileURLWithPath: config + "/feedwatch.yaml"))
        try add(sources)
    }

    /// Sources of which the daemon learns by a reload.
    func add(_ sources: [Source]) throws {
        for start in stride(from: 0, to: sources.count, by: 1000) {
            let some = sources[start..<min(start + 1000, sources.count)]
            let text =
                "defaults: {private_hosts: true, full_text: feed}\nsources:\n"
                + some.map { "  \($0.id): {feed: \"\($0.url)\", interval: \($0.interval)}\n" }.joined()
            let file = "\(config)/sources.d/\(some[start].id).yaml"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }
    }

    func start() throws -> WatchProcess { try WatchProcess(config: config, state: state) }

    /// How many sources have come to each word; `ok` is none.
    func faults(of isCounted: (SourceID) -> Bool) throws -> [String: Int] {
        let store = try Store(path: state + "/feedwatch.db", readOnly: true)
        defer { store.close() }
        let health = try store.health(from: Timestamp(seconds: 0), to: Timestamp(seconds: 1))
        return health.filter { isCounted($0.source) }.reduce(into: [:]) { counts, source in
            counts[source.fault?.code ?? (source.lastTried == nil ? "never ended" : "ok"), default: 0] += 1
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}

/// `rehearsal watch` under way, and what it has taken.
final class WatchProcess {
    private let process = Process()
    private let input = Pipe()
    private(set) var begun = ContinuousClock.now
    private(set) var ended = ContinuousClock.now
    private(set) var peakMegabytes = 0
    private(set) var threadsMax = 0
    private(set) var cpuSeconds = 0

    init(config: String, state: String) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["watch", "--config", config, "--state", state]
        process.standardInput = input
        try process.run()
        begun = .now
    }

    /// Lets so many seconds pass, and looks ten times in each.
    func sample(seconds: Int) {
        for _ in 0..<seconds * 10 {
            usleep(100_000)
            look()
        }
    }

    /// `reload`, or `revive` for the resolver.
    func tell(_ word: String) { try? input.fileHandleForWriting.write(contentsOf: Data((word + "\n").utf8)) }

    /// The end of its input is the end of it.
    func stop() {
        ended = .now
        cpuSeconds = Int(CPUTime.of(process: process.processIdentifier) ?? 0)
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func look() {
        let path = "/proc/\(process.processIdentifier)/status"
        guard let status = try? String(contentsOfFile: path, encoding: .utf8) else { return }
        func number(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
            return Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0
        }
        peakMegabytes = max(peakMegabytes, number("VmHWM") / 1024)
        threadsMax = max(threadsMax, number("Threads"))
    }
}
