import Foundation
import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Watch

@Suite struct FaultySourceTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    @Test(
        "One source down, huge, no feed, refusing or redirecting for ever: the others are read, and it stands in coverage"
    )
    func oneBadSource() async throws {
        let down = try LoopbackServer { _ in Playground.rss([]) }
        let deadURL = down.url("/rss")
        down.stop()
        let server = try LoopbackServer { request in
            switch request.path {
            case "/huge":
                .init(
                    status: 200, headers: [("Content-Type", "text/xml")],
                    body: Array(String(repeating: "<rss>", count: 2000).utf8),
                    behaviour: .endless
                )
            case "/page":
                .init(
                    status: 200, headers: [("Content-Type", "text/html")],
                    body: Array("<html><body><h1>No</h1></body></html>".utf8))
            case "/refused": .init(status: 403, headers: [], body: [])
            case "/round": .init(status: 302, headers: [("Location", "/round")], body: [])
            default: Playground.rss([("1", "Harbour opens", "The harbour opened on Monday.")])
            }
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: true}
                sources:
                  down: \(deadURL)
                  huge: \(server.url("/huge"))
                  page: \(server.url("/page"))
                  refused: \(server.url("/refused"))
                  round: \(server.url("/round"))
                  good-1: \(server.url("/good-1"))
                  good-2: \(server.url("/good-2"))
                  guarded: {feed: "\(server.url("/guarded"))", private_hosts: false}

                """)
        defer { playground.remove() }
        let summary = try await playground.pass(at: start)
        #expect(summary.polled == 8 && summary.faults.count == 6 && summary.baseline == 2)
        #expect(server.hits("/guarded") == 0)

        let station = try playground.open(at: start + .seconds(60))
        let health = try station.store.health(from: start - .seconds(1), to: start)
        let codes = Dictionary(uniqueKeysWithValues: health.map { ($0.source, $0.fault?.code ?? "read") })
        #expect(
            codes == [
                "down": "refused-connection", "huge": "too-large", "page": "not-a-feed", "refused": "refused",
                "round": "too-many-redirects", "good-1": "read", "good-2": "read", "guarded": "private-address",
            ])
        #expect(health.allSatisfy { ($0.blindSince == nil) == $0.source.hasPrefix("good") })
        _ = try await station.publishDigestNow()
        await station.close()
        let digest = playground.text("digests/2025-03-30.md")
        for source in ["down", "huge", "page", "refused", "round", "guarded"] {
            #expect(digest.contains("*\(source)*"), "\(source) stands in coverage")
        }
        #expect(digest.contains("impaired"))
    }

    @Test("Seventy sources of a server that stalls hold nobody else: the others are committed while it still hangs")
    func stalled() async throws {
        let others = ["w", "x", "y", "z"]
        let gate = Gate()
        let server = try LoopbackServer { request in
            if request.path == "/stalled" { gate.wait() }
            return Playground.rss([("1", "Harbour opens", "The harbour opened on Monday.")])
        }
        defer { server.stop() }
        // The gate opens only when all the others were committed: were they to wait for it, this would never end.
        let slow = try LoopbackServer { _ in
            gate.wait()
            return Playground.rss([])
        }
        defer { slow.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true}\nsources:\n"
                + (0..<70).map { "  a-\($0): \(slow.url("/rss"))\n" }.joined()
                + others.map { "  \($0): \(server.url("/" + $0))\n" }.joined())
        defer { playground.remove() }
        let committed = Committed()
        let summary = try await playground.pass(at: start) { stage, source in
            if stage == .commit, committed.add(source) == others.count { gate.open() }
        }
        #expect(summary.polled == 74 && summary.faults.isEmpty)
        #expect(committed.order.prefix(4).sorted() == others)
    }

    @Test(
        "A wall in front of the page takes nothing from the feed's headline: it alerts, and coverage says what was not read"
    )
    func wall() async throws {
        let polls = Counter()
        let server = try LoopbackServer { request in
            guard request.path == "/rss" else {
                return .init(
                    status: 200, headers: [("Content-Type", "text/html")],
                    body: Array("<title>Just a moment...</title><p>Verify you are human to go on.</p>".utf8))
            }
            let host = request.header("Host") ?? ""
            let items: [String] = (0..<polls.add()).map { number in
                "<item><guid isPermaLink=\"false\">\(number)</guid><link>http://\(host)/story/\(number)</link>"
                    + "<title>Allies plan a joint headquarters to deter China</title></item>"
            }
            return .init(
                status: 200, headers: [("Content-Type", "application/rss+xml")],
                body: Array("<rss version=\"2.0\"><channel>\(items.joined())</channel></rss>".utf8))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, full_text: fetch}\n")
        defer { playground.remove() }
        try await playground.pass(at: start)
        #expect(try await playground.pass(at: start + .seconds(7200)).alerts == 1)
        let station = try playground.open(at: start + .seconds(7300))
        _ = try await station.publishDigestNow()
        await station.close()
        #expect(
            playground.text("digests/2025-03-30.md").contains("| headline only | 1 | *outlet* 1 article: challenge |"))
    }

    @Test("The same bytes without validators are unchanged, and a page that cannot be had is filed with its fault")
    func unchangedAndPageless() async throws {
        let polls = Counter()
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let news = (id: "1", title: "Allies plan a joint headquarters to deter China", text: "One step more.")
        let server = try LoopbackServer { request in
            guard request.path == "/rss" else { return .init(status: 404, headers: [], body: []) }
            return Playground.rss(polls.add() < 3 ? [old] : [news, old])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, full_text: fetch}\n")
        defer { playground.remove() }
        try await playground.pass(at: start)
        let again = try await playground.pass(at: start + .seconds(7200))
        #expect(again.polled == 1 && again.listed == 0 && again.faults.isEmpty)
        let third = try await playground.pass(at: start + .seconds(14400))
        #expect(third.new == 1 && third.alerts == 1)
        let store = try Store(path: playground.state.database, readOnly: true)
        let story = try #require(try store.stories(from: start, to: start + .seconds(20000), filedAfter: 0).first)
        #expect(story.members[0].article.paragraphs == ["One step more."])
        #expect(story.members[0].article.faults.map(\.code) == ["page-unresolved"])
    }
}

private final class Committed: Sendable {
    private let sources = Mutex<[String]>([])

    var order: [String] { sources.withLock { $0 } }

    func add(_ source: String) -> Int {
        sources.withLock {
            $0.append(source)
            return $0.count
        }
    }
}
