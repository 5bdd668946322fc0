import Fetch
import Foundation
import GRDB
import News
import NewsTesting
import Synchronization
import Testing

@testable import Storage
@testable import Watch

@Suite struct RobotsTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    /// A feed of two stories, their pages, a listing page, and a robots.txt that a test sets.
    private final class Site: Sendable {
        let robots = Mutex((status: 200, text: ""))
        let items = Mutex<[String]>(["1"])
        let server: LoopbackServer

        init() throws {
            let box = Box()
            server = try LoopbackServer { box.site?.answer($0) ?? .text("") }
            box.set(self)
        }

        func say(_ text: String, status: Int = 200) { robots.withLock { $0 = (status, text) } }
        func publish(_ ids: String...) { items.withLock { $0 += ids } }

        private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Response {
            switch request.path {
            case "/robots.txt": return robots.withLock { .text($0.text, status: $0.status) }
            case "/rss":
                let entries = items.withLock { $0 }.map {
                    "<item><guid>\($0)</guid><title>Ferries run again, part \($0)</title>"
                        + "<link>\(server.url("/story/\($0)"))</link><description>Short words.</description></item>"
                }
                return .text(
                    "<rss version=\"2.0\"><channel><title>O</title>\(entries.joined())</channel></rss>",
                    type: "application/rss+xml")
            case "/moved": return .redirect("/secret/story")
            default:
                let words = "The harbour master said on Monday that every ferry had left its berth on time again. "
                return .text(
                    "<html><body><article><h1>Ferries run again</h1><p>\(String(repeating: words, count: 8))</p></article>"
                        + "<ul><li><a href='/story/1'>Ferries run again after a long winter pause</a></li>"
                        + "<li><a href='/story/2'>Harbour master counts more boats than last year</a></li></ul></body></html>",
                    type: "text/html")
            }
        }

        private final class Box: Sendable {
            private let held = Mutex<Site?>(nil)
            var site: Site? { held.withLock { $0 } }
            func set(_ site: Site) { held.withLock { $0 = site } }
        }
    }

    private func playground(_ site: Site, robots: String = "{obey: true}", more: String = "") throws -> Playground {
        try Playground(
            sources: """
                sources:
                  outlet: {feed: "\(site.server.url("/rss"))", private_hosts: true, full_text: fetch, robots: \(robots)}
                \(more)

                """)
    }

    /// The faults of the articles that were filed, by the entry's key.
    private func pageFaults(_ playground: Playground) throws -> [String?] {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try store.database.read { db in
            try String?.fetchAll(db, sql: "SELECT page_fault FROM article ORDER BY position")
        }
    }

    @Test(
        "A page that robots.txt hides is not asked for, and its story is headline only; the feed itself is named by us")
    func hiddenPages() async throws {
        let site = try Site()
        defer { site.server.stop() }
        site.say("User-agent: *\nDisallow: /story/2\nDisallow: /rss\n")
        let playground = try playground(site)
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).baseline == 1)
        #expect(site.server.hits("/robots.txt") == 0)
        site.publish("2", "3")
        _ = try await playground.pass(at: start + .seconds(7200))
        #expect(site.server.hits("/story/2") == 0 && site.server.hits("/story/3") == 1)
        #expect(site.server.hits("/robots.txt") == 1)
        #expect(try Set(pageFaults(playground)) == ["page-robots", nil])
        let station = try playground.open(at: start + .seconds(7300))
        _ = try await station.publishDigestNow()
        await station.close()
        #expect(playground.text("digests/latest.md").contains("| headline only | 1 | *outlet* 1 article: robots |"))
    }

    @Test("It is asked for once a day, after a restart too; what it said stands while the server is in trouble")
    func onceADay() async throws {
        let site = try Site()
        defer { site.server.stop() }
        site.say("User-agent: *\nDisallow: /story/3\n")
        let playground = try playground(site)
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        var number = 1
        func publishAndRead(after seconds: Int64) async throws {
            number += 1
            site.publish("\(number)")
            _ = try await playground.pass(at: start + .seconds(seconds))
        }
        try await publishAndRead(after: 7200)
        try await publishAndRead(after: 14_400)
        #expect(site.server.hits("/robots.txt") == 1 && site.server.hits("/story/3") == 0)
        site.say("", status: 503)
        try await publishAndRead(after: 7200 + 86_400)
        #expect(site.server.hits("/robots.txt") == 2 && site.server.hits("/story/4") == 1)
        site.say("User-agent: *\nDisallow: /story\n")
        try await publishAndRead(after: 7200 + 86_400 + 7200)
        #expect(site.server.hits("/robots.txt") == 3 && site.server.hits("/story/5") == 0)
        // The clock was set back: what was read in the future is not known.
        let station = try playground.open(at: start + .seconds(86_400))
        _ = try? await station.pipeline.page(site.server.url("/story/9"), of: try #require(station.sources["outlet"]))
        await station.close()
        #expect(site.server.hits("/robots.txt") == 4)
    }

    @Test(
        "4xx forbids nothing, 5xx and 429 all pages until it is had",
        arguments: [(404, true), (401, true), (429, false), (500, false), (200, true)])
    func statuses(status: Int, isRead: Bool) async throws {
        let site = try Site()
        defer { site.server.stop() }
        site.say("", status: status)
        let playground = try playground(site)
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        site.publish("2")
        _ = try await playground.pass(at: start + .seconds(7200))
        #expect(site.server.hits("/story/2") == (isRead ? 1 : 0))
        #expect(try pageFaults(playground) == [isRead ? nil : "page-robots-unread"])
    }

    @Test("A listing page is read only where robots.txt lets us, and the source says why it is not")
    func listingPage() async throws {
        let site = try Site()
        defer { site.server.stop() }
        site.say("User-agent: feedwatch\nDisallow: /list\n")
        let more = "  page: {page: \"\(site.server.url("/list"))\", private_hosts: true, robots: {obey: true}}"
        let playground = try playground(site, more: more)
        defer { playground.remove() }
        let faults = try await playground.pass(at: start).faults
        #expect(faults.map(\.source) == ["page"] && faults.map(\.fault.code) == ["robots"])
        #expect(faults.first?.fault.detail.hasSuffix("/robots.txt does not let feedwatch read /list") == true)
        #expect(site.server.hits("/list") == 0)
    }

    @Test("Where a redirect leads is judged too; a private host is asked without, and a reason lifts it")
    func redirectsAndExceptions() async throws {
        let site = try Site()
        defer { site.server.stop() }
        site.say("User-agent: *\nDisallow: /secret\nDisallow: /story\n")
        for robots in ["{ignore: \"agreed with their webmaster\"}", "{obey: true}"] {
            let playground = try playground(site, robots: robots)
            defer { playground.remove() }
            let source = try #require(try Configuration.load(playground.location).sources.first)
            let station = try playground.open(at: start)
            let obeys = robots.hasPrefix("{obey")
            #expect(source.obeysRobots(onPublicHost: false) == obeys)
            let filed = try? await station.pipeline.page(site.server.url("/moved"), of: source)
            #expect((filed == nil) == obeys)
            await station.close()
        }
        #expect(site.server.hits("/secret/story") == 1)
    }

    @Test("What was read in one way holds for sources that are asked in the same way only, after a restart too")
    func ways() async throws {
        let site = try Site()
        defer { site.server.stop() }
        let proxy = try LoopbackServer { request in
            .text(request.path.hasSuffix("/robots.txt") ? "User-agent: *\nDisallow: /story/2\n" : "a page")
        }
        defer { proxy.stop() }
        let plain = "private_hosts: true, robots: {obey: true}"
        let ways = [
            plain, plain + ", insecure: \"its certificate is its own\"",
            plain + ", ca: /etc/ssl/certs/ca-certificates.crt", plain + ", via: office", plain + ", family: ipv4",
            plain + ", user_agent: \"reader/1 (mailto:ops@reader.example)\"",
            "private_hosts: false, robots: {obey: true}",
        ]
        let lines = ways.enumerated().flatMap { number, way in
            ["a", "b"].map { "  \($0)\(number): {feed: \"\(site.server.url("/rss"))\", full_text: fetch, \(way)}\n" }
        }
        let playground = try Playground(
            sources: "sources:\n" + lines.joined(),
            main: "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\n"
                + "proxies: {office: {url: \"http://127.0.0.1:\(proxy.port)\"}}\n")
        defer { playground.remove() }
        var asked = 0
        for round in 1...2 {
            let station = try playground.open(at: start + .seconds(Int64(round)))
            for number in ways.indices {
                // Who asks first in some way is told no; all others must not take it for an answer to them.
                site.say("User-agent: *\nDisallow: \(number == 1 ? "/story" : "/nothing")\n")
                for letter in ["a", "b"] {
                    let source = try #require(station.sources["\(letter)\(number)"])
                    let objection = try await station.pipeline.robots.objection(
                        to: site.server.url("/story/2"), of: source, station.pipeline.polling.access, stage: .read)
                    let code: String? = [1: "robots", 3: "robots", 6: "robots-unread"][number]
                    #expect(objection?.code == code, "\(source.id) \(objection?.detail ?? "")")
                }
                // By the proxy, and by who may not come here at all, the site itself is not asked.
                if round == 1, number != 3, number != 6 { asked += 1 }
                #expect(site.server.hits("/robots.txt") == asked, "\(ways[number])")
            }
            await station.close()
        }
        #expect(proxy.requests.count == 1)
    }

    @Test("Many who wait share one request, and the next day's many the next one")
    func shared() async throws {
        let site = try Site()
        defer { site.server.stop() }
        let playground = try playground(site)
        defer { playground.remove() }
        let clock = ManualClock(start)
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state, clock: clock.wall,
            log: Recorder().logger, patience: nil, jitter: { _ in 0 })
        let source = try #require(station.sources["outlet"])
        let (robots, access) = (station.pipeline.robots, station.pipeline.polling.access)
        for round in 1...5 {
            try await withThrowingTaskGroup(of: Fault?.self) { group in
                for number in 0..<50 {
                    let url = site.server.url("/story/\(number)")
                    group.addTask { try await robots.objection(to: url, of: source, access, stage: .read) }
                }
                for try await fault in group { #expect(fault == nil) }
            }
            #expect(site.server.hits("/robots.txt") == round)
            clock.advance(.seconds(Limits.robotsSeconds + 1))
        }
        await station.close()
    }

    /// A listing page at `a.example`, without a network: what is answered there, and for each robots.txt, is the test's.
    private final class Stage: Sendable {
        typealias Answer = Result<StandInAnswer, FetchError>
        let robots = Mutex<Answer>(.success(StandInAnswer()))
        let list = Mutex<Answer>(.success(StandInAnswer()))
        /// Of a feed, `http://c.example/rss`.
        let items = Mutex<[String]>(["1"])
        let asked = Mutex<[String]>([])
        let clock: ManualClock
        let playground: Playground

        init(_ start: Timestamp, _ sources: String) throws {
            clock = ManualClock(start)
            playground = try Playground(sources: "sources:\n" + sources)
        }

        func open() throws -> Station {
            try Station.open(
                try Configuration.load(playground.location), state: playground.state, clock: clock.wall,
                log: Recorder().logger, patience: nil, jitter: { _ in 0 },
                standIn: { [self] url, _ throws(FetchError) in
                    asked.withLock { $0.append(url) }
                    if url.hasSuffix("/robots.txt") { return try robots.withLock(\.self).get() }
                    if url == "http://a.example/list" { return try list.withLock(\.self).get() }
                    if url == "http://c.example/rss" { return rss }
                    return Self.page
                })
        }

        private var rss: StandInAnswer {
            let answer = Playground.rss(items.withLock { $0.map { ($0, "Ferries run again, part \($0)", "On time.") } })
            return StandInAnswer(headers: answer.headers, body: answer.body)
        }

        func hits(_ url: String) -> Int { asked.withLock { $0.count { $0 == url } } }

        static let page = StandInAnswer(
            headers: [("Content-Type", "text/html")],
            body: Array(
                ("<html><body><ul><li><a href='/story/1'>Ferries run again after a long winter pause</a></li>"
                    + "<li><a href='/story/2'>Harbour master counts more boats than last year</a></li></ul></body></html>")
                    .utf8))
    }

    @Test("What this machine could not ask for says nothing of a server, and no answer from the network little")
    func unasked() async throws {
        let stage = try Stage(start, "  list: {page: \"http://a.example/list\"}\n")
        defer { stage.playground.remove() }
        stage.list.withLock { $0 = .success(Stage.page) }
        let station = try stage.open()
        let source = try #require(station.sources["list"])
        func poll() async throws -> PollResult.Outcome { try await station.pipeline.poll(source).result.outcome }
        stage.robots.withLock { $0 = .failure(FetchError(.overloaded, "it waited for lookups of other names")) }
        for _ in 0..<2 {
            guard case .postponed = try await poll() else {
                Issue.record("not put off")
                return
            }
        }
        #expect(try station.store.robots(of: "http://a.example") == nil)
        for code in [FetchError.Code.unresolved, .unreachable] {
            stage.robots.withLock { $0 = .failure(FetchError(code, "no way there")) }
            guard case .failed(let fault) = try await poll() else {
                Issue.record("asked without leave")
                return
            }
            #expect(fault.code == "robots-unread" && stage.hits("http://a.example/list") == 0)
            stage.clock.advance(PollSchedule.unreachedLongest)
        }
        #expect(stage.hits("http://a.example/robots.txt") == 4)
        stage.robots.withLock { $0 = .success(StandInAnswer()) }
        _ = try await poll()
        #expect(stage.hits("http://a.example/list") == 1)
        await station.close()
    }

    @Test(
        "A database that cannot be asked is told as such, on the way of a redirect too: a poll that seems stopped is never made again"
    )
    func databaseOnTheWay() async throws {
        let stage = try Stage(
            start,
            """
              list: {page: "http://a.example/list"}
              news: {feed: "http://c.example/rss", full_text: fetch}

            """)
        defer { stage.playground.remove() }
        stage.list.withLock { $0 = .success(Stage.page) }
        let station = try stage.open()
        let (list, news) = (try #require(station.sources["list"]), try #require(station.sources["news"]))
        _ = try await station.pipeline.poll(list)
        _ = try await station.pipeline.poll(news)
        stage.items.withLock { $0.append("2") }
        _ = try await station.pipeline.poll(news)
        let database = try stage.playground.database()
        try await database.write { try $0.execute(sql: "DROP TABLE robots") }
        stage.list.withLock {
            $0 = .success(StandInAnswer(status: 302, headers: [("Location", "http://b.example/list")]))
        }
        await #expect(throws: StoreError.self) { try await station.pipeline.poll(list) }
        #expect(stage.hits("http://b.example/list") == 0)
        let entry = try #require(try await station.pendingEntries().first)
        await #expect(throws: StoreError.self) { try await station.pipeline.file(entry, of: news) }
        #expect(try await station.pendingEntries().count == 1, "it is filed when its page can be asked for")
        await station.close()
    }
}
