import Foundation
import News
import NewsTesting
import Publish
import Storage
import Synchronization
import Testing

@testable import Watch

/// Pages of an issue's articles are read again after one, six and twenty-four hours.
@Suite struct RereadingTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!
    private static func hours(_ count: Double) -> Timestamp { start + .seconds(Int64(count * 3600)) }

    /// What the page says, under which ETag; nil where it is gone.
    private final class Page: Sendable {
        let state = Mutex<(text: String, tag: String)?>(("The command has 9 ships.", "\"1\""))

        func set(_ text: String, _ tag: String) { state.withLock { $0 = (text, tag) } }
        func drop() { state.withLock { $0 = nil } }

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Response {
            guard let (text, tag) = state.withLock({ $0 }) else { return LoopbackServer.Response(status: 404) }
            if request.header("If-None-Match") == tag {
                return LoopbackServer.Response(status: 304, headers: [("ETag", tag)])
            }
            let paragraphs = (0..<3).map {
                "<p>Officials said part \($0) of the plan is meant to deter China at sea.</p>"
            }
            let body =
                "<html><head><title>Allies plan a joint headquarters</title></head><body><main><p>\(text)</p>"
                + "\(paragraphs.joined())</main></body></html>"
            return LoopbackServer.Response(
                status: 200, headers: [("Content-Type", "text/html"), ("ETag", tag)], body: Array(body.utf8))
        }
    }

    private func withPage(
        _ body: (Playground, LoopbackServer, Page) async throws -> Void
    ) async throws {
        let (polls, page) = (Counter(), Page())
        let own = Mutex("")
        let server = try LoopbackServer { request in
            if request.path == "/story/1" { return page.answer(request) }
            guard request.path == "/rss" else { return LoopbackServer.Response(status: 404) }
            let count = min(polls.add(), 2)
            let items = (0..<count).map { number in
                "<item><guid isPermaLink=\"false\">\(number)</guid><title>Allies plan a joint headquarters</title>"
                    + "<link>\(own.withLock { $0 })/story/\(number)</link></item>"
            }
            return .text(
                "<rss version=\"2.0\"><channel><title>O</title>\(items.joined())</channel></rss>",
                type: "application/rss+xml")
        }
        own.withLock { $0 = server.url("") }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, full_text: fetch}\n",
            main: "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\ndigest: {at: \"07:00\", cutoff: 0m}\n")
        defer { playground.remove() }
        // The silent first read; the story; its issue.
        for hour in [0.0, 2, 3] { try await playground.pass(at: Self.hours(hour)) }
        #expect(playground.files("2025-03-30.json").count == 1)
        try await body(playground, server, page)
    }

    private func article(_ playground: Playground, _ server: LoopbackServer) throws -> StoryMember {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        let story = try #require(try store.story(at: server.url("/story/1")))
        return try #require(story.members.first { $0.url == server.url("/story/1") })
    }

    private func due(_ playground: Playground) throws -> Timestamp? {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try store.dueTime(of: .reread)
    }

    private func pages(_ server: LoopbackServer) -> [String?] {
        server.requests.filter { $0.path == "/story/1" }.map { $0.header("If-None-Match") }
    }

    @Test("They are asked for conditionally; what was edited in silence is a new version, and coverage counts")
    func rereads() async throws {
        try await withPage { playground, server, page in
            #expect(pages(server) == [nil])
            #expect(try due(playground) == Self.hours(4))
            try await playground.pass(at: Self.hours(4))
            #expect(pages(server) == [nil, "\"1\""], "the same as it was")
            #expect(try article(playground, server).changes.isEmpty)
            page.set("The command has 7 ships.", "\"2\"")
            try await playground.pass(at: Self.hours(8))
            #expect(pages(server).count == 2, "nothing is due")
            try await playground.pass(at: Self.hours(9))
            #expect(pages(server).count == 3)
            let change = try #require(try article(playground, server).changes.first)
            #expect(change.version == 2 && change.at == Self.hours(9) && !change.correction)
            #expect(change.removed == ["The command has 9 ships."] && change.added == ["The command has 7 ships."])
            page.drop()
            try await playground.pass(at: Self.hours(27))
            #expect(pages(server) == [nil, "\"1\"", "\"1\"", "\"2\""])
            #expect(try article(playground, server).changes.count == 1, "a page that is gone is no edit")
            let issue = try #require(playground.files("2025-03-31.json").first)
            let digest = try PublicJSON.decode(Digest.self, from: Array(playground.text(issue).utf8))
            #expect(digest.coverage.rereads == RereadCount(read: 2, due: 3))
            let text = playground.text(issue.replacing(".json", with: ".md"))
            #expect(text.contains("2 of 3") && text.contains("re-read"), "\(text)")
        }
    }

    @Test("Of several re-reads that were slept through the last one is made")
    func late() async throws {
        try await withPage { playground, server, page in
            page.set("The command has 7 ships.", "\"2\"")
            try await playground.pass(at: Self.hours(12))
            #expect(pages(server).count == 2)
            #expect(try article(playground, server).changes.count == 1)
            #expect(try due(playground) == Self.hours(27))
        }
    }
}
