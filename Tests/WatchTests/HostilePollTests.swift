import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Watch

/// What hostile endpoints come to in the daemon's own polls: what is asked with, and when next.
@Suite struct HostilePollTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    /// Three polls of one endpoint: what they come to, and which validators the second and third carry.
    struct Asking: Sendable, CustomStringConvertible {
        var endpoint: String
        var words = ["read", "unchanged", "unchanged"]
        var second: [String?]
        var third: [String?]?
        var description: String { endpoint }
    }

    @Test(
        "Validators go back exactly as they came, as one set, kept across errors; what could not be sent back is not kept",
        arguments: [
            Asking(endpoint: "etag-weak", second: ["W/\"1\"", nil]),
            Asking(endpoint: "etag-unquoted", second: ["5f3a-1", nil]),
            Asking(endpoint: "etag-only", second: ["\"1\"", nil]),
            Asking(endpoint: "last-modified-only", second: [nil, date]),
            Asking(endpoint: "last-modified-odd", second: [nil, "last Tuesday, about noon"]),
            Asking(endpoint: "both-validators", second: ["\"1\"", date]),
            Asking(endpoint: "etag-empty", second: [nil, nil]),
            Asking(endpoint: "etag-very-long", second: [nil, nil]),
            Asking(endpoint: "etag-not-utf8", second: [nil, nil]),
            Asking(endpoint: "etag-changing", second: ["\"1\"", nil], third: ["\"2\"", nil]),
            Asking(endpoint: "etag-vanishes", second: ["\"1\"", date], third: [nil, nil]),
            Asking(endpoint: "validators-ignored", second: ["\"1\"", date]),
            Asking(endpoint: "304-new-etag", second: ["\"1\"", date], third: ["\"2\"", date]),
            Asking(endpoint: "304-bare", second: ["\"1\"", date]),
            Asking(endpoint: "304-with-body", second: ["\"1\"", nil]),
            Asking(
                endpoint: "304-unasked", words: ["unasked-304", "unasked-304", "unasked-304"], second: [nil, nil]),
            Asking(endpoint: "304-on-error", words: ["read", "server-error", "unchanged"], second: ["\"1\"", nil]),
        ])
    func validators(asking: Asking) async throws {
        let (polls, visits) = try await poll(asking.endpoint, times: 3)
        #expect(polls.map(\.word) == asking.words)
        #expect(visits.map(\.validators) == [[nil, nil], asking.second, asking.third ?? asking.second])
    }

    @Test(
        "What a server says of time makes the next poll later, never sooner than the interval, and not without end",
        arguments: [
            ("retry-seconds-429", "throttled", 10_800), ("retry-seconds-503", "throttled", 10_800),
            ("retry-date", "throttled", 10_800), ("retry-date-rfc850", "throttled", 10_800),
            ("retry-date-asctime", "throttled", 10_800), ("retry-on-500", "server-error", 10_800),
            ("retry-on-200", "read", 10_800), ("retry-on-redirect", "read", 10_800),
            ("retry-on-302-to-nowhere", "status", 10_800),
            // Twice the interval, as of a bare one.
            ("retry-date-past", "throttled", 7200), ("retry-negative", "throttled", 7200),
            ("retry-zero", "throttled", 7200), ("retry-garbage", "throttled", 7200),
            ("retry-absent-429", "throttled", 7200), ("retry-absent-503", "throttled", 7200),
            ("retry-absurd", "throttled", 604_800), ("retry-date-absurd", "throttled", 604_800),
            ("fresh-for-hours", "read", 10_800), ("fresh-for-years", "read", 86_400),
            ("fresh-by-expires", "read", 10_800), ("expired-since-1970", "read", 3600),
        ] as [(String, String, Int64)])
    func time(endpoint: String, word: String, seconds: Int64) async throws {
        let (polls, _) = try await poll(endpoint, times: 1)
        #expect(polls.map(\.word) == [word])
        #expect(polls[0].result.nextDue == Self.start + .seconds(seconds))
    }

    @Test(
        "An answer without a document is a fault of the source, by name",
        arguments: [
            ("status-204", "no-content"), ("status-205", "no-content"), ("status-206", "partial"),
            ("status-999", "server-error"), ("status-410", "gone"),
            ("status-500-endless", "server-error"), ("empty-200", "not-a-feed"), ("html-200", "not-a-feed"),
            ("redirect-without-location", "status"), ("redirect-300", "status"),
            ("bomb-br", "compression"), ("header-huge", "headers-too-large"),
            ("redirect-to-metadata", "private-address"),
            ("redirect-to-file", "scheme"),
        ])
    func faults(endpoint: String, word: String) async throws {
        let (polls, visits) = try await poll(endpoint, times: 2)
        #expect(polls.map(\.word) == [word, word])
        #expect(visits.allSatisfy { $0.validators == [nil, nil] })
        // The second failure in a row waits longer than the first.
        #expect(polls[1].result.nextDue - polls[1].result.at >= polls[0].result.nextDue - polls[0].result.at)
    }

    @Test(
        "What was wrong with the packing of a document that was read is noted, and what broke off is asked for whole again",
        arguments: [
            ("status-203", "read", []), ("gzip-and-more", "read", ["coding"]), ("gzip-members", "read", []),
            ("coding-unknown", "read", ["coding"]), ("gzip-uncalled", "read", []),
        ] as [(String, String, [String])])
    func codings(endpoint: String, word: String, codes: [String]) async throws {
        let (polls, visits) = try await poll(endpoint, times: 2)
        #expect(polls.map(\.word) == [word, "unchanged"])
        guard case .read(let entries, _, let faults) = polls[0].result.outcome else { return }
        #expect(entries.count == 1 && faults.map(\.code) == codes)
        #expect(visits[1].validators == [endpoint == "status-203" ? "\"203\"" : nil, nil])
    }

    @Test(
        "In the daemon's own poll each endpoint comes to its word",
        arguments: HostileEndpoint.all.filter { $0.word != nil && !["too-slow", "timed-out"].contains($0.word) })
    func word(endpoint: HostileEndpoint) async throws {
        let (polls, _) = try await poll(endpoint.name, times: 1)
        // The source may use private hosts, where the server itself is; nothing is there.
        let word = endpoint.name == "redirect-to-mapped" ? "not-found" : endpoint.word
        #expect(polls.map(\.word) == [word ?? ""])
    }

    @Test("Of a feed without end or beyond its limit what is whole is read, and it is said that there is more")
    func cut() async throws {
        let items = (0..<1500).map { number in
            "<item><guid>\(number)</guid><title>Ferry \(number)</title><description>Boats run.</description></item>"
        }
        let long = Array("<rss version='2.0'><channel>\(items.joined())</channel></rss>".utf8)
        let server = try LoopbackServer { request in
            let headers = [("Content-Type", "application/rss+xml")]
            return request.path == "/endless"
                ? .init(headers: headers, body: Array(long.dropLast(16)), behaviour: .endless)
                : .init(headers: headers, body: long)
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true, body_max: 64KB}\nsources:\n"
                + "  endless: \(server.url("/endless"))\n  long: \(server.url("/long"))\n")
        defer { playground.remove() }
        let summary = try await playground.pass(at: Self.start)
        #expect(summary.polled == 2 && summary.faults.isEmpty)
        let store = try Store(path: playground.state.database, readOnly: true)
        for health in try store.health(from: Self.start - .seconds(1), to: Self.start) {
            #expect(health.markupFaults.map(\.code) == ["cut", "truncated"], "\(health.source)")
            #expect(health.markupFaults.first?.detail.contains("65536 bytes") == true)
            let whole = 65_536 / (items[100].utf8.count + 1)
            #expect((whole - 20...whole + 20).contains(health.listedInWindow), "\(health.listedInWindow)")
        }
    }

    @Test("The daemon asks nobody a second before the time that was asked for, and everybody at it")
    func daemon() async throws {
        let clock = ManualClock(Self.start)
        let server = try HostileServer(clock: { clock.now })
        let pulse = try LoopbackServer { _ in HostilePollTests.pulse }
        defer { server.stop(); pulse.stop() }
        let dues: [(endpoint: String, seconds: Int)] = [
            ("expired-since-1970", 3600), ("retry-garbage", 7200), ("retry-date-rfc850", 10_800),
            ("fresh-for-hours", 10_800), ("retry-on-redirect", 10_800), ("fresh-for-years", 86_400),
            ("retry-absurd", 604_800),
        ]
        let playground = try Playground(
            sources: "defaults: {private_hosts: true, interval: 60m}\nsources:\n"
                + dues.map { "  \($0.endpoint): \(server.url($0.endpoint))\n" }.joined()
                + "  pulse: {feed: \"\(pulse.url("/pulse"))\", interval: 1m}\n")
        defer { playground.remove() }
        let committed = Commits()
        let service = try Service(playground, clock: clock.wall) { stage, source in
            if stage == .commit { committed.add(source) }
        }
        /// Lets time pass, and waits for the source that is always due, twice: all others would have begun by then.
        func advance(_ seconds: Int) async throws {
            for part in [seconds - 62, 62] {
                let before = committed.count("pulse")
                clock.advance(.seconds(part))
                #expect(try await eventually { committed.count("pulse") > before })
            }
        }
        #expect(try await eventually { dues.allSatisfy { committed.count($0.endpoint) == 1 } })
        var passed = 0
        for seconds in Set(dues.map(\.seconds)).sorted() {
            try await advance(seconds - passed - 1)
            let due = dues.filter { $0.seconds == seconds }.map(\.endpoint)
            for endpoint in due {
                let asked = server.visits(endpoint).filter { $0.step.isEmpty }.count
                #expect(asked == 1, "\(endpoint) was asked too soon")
            }
            clock.advance(.seconds(1))
            #expect(try await eventually { due.allSatisfy { committed.count($0) == 2 } }, "\(due)")
            passed = seconds
        }
        try await service.stop()
    }

    private static var pulse: LoopbackServer.Response { Playground.rss([("1", "Ferries run", "On time.")]) }

    /// Polls a source of this endpoint as the daemon does, each time when it is due.
    private func poll(_ endpoint: String, times: Int) async throws -> ([Polled], [HostileServer.Visit]) {
        let clock = ManualClock(Self.start)
        let server = try HostileServer(clock: { clock.now })
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url(endpoint))\", private_hosts: true, interval: 60m}\n")
        defer { playground.remove() }
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: clock.wall,
            log: Recorder().logger, patience: nil, jitter: { _ in 0 })
        let source = try #require(station.sources["outlet"])
        _ = try station.scheduledJobs()
        var polls: [Polled] = []
        for _ in 0..<times {
            let polled = try await station.pipeline.poll(source)
            #expect(try station.store.dueTime(of: .poll, "outlet") == polled.result.nextDue)
            polls.append(polled)
            clock.advance(polled.result.nextDue - clock.now)
        }
        await station.close()
        return (polls, server.visits(endpoint))
    }
}

/// Polls that were committed, by source.
final class Commits: Sendable {
    private let counts = Mutex<[SourceID: Int]>([:])

    func add(_ source: SourceID) { counts.withLock { $0[source, default: 0] += 1 } }
    func count(_ source: SourceID) -> Int { counts.withLock { $0[source] ?? 0 } }
}

extension Polled {
    /// What it came to, in a word: that of its fault, or `read`, `unchanged`, `postponed`, `resting`.
    var word: String {
        switch result.outcome {
        case .unchanged: "unchanged"
        case .read: "read"
        case .postponed: "postponed"
        case .resting: "resting"
        case .failed(let fault): fault.code
        }
    }
}
