import Foundation
import Markup
import News
import NewsTesting
import Testing

@Suite struct ListingReaderTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Listing")

    /// As `feedwatch links --list` prints them.
    private struct Expected: Codable, Equatable {
        struct Link: Codable, Equatable {
            var url: String
            var title: String?
            var date: String?
        }

        var page: String
        var links: [Link]
    }

    @Test(
        "A listing page of each build gives its stories, with headlines and dates, and nothing else",
        arguments: try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".html") }
            .sorted())
    func pages(file: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(file)))
        // The first line of a page is a comment with its address.
        let line = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        let url = try #require(line.split(separator: " ").first { $0.hasPrefix("http") }.map(String.init))
        let listing = try ListingReader.read(page: bytes, contentType: "text/html", url: url)
        let found = Expected(
            page: url,
            links: listing.links.map {
                Expected.Link(
                    url: $0.url, title: $0.title, date: $0.published?.day)
            })
        let golden = Self.folder.appendingPathComponent(file.replacing(".html", with: ".expected.json"))
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try (encoder.encode(found) + Data([0x0A])).write(to: golden)
        }
        let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: golden))
        #expect(found == expected, "UPDATE_GOLDEN=1 rewrites it")
        #expect(listing.faults == [])
    }

    @Test("Every group says why it was taken or left, and what it holds")
    func reasons() throws {
        let listing = try read(
            "<nav><a href=/a/>Home</a><a href=/b/>Shop</a></nav><ul class=news>"
                + (1...5).map {
                    "<li><time datetime=2025-03-0\($0)></time><a href=/n/\($0)000>Boats leave harbour again number \($0)</a></li>"
                }
                .joined() + "</ul>")
        let taken = try #require(listing.groups.first { $0.isTaken })
        #expect(taken.selector == "ul.news > li > a" && taken.links == listing.links && taken.links.count == 5)
        #expect(taken.reasons.contains("dates beside them") && taken.reasons.contains("5 of a kind"))
        let left = listing.groups.filter { !$0.isTaken }
        #expect(left.count == 1 && left[0].links.map(\.title) == ["Home", "Shop"])
        #expect(left[0].reasons.first == "in navigation")
    }

    // MARK: Selectors

    private static let selected = """
        <div class=a><h3>Ferries run</h3><span class=d>30/03/2025</span><a href="/1?utm_source=x#top">more</a></div>
        <div class=a><h3>Boats leave</h3><b class=d title="2025-03-29">yesterday</b><a href=/2>more</a><a href=/tag/x>x</a></div>
        <div class=a><h3>No link</h3></div><div class=b><a href=/3>Not this one, whatever it says</a></div>
        """

    @Test(
        "A selector picks links, or what holds them; title and date are looked for in what holds the link",
        arguments: [
            ("div.a", "h3", ".d", ["/1 Ferries run 2025-03-30", "/2 Boats leave 2025-03-29"]),
            ("div.a > a:nth-child(3)", "h3", nil, ["/1 Ferries run 2025-03-30", "/2 Boats leave -"]),
            ("div.a a:not([href*=tag])", nil, "b", ["/1 more -", "/2 more 2025-03-29"]),
            (".b a, .none", nil, nil, ["/3 Not this one, whatever it says -"]), ("h3", nil, nil, []),
            (".none", nil, nil, []),
        ])
    func selectors(select: String, title: String?, date: String?, found: [String]) throws {
        var rules = Source.LinkRules(select: try Selector(select))
        rules.title = try title.map { try Selector($0) }
        rules.date = try date.map { try Selector($0) }
        let listing = try read(Self.selected, rules)
        #expect(
            listing.links.map {
                "\($0.url.dropFirst("https://outlet.example".count)) \($0.title ?? "-") "
                    + ($0.published?.day ?? "-")
            } == found)
    }

    @Test(
        "No links is an error that says what was looked for, and names the page's own feed",
        arguments: [
            (".none", "the selector \".none\" matches nothing"),
            ("h3", "the selector \"h3\" matches 3 elements, but none holds a link"),
            (nil, "no links that look like stories"),
        ])
    func noLinks(select: String?, said: String) throws {
        let rules = Source.LinkRules(select: try select.map { try Selector($0) })
        let html =
            "<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>"
            + "<h3>a</h3><h3>b</h3><h3>c</h3><a href=/x/>About</a></body></html>"
        let error = #expect(throws: MarkupError.self) {
            try ListingReader.feed(
                page: Array(html.utf8), contentType: nil, url: "https://outlet.example/news", rules: rules)
        }
        #expect(error?.code == "no-links" && error?.feedLink == "https://outlet.example/rss")
        #expect(
            error?.detail == "https://outlet.example/news: \(said); the page names a feed, https://outlet.example/rss")
    }

    @Test(
        "A document of another kind is named, with the key to configure it by",
        arguments: [
            ("<rss version='2.0'><channel><title>x</title></channel></rss>", "a feed (rss)", "feed:"),
            ("<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'></feed>", "a feed (atom)", "feed:"),
            ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>", "a sitemap", "sitemap:"),
        ])
    func otherDocuments(document: String, name: String, key: String) throws {
        let error = #expect(throws: MarkupError.self) { try read(document) }
        #expect(error?.code == "not-a-page")
        #expect(error?.detail == "https://outlet.example/news/: \(name), not a listing page; configure it as \(key)")
    }

    // MARK: Hostile pages

    @Test(
        "Pages made to cost time stay within the limits",
        arguments: [
            String(repeating: "<li><a href=/n/1234>Boats leave harbour again</a>", count: 100_000),
            String(repeating: "<div><a href='/x/1234'>Boats", count: 20_000),
            String(repeating: "<p>many words before it <a href=/n/55>Boats leave the harbour again</a>", count: 20_000),
            "<p class='" + String(repeating: "c ", count: 500_000) + "'><a href='/"
                + String(repeating: "x", count: 500_000)
                + "'>x</a>",
            String(repeating: "<a href=/a>", count: 50_000) + "x",
        ])
    func hostile(html: String) throws {
        let listing = try read(html)
        #expect(listing.links.count <= 1)
    }

    @Test("Of more links than are looked at the first ones are kept, and it is said")
    func manyLinks() throws {
        let html = (0..<Limits.listingAnchorsMax + 100).map {
            "<li><a href=/n/\($0 + 10_000)>Boats leave harbour number \($0) again</a></li>"
        }
        let listing = try read("<ul>\(html.joined())</ul>")
        #expect(listing.links.count == Limits.entriesMax)
        #expect(listing.links.first?.url == "https://outlet.example/n/10000")
        #expect(Set(listing.faults.map(\.code)) == ["truncated", "too-many-entries"])
        #expect(listing.groups.reduce(0) { $0 + $1.links.count } == Limits.listingAnchorsMax)
    }

    @Test("Damaged pages end as data or an error, not as a crash")
    func damaged() throws {
        let seed = UInt64.random(in: 0...9999)
        var random = SplitMix64(seed: seed)
        let page = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("blog-cards.html")))
        for _ in 0..<200 {
            var bytes = page
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + 30))
                }
            }
            let listing = try? ListingReader.read(page: bytes, contentType: "text/html", url: "https://a.example/")
            #expect(listing?.links.count ?? 0 <= 20, "seed \(seed)")
        }
    }

    private func read(_ html: String, _ rules: Source.LinkRules = Source.LinkRules()) throws(MarkupError) -> Listing {
        try ListingReader.read(
            page: Array(html.utf8), contentType: "text/html; charset=utf-8", url: "https://outlet.example/news/",
            rules: rules)
    }
}
