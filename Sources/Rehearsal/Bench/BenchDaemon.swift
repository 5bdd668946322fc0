import Foundation
import Glibc
import News
import Storage

/// The real program over a generated configuration.
struct BenchDaemon {
    let repository: RepositoryOptions
    let server: BenchServer?
    let bench: Bench
    static let program = ".build/release/feedwatch"

    /// A configuration folder and a state folder.
    struct Place {
        var folder: String
        var config: String { folder + "/config" }
        var state: String { folder + "/state" }
        var database: String { state + "/feedwatch.db" }
        /// Of each source, in order; their ids are `s0`, `s1`, ….
        var urls: [String]
    }

    static let interval = Duration.seconds(3600)

    /// The address of the n-th source: a host of its own on loopback, so that none waits for another.
    func url(_ number: Int, document: String) -> String {
        let host = number + 256
        return "http://127.\(1 + host >> 16).\(host >> 8 & 255).\(host & 255):\(server?.port ?? 9)/\(document)"
    }

    /// Topics and entities as shipped, and these sources.
    func place(urls: [String]) throws -> Place {
        let place = Place(folder: try temporaryFolder("feedwatch-bench"), urls: urls)
        let files = FileManager.default
        try files.createDirectory(atPath: place.config + "/sources.d", withIntermediateDirectories: true)
        for name in ["topics.d", "entities.d"] {
            try files.copyItem(atPath: repository.config + "/" + name, toPath: place.config + "/" + name)
        }
        let main = "contact: \"mailto:bench@reader.example\"\ntimezone: UTC\ndigest: {at: \"18:00\"}\n"
        try Data(main.utf8).write(to: URL(fileURLWithPath: place.config + "/feedwatch.yaml"))
        for start in stride(from: 0, to: urls.count, by: 1000) {
            var text = "defaults: {interval: 60m, private_hosts: true, full_text: feed}\nsources:\n"
            for number in start..<min(start + 1000, urls.count) {
                text += "  s\(number): {feed: \"\(urls[number])\"}\n"
            }
            try Data(text.utf8).write(
                to: URL(fileURLWithPath: place.config + "/sources.d/\(100_000 + start).yaml"))
        }
        return place
    }

    /// A state as a daemon leaves it: every source has its time, all of them ahead.
    func prepare(_ place: Place) throws {
        try FileManager.default.createDirectory(atPath: place.state, withIntermediateDirectories: true)
        let store = try Store(path: place.database)
        defer { store.close() }
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        let plans = place.urls.enumerated().map { PollPlan(source: "s\($0)", url: $1, interval: Self.interval) }
        _ = try store.schedule(plans, digest: now + .seconds(86_400), at: now)
        for start in stride(from: 0, to: plans.count, by: 1000) {
            let polls = plans[start..<min(start + 1000, plans.count)].map { plan in
                PollResult(
                    source: Source(id: plan.source, url: plan.url), at: now, nextDue: now + Self.interval,
                    validators: .none, outcome: .unchanged)
            }
            for outcome in store.commit(polls) { _ = try outcome.get() }
        }
    }

    /// Starts the service and waits until it says that it is ready.
    func start(_ place: Place) throws -> RunningDaemon {
        try RunningDaemon(program: Self.program, place: place, socket: bench.work + "/notify")
    }
}

/// A service under way.
struct RunningDaemon {
    private let process = Process()
    /// Seconds by the clock and of CPU from its start to READY.
    let wall: Double
    let seconds: Double

    fileprivate init(program: String, place: BenchDaemon.Place, socket path: String) throws {
        let notices = try NoticeSocket(path: path)
        defer { notices.close() }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["run", "--config", place.config, "--state", place.state]
        var environment = ProcessInfo.processInfo.environment
        environment["NOTIFY_SOCKET"] = path
        process.environment = environment
        process.standardError = FileHandle.nullDevice
        let clock = ContinuousClock()
        let begin = clock.now
        try process.run()
        guard notices.waitForReady(seconds: 300) else {
            process.terminate()
            throw Broken("feedwatch run did not become ready in 300 s")
        }
        wall = begin.duration(to: clock.now) / .seconds(1)
        seconds = CPUTime.of(process: process.processIdentifier) ?? 0
    }

    var secondsSoFar: Double { CPUTime.of(process: process.processIdentifier) ?? 0 }

    /// Megabytes resident now, and at most so far.
    func memory() throws -> (now: Double, peak: Double) {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        func megabytes(_ name: String) -> Double {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
            return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0) / 1024
        }
        return (megabytes("VmRSS"), megabytes("VmHWM"))
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// Where a service tells how it is (sd_notify(3)).
private struct NoticeSocket {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws {
        self.path = path
        unlink(path)
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Broken("too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [descriptor] in
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound else { throw Broken("\(path): \(String(cString: strerror(errno)))") }
    }

    func waitForReady(seconds: Int) -> Bool {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { return false }
            if String(decoding: bytes[..<count], as: UTF8.self).contains("READY=1") { return true }
        }
    }

    func close() {
        Glibc.close(descriptor)
        unlink(path)
    }
}
