import Foundation
import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Watch

/// What the pages of a site teach the service.
@Suite struct SiteReadingTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private static let notice =
        "The Gazette of the Harbour is run by its readers, and costs nobody who reads it anything."

    private static func story(_ number: String) -> [String] {
        (0..<4).map {
            "Report \(number) of the port, part \($0), counts the boats that have come in on this day of days."
        }
    }

    /// A feed whose next poll has a story more, and their pages.
    private func withSite(
        more: String = "", terms: String? = nil, _ body: (Playground, LoopbackServer) async throws -> Void
    ) async throws {
        let polls = Counter()
        let own = Mutex("")
        let server = try LoopbackServer { request in
            if request.path == "/rss" {
                let items = (0..<polls.add()).map { number in
                    "<item><guid>\(number)</guid><title>Report \(number) of the port on the joint headquarters</title>"
                        + "<link>\(own.withLock { $0 })/story/\(number)</link></item>"
                }
                return .text(
                    "<rss version=\"2.0\"><channel><title>O</title>\(items.joined())</channel></rss>",
                    type: "application/rss+xml")
            }
            let number = request.path.split(separator: "/").last.map(String.init) ?? ""
            let paragraphs = (Self.story(number) + [Self.notice]).map { "<p>\($0)</p>" }.joined()
            let meta = terms.map { "<meta name=\"robots\" content=\"\($0)\">" } ?? ""
            return .text(
                "<html><head><title>Report \(number) of the port on the joint headquarters</title>\(meta)</head><body>"
                    + "<div class=\"box\"><p>Corrected once.</p></div><main>\(paragraphs)</main></body></html>",
                type: "text/html")
        }
        own.withLock { $0 = server.url("").hasSuffix("/") ? String(server.url("").dropLast()) : server.url("") }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                sources:
                  outlet: {feed: "\(server.url("/rss"))", private_hosts: true, full_text: fetch\(more)}

                """)
        defer { playground.remove() }
        try await body(playground, server)
    }

    private func paragraphs(_ playground: Playground, _ server: LoopbackServer, _ number: Int) throws -> [String] {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        let story = try #require(try store.story(at: server.url("/story/\(number)")))
        return try #require(story.members.first { $0.url == server.url("/story/\(number)") }).article.paragraphs
    }

    private func rows(_ playground: Playground) throws -> [SiteMemories.Row] {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try SiteMemories(store: store).rows(nil)
    }

    private func forget(_ site: String, _ playground: Playground) throws -> ControlAnswer {
        try ControlClient.carryOut(.forgetSite(site), state: playground.state, clock: .standing(at: Self.start))
    }

    @Test("A line that pages of three days have shown is left out from the next day on, until it is forgotten")
    func learns() async throws {
        try await withSite { playground, server in
            for day in 0..<5 { try await playground.pass(at: Self.start + .seconds(Int64(day) * 86_400)) }
            #expect(try paragraphs(playground, server, 3) == Self.story("3") + [Self.notice])
            #expect(try paragraphs(playground, server, 4) == Self.story("4"))
            let known = try rows(playground)
            #expect(known.map(\.site) == ["127.0.0.1"] && known.map(\.pages) == [4])
            #expect(known.first?.repeated.map(\.pages) == [4] && known.first?.article == "body > main")
            let said = SiteMemories.lines(known, isWhole: true)
            #expect(said.last?.hasPrefix("4 × The Gazette of the Harbour") == true)
            #expect(try forget("https://127.0.0.1/", playground).words.first?.contains("127.0.0.1") == true)
            #expect(try rows(playground).isEmpty)
            #expect(throws: UnknownName.self) { try forget("127.0.0.1", playground) }
            try await playground.pass(at: Self.start + .seconds(5 * 86_400))
            #expect(try paragraphs(playground, server, 5) == Self.story("5") + [Self.notice])
        }
    }

    @Test("Pages of one day do not depend on each other")
    func oneDay() async throws {
        try await withSite { playground, server in
            for hour in 0..<6 { try await playground.pass(at: Self.start + .seconds(Int64(hour) * 7200)) }
            #expect(try paragraphs(playground, server, 5) == Self.story("5") + [Self.notice])
        }
    }

    @Test("The source's own selector goes before what was learned")
    func selector() async throws {
        try await withSite(more: ", article: \".box, main\"") { playground, server in
            for day in 0..<5 { try await playground.pass(at: Self.start + .seconds(Int64(day) * 86_400)) }
            let all = ["Corrected once."] + Self.story("4") + [Self.notice]
            #expect(try paragraphs(playground, server, 4) == all)
        }
    }

    @Test(
        "What a publisher asks is done: nothing is quoted, no copy is kept",
        arguments: [
            ("nosnippet", 5, false), ("noarchive", 1, true), ("noarchive, max-snippet:12", 1, true), ("", 5, true),
        ])
    func terms(_ asked: String, _ kept: Int, _ isQuoted: Bool) async throws {
        try await withSite(terms: asked) { playground, server in
            try await playground.pass(at: Self.start)
            try await playground.pass(at: Self.start + .seconds(7200))
            #expect(try paragraphs(playground, server, 1).count == kept)
            let station = try playground.open(at: Self.start + .seconds(7300))
            _ = try await station.publishDigestNow()
            await station.close()
            let digest = playground.text("digests/latest.md")
            #expect(digest.contains("Report 1 of the port"))
            #expect(digest.contains("> Report 1 of") == isQuoted, "\(digest)")
            #expect(digest.contains("part 0, counts") == (isQuoted && !asked.contains("max")))
            #expect(try rows(playground).isEmpty == asked.contains("noarchive"))
        }
    }
}
