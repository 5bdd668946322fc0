import Foundation
import Markup
import News
import NewsTesting
import Testing

@Suite struct FeedParserTests {
    private static let documents: [(String, Feed.Format, String)] = [
        (
            "<rss version=\"2.0\"><channel><title>Outlet</title><item><title>Boats leave</title><link>/a</link>"
                + "<guid>g1</guid><pubDate>Sun, 30 Mar 2025 04:20:00 GMT</pubDate></item></channel></rss>", .rss,
            "rss 2.0"
        ),
        (
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" "
                + "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Outlet</title></channel>"
                + "<item rdf:about=\"g1\"><title>Boats leave</title><link>https://outlet.example/a</link>"
                + "<dc:date>2025-03-30T04:20:00Z</dc:date></item></rdf:RDF>", .rdf, "rss 1.0"
        ),
        (
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Outlet</title><entry><id>g1</id><title>Boats leave</title>"
                + "<link href=\"a\"/><published>2025-03-30T06:20:00+02:00</published></entry></feed>", .atom, "atom 1.0"
        ),
        (
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Outlet\",\"items\":[{\"id\":\"g1\","
                + "\"title\":\"Boats leave\",\"url\":\"https://outlet.example/a\",\"date_published\":\"2025-03-30T04:20:00Z\"}]}",
            .json, "json feed 1.1"
        ),
    ]

    @Test("Each format gives the same entry", arguments: documents)
    func formats(document: String, format: Feed.Format, name: String) throws {
        let feed = try parse(document)
        #expect(feed.format == format && feed.title == "Outlet")
        let entry = try #require(feed.entries.first)
        #expect(feed.entries.count == 1 && entry.title == "Boats leave" && entry.link == "https://outlet.example/a")
        #expect(entry.published == Timestamp(rfc3339: "2025-03-30T04:20:00Z"))
        #expect(format == .rdf || entry.id == "g1")
    }

    @Test(
        "What libxml2's recovery would destroy survives",
        arguments: [
            ("Caf&eacute; opens", "Café opens"), ("AT&T and R&D", "AT&T and R&D"), ("ships < boats", "ships < boats"),
            ("5 &lt; 7 &amp; more", "5 < 7 & more"), ("dash &mdash; and &#8217;", "dash — and ’"),
            ("&unknownthing; stays", "&unknownthing; stays"),
        ])
    func recoveries(written: String, read: String) throws {
        let feed = try parse(
            "<rss version=\"2.0\"><channel><item><title>\(written)</title><guid>1</guid></item>"
                + "<item><title>next</title></item></channel></rss>")
        #expect(feed.entries.map { PlainText.line($0.title ?? "") } == [read, "next"])
    }

    @Test(
        "What stands before the document is passed over",
        arguments: [
            "\u{FEFF}\u{FEFF}", "\n\n  ", "Warning: mysql_connect() failed in /srv/x.php\n", "\n\u{FEFF}",
        ])
    func junkBefore(junk: String) throws {
        let feed = try parse(
            junk + "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><item><title>a</title></item></channel></rss>")
        #expect(feed.entries.map(\.title) == ["a"])
    }

    @Test("A NUL, an undeclared prefix and a bad byte lose nothing else, and are recorded")
    func damage() throws {
        var bytes = Array(
            "<rss version=\"2.0\"><channel><item><title>one\u{0}two</title><dc:creator>R. Hollis</dc:creator></item><item><title>caf"
                .utf8)
        bytes += [0xE9]
        bytes += Array("s of Lyon</title></item></channel></rss>".utf8)
        let feed = try FeedParser.parse(bytes, contentType: "text/xml; charset=utf-8", url: "https://outlet.example/")
        #expect(feed.entries.count == 2)
        #expect(feed.entries[0].title == "onetwo" && feed.entries[0].authors.map(\.name) == ["R. Hollis"])
        #expect(
            feed.entries[1].title?.hasPrefix("caf") == true && feed.entries[1].title?.hasSuffix("s of Lyon") == true)
        #expect(!feed.faults.isEmpty)
    }

    @Test("Windows-1252 under the label iso-8859-1 is read as browsers read it")
    func windows1252() throws {
        let bytes =
            Array("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss><channel><item><title>".utf8) + [
                0x93, 0xE9, 0x94,
            ]
            + Array("</title></item></channel></rss>".utf8)
        let feed = try FeedParser.parse(bytes, contentType: nil, url: "https://outlet.example/")
        #expect(feed.entries.first?.title == "“é”")
    }

    @Test("A page is no feed, and the error says what it is")
    func page() {
        let error = #expect(throws: MarkupError.self) {
            try parse("<!doctype html><html><head><title>x</title></head><body><p>Hello</p></body></html>")
        }
        #expect(error?.code == "not-a-feed")
    }

    @Test(
        "What is no feed is refused with what it is",
        arguments: [
            ("", "the document is empty"), (" \r\n", "the document is empty"),
            ("%PDF-1.7 x", "a PDF document, not a feed"), ("GIF89a", "a GIF image, not a feed"),
            ("{\"error\":{\"code\":404,\"message\":\"No such <b>feed</b>\"}}", "it says: No such feed"),
            ("{\"errors\":[{\"detail\":\"Sign in first\"}]}", "it says: Sign in first"),
            ("{\"title\":\"Moved\"}", "it says: Moved"), ("{\"a\":[1,2", "JSON that cannot be read"),
            ("{\"a\":1}", "neither a version nor items of a JSON Feed"), ("[{\"id\":1}]", "it begins: [{\"id\":1}]"),
            ("<opml><body/></opml>", "an OPML list of feeds"), ("<urlset></urlset>", "a sitemap, not a feed"),
            ("<html><input type=password></html>", "an HTML page that asks to log in"),
            ("<Error><Code>AccessDenied</Code></Error>", "it begins: <error><code>accessdenied"),
            (
                "<html><head><link rel=alternate type=application/rss+xml href='/f'></head></html>",
                "the feed that it names is https://outlet.example/f"
            ),
        ])
    func refused(body: String, detail: String) {
        let error = #expect(throws: MarkupError.self) {
            try FeedParser.parse(Array(body.utf8), contentType: nil, url: "https://outlet.example/x")
        }
        #expect(error?.code == "not-a-feed" && error?.detail.contains(detail) == true, "\(error?.detail ?? "")")
    }

    @Test("A page from a file names its feeds as they stand")
    func fileNamesFeeds() {
        let page = "<html><base href=/sub/><link rel=alternate type=application/atom+xml href=f.xml></html>"
        let error = #expect(throws: MarkupError.self) {
            try FeedParser.parse(Array(page.utf8), contentType: nil, url: "")
        }
        #expect(error?.detail.hasSuffix("the feed that it names is f.xml") == true)
    }

    @Test("A bot guard's page is told by the same marks and words as everywhere, a page that writes of one is not")
    func challenge() {
        func code(_ body: String) -> String? {
            #expect(throws: MarkupError.self) { try parse("<!doctype html><html>\(body)</html>") }?.code
        }
        #expect(code("<title>Just a moment...</title><p>Verify you are human to go on.</p>") == "challenge")
        #expect(code("<body><iframe src='/_Incapsula_Resource?x=1'></iframe></body>") == "challenge")
        #expect(code("<title>News</title><p>Our captcha keeps robots out. Access denied? Write to us.") == "not-a-feed")
        let word = "<p>Guards ask visitors to verify you are human, and close the door.</p>"
        #expect(code("<title>On guards</title>\(String(repeating: word, count: 90))") == "not-a-feed")
    }

    @Test(
        "A page or another file in which something is named like a feed is no feed without news",
        arguments: [
            "<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='/news.rss'></head><body>SVG</body></html>",
            "<?xml version='1.0'?>\n<!-- a page --><HTML><body>SVG</body></HTML>", "SVG",
            "<!doctype html><body><feed><p>Follow us</p></feed></body>", "<html><body><rss></rss></body></html>", "RDF",
        ])
    func metadata(shape: String) {
        let rdf =
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''>a chart"
            + "</rdf:Description></rdf:RDF>"
        let document = shape.replacingOccurrences(of: "SVG", with: "<svg><metadata>RDF</metadata><path/></svg>")
            .replacingOccurrences(of: "RDF", with: rdf)
        let error = #expect(throws: MarkupError.self) { try parse(document) }
        #expect(error?.code == "not-a-feed")
        #expect(error?.feedLink == (shape.contains("news.rss") ? "https://outlet.example/news.rss" : nil))
    }

    @Test(
        "A page that is no feed is named by what it asks for, and its feeds by its own base",
        arguments: [
            ("<form><input name=u><input TYPE='Password'></form>", "asks to log in", nil),
            ("<p>Verifying you are human.</p>", "a test for browsers", nil), ("<p>Hello</p>", "names no feed", nil),
            (
                "<link rel=alternate type=application/rss+xml href=' rss.xml '><input type=password>", "/de/rss.xml",
                "https://www.outlet.example/de/rss.xml"
            ),
        ] as [(String, String, String?)])
    func refusedPage(body: String, told: String, link: String?) {
        let head = "<!doctype html><html><head><base target=_top><base href='//www.outlet.example/de/'></head><body>"
        let error = #expect(throws: MarkupError.self) { try parse(head + body) }
        #expect(error?.detail.contains(told) == true && error?.feedLink == link)
    }

    @Test(
        "A feed without news is a feed, and so is one inside a page",
        arguments: [
            ("<rss><channel><title>t</title></channel></rss>", 0), ("<feed><title>t</title></feed>", 0),
            ("<rdf:RDF xmlns='http://purl.org/rss/1.0/'></rdf:RDF>", 0),
            ("<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel/></rdf:RDF>", 0),
            ("<br /><b>Warning</b>: no date<feed><title>t</title></feed>", 0),
            ("<html><body><feed><entry><title>t</title></entry></feed></body></html>", 1),
            ("<html><body><rss><channel><item><title>t</title></item></channel></rss></body></html>", 1),
        ])
    func quiet(document: String, entries: Int) throws {
        #expect(try parse(document).entries.count == entries)
    }

    @Test("A feed cut off at any byte never crashes, and keeps the entries before the cut")
    func truncation() {
        let whole = Array(
            "<rss version=\"2.0\"><channel><title>Outlet</title><item><title>one</title><guid>1</guid></item><item><title>two</title><description><![CDATA[<p>x</p>]]></description></item></channel></rss>"
                .utf8)
        let firstEnds = String(decoding: whole, as: UTF8.self).range(of: "</item>")!.upperBound.utf16Offset(
            in: String(decoding: whole, as: UTF8.self))
        for count in 0..<whole.count {
            let feed = try? FeedParser.parse(
                Array(whole.prefix(count)), contentType: nil, url: "https://outlet.example/")
            if count >= firstEnds { #expect(feed?.entries.first?.title == "one", "cut at \(count)") }
        }
    }

    @Test("Bombs and depths end as data or an error, not as a crash")
    func hostile() throws {
        let bomb =
            "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\">"
            + (0..<20).map { "<!ENTITY a\($0) \"\(String(repeating: $0 == 0 ? "&a;" : "&a\($0 - 1);", count: 10))\">" }
            .joined()
            + "]><rss version=\"2.0\"><channel><item><title>&a19;</title></item></channel></rss>"
        let title = try? parse(bomb).entries.first?.title
        #expect((title ?? "").utf8.count < 1 << 20)
        let deep = "<rss version=\"2.0\"><channel><item><title>" + String(repeating: "<b>", count: 200_000)
        _ = try? parse(deep)
        let long =
            "<rss version=\"2.0\"><channel><item><title>\(String(repeating: "x", count: 1 << 20))</title></item></channel></rss>"
        #expect(try parse(long).entries.count == 1)
    }

    @Test("Random bytes and random damage never crash")
    func random() {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        let document = Array(Self.documents[2].0.utf8)
        for _ in 0..<500 {
            var damaged = document
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? FeedParser.parse(damaged, contentType: nil, url: "https://outlet.example/")
            let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? FeedParser.parse(noise, contentType: "text/xml", url: "https://outlet.example/")
        }
    }

    @Test(
        "Every feed of seeds/ is read in its own format and encoding",
        arguments: [
            ("harbour-courier.example/feed.rss", Feed.Format.rss), ("northquay.example/atom.xml", .atom),
            ("kazami-nippo.example/index.rdf", .rdf), ("reefgazette.example/rss.xml", .rss),
            ("newsbasin.example/feed.json", .json), ("records.tidewater.example/notices.rss", .rss),
            ("donglan.example/rss/yaowen.xml", .rss), ("chengnan.example/atom.xml", .atom),
            ("haeoreum.example/rss/allArticle.xml", .rss), ("calamianpost.example/rss.xml", .rss),
        ])
    func seeds(path: String, format: Feed.Format) throws {
        let file = Self.seeds + "/web/2/" + path
        let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let feed = try FeedParser.parse(body, contentType: nil, url: "http://\(path)")
        #expect(feed.format == format && feed.entries.count >= 3)
        #expect(
            feed.entries.allSatisfy {
                $0.title?.isEmpty == false && $0.link?.hasPrefix("http") == true
            })
        // The one date of the seeds that is none: 0000-00-00.
        #expect(feed.entries.count { $0.published == nil } == (path.hasPrefix("donglan") ? 1 : 0))
        #expect(feed.faults.contains { $0.code == "bad-date" } == path.hasPrefix("donglan"))
        #expect(!feed.entries.contains { $0.title?.contains("\u{FFFD}") == true })
        #expect(feed.faults.contains { $0.code == "truncated" } == path.hasSuffix("notices.rss"))
    }

    static let seeds =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/seeds"

    private func parse(_ document: String) throws(MarkupError) -> Feed {
        try FeedParser.parse(Array(document.utf8), contentType: nil, url: "https://outlet.example/")
    }
}
