import News
import NewsTesting
import Storage
import Testing

@testable import Fetch
@testable import Watch

@Suite(.timeLimit(.minutes(1))) struct DomainRestTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    /// Polls sources of `first.outlet.example`, `second.outlet.example` and `other.example`, all on one server that counts.
    private func scene(
        _ answer: LoopbackServer.Response, isPrivate: Bool = false,
        _ body: (LoopbackServer, Pipeline, ManualClock, (String) -> Source) async throws -> Void
    ) async throws {
        let server = try LoopbackServer { request in
            request.path == "/first" ? answer : Playground.rss([("1", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let hosts = ["first": "first.outlet.example", "second": "second.outlet.example", "third": "other.example"]
        let playground = try Playground(
            sources: "defaults: {private_hosts: \(isPrivate), interval: 1h}\nsources:\n"
                + hosts.map { "  \($0): http://\($1):\(server.port)/\($0)\n" }.joined())
        defer { playground.remove() }
        let clock = ManualClock(start)
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: clock.wall,
            log: Recorder().logger, patience: nil, jitter: { _ in 0.5 })
        var options = FetchOptions(userAgent: "feedwatch/test")
        options.lookup = { _ in [IPAddress("127.0.0.1")!] }
        options.hostSpacing = .zero
        // Loopback stands for the open network.
        let policy = AddressPolicy(ordinary: isPrivate ? [] : [IPAddress("127.0.0.1")!])
        let fetcher = Fetcher(options: options, policy: policy)
        let pipeline = Pipeline(
            fetcher: fetcher, robots: Robots(fetcher: fetcher, store: station.store, clock: clock.wall),
            store: station.store, commits: PollCommits(store: station.store), desk: station.desk,
            courier: station.courier,
            quarantine: station.pipeline.quarantine, engine: TopicEngine(station.configuration),
            polling: Polling(interval: .seconds(3660), jitter: { _ in 0.5 }), clock: clock.wall, observe: { _, _ in })
        try await body(server, pipeline, clock) { station.sources[$0]! }
        await fetcher.shutdown()
        await station.close()
    }

    @Test(
        "What one address of a domain is told to wait, its other addresses wait too, a day at most; others do not",
        arguments: [
            (429, "7200", 7200), (503, "7200", 7200), (429, nil, 3600), (503, nil, 0), (500, "7200", 0),
            (429, "604800", 86_400), (429, "Sun, 30 Mar 2025 09:00:00 GMT", 3600),
        ] as [(Int, String?, Int)])
    func others(status: Int, retryAfter: String?, seconds: Int) async throws {
        let headers = retryAfter.map { [("Retry-After", $0)] } ?? []
        try await scene(.init(status: status, headers: headers)) { server, pipeline, clock, source in
            _ = try await pipeline.poll(source("first"))
            let second = try await pipeline.poll(source("second"))
            #expect(try await pipeline.poll(source("third")).tally.baseline == 1)
            #expect(server.hits("/second") == (seconds == 0 ? 1 : 0) && server.hits("/third") == 1)
            guard seconds > 0 else { return }
            guard case .postponed = second.result.outcome else {
                Issue.record("\(second.result.outcome)")
                return
            }
            // Half of a tenth later: each source at a moment of its own.
            #expect(second.result.nextDue == start + .seconds(seconds + seconds / 20))
            clock.advance(.seconds(seconds - 1))
            _ = try await pipeline.poll(source("second"))
            #expect(server.hits("/second") == 0)
            clock.advance(.seconds(1))
            #expect(try await pipeline.poll(source("second")).tally.baseline == 1)
        }
    }

    @Test("Private hosts have nothing to do with each other")
    func privateHosts() async throws {
        let answer = LoopbackServer.Response(status: 429, headers: [("Retry-After", "7200")])
        try await scene(answer, isPrivate: true) { server, pipeline, _, source in
            _ = try await pipeline.poll(source("first"))
            #expect(try await pipeline.poll(source("second")).tally.baseline == 1)
        }
    }

    @Test("A wish for rest from a page holds back pages, not feeds; one from a feed holds back both")
    func pages() async throws {
        let answer = LoopbackServer.Response(status: 429, headers: [("Retry-After", "7200")])
        try await scene(answer) { server, pipeline, _, source in
            let first = "http://first.outlet.example:\(server.port)/first"
            let article = "http://www.outlet.example:\(server.port)/article"
            let response = try await pipeline.page(first, of: source("second"))
            #expect(response.status == 429)
            let fault = await #expect(throws: Fault.self) { try await pipeline.page(article, of: source("second")) }
            #expect(fault?.code == "throttled" && fault?.detail.contains("2025-03-30T10:00:00Z") == true)
            #expect(try await pipeline.poll(source("second")).tally.baseline == 1)
            #expect(server.hits("/first") == 1 && server.hits("/article") == 0)
        }
        try await scene(answer) { server, pipeline, _, source in
            _ = try await pipeline.poll(source("first"))
            let article = "http://www.outlet.example:\(server.port)/article"
            await #expect(throws: Fault.self) { try await pipeline.page(article, of: source("second")) }
            #expect(server.hits("/article") == 0)
        }
    }
}
