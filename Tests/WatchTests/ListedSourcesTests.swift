import Foundation
import Markup
import News
import NewsTesting
import Storage
import Synchronization
import Testing

@testable import Watch

/// Pages and sitemaps as sources, over loopback.
@Suite struct ListedSourcesTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    private static let old = [
        "1001": "Ferries run on time again after the storm", "1002": "Council argues about the pier",
    ]
    private static let news = ["1003": "Allies plan a joint headquarters to deter China"]

    @Test("A page's first read is silent, a new link is read and alerts, and a link that is known is not news again")
    func newLink() async throws {
        let site = try Site(Self.old)
        defer { site.stop() }
        let playground = try Playground(sources: site.source("page: \(site.url("/news"))"))
        defer { playground.remove() }
        let first = try await playground.pass(at: start)
        #expect(first.baseline == 2 && first.new == 0 && first.faults.isEmpty)
        site.stories = Self.old.merging(Self.news) { a, _ in a }
        let second = try await playground.pass(at: start + .seconds(7200))
        #expect(second.listed == 3 && second.new == 1 && second.alerts == 1)
        #expect(site.server.hits("/story/1003") == 1 && site.server.hits("/story/1001") == 0)
        let third = try await playground.pass(at: start + .seconds(14400))
        #expect(third.polled == 1 && third.new == 0 && third.changed == 0)

        let store = try Store(path: playground.state.database, readOnly: true)
        let story = try #require(try store.stories(from: start, to: start + .seconds(20000), filedAfter: 0).first)
        #expect(story.members[0].url == site.url("/story/1003"))
        #expect(story.members[0].article.title == "Allies plan a joint headquarters to deter China")
        #expect(story.members[0].article.paragraphs.first?.hasPrefix("The text of story 1003") == true)
        // The day beside the link, since the page itself says none.
        #expect(story.members[0].article.published == Timestamp(rfc3339: "2025-03-30T00:00:00Z"))
    }

    @Test("A page whose links are gone is a fault that says how many there were and what to do, and forgets nothing")
    func vanished() async throws {
        let site = try Site(Self.old)
        defer { site.stop() }
        let playground = try Playground(
            sources: site.source("page: \(site.url("/news"))\n    links: {select: \"ul.news > li\"}"))
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        site.stories = [:]
        let empty = try await playground.pass(at: start + .seconds(7200))
        #expect(empty.faults.count == 1)
        let fault = try #require(try fault(playground))
        #expect(fault.stage == "parse" && fault.code == "no-links")
        #expect(
            fault.detail
                == "no links where there were 2 last time: \(site.url("/news")): the selector \"ul.news > li\" "
                + "matches nothing; the page names a feed, \(site.url("/rss")); see \"feedwatch links --select 'ul.news > li' --private-hosts \(site.url("/news"))\""
        )
        _ = try await playground.pass(at: start + .seconds(18000))
        #expect(try self.fault(playground)?.detail.contains("where there were 2 last time") == true)

        site.stories = Self.old
        let back = try await playground.pass(at: start + .seconds(90_000))
        #expect(back.faults.isEmpty && back.new == 0 && back.baseline == 0)
        #expect(try self.fault(playground) == nil)
    }

    @Test("A page that never had links, and a feed in a page's place, are faults that say so")
    func never() async throws {
        let site = try Site([:])
        defer { site.stop() }
        let playground = try Playground(
            sources: site.source("page: \(site.url("/news"))") + "  b: {page: \"\(site.url("/rss"))\"}\n"
                + "  c: \(site.url("/news"))\n")
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).faults.count == 3)
        #expect(try fault(playground)?.detail.hasPrefix("no links and never were: ") == true)
        #expect(try fault(playground, of: "b")?.code == "not-a-page")
        #expect(try fault(playground, of: "b")?.detail.hasSuffix("configure it as feed:") == true)
        #expect(
            try fault(playground, of: "c")?.detail.hasSuffix("the feed that it names is \(site.url("/rss"))") == true)
    }

    @Test("A page answers 304 as a feed does")
    func validators() async throws {
        let site = try Site(Self.old)
        defer { site.stop() }
        let playground = try Playground(sources: site.source("page: \(site.url("/news"))"))
        defer { playground.remove() }
        _ = try await playground.pass(at: start)
        let again = try await playground.pass(at: start + .seconds(7200))
        #expect(again.polled == 1 && again.faults.isEmpty && again.listed == 0 && site.unchanged == 1)
    }

    @Test("A sitemap without titles takes them from the pages; an index without times is read through every time")
    func sitemaps() async throws {
        let site = try Site(Self.old)
        defer { site.stop() }
        let playground = try Playground(
            sources: site.source("sitemap: \(site.url("/sitemap.xml"))")
                + "  b: {sitemap: \"\(site.url("/index.xml"))\"}\n")
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).baseline == 4)
        site.stories = Self.old.merging(Self.news) { a, _ in a }
        let second = try await playground.pass(at: start + .seconds(7200))
        #expect(second.faults.isEmpty && second.new == 2 && second.alerts == 1)
        // The index's own bytes never changed, and it was not asked by its validators.
        #expect(site.server.hits("/index.xml") == 2 && site.unchanged == 0)
        let store = try Store(path: playground.state.database, readOnly: true)
        let members = try store.stories(from: start, to: start + .seconds(20000), filedAfter: 0).flatMap(\.members)
        #expect(members.map(\.article.title) == [Self.news["1003"], Self.news["1003"]])
    }

    @Test("An index of sitemaps of which one fails gives the others, with the fault; of which all fail, is a fault")
    func brokenChildren() async throws {
        func child(_ url: String) throws -> SitemapChild {
            guard url != "/gone" else { throw Fault(stage: "fetch", code: "not-found", detail: "nothing there") }
            var feed = Feed(format: .sitemap)
            var entry = Entry()
            entry.link = url + "1"
            feed.entries = [entry]
            if url == "/broken" { feed.faults = [MarkupFault("truncated", "it ends inside url")] }
            return SitemapChild(sitemap: .addresses(feed), endIsKnown: url != "/broken")
        }
        var index = SitemapIndex()
        index.tellsChanges = true
        index.children = ["/a", "/b"]
        #expect(try await SitemapChildren.read(index, child).isWhole)
        index.children = ["/a", "/gone", "/b"]
        let document = try await SitemapChildren.read(index, child)
        #expect(document.feed.entries.compactMap(\.link) == ["/a1", "/b1"] && !document.isWhole)
        #expect(document.feed.faults == [MarkupFault("sitemap-child", "/gone: nothing there")])
        // Where nothing says where it ends, it may have broken off on its way: it is read again though the index stays the same.
        index.children = ["/a", "/broken"]
        let broken = try await SitemapChildren.read(index, child)
        #expect(broken.feed.faults == [MarkupFault("truncated", "/broken: it ends inside url")] && !broken.isWhole)
        index.children = ["/gone", "/gone"]
        await #expect(throws: Fault.self) { try await SitemapChildren.read(index, child) }
        index.children = []
        await #expect(throws: MarkupError.self) { try await SitemapChildren.read(index, child) }
    }

    @Test(
        "Of an index's sitemap beyond the limit the beginning is taken, and it is said of which one, what, and what to do"
    )
    func cutChildren() async throws {
        let rows = (0..<2000).map { "<url><loc>http://127.0.0.1/story/\($0)-the-harbour-opens</loc></url>" }
        let server = try LoopbackServer { request in
            func xml(_ text: String, endless: Bool = false) -> LoopbackServer.Response {
                .init(
                    headers: [("Content-Type", "application/xml")], body: Array(text.utf8),
                    behaviour: endless ? .endless : .normal)
            }
            let host = request.header("Host")!
            func index(_ names: String...) -> LoopbackServer.Response {
                let children = names.map { "<sitemap><loc>http://\(host)/\($0)</loc></sitemap>" }
                return xml("<sitemapindex>\(children.joined())</sitemapindex>")
            }
            return switch request.path {
            case "/index": index("short", "long", "blank")
            case "/blanks": index("blank")
            case "/short": xml("<urlset>\(rows[0])</urlset>")
            case "/long": xml("<urlset>\(rows.dropFirst().joined())</urlset>")
            default: xml(String(repeating: " ", count: 8192), endless: true)
            }
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "defaults: {private_hosts: true, body_max: 64KB}\nsources:\n"
                + "  a: {sitemap: \"\(server.url("/index"))\"}\n  b: {sitemap: \"\(server.url("/blanks"))\"}\n")
        defer { playground.remove() }
        let summary = try await playground.pass(at: start)
        let taken = 1 + 65_528 / rows[1500].utf8.count
        #expect((taken - 30...taken + 30).contains(summary.baseline), "\(summary.baseline)")
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        let health = try store.health(from: start - .seconds(1), to: start)
        let faults = try #require(health.first { $0.source == "a" }).markupFaults
        #expect(faults.map(\.code) == ["cut", "sitemap-child"], "\(faults)")
        #expect(
            faults.first?.detail
                == "\(server.url("/long")) is larger than 65536 bytes; \(summary.baseline - 1) addresses of its "
                + "beginning are taken, what is beyond was not read – raise the source's body_max")
        #expect(faults.last?.detail.hasPrefix("\(server.url("/blank")) is larger than 65536 bytes") == true)
        #expect(try fault(playground, of: "b")?.code == "too-large")
        // Beyond what the protocol allows nothing can be raised.
        let largest = MarkupFault.cut(limit: Limits.sitemapBytesMax, isSitemap: true)
        #expect(largest.detail.hasSuffix("its publisher has to split it"))
    }

    private func fault(_ playground: Playground, of source: SourceID = "a") throws -> Fault? {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try store.health(from: start - .seconds(1), to: start + .seconds(1)).first { $0.source == source }?.fault
    }
}

/// A site with a list of stories, their pages, and sitemaps of them.
private final class Site: Sendable {
    let server: LoopbackServer
    private let list: List
    private let notModified = Counter()

    /// Titles by number; a class, so that the server's answers see what a test changes.
    private final class List: Sendable {
        let stories: Mutex<[String: String]>
        init(_ stories: [String: String]) { self.stories = Mutex(stories) }
    }

    init(_ stories: [String: String]) throws {
        let list = List(stories)
        let counter = notModified
        self.list = list
        server = try LoopbackServer { Self.answer($0, list.stories.withLock { $0 }, counter) }
    }

    var stories: [String: String] {
        get { list.stories.withLock { $0 } }
        set { list.stories.withLock { $0 = newValue } }
    }
    /// How many answers were 304.
    var unchanged: Int { notModified.value }

    func url(_ path: String) -> String { server.url(path) }
    func source(_ lines: String) -> String { "defaults: {private_hosts: true}\nsources:\n  a:\n    \(lines)\n" }
    func stop() { server.stop() }

    private static func answer(
        _ request: LoopbackServer.Request, _ stories: [String: String], _ unchanged: Counter
    ) -> LoopbackServer.Response {
        func response(_ type: String, _ body: String, etag: String? = nil) -> LoopbackServer.Response {
            .init(
                status: 200, headers: [("Content-Type", type)] + (etag.map { [("ETag", $0)] } ?? []),
                body: Array(body.utf8))
        }
        let ids = stories.keys.sorted(by: >)
        switch request.path {
        case "/news":
            let etag = "\"\(ids.joined())\""
            if request.header("If-None-Match") == etag {
                unchanged.add()
                return .init(status: 304, headers: [], body: [])
            }
            let items = ids.map { "<li><span>30 March 2025</span> <a href=\"story/\($0)\">\(stories[$0]!)</a></li>" }
            return response(
                "text/html",
                "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss\"></head><body>"
                    + "<nav><a href=\"/\">Home</a></nav><h1>News</h1>"
                    + (items.isEmpty ? "" : "<ul class=\"news\">\(items.joined())</ul>") + "</body></html>", etag: etag)
        case "/rss": return Playground.rss([])
        case "/sitemap.xml":
            let rows = ids.map { "<url><loc>http://\(request.header("Host")!)/story/\($0)</loc></url>" }
            return response("application/xml", "<urlset>\(rows.joined())</urlset>")
        case "/index.xml":
            return response(
                "application/xml",
                "<sitemapindex><sitemap><loc>http://\(request.header("Host")!)/sitemap.xml</loc></sitemap></sitemapindex>",
                etag: "\"same\"")
        default:
            guard let title = stories[String(request.path.dropFirst("/story/".count))] else {
                return .init(status: 404, headers: [], body: [])
            }
            let id = request.path.dropFirst("/story/".count)
            return response(
                "text/html",
                "<html><head><title>\(title)</title></head><body><article><h1>\(title)</h1><p>The text of story \(id) "
                    + "has a few sentences, as a story does. \(title), the port office said on Sunday.</p><p>More is to come "
                    + "when the council has met on Monday evening, a spokesman said.</p></article></body></html>")
        }
    }
}
