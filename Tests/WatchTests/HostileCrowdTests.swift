import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Fetch
@testable import Watch

/// The small form of `make hostile`: the daemon among many bad servers and dead names, by a manual clock.
@Suite struct HostileCrowdTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private static let loopback = IPAddress("127.0.0.1")!

    private static func sources(_ names: [(id: String, url: String)]) -> String {
        "defaults: {private_hosts: true, interval: 1m, full_text: feed}\nsources:\n"
            + names.map { "  \($0.id): \($0.url)\n" }.joined()
    }

    @Test(
        "Among every hostile endpoint, twice, each good source is polled in every round, while those that never answer hang",
        .timeLimit(.minutes(5)))
    func endpoints() async throws {
        let clock = ManualClock(Self.start)
        let server = try HostileServer(clock: { clock.now })
        let honest = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop(); honest.stop() }
        let bad = HostileEndpoint.all.flatMap { endpoint in
            ["a", "b"].map { scope in
                let id = "bad-\(scope)-\(endpoint.name.replacing(".", with: "-"))"
                return (id: id, url: server.url(endpoint.name, scope: scope, host: "\(id).example"))
            }
        }
        let good = (0..<300).map { (id: "good-\($0)", url: "http://good\($0).example:\(honest.port)/\($0)") }
        // The bad ones are due first.
        let playground = try Playground(sources: Self.sources(bad + good))
        defer { playground.remove() }
        let committed = Commits()
        let service = try Service(playground, clock: clock.wall) {
            if $0 == .commit { committed.add($1) }
        } fetching: {
            $0.lookup = { _ in [Self.loopback] }
        }
        for round in 1...3 {
            #expect(try await eventually { good.allSatisfy { committed.count($0.id) == round } }, "round \(round)")
            #expect((0..<good.count).allSatisfy { honest.hits("/\($0)") == round })
            clock.advance(.seconds(67))
        }
        // Nobody who has not answered yet is asked again.
        for scope in ["a", "b"] {
            for endpoint in ["silent", "headers-drip"] where committed.count("bad-\(scope)-\(endpoint)") == 0 {
                #expect(server.visits(endpoint, scope: scope).count == 1)
            }
        }
        try await service.stop()
    }

    @Test(
        "Bodies of one domain that stall with the whole budget in them delay no other domain's source",
        .timeLimit(.minutes(5)), arguments: [1 << 20, 3 << 19])
    func stalledBodies(size: Int) async throws {
        let clock = ManualClock(Self.start)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: \(8 << 20)\r\n\r\n".utf8)
        let stalled = head + [UInt8](repeating: 0x20, count: size)
        let hog = try LoopbackServer { _ in .init(body: stalled, behaviour: .rawStall) }
        let honest = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { hog.stop(); honest.stop() }
        // More than there are places for polls, and due before all others.
        let bad = (0..<200).map { (id: "bad-\($0)", url: "http://h\($0).hog.example:\(hog.port)/\($0)") }
        let good = (0..<20).map { (id: "good-\($0)", url: "http://good\($0).example:\(honest.port)/\($0)") }
        // The hog's quarter of the permits is enough for all of the budget.
        let main =
            "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\n"
            + "polling: {transfers: 80, in_flight: 16MB}\n"
        let playground = try Playground(sources: Self.sources(bad), main: main)
        defer { playground.remove() }
        let committed = Commits()
        let service = try Service(playground, clock: clock.wall) {
            if $0 == .commit { committed.add($1) }
        } fetching: {
            $0.lookup = { _ in [Self.loopback] }
        }
        let permits = service.station.fetcher.permits
        #expect(try await eventually { permits.budget.bytesHeld >= permits.budget.shareMax })
        try playground.write(Self.sources(bad + good), to: "sources.d/test.yaml")
        service.control.yield(.reload)
        for round in 1...3 {
            #expect(try await eventually { good.allSatisfy { committed.count($0.id) == round } }, "round \(round)")
            clock.advance(.seconds(67))
        }
        #expect(bad.contains { committed.count($0.id) == 0 }, "they stall still")
        #expect(permits.budget.bytesHeld < 24 << 20)
        try await service.stop()
    }

    @Test(
        "While nine hundred names hang on a dead resolver, all others are polled in every round; when it is back, so are they, each once",
        .timeLimit(.minutes(5)))
    func deadResolver() async throws {
        let clock = ManualClock(Self.start)
        let turnstile = Turnstile()
        let server = try LoopbackServer { _ in
            turnstile.enter()
            defer { turnstile.leave() }
            return Playground.rss([("1", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let (isDead, hanging) = (Gate(), Turnstile())
        let good = (0..<50).map { (id: "good-\($0)", url: "http://good\($0).example:\(server.port)/good-\($0)") }
        let dead = (0..<900).map { (id: "dead-\($0)", url: "http://www.dead\($0).example:\(server.port)/dead-\($0)") }
        // Far more dead names than there are places for polls.
        let main = "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\npolling: {transfers: 32}\n"
        let playground = try Playground(sources: Self.sources(good), main: main)
        defer { playground.remove() }
        defer { isDead.open() }
        let committed = Commits()
        let service = try Service(playground, clock: clock.wall) {
            if $0 == .commit { committed.add($1) }
        } fetching: {
            $0.resolveDeadline = .seconds(16)
            $0.lookup = { host in
                guard host.hasPrefix("www.dead") else { return [Self.loopback] }
                hanging.enter()
                defer { hanging.leave() }
                isDead.wait()
                return [Self.loopback]
            }
        }
        #expect(try await eventually { good.allSatisfy { committed.count($0.id) == 1 } })
        try playground.write(Self.sources(dead + good), to: "sources.d/test.yaml")
        service.control.yield(.reload)
        #expect(try await service.says("reloaded: sources added: 900"))
        // Were each to wait for the deadline in one of the 64 places, this would take minutes.
        #expect(try await eventually { dead.allSatisfy { committed.count($0.id) > 0 } })
        for round in 2...4 {
            clock.advance(.seconds(67))
            #expect(try await eventually { good.allSatisfy { committed.count($0.id) == round } }, "round \(round)")
        }
        #expect(dead.allSatisfy { server.hits("/" + $0.id) == 0 })
        #expect(hanging.most < Limits.resolverThreads, "one thread is for names that are known")
        isDead.open()
        // What was put off comes within two minutes; the few whose lookups hung, after their interval.
        var rounds = 0
        while !dead.allSatisfy({ server.hits("/" + $0.id) > 0 }), rounds < 60 {
            let before = committed.count("good-0")
            clock.advance(.seconds(67))
            rounds += 1
            #expect(try await eventually { committed.count("good-0") > before })
        }
        #expect(dead.allSatisfy { server.hits("/" + $0.id) > 0 }, "after \(rounds) rounds")
        #expect(turnstile.most <= 32)
        try await service.stop()
    }
}
