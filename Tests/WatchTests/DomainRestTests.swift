import News
import NewsTesting
import Storage
import Testing

@testable import Fetch
@testable import Watch

@Suite(.timeLimit(.minutes(1))) struct DomainRestTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private var start: Timestamp { Self.start }
    private static let later = LoopbackServer.Response(status: 429, headers: [("Retry-After", "7200")])
    private static let ferries = Playground.rss([("1", "Ferries run", "On time.")])

    /// A configuration whose every host is one loopback server; loopback stands for the open network.
    private struct Scene {
        let server: LoopbackServer
        let playground: Playground
        let clock = ManualClock(DomainRestTests.start)
        let isPrivate: Bool

        func url(_ host: String, _ path: String) -> String { "http://\(host):\(server.port)\(path)" }

        func fetching(_ options: inout FetchOptions) {
            options.lookup = { _ in [IPAddress("127.0.0.1")!] }
            options.hostSpacing = .zero
            if !isPrivate { options.takenForPublic = [IPAddress("127.0.0.1")!] }
        }

        func open() throws -> Station {
            try Station.open(
                try Configuration.load(playground.location), state: playground.state, clock: clock.wall,
                log: Recorder().logger, patience: nil, jitter: { _ in 0.5 }, fetching: fetching)
        }

        /// Opens, polls these sources, and closes, as if the service had run for that long.
        func poll(_ ids: String...) async throws -> [Polled] {
            let station = try open()
            var polls: [Polled] = []
            for id in ids { polls.append(try await station.pipeline.poll(station.sources[id]!)) }
            await station.close()
            return polls
        }

        func status() throws -> StatusReport {
            try StatusReport(Configuration.load(playground.location), state: playground.state, clock: clock.wall)
        }
    }

    /// - Parameter first: how the configuration has the first source; `first.outlet.example`, `second.outlet.example` and
    ///   `other.example` all have the address of a feed.
    private func scene(
        first: String = "feed", isPrivate: Bool = false,
        _ handler: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Response,
        _ body: (Scene) async throws -> Void
    ) async throws {
        let server = try LoopbackServer(handler: handler)
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: \(isPrivate), interval: 1h}
                sources:
                  first: {\(first): "http://first.outlet.example:\(server.port)/first"}
                  second: {feed: "http://second.outlet.example:\(server.port)/second"}
                  third: {feed: "http://other.example:\(server.port)/third"}

                """)
        defer { playground.remove() }
        try await body(Scene(server: server, playground: playground, isPrivate: isPrivate))
    }

    private func scene(
        _ answer: LoopbackServer.Response, isPrivate: Bool = false, _ body: (Scene) async throws -> Void
    ) async throws {
        try await scene(isPrivate: isPrivate, { $0.path == "/first" ? answer : Self.ferries }, body)
    }

    /// That a source was put off: until when, by which domain, and that nothing else of it has changed.
    private func expect(
        _ polled: Polled, restsFor seconds: Int, by domain: String = "outlet.example",
        _ place: SourceLocation = #_sourceLocation
    ) {
        guard case .resting(let rest) = polled.result.outcome else {
            Issue.record("\(polled.result.outcome)", sourceLocation: place)
            return
        }
        let until = start + .seconds(seconds)
        #expect(rest.domain == domain && rest.until == until, sourceLocation: place)
        // Half of a tenth later: each source at a moment of its own.
        let wait = (until - polled.result.at).components.seconds
        #expect(polled.result.nextDue == until + .seconds(wait / 20), sourceLocation: place)
        #expect(polled.tally == PollTally() && polled.known.failures == 0, sourceLocation: place)
    }

    @Test(
        "What one address of a domain is told to wait, its other addresses wait too, a day at most; others do not",
        arguments: [
            (429, "7200", 7200), (503, "7200", 7200), (429, nil, 3600), (503, nil, 0), (500, "7200", 0),
            (429, "604800", 86_400), (429, "Sun, 30 Mar 2025 09:00:00 GMT", 3600),
        ] as [(Int, String?, Int)])
    func others(status: Int, retryAfter: String?, seconds: Int) async throws {
        let headers = retryAfter.map { [("Retry-After", $0)] } ?? []
        try await scene(.init(status: status, headers: headers)) { scene in
            let station = try scene.open()
            func poll(_ id: String) async throws -> Polled { try await station.pipeline.poll(station.sources[id]!) }
            _ = try await poll("first")
            let second = try await poll("second")
            #expect(try await poll("third").tally.baseline == 1)
            #expect(scene.server.hits("/second") == (seconds == 0 ? 1 : 0) && scene.server.hits("/third") == 1)
            if seconds > 0 {
                expect(second, restsFor: seconds)
                scene.clock.advance(.seconds(seconds - 1))
                _ = try await poll("second")
                #expect(scene.server.hits("/second") == 0)
                scene.clock.advance(.seconds(1))
                // Put off for a day is put off for long enough.
                #expect(try await poll("second").tally.baseline == 1)
            }
            await station.close()
        }
    }

    @Test("Private hosts have nothing to do with each other")
    func privateHosts() async throws {
        try await scene(Self.later, isPrivate: true) { scene in
            let polls = try await scene.poll("first", "second")
            #expect(polls[1].tally.baseline == 1)
        }
    }

    @Test("A wish for rest from a page holds back pages, not feeds; one from a feed holds back both")
    func pages() async throws {
        for path in ["/first", "/article"] {
            try await scene(Self.later) { scene in
                let station = try scene.open()
                let second = station.sources["second"]!
                if path == "/first" {
                    #expect(
                        try await station.pipeline.page(scene.url("first.outlet.example", path), of: second).status
                            == 429)
                } else {
                    _ = try await station.pipeline.poll(station.sources["first"]!)
                }
                let article = scene.url("www.outlet.example", "/article")
                let fault = await #expect(throws: Fault.self) { try await station.pipeline.page(article, of: second) }
                #expect(fault?.code == "throttled" && fault?.detail.contains("2025-03-30T10:00:00Z") == true)
                #expect(scene.server.hits("/first") == 1 && scene.server.hits("/article") == 0)
                _ = try await station.pipeline.poll(second)
                #expect(scene.server.hits("/second") == (path == "/first" ? 1 : 0))
                await station.close()
            }
        }
    }

    @Test(
        "What a sitemap of an index is told holds for the domain, for the index's further sitemaps and for its next poll",
        arguments: [false, true])
    func children(isPrivate: Bool) async throws {
        let index = ["/1", "/2", "/3"].map { "<sitemap><loc>http://first.outlet.example:PORT/map\($0)</loc></sitemap>" }
        let map = "<urlset><url><loc>http://first.outlet.example/story</loc></url></urlset>"
        try await scene(
            first: "sitemap", isPrivate: isPrivate,
            { request in
                let port = request.header("Host")?.split(separator: ":").last ?? ""
                switch request.path {
                case "/first":
                    return .text(
                        "<sitemapindex>\(index.joined().replacing("PORT", with: port))</sitemapindex>", type: "text/xml"
                    )
                case "/map/2": return Self.later
                case "/map/1", "/map/3": return .text(map, type: "text/xml")
                default: return Self.ferries
                }
            }
        ) { scene in
            let polls = try await scene.poll("first", "second", "third")
            guard case .read(let entries, _, let faults) = polls[0].result.outcome else {
                Issue.record("\(polls[0].result.outcome)")
                return
            }
            #expect(entries.count == 1 && faults.count { $0.code == "sitemap-child" } == (isPrivate ? 1 : 2))
            #expect(polls[0].result.nextDue == start + .seconds(7200 + 360))
            #expect(scene.server.hits("/map/2") == 1 && scene.server.hits("/map/3") == (isPrivate ? 1 : 0))
            if !isPrivate { expect(polls[1], restsFor: 7200) }
            #expect(scene.server.hits("/second") == (isPrivate ? 1 : 0) && polls[2].tally.baseline == 1)
        }
    }

    @Test("What a redirect asks for holds though the way ends nowhere, and what its end asks for holds for that domain")
    func chains() async throws {
        let wait = ("Retry-After", "7200")
        try await scene(.init(status: 302, headers: [("Location", "gopher://outlet.example/"), wait])) { scene in
            let polls = try await scene.poll("first", "second", "third")
            guard case .failed(let fault) = polls[0].result.outcome else {
                Issue.record("\(polls[0].result.outcome)")
                return
            }
            #expect(fault.code == "scheme" && polls[0].result.nextDue == start + .seconds(7200 + 360))
            expect(polls[1], restsFor: 7200)
            #expect(polls[2].tally.baseline == 1)
        }
        try await scene({ request in
            let port = request.header("Host")?.split(separator: ":").last ?? ""
            switch request.path {
            case "/first": return .redirect("http://www.other.example:\(port)/busy")
            case "/busy": return Self.later
            default: return Self.ferries
            }
        }) { scene in
            let polls = try await scene.poll("first", "second", "third")
            #expect(polls[1].tally.baseline == 1)
            expect(polls[2], restsFor: 7200, by: "other.example")
        }
    }

    @Test(
        "A redirect into a domain that rests is not followed before its time, and the source is none the worse for it")
    func redirects() async throws {
        try await scene({ request in
            let port = request.header("Host")?.split(separator: ":").last ?? ""
            switch request.path {
            case "/first": return .redirect("http://www.other.example:\(port)/target")
            case "/third": return Self.later
            default: return Self.ferries
            }
        }) { scene in
            let station = try scene.open()
            let (first, second) = (station.sources["first"]!, station.sources["second"]!)
            _ = try await station.pipeline.poll(station.sources["third"]!)
            expect(try await station.pipeline.poll(first), restsFor: 7200, by: "other.example")
            let page = await #expect(throws: Fault.self) {
                try await station.pipeline.page(scene.url("second.outlet.example", "/first"), of: second)
            }
            #expect(page?.code == "throttled" && page?.detail.contains("www.other.example") == true)
            #expect(scene.server.hits("/first") == 2 && scene.server.hits("/target") == 0)
            #expect(try station.store.pollState(of: first).fault == nil)
            scene.clock.advance(.seconds(7200))
            #expect(try await station.pipeline.poll(first).tally.baseline == 1)
            #expect(scene.server.hits("/target") == 1)
            await station.close()
        }
    }

    @Test("What a redirect on the way to a page asks for holds for the domain's pages, and not for its sources")
    func pageRedirects() async throws {
        try await scene({ request in
            request.path == "/moved"
                ? .init(status: 302, headers: [("Location", "/article"), ("Retry-After", "7200")]) : Self.ferries
        }) { scene in
            let station = try scene.open()
            let second = station.sources["second"]!
            func page(_ path: String) async -> String? {
                do {
                    return try await
                        "\(station.pipeline.page(scene.url("www.outlet.example", path), of: second).status)"
                } catch { return (error as? Fault)?.code }
            }
            #expect(await page("/moved") == "200")
            #expect(await page("/other") == "throttled" && scene.server.hits("/other") == 0)
            #expect(try await station.pipeline.poll(second).tally.baseline == 1)
            scene.clock.advance(.seconds(7200))
            #expect(await page("/other") == "200")
            await station.close()
        }
    }

    @Test(
        "Who refuses robots.txt for now is not asked for what it would be for, and its domain rests",
        arguments: [(429, "7200", 7200), (429, nil, 3600), (503, "7200", 7200), (503, nil, 0)] as [(Int, String?, Int)])
    func robots(status: Int, retryAfter: String?, seconds: Int) async throws {
        let refusal = LoopbackServer.Response(
            status: status, headers: retryAfter.map { [("Retry-After", $0)] } ?? [])
        try await scene(first: "page", { $0.path == "/robots.txt" ? refusal : Self.ferries }) { scene in
            let polls = try await scene.poll("first", "second", "third")
            if seconds > 0 {
                expect(polls[0], restsFor: seconds)
                expect(polls[1], restsFor: seconds)
            } else if case .failed(let fault) = polls[0].result.outcome {
                #expect(fault.code == "robots-unread" && polls[1].tally.baseline == 1)
            } else {
                Issue.record("\(polls[0].result.outcome)")
            }
            #expect(scene.server.hits("/first") == 0 && polls[2].tally.baseline == 1)
        }
    }

    @Test("What a redirect on the way to robots.txt asks for holds for the domain, wherever that way ends")
    func robotsOnTheWay() async throws {
        for target in ["/rules", "gopher://outlet.example/"] {
            let moved = LoopbackServer.Response(
                status: 302, headers: [("Location", target), ("Retry-After", "7200")])
            try await scene(
                first: "page",
                { $0.path == "/robots.txt" ? moved : $0.path == "/rules" ? .text("") : Self.ferries }
            ) { scene in
                let polls = try await scene.poll("first", "second", "third")
                expect(polls[0], restsFor: 7200)
                expect(polls[1], restsFor: 7200)
                #expect(scene.server.hits("/first") == 0 && polls[2].tally.baseline == 1)
            }
        }
    }

    @Test("What holds among strangers holds by the host that is asked, not by private_hosts of the source")
    func hostsAsked() async throws {
        let answer: LoopbackServer.Handler = { request in
            switch request.path {
            case "/robots.txt": .text("User-agent: *\nDisallow: /secret\n")
            case "/busy": Self.later
            default: .text("<html><body><article><p>\(request.path)</p></article></body></html>", type: "text/html")
            }
        }
        let (home, public_) = (
            try LoopbackServer(handler: answer), try LoopbackServer(host: "127.0.0.2", handler: answer)
        )
        defer { home.stop(); public_.stop() }
        let busy = "http://www.outlet.example:\(public_.port)/busy"
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: true}
                sources:
                  away: "\(busy)"
                  home: "http://home.outlet.example:\(home.port)/feed"
                  literal: "http://127.0.0.1:\(home.port)/feed"

                """)
        defer { playground.remove() }
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: .standing(at: start),
            log: Recorder().logger, patience: nil, jitter: { _ in 0.5 },
            fetching: {
                $0.lookup = { host in [IPAddress(host.hasPrefix("home") ? "127.0.0.1" : "127.0.0.2")!] }
                $0.takenForPublic = [IPAddress("127.0.0.2")!]
                $0.hostSpacing = .zero
            })
        let (away, atHome) = (station.sources["away"]!, station.sources["home"]!)
        func page(_ host: String, _ port: Int, _ path: String = "/secret") async -> String? {
            do {
                _ = try await station.pipeline.page("http://\(host):\(port)\(path)", of: atHome)
                return nil
            } catch { return (error as? Fault)?.code }
        }
        #expect(await page("www.outlet.example", public_.port) == "robots" && public_.hits("/secret") == 0)
        #expect(await page("www.outlet.example", public_.port, "/open") == nil)
        #expect(await page("home.outlet.example", home.port) == nil && home.hits("/robots.txt") == 0)
        #expect(await page("127.0.0.1", home.port) == nil)
        _ = try await station.pipeline.poll(away)
        #expect(await page("www.outlet.example", public_.port, "/open") == "throttled")
        #expect(await page("home.outlet.example", home.port) == nil)
        _ = try await station.pipeline.poll(atHome)
        #expect(home.hits("/feed") == 1 && public_.hits("/busy") == 1)
        await station.close()
    }

    @Test("A source that was put off is not asked before its time after a restart either; after a day it is asked once")
    func restart() async throws {
        let answer = LoopbackServer.Response(status: 429, headers: [("Retry-After", "86400")])
        try await scene(answer) { scene in
            expect(try await scene.poll("first", "second")[1], restsFor: 86_400)
            scene.clock.advance(.seconds(43_200))
            expect(try await scene.poll("second")[0], restsFor: 86_400)
            // The neighbour is told the same again.
            expect(try await scene.poll("first", "second")[1], restsFor: 86_400)
            #expect(scene.server.hits("/first") == 2)
            scene.clock.advance(.seconds(43_200))
            #expect(try await scene.poll("second")[0].tally.baseline == 1 && scene.server.hits("/second") == 1)
        }
    }
}

extension DomainRestTests {
    @Test("Status and the digest tell who was put off, by whom and until when, and a gap when it is over")
    func coverage() async throws {
        try await scene(Self.later) { scene in
            _ = try await scene.poll("first", "second", "third")
            scene.clock.advance(.seconds(600))
            let status = try scene.status()
            let second = try #require(status.status.sources.first { $0.id == "second" })
            #expect(second.state == .resting && second.rest?.domain == "outlet.example")
            #expect(second.failures == 0 && second.fault == nil && status.status.sourceCounts.resting == 1)
            let problem = try #require(status.status.problems.first { $0.kind == .resting })
            #expect(problem.source == "second" && problem.since == start)
            #expect(problem.what.hasPrefix("put off, never yet read until 10:00"), "\(problem.what)")
            #expect(problem.what.hasSuffix(": outlet.example asked for rest"), "\(problem.what)")
            let report = try SourceReport(
                of: "second", Configuration.load(scene.playground.location), state: scene.playground.state,
                clock: scene.clock.wall)
            #expect(Printing.plain.text(report.lines).contains("put off     until 10:00"))

            var station = try scene.open()
            _ = try await station.publishDigestNow()
            await station.close()
            let issue = scene.playground.text("digests/latest.md")
            #expect(issue.contains("Put off: *second* until Sun 10:00 (outlet.example asked for rest)."), "\(issue)")
            #expect(issue.contains("0 of 2 sources read"), "the third is not due: \(issue)")
            #expect(
                issue.contains(
                    "| put off | 1 | *second* since Sun 08:00: outlet.example asked for rest until Sun 10:00 |"),
                "\(issue)")

            scene.clock.advance(.seconds(7200))
            _ = try await scene.poll("second")
            #expect(try scene.status().status.sources.first { $0.id == "second" }?.rest == nil)
            station = try scene.open()
            let outages = try station.store.issueMaterial(
                from: start, to: start + .seconds(86_400), filedAfter: 0, limit: 1
            ).outages.filter { $0.source == "second" }
            await station.close()
            #expect(outages.map(\.why) == ["outlet.example asked for rest"])
            #expect(outages.first?.since == start && outages.first?.until == start + .seconds(7800))
        }
    }

    @Test(
        "A wish for a poll is answered with the domain's rest and what to do, also before the source was put off itself"
    )
    func wish() async throws {
        try await scene(Self.later) { scene in
            // It was read before its neighbour was told to wait.
            _ = try await scene.poll("second")
            let service = try Service(scene.playground, clock: scene.clock.wall, fetching: scene.fetching)
            #expect(try await service.hasPolled(2))
            #expect(try await service.says("answered 429"))
            scene.clock.advance(.seconds(600))
            func answer(_ source: String) async throws -> ControlAnswer {
                let state = scene.playground.state
                return try await onThread {
                    try ControlClient.carryOut(.poll(source: source), state: state, clock: .system)
                }
            }
            let second = try await answer("second")
            #expect(second.exit == 75)
            #expect(
                second.words == [
                    "second is not asked: outlet.example asked for rest until 2025-03-30T10:00:00Z – it is asked by itself "
                        + "after that; if that goes on, raise the interval of the sources of outlet.example"
                ])
            #expect(try await answer("third").words == ["third is asked now"])
            #expect(try await eventually { scene.server.hits("/third") == 2 })
            // When its own time comes it is put off, and that is told.
            scene.clock.advance(.seconds(3600))
            #expect(try await service.says("put off: outlet.example asked for rest"))
            #expect(try await answer("second").words.first?.contains("until 2025-03-30T10:00:00Z") == true)
            try await service.stop()
            #expect(scene.server.hits("/second") == 1)
        }
    }
}
