import Foundation
import GRDB
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// What the running process does when something around it is broken or slow.
@Suite struct ServiceTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    @Test("A reload that the database does not take changes nothing: the old configuration goes on and is watched")
    func reloadNotKept() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let first = "defaults: {private_hosts: true}\nsources:\n  one: \(server.url("/one"))\n"
        let playground = try Playground(sources: first)
        defer { playground.remove() }
        let clock = ManualClock(start)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.hasPolled(1))
        let database = try playground.database()
        try await database.write { try $0.execute(sql: Self.noDigest) }
        try playground.write(first + "  two: \(server.url("/two"))\n", to: "sources.d/test.yaml")
        // The issue of the new hour cannot be written down, after the new source already was.
        try playground.write("timezone: UTC\ndigest: {at: \"09:30\"}\n", to: "feedwatch.yaml")
        service.control.yield(.reload)
        #expect(try await service.says("was not reloaded"))
        #expect(try service.station.store.dueJobs().filter { $0.kind == .poll }.map(\.key) == ["one"])
        clock.advance(.seconds(3700))
        #expect(try await eventually { server.hits("/one") == 2 })
        #expect(server.hits("/two") == 0)

        try await database.write { try $0.execute(sql: "DROP TRIGGER broken") }
        service.control.yield(.reload)
        #expect(try await eventually { server.hits("/two") == 1 })
        try await service.stop()
    }

    private static let noDigest = """
        CREATE TRIGGER broken BEFORE UPDATE ON due WHEN new.kind = 'digest' BEGIN SELECT raise(ABORT, 'broken'); END
        """

    @Test("While the database takes nothing no source is asked again; when it does, each is, within a minute")
    func unwritable() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n  one: \(server.url("/one"))\n")
        defer { playground.remove() }
        let clock = ManualClock(start)
        try await playground.pass(at: start - .seconds(7200))
        let database = try playground.database()
        try await database.write {
            try $0.execute(
                sql: "CREATE TRIGGER broken BEFORE UPDATE ON due BEGIN SELECT raise(ABORT, 'broken'); END")
        }
        let service = try Service(playground, clock: clock.wall)
        #expect(try await eventually { service.recorder.lines.contains { $0.contains("broken") } })
        let counters = service.station.counters
        for _ in 0..<20 {
            let tries = counters.now.polls[.unkept] ?? 0
            clock.advance(.seconds(3700))
            #expect(try await eventually { (counters.now.polls[.unkept] ?? 0) > tries })
        }
        #expect(
            service.recorder.lines.count { $0.contains("broken") } <= 3,
            "told once by the polls, once by the digest, once by the nightly retention")
        #expect(server.hits("/one") == 2, "once before the fault, once to find it")
        try await database.write { try $0.execute(sql: "DROP TRIGGER broken") }
        clock.advance(.seconds(3700))
        #expect(try await eventually { server.hits("/one") == 3 })
        #expect(try await service.says("notice: works again"))
        try await service.stop()
    }

    @Test(
        "Forty pages of a server that hangs delay nobody else's alert, and their own come after 40 s from the feed's words"
    )
    func hangingPages() async throws {
        let polls = Counter()
        let slow = try LoopbackServer { request in
            guard request.path == "/rss" else {
                return .init(
                    status: 200, headers: [("Content-Type", "text/html")], body: [0x20], behaviour: .stall)
            }
            let numbers = polls.add() == 1 ? [0] : Array(0..<40)
            let items = numbers.map {
                "<item><guid>\($0)</guid><title>Ferry \($0)</title><link>/page\($0)</link></item>"
            }
            let news =
                "<item><guid>n</guid><title>Ministers open a joint headquarters</title><description>The joint headquarters has a staff of 200.</description><link>/n</link></item>"
            return .init(
                status: 200, headers: [("Content-Type", "text/xml")],
                body: Array(
                    "<rss version=\"2.0\"><channel>\(items.joined())\(numbers.count > 1 ? news : "")</channel></rss>"
                        .utf8))
        }
        let quick = try LoopbackServer { _ in
            Playground.rss(
                polls.value < 2
                    ? [("0", "Ferries run", "On time.")]
                    : [("1", "Patrols deter China, chief says", "Coast guard patrols of the strait deter China.")])
        }
        defer { quick.stop() }
        defer { slow.stop() }
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: true}
                sources:
                  a-slow: {feed: "\(slow.url("/rss"))", full_text: fetch}
                  b-quick: \(quick.url("/rss"))

                """)
        defer { playground.remove() }
        try await playground.pass(at: start)
        // Polled and not filed: what a start finds in the queue.
        let station = try playground.open(at: start + .seconds(7200))
        for source in station.enabledSources { _ = try await station.pipeline.poll(source) }
        #expect(try station.store.pendingEntries().count == 41)
        await station.close()

        let clock = ManualClock(start + .seconds(7210))
        let service = try Service(playground, clock: clock.wall)
        #expect(try await eventually { slow.requests.contains { $0.path.hasPrefix("/page") } })
        #expect(playground.files(".json").isEmpty)
        clock.advance(.seconds(12))
        #expect(
            try await eventually {
                playground.files("alerts.log").count == 1
                    && playground.text("alerts/alerts.log").contains("Patrols")
            })
        #expect(!playground.text("alerts/alerts.log").contains("Ministers open"))
        clock.advance(.seconds(40))
        #expect(try await eventually { playground.text("alerts/alerts.log").contains("Ministers open") })
        let waiting = try service.station.store.pendingEntries()
        #expect(waiting.count > 30 && waiting.allSatisfy { $0.entry.title?.hasPrefix("Ferry") == true })
        let late = try service.station.store.stories(from: start, to: clock.now, filedAfter: 0).flatMap(\.members)
            .first { $0.source == "a-slow" }
        #expect(late?.article.faults.map(\.code) == ["page-late"])
        try await service.stop()
    }

    @Test("An entry whose stored text is damaged stops nobody, and comes again from its feed")
    func unreadableEntry() async throws {
        let polls = Counter()
        let server = try LoopbackServer { _ in
            Playground.rss((polls.add() == 1 ? ["0"] : ["0", "1", "2"]).map { ($0, "Ferry \($0)", "On time.") })
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n  one: \(server.url("/one"))\n")
        defer { playground.remove() }
        try await playground.pass(at: start)
        let station = try playground.open(at: start + .seconds(7200))
        for source in station.enabledSources { _ = try await station.pipeline.poll(source) }
        await station.close()
        let database = try playground.database()
        try await database.write { try $0.execute(sql: "UPDATE entry SET payload = x'7b' WHERE key = '1'") }
        try await playground.pass(at: start + .seconds(7201))
        func filed() throws -> [String] {
            try database.read { try String.fetchAll($0, sql: "SELECT key FROM article ORDER BY key") }
        }
        #expect(try filed() == ["2"])
        try await playground.pass(at: start + .seconds(14_400))
        #expect(try filed() == ["1", "2"])
    }

    @Test("A source that is named like another kind of job is polled when it is due, and not when that job is")
    func namedDigest() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  digest: {feed: \"\(server.url("/rss"))\", private_hosts: true, interval: 2d}\n")
        defer { playground.remove() }
        try await playground.pass(at: start)
        let second = try await playground.pass(at: start + .seconds(86_400))
        #expect(second.polled == 0 && second.digest == "digests/2025-03-31")
        #expect(second.nextDue == start + .seconds(2 * 86_400))
    }

    @Test(
        "An issue that is published after midnight is the one of the day whose hour came last; a blind one is refused")
    func lateIssue() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("1", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  one: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n",
            main: "timezone: UTC\ndigest: {at: \"22:00\"}\n")
        defer { playground.remove() }
        let empty = try playground.open(at: start)
        await #expect(throws: StateError.self) { try await empty.publishDigestNow() }
        #expect(try empty.store.lastDigest() == nil)
        await empty.close()
        try await playground.pass(at: start)
        let midnight = Timestamp(rfc3339: "2025-03-31T00:40:00Z")!
        #expect(try await playground.pass(at: midnight).digest == "digests/2025-03-30")
        #expect(try await playground.pass(at: midnight + .seconds(80_000)).digest == "digests/2025-03-31")
    }
}
