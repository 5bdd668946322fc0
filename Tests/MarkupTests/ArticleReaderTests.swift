import Foundation
import Markup
import News
import NewsTesting
import Testing

@Suite struct ArticleReaderTests {
    private static let story = [
        "The harbour of Tsukihama will take a second ferry line from the summer on, the port office said on Monday.",
        "Boats are to leave every forty minutes, and the first of them will meet the early train from the capital.",
        "The council had argued for two years about the pier, which is older than most of the houses behind it.",
    ]

    @Test("The story is read, and nothing of the shares and teasers around it")
    func teasers() throws {
        let teasers = ["Zebra", "Quiche", "Xylophone", "Walrus", "Marzipan", "Bagpipe", "Trapeze", "Obelisk"]
        let page = """
            <html lang="en"><head><title>Second ferry line for Tsukihama - Basin News</title></head><body>
            <nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><div class="wrap"><h1>Second ferry line for Tsukihama</h1>
            <div>Share this</div>\(Self.story.map { "<p>\($0)</p>" }.joined())<div>Share this</div>
            <h3>You May Also Like</h3>
            \(teasers.map { "<div><h4><a href=\"/\($0)\">\($0) shocks the whole town again</a></h4><p>In a move that nobody foresaw, the \($0) was seen near the old mill…</p></div>" }.joined())
            </div></body></html>
            """
        let article = try read(page)
        #expect(article.title == "Second ferry line for Tsukihama" && article.language == "en")
        #expect(article.paragraphs == Self.story)
    }

    @Test("Captions are kept apart from the text, each once, and those of other articles are not")
    func captions() throws {
        let body = Self.story.map { "<p>\($0)</p>" }
        let page = """
            <html><body><aside><figure><img src="x"><figcaption>A teaser's picture</figcaption></figure></aside><article>
            <h1>Second ferry line</h1>\(body[0])
            <figure><img src="a"><figcaption>The pier at dawn. <span>Photo: Ann Example</span></figcaption></figure>\(body[1])
            <div class="wp-caption"><img src="b"><p class="wp-caption-text">The ferry Tsuki Maru</p></div>
            <figure><img src="c"><figcaption>The ferry Tsuki Maru</figcaption></figure>
            <table><caption>Departures a day</caption><tr><td>12</td></tr></table>\(body[2])
            </article></body></html>
            """
        let article = try read(page)
        #expect(
            article.captions == ["The pier at dawn. Photo: Ann Example", "The ferry Tsuki Maru", "Departures a day"])
        #expect(!article.text.contains("pier at dawn") && !article.text.contains("Departures"))
        var kept = article
        kept.terms = PageTerms(HTTPHeaders([("X-Robots-Tag", "noarchive")]))
        #expect(kept.kept.captions == nil)
        #expect(try read("<article>\(body.joined())</article>").captions == nil)
    }

    @Test(
        "Pages of other builds are read",
        arguments: [
            "<article><h1>T</h1>BODY</article>", "<div><div><div class=\"text\">BODY</div></div></div>",
            "<table><tr><td>BODY</td></tr></table>",
            "<div class=\"post-1 category-news tag-share comments-open\">BODY</div>",
        ])
    func builds(shape: String) throws {
        let body = Self.story.map { "<p>\($0)</p>" }.joined()
        let page =
            "<html><body>\(shape.replacingOccurrences(of: "BODY", with: body))<footer>About us</footer></body></html>"
        #expect(try read(page).paragraphs == Self.story)
    }

    @Test(
        "An article behind 300 elements that are not closed is read as if they were",
        arguments: ["font", "b", "div", "span"])
    func unclosed(_ name: String) throws {
        let page = try fixture("unclosed-300.html").replacing("<font>", with: "<\(name)>")
        #expect(page.components(separatedBy: "<\(name)>").count == 301)
        #expect(try read(page).paragraphs == Self.story)
    }

    @Test(
        "Great depth ends as data, and what is deep is read",
        arguments: ["div", "b", "ul><li", "table><td"])
    func deep(_ name: String) throws {
        let body = Self.story.map { "<p>\($0)</p>" }.joined()
        let article = try read(
            "<html><body>" + String(repeating: "<\(name)>", count: 200_000) + body, within: .seconds(600))
        #expect(article.text.contains(Self.story[1]))
    }

    @Test("Noise of any kind is an article or an error")
    func noise() throws {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let noise = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? ArticleReader.read(page: noise, contentType: "text/html", url: "https://outlet.example/")
        }
    }

    private func fixture(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Pages/"
        return try String(contentsOfFile: folder + name, encoding: .utf8)
    }

    @Test("A program is no page, and a page in UTF-16 is one")
    func binary() throws {
        let program: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0] + Array("<p>not a page</p>".utf8)
        let error = #expect(throws: MarkupError.self) {
            try ArticleReader.read(page: program, contentType: nil, url: "https://outlet.example/")
        }
        #expect(error?.code == "not-html")
        let text = "<html><body>" + Self.story.map { "<p>\($0)</p>" }.joined() + "</body></html>"
        let wide: [UInt8] =
            [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(
            try ArticleReader.read(page: wide, contentType: nil, url: "https://outlet.example/").paragraphs
                == Self.story)
    }

    @Test("A NUL that slipped into a page loses nothing of it")
    func slip() throws {
        let page =
            "<!DOCTYPE html><html><head><title>Fer\0ry</title></head><body>\(Self.story.map { "<p>\($0)</p>" }.joined())"
        #expect(try read(page).paragraphs == Self.story)
        #expect(try read(page).title == "Ferry")
    }

    @Test(
        "An article that is not free is said to be so in many ways, and JSON-LD's text is not taken",
        arguments: [
            #"{"@type":"NewsArticle","headline":"Ferry","isAccessibleForFree":false,BODY}"#,
            #"{"@type":"NewsArticle","headline":"Ferry","isAccessibleForFree":"False",BODY}"#,
            #"{"@type":"NewsArticle","headline":"Ferry","isAccessibleForFree":"https://schema.org/False",BODY}"#,
            #"[{"@type":"NewsArticle","headline":"Ferry",BODY},{"@type":"WebPage","isAccessibleForFree":false}]"#,
            #"[{"@type":"WebPage","hasPart":{"isAccessibleForFree":"False"}},{"@type":"Article","headline":"Ferry",BODY}]"#,
            #"{"@type":"NewsArticle","headline":"Ferry",BODY}</script><meta property="article:content_tier" content="locked"><script>"#,
            #"{"@type":"NewsArticle","headline":"Ferry",BODY}</script><meta itemprop="isAccessibleForFree" content="False"><script>"#,
        ])
    func paid(data: String) throws {
        func article(_ data: String) throws -> Article {
            let body = "\"articleBody\":\"\((Self.story + Self.story).joined(separator: " "))\""
            return try read(
                "<html><head><title>Ferry</title><script type=\"application/ld+json\">\(data.replacing("BODY", with: body))</script>"
                    + "</head><body><h1>Ferry</h1><p>\(Self.story[0])</p></body></html>")
        }
        let paid = try article(data)
        #expect(paid.faults.map(\.code) == ["paywall"] && paid.paragraphs == [Self.story[0]])
        let free = try article(#"{"@type":"NewsArticle","headline":"Ferry","isAccessibleForFree":true,BODY}"#)
        #expect(free.faults.isEmpty && free.text.count > paid.text.count)
    }

    @Test("Of several articles in JSON-LD the one speaks whose headline the page has, else the first")
    func severalInData() throws {
        let data =
            #"[{"@type":"NewsArticle","headline":"Of cats and hats","datePublished":"2020-01-01","author":{"name":"C. Hollis"}},"#
            + #"{"@type":"NewsArticle","headline":"Second ferry line opens","datePublished":"2025-03-30"}]"#
        func article(_ title: String) throws -> Article {
            try read(
                "<html><head><title>\(title) | Basin News</title><script type=\"application/ld+json\">\(data)</script></head><body>"
                    + Self.story.map { "<p>\($0)</p>" }.joined() + "</body></html>")
        }
        let ferry = try article("Second ferry line opens")
        #expect(ferry.published?.rfc3339.prefix(10) == "2025-03-30" && ferry.authors.isEmpty)
        let other = try article("Harbour")
        #expect(other.published?.rfc3339.prefix(10) == "2020-01-01" && other.authors == ["C. Hollis"])
    }

    @Test("An entry's own words become paragraphs, and its title one line")
    func entry() {
        var entry = Entry()
        entry.title = "Boats &amp; <i>trains</i>\nmeet"
        entry.summary = "<p>One.</p><p>Two <b>bold</b>.</p><script>no()</script>"
        let article = ArticleReader.read(entry: entry, language: "en")
        #expect(article.title == "Boats & trains meet")
        #expect(article.paragraphs == ["One.", "Two bold."] && article.language == "en")
    }

    @Test(
        "Titles are text or HTML, and lose neither",
        arguments: [
            ("a < b", "a < b"), ("AT&T", "AT&T"), ("x\u{202E}y", "xy"), ("  two\n lines ", "two lines"),
            ("<b>Bold</b> move", "Bold move"), ("Q&amp;A", "Q&A"), ("a &LT;b&GT; c &AMP;amp;", "a <b> c &amp;"),
            ("Ri&ccaron;ka&comma; &#55357;&#56832; &#xD83D;&#xDE00;&period;", "Rička, 😀 😀."),
            ("R&D &nosuchname;", "R&D &nosuchname;"),
        ])
    func titles(written: String, read: String) { #expect(PlainText.line(written) == read) }

    @Test(
        "The Japanese pages of seeds/ are read in their own encodings", arguments: ["20250330/k0412", "20250330/k0408"])
    func japanese(page: String) throws {
        let file = FeedParserTests.seeds + "/web/2/kazami-nippo.example/news/\(page).html"
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let article = try ArticleReader.read(
            page: bytes, contentType: nil, url: "http://kazami-nippo.example/\(page).html")
        #expect(article.paragraphs.count >= 2 && article.text.contains("。") && !article.text.contains("\u{FFFD}"))
    }

    /// - Parameter limit: of the processor's time; a slow machine may need more than a service grants.
    private func read(
        _ page: String, within limit: Duration = .seconds(Limits.pageSeconds)
    ) throws(MarkupError) -> Article {
        try ArticleReader.read(
            page: Array(page.utf8), contentType: "text/html; charset=utf-8", url: "https://outlet.example/a",
            guide: ReadingGuide(time: ReadingTime(limit: limit)))
    }
}
