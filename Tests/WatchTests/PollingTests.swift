import Fetch
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

@Suite struct PollingTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private let polling = Polling(interval: .seconds(3600), jitter: { _ in 0 })

    @Test("A 304 that nobody asked for is a fault of the source, not a good read")
    func unasked304() async throws {
        let polls = Counter()
        let server = try LoopbackServer { request in
            let isAsking = request.header("If-None-Match") != nil
            if isAsking || polls.add() == 1 { return .init(status: 304, headers: [], body: []) }
            var answer = Playground.rss([("1", "Ferries run", "On time.")])
            answer.headers.append(("ETag", "\"1\""))
            return answer
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let unasked = try await playground.pass(at: start)
        #expect(unasked.faults.count == 1)
        let store = try Store(path: playground.state.database, readOnly: true)
        let health = try #require(try store.health(from: start - .seconds(1), to: start).first)
        #expect(health.fault?.code == "unasked-304" && health.lastRead == nil && health.blindSince == start)
        #expect(try await playground.pass(at: start + .seconds(90_000)).baseline == 1)
        let asked = try await playground.pass(at: start + .seconds(180_000))
        #expect(asked.polled == 1 && asked.faults.isEmpty && server.requests.count == 3)
    }

    @Test("A feed that broke off on its way is asked for again without validators, and what was lost is read")
    func brokenOff() async throws {
        let whole =
            "<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item>"
            + "<item><guid>2</guid><title>Two</title></item></channel></rss>"
        let polls = Counter()
        // No length and no last chunk: nothing tells that the connection was closed too early.
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: \"1\"\r\n\r\n"
        let server = try LoopbackServer { _ in
            .init(body: Array((head + whole).utf8.dropLast(polls.add() == 1 ? 40 : 0)), behaviour: .raw)
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).baseline == 1)
        _ = try await playground.pass(at: start + .seconds(90_000))
        #expect(server.requests.map { $0.header("If-None-Match") } == [nil, nil])
        let store = try Store(path: playground.state.database, readOnly: true)
        let health = try store.health(from: start + .seconds(1), to: start + .seconds(90_000))
        #expect(health.first?.listedInWindow == 2)
    }

    @Test("A source's own zone is where its times are read, and a day to come is no date")
    func sourceZone() async throws {
        let server = try LoopbackServer { request in
            let date = request.path == "/local" ? "2025-03-30 16:30" : "2025-04-02T16:30:00Z"
            let item = "<item><guid>1</guid><title>Ferries run</title><pubDate>\(date)</pubDate></item>"
            return .init(
                headers: [("Content-Type", "application/rss+xml")],
                body: Array("<rss version='2.0'><channel>\(item)</channel></rss>".utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                sources:
                  local: {feed: "\(server.url("/local"))", private_hosts: true, timezone: Asia/Tokyo}
                  to-come: {feed: "\(server.url("/to-come"))", private_hosts: true}

                """)
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        let store = try Store(path: playground.state.database, readOnly: true)
        let health = try store.health(from: start - .seconds(1), to: start).sorted { $0.source < $1.source }
        #expect(health.map(\.newestEntry) == [Timestamp(rfc3339: "2025-03-30T07:30:00Z"), start])
        #expect(health.map { $0.markupFaults.map(\.code) } == [[], ["future-date"]])
    }

    @Test(
        "What redirects ask of the operator is noted: a move for good, and the loss of TLS",
        arguments: [
            ([], []),
            ([302, 307], []), ([302, 301], []), ([301], ["moved"]), ([308, 301, 302], ["moved"]),
        ] as [([Int], [String])])
    func redirects(statuses: [Int], codes: [String]) {
        let hops = statuses.enumerated().map { step, status in
            Hop(from: "https://outlet.example/\(step)", to: "https://outlet.example/\(step + 1)", status: status)
        }
        let faults = polling.faults(of: hops)
        #expect(faults.map(\.code) == codes)
        let last = statuses.prefix { $0 != 302 }.count
        #expect(faults.allSatisfy { $0.detail.contains("moved permanently to https://outlet.example/\(last): change") })
        let losing = hops + [Hop(from: "https://outlet.example/x", to: "http://outlet.example/x", status: 301)]
        #expect(polling.faults(of: losing).map(\.code) == ["redirect-loses-tls"])
    }

    @Test(
        "Only a good read at a source's own pace is drawn before an issue's cut-off",
        arguments: [
            (.unchanged, nil, "2025-03-30T09:19:00Z"),
            (.read(entries: [], bodyHash: "", faults: []), nil, "2025-03-30T09:19:00Z"),
            (.failed(Fault(stage: "fetch", code: "server-error", detail: "")), nil, "2025-03-30T09:25:00Z"),
            (.unchanged, "max-age=4000", "2025-03-30T09:31:40Z"),
            (.unchanged, "max-age=3500", "2025-03-30T09:25:00Z"), (.unchanged, "max-age=600", "2025-03-30T09:19:00Z"),
        ] as [(PollResult.Outcome, String?, String)])
    func beforeCutoff(outcome: PollResult.Outcome, cacheControl: String?, expected: String) {
        var polling = polling
        polling.digest = Polling.DigestHour(at: LocalTime(hour: 9, minute: 30), cutoff: .seconds(600), zone: .utc)
        let source = Source(id: "outlet", url: "https://outlet.example/rss")
        let answer = Answer(status: 200, headers: HTTPHeaders(cacheControl.map { [("Cache-Control", $0)] } ?? []))
        let result = polling.result(
            of: outcome, answer: answer, source: source, known: .unknown(source), at: start + .seconds(25 * 60))
        #expect(result.nextDue.rfc3339 == expected)
    }

    @Test("A source that has moved for good is read, and the digest says where to")
    func moved() async throws {
        let server = try LoopbackServer { request in
            request.path == "/old"
                ? .redirect("/new", status: 301) : Playground.rss([("1", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/old"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let station = try playground.open(at: start)
        #expect(try await station.onePass().baseline == 1)
        let issue = try await station.publishDigestNow()
        await station.close()
        let json = playground.text(issue.stem + ".json")
        #expect(
            json.contains("moved permanently to \(server.url("/new")): change the address in your configuration"),
            "\(json)")
    }

    @Test("A body that is larger than the budget by itself is a fault, not put off for ever")
    func tooLargeForTheBudget() async throws {
        let body = [UInt8](repeating: 0x20, count: 2 * Limits.compressionFreeBytes)
        let server = try LoopbackServer { _ in .init(headers: [("Content-Type", "text/xml")], body: body) }
        defer { server.stop() }
        var options = FetchOptions(userAgent: "feedwatch/test")
        options.bytesInFlightMax = 1000
        let fetcher = Fetcher(options: options)
        let error = await #expect(throws: FetchError.self) {
            _ = try await fetcher.fetch(
                FetchRequest(url: server.url("/rss"), kind: .feed, allowsPrivateHosts: true))
        }
        #expect(error?.code == .tooLarge && error?.detail.contains("polling.in_flight") == true)
    }

    @Test("Our own congestion is no failure of a source: it is polled again soon and stays as it was")
    func congestion() async throws {
        // More than is looked at before a spent budget gives the body up.
        let body = [UInt8](repeating: 0x20, count: Limits.compressionFreeBytes + 100_000)
        let server = try LoopbackServer { _ in .init(headers: [("Content-Type", "text/xml")], body: body) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let station = try playground.open(at: start)
        var options = FetchOptions(userAgent: "feedwatch/test")
        // Two answers that nobody has read yet leave no room for a third one, which alone would have it.
        options.bytesInFlightMax = body.count + 1
        let fetcher = Fetcher(options: options)
        let request = FetchRequest(url: server.url("/rss"), kind: .feed, allowsPrivateHosts: true)
        let unread = [try await fetcher.fetch(request), try await fetcher.fetch(request)]
        defer { withExtendedLifetime(unread) {} }
        let narrow = Pipeline(
            fetcher: fetcher, robots: Robots(fetcher: fetcher, store: station.store, clock: station.clock),
            store: station.store, commits: PollCommits(store: station.store), desk: station.desk,
            courier: station.courier,
            quarantine: station.pipeline.quarantine, engine: TopicEngine(station.configuration, state: nil),
            polling: polling,
            clock: station.clock, observe: { _, _ in })
        let polled = try await narrow.poll(try #require(station.sources["outlet"]))
        guard case .postponed = polled.result.outcome else {
            Issue.record("\(polled.result.outcome)")
            return
        }
        #expect(polled.result.nextDue == start + .seconds(Limits.congestedRetrySeconds))
        let health = try #require(try station.store.health(from: start - .seconds(1), to: start).first)
        #expect(health.blindSince == nil && health.fault == nil && health.lastTried == nil)
        #expect(health.nextDue == polled.result.nextDue)
        #expect(try station.store.pollState(of: try #require(station.sources["outlet"])).failures == 0)
        await narrow.fetcher.shutdown()
        await station.close()
    }
}
