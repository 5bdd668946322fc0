import Foundation
import News
import Storage
import Testing

@testable import Watch

@Suite struct HealthCheckTests {
    static let now = Timestamp(rfc3339: "2025-03-30T06:40:00Z")!
    static func ago(_ minutes: Int) -> Timestamp { now - .seconds(minutes * 60) }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var line: String
        var service = HealthCheck.Service.notAsked
        var isRunning: Bool? = true
        var change: @Sendable (inout StateReading) -> Void = { _ in }
        var testDescription: String { name }
    }

    private static func configuration() throws -> Configuration {
        try ConfigurationFolder([
            "sources.d/a.yaml": """
            sources:
              cape: https://cape.example/rss
              harbour: https://harbour.example/rss
              strait: {feed: "https://strait.example/rss", expect: {every: 2d}}

            """
        ]).load()
    }

    private static var reading: StateReading {
        var reading = StateReading()
        reading.health = ["cape", "harbour", "strait"].map {
            SourceHealth(source: $0, lastRead: ago(10), newestEntry: ago(60), nextDue: ago(-50))
        }
        reading.digestDue = ago(-24 * 60)
        return reading
    }

    private static func said(_ minutesAgo: Int, beatAge: Int = 3) -> HealthCheck.Service {
        var status = try! Status.compose(
            reading, configuration(), zone: .utc, now: ago(minutesAgo), isRunning: true)
        status.running = true
        return .asked(StatusFile(status, service: .init(pid: 7, started: ago(600), beatAge: beatAge)))
    }

    static let cases: [Case] = [
        Case(name: "all is well", line: "ok: 3 sources, next digest Mon 06:40"),
        Case(
            name: "blind for less than a day", line: "ok: 3 sources, 1 blind for less than a day, next digest Mon 06:40"
        ) {
            $0.health[0].blindSince = ago(24 * 60)
        },
        Case(name: "blind for a day", line: "wrong: blind for more than a day: cape") {
            $0.health[0].blindSince = ago(24 * 60 + 1)
        },
        Case(
            name: "silence is told and is not wrong",
            line: "ok: 3 sources, 1 silent for longer than expected, next digest Mon 06:40"
        ) {
            $0.health[2].newestEntry = ago(3 * 24 * 60)
        },
        Case(name: "due for an hour", line: "ok: 3 sources, next digest Mon 06:40") { $0.health[1].nextDue = ago(60) },
        Case(
            name: "not polled, the longest first, blind ones too",
            line: "wrong: not polled though due for more than an hour: strait, cape, harbour"
        ) {
            for index in 0...2 { $0.health[index].nextDue = ago([90, 61, 600][index]) }
            $0.health[0].blindSince = ago(100)
        },
        Case(
            name: "a parcel that cannot be written",
            line:
                "wrong: 1 alert or issue is not written: alerts/x of 06:39 is not delivered: cannot write a/b – make room"
        ) {
            $0.waiting = 1
            $0.parcels = [
                WaitingParcel(stem: "alerts/x", decided: ago(1), attempts: 1, fault: "cannot write a|b\n– make room")
            ]
        },
        Case(name: "a parcel that is just being written", line: "ok: 3 sources, next digest Mon 06:40") {
            $0.waiting = 1
            $0.parcels = [WaitingParcel(stem: "alerts/x", decided: ago(1), attempts: 0, fault: nil)]
        },
        Case(name: "a late digest", line: "wrong: the digest was due 1 h ago (05:39)") { $0.digestDue = ago(61) },
        Case(name: "a digest within its hour", line: "ok: 3 sources, next digest Sun 05:41") { $0.digestDue = ago(59) },
        Case(
            name: "entries that stand still",
            line: "wrong: cape: 3 entries wait to be filed, the oldest since 05:30 (1 h), and of 1 more source"
        ) {
            $0.pending = [
                PendingCount(source: "cape", count: 3, oldest: ago(70)),
                PendingCount(source: "gone", count: 9, oldest: ago(700)),
                PendingCount(source: "strait", count: 1, oldest: ago(65)),
            ]
        },
        Case(name: "a service that nobody asked for", line: "ok: 3 sources, next digest Mon 06:40", isRunning: false),
        Case(
            name: "a service that is missing", line: "wrong: it is not running", service: .asked(nil), isRunning: false),
        Case(
            name: "a service that cannot be told", line: "wrong: it is not running", service: .asked(nil),
            isRunning: nil),
        Case(
            name: "a service by its own fresh word", line: "ok: 3 sources, next digest Mon 06:40", service: said(4),
            isRunning: nil),
        Case(name: "a service by its own old word", line: "wrong: it is not running", service: said(6), isRunning: nil),
        Case(
            name: "a service that fell silent", line: "wrong: it hangs: it last said at 6 min ago (06:34) how it is",
            service: said(6)),
        Case(name: "a service that just began", line: "ok: 3 sources, next digest Mon 06:40", service: .asked(nil)),
        Case(
            name: "a holder of the state that said nothing yet", line: "ok: 3 sources, next digest Mon 06:40",
            service: .asked(nil, heldSince: ago(5))),
        Case(
            name: "a holder of the state that says nothing",
            line: "wrong: a process has held the state since 6 min ago (06:34), and no service says how it is",
            service: .asked(nil, heldSince: ago(6))),
        Case(name: "most sources blind at once", line: "wrong: 2 of 3 sources blind for more than 30 min") {
            for index in 0...1 { $0.health[index].blindSince = ago(31) }
        },
        Case(
            name: "most sources blind for half an hour",
            line: "ok: 3 sources, 2 blind for less than a day, next digest Mon 06:40"
        ) {
            for index in 0...1 { $0.health[index].blindSince = ago(30) }
        },
        Case(
            name: "a scheduler that stands still", line: "wrong: it hangs: its scheduler stood still for 121 s",
            service: said(1, beatAge: 121)),
        Case(
            name: "several at once",
            line:
                "wrong: it is not running; blind for more than a day: cape, harbour, strait; the digest was due 2 h ago (04:40)",
            service: .asked(nil), isRunning: false
        ) {
            for index in 0...2 { $0.health[index].blindSince = ago(2000 - index) }
            $0.digestDue = ago(120)
        },
    ]

    @Test("What is wrong is said in one line, and only that", arguments: cases)
    func verdict(_ test: Case) throws {
        var reading = Self.reading
        test.change(&reading)
        let configuration = try Self.configuration()
        let status = Status.compose(reading, configuration, zone: .utc, now: Self.now, isRunning: test.isRunning)
        let check = HealthCheck(
            status, ages: Ages(now: Self.now, zone: .utc), configured: Set(configuration.sources.map(\.id)),
            service: test.service)
        #expect(check.line == "feedwatch \(test.line)")
        #expect(check.verdict == (test.line.hasPrefix("ok") ? .ok : .wrong))
    }

    @Test("Thousands of blind sources are one short line")
    func many() throws {
        let yaml = (0..<5000).map { "  s\($0): https://s\($0).example/rss\n" }.joined()
        let configuration = try ConfigurationFolder(["sources.d/a.yaml": "sources:\n" + yaml]).load()
        var reading = StateReading()
        reading.health = (0..<5000).map { SourceHealth(source: "s\($0)", blindSince: Self.ago(90_000 - $0)) }
        let status = Status.compose(reading, configuration, zone: .utc, now: Self.now, isRunning: true)
        let check = HealthCheck(
            status, ages: Ages(now: Self.now, zone: .utc), configured: [], service: .notAsked)
        #expect(check.line == "feedwatch wrong: blind for more than a day: s0, s1, s2 and 4,997 more")
    }

    @Test("The program ends with 0, 1, 64 and 78 and prints one line each time but for wrong usage")
    func exits() async throws {
        let playground = try Playground(sources: "sources:\n  one: https://one.example/rss\n")
        defer { playground.remove() }
        func check(_ arguments: String..., config: String? = nil) async throws -> (status: Int32, output: String) {
            let run = try await CommandRun(
                [
                    "status", "--check", "--config", config ?? playground.config, "--state", playground.state.path,
                    "--now", "2025-03-30T06:40:00Z",
                ] + arguments)
            return (run.status, run.output)
        }
        let never = try await check()
        #expect(never == (1, "feedwatch wrong: nothing was ever polled: there is no \(playground.state.database)\n"))

        try playground.state.create()
        let store = try Store(path: playground.state.database)
        _ = try store.commit(
            PollResult(
                source: Source(id: "one", url: "https://one.example/rss"), at: Self.ago(10), nextDue: Self.ago(-50),
                validators: .none, outcome: .unchanged))
        store.close()
        #expect(try await check() == (0, "feedwatch ok: 1 source\n"))
        let running = try await check("--running")
        #expect(running == (1, "feedwatch wrong: it is not running\n"))
        #expect(try await check("--json").status == 64)

        try playground.write("sources: [\n", to: "sources.d/test.yaml")
        #expect(try await check() == (78, "\(HealthCheck.faultyConfiguration)\n"))
        try playground.write("sources:\n  one: https://one.example/rss\n", to: "sources.d/test.yaml")
        try Data("no database, but long enough to be taken for one of SQLite".utf8).write(
            to: URL(fileURLWithPath: playground.state.database))
        let damaged = try await check()
        #expect(damaged.status == 1 && damaged.output.hasPrefix("feedwatch wrong: "), "\(damaged)")
        #expect(damaged.output.contains("restore a backup") && damaged.output.split(separator: "\n").count == 1)
    }
}
