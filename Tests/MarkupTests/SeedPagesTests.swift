import Foundation
import Markup
import News
import NewsTesting
import Testing

/// The pages of seeds/web, read as feedwatch reads them.
@Suite struct SeedPagesTests {
    static let pages = (try? SeedPage.load(FeedParserTests.seeds)) ?? []

    @Test(
        "Each page of seeds/ gives its headline, its text from beginning to end, and nothing from beside it",
        arguments: pages)
    func reading(page: SeedPage) throws {
        let article = try ArticleReader.read(page: try Self.bytes(page.path), contentType: "text/html", url: page.url)
        #expect(article.title == page.title)
        #expect(article.text.hasPrefix(page.beginning), "\(article.text.prefix(200))")
        // A line of small print may follow inside the same block.
        #expect(article.text.suffix(page.end.count + 20).contains(page.end), "\(article.text.suffix(200))")
        for words in page.beside { #expect(!article.text.contains(words), "\(words)") }
        #expect(!article.text.contains("\u{FFFD}"))
        #expect(article.paragraphs.count >= 2)
    }

    @Test("Each page of seeds/ gives its date and no other language than its own", arguments: pages)
    func dateAndLanguage(page: SeedPage) throws {
        let article = try ArticleReader.read(page: try Self.bytes(page.path), contentType: "text/html", url: page.url)
        #expect(article.published?.description.hasPrefix(page.published ?? "") ?? (page.published == nil))
        let own = page.language.prefix(2)
        #expect((article.language ?? String(own)).hasPrefix(own))
    }

    @Test("There are pages to read")
    func some() { #expect(Self.pages.count > 60) }

    @Test("Every entry of every feed leads to a page, in both phases", arguments: [1, 2])
    func links(phase: Int) throws {
        let pages = Set(Self.pages.map(\.url))
        var count = 0
        for (path, feed) in try Self.feeds(phase) {
            for entry in feed.entries {
                let link = try #require(entry.link, "\(path)").prefix { $0 != "?" }
                #expect(pages.contains(link.hasSuffix("/") ? link + "index.html" : String(link)), "\(path): \(link)")
                count += 1
            }
        }
        #expect(count > 20)
    }

    @Test(
        "The news sitemap, the front page and the table of notices list exactly their pages, titled and dated",
        arguments: [1, 2])
    func listings(phase: Int) throws {
        let front = "thenightjar.example/index.html"
        let notices = "ritocho.example/houdou/index.html"
        let sitemap = "kestrelmonitor.example/sitemap-news.xml"
        let rules = Source.LinkRules(
            select: try Selector("table.ichiran tr"), title: try Selector("td.kenmei > a"),
            date: try Selector("td.hiduke"))
        try expectPages(
            of: try ListingReader.feed(
                page: try Self.bytes("\(phase)/\(front)"), contentType: "text/html",
                url: "http://thenightjar.example/", rules: Source.LinkRules()), host: front, phase)
        try expectPages(
            of: try ListingReader.feed(
                page: try Self.bytes("\(phase)/\(notices)"), contentType: "text/html", url: "http://\(notices)",
                rules: rules), host: notices, phase)
        let read = try SitemapReader.read(
            try Self.bytes("\(phase)/\(sitemap)"), contentType: "application/xml", url: "http://\(sitemap)")
        guard case .addresses(let feed) = read else {
            Issue.record("no urlset")
            return
        }
        try expectPages(of: feed, host: sitemap, phase)
    }

    private func expectPages(of feed: Feed, host: String, _ phase: Int) throws {
        let host = host.prefix { $0 != "/" } + "/"
        let pages = Self.pages.filter { $0.url.hasPrefix("http://" + host) && $0.path < "\(phase + 1)" }
        #expect(feed.entries.compactMap(\.link).sorted() == pages.map(\.url).sorted())
        for entry in feed.entries {
            let page = try #require(pages.first { $0.url == entry.link })
            #expect(entry.title == page.title)
            // A list may name the day alone.
            let day = try #require(entry.published?.description, "\(page)").prefix(10)
            #expect(page.published?.hasPrefix(day) == true || host.hasPrefix("thenightjar"), "\(page): \(day)")
        }
    }

    private static func feeds(_ phase: Int) throws -> [(String, Feed)] {
        let root = "\(FeedParserTests.seeds)/web/\(phase)"
        let names = ["rss", "xml", "rdf", "json"]
        let files = try FileManager.default.subpathsOfDirectory(atPath: root)
            .filter { file in names.contains { file.hasSuffix("." + $0) } && !file.contains("sitemap") }
        return try files.map { file in
            (file, try FeedParser.parse(try bytes("\(phase)/\(file)"), contentType: nil, url: "http://\(file)"))
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(FeedParserTests.seeds)/web/\(path)")))
    }
}
