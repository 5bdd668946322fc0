import Markup
import News
import Testing

@Suite struct SitemapReaderTests {
    private static let head =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by a plugin -->\n<?xml-stylesheet type='text/xsl' href='x.xsl'?>"
    private static let schema = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""

    @Test("A plain sitemap gives addresses, newest first, and no titles")
    func plain() throws {
        let feed = try addresses(
            """
            \(Self.head)<urlset \(Self.schema) xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
            <url><loc> https://outlet.example/old </loc><lastmod>2024-01-02</lastmod><priority>0.5</priority></url>
            <url><loc>https://outlet.example/undated</loc></url>
            <url><loc>https://OUTLET.example:443/new?a=1&amp;utm_source=map</loc><lastmod>2025-03-30T04:20:00+02:00</lastmod>
            <image:image><image:loc>https://outlet.example/new.jpg</image:loc><image:title>A boat</image:title></image:image></url>
            </urlset>
            """)
        #expect(feed.format == .sitemap && feed.faults == [])
        #expect(
            feed.entries.map(\.link) == [
                "https://outlet.example/new?a=1", "https://outlet.example/old", "https://outlet.example/undated",
            ])
        #expect(
            feed.entries[0].updated == Timestamp(rfc3339: "2025-03-30T02:20:00Z") && feed.entries[0].published == nil)
        #expect(feed.entries.allSatisfy { $0.title == nil && $0.id == nil })
    }

    @Test("A news sitemap gives headlines, dates and languages")
    func news() throws {
        let feed = try addresses(
            """
            <urlset \(Self.schema) xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
            <loc>https://outlet.example/boats</loc><news:news><news:publication><news:name>Outlet</news:name>
            <news:language>en</news:language></news:publication><news:publication_date>2025-03-30T04:20:00Z</news:publication_date>
            <news:title><![CDATA[Boats & ferries leave]]></news:title></news:news></url></urlset>
            """)
        let entry = try #require(feed.entries.first)
        #expect(entry.title == "Boats & ferries leave" && entry.language == "en")
        #expect(entry.published == Timestamp(rfc3339: "2025-03-30T04:20:00Z"))
    }

    @Test("An index gives its newest sitemaps, and whether it tells of changes")
    func index() throws {
        func rows(_ count: Int, _ day: (Int) -> String) -> String {
            (1...count).map {
                "<sitemap><loc>https://outlet.example/s\($0).xml</loc>\(day($0))</sitemap>"
            }.joined()
        }
        let dated = try read(
            "<sitemapindex \(Self.schema)>\(rows(9) { "<lastmod>2025-03-0\($0)T10:00:00Z</lastmod>" })</sitemapindex>")
        guard case .index(let index) = dated else { throw MarkupError(code: "test", detail: "no index") }
        #expect(index.children == [9, 8, 7, 6, 5].map { "https://outlet.example/s\($0).xml" } && index.tellsChanges)
        #expect(index.faults.map(\.code) == ["too-many-sitemaps"])
        for day in ["", "<lastmod>2025-03-30</lastmod>"] {
            guard case .index(let index) = try read("<sitemapindex>\(rows(2) { _ in day })</sitemapindex>") else {
                throw MarkupError(code: "test", detail: "no index")
            }
            #expect(index.children.count == 2 && !index.tellsChanges)
        }
    }

    @Test("Of 60,000 addresses the newest are taken, or both ends where nothing is dated, and the rest is said")
    func many() throws {
        func map(_ count: Int, _ row: (Int) -> String) -> String {
            "<urlset>" + (0..<count).map { "<url><loc>https://outlet.example/\($0)</loc>\(row($0))</url>" }.joined()
                + "</urlset>"
        }
        let dated = try addresses(
            map(60_000) { "<lastmod>2025-03-\($0 % 28 + 1 < 10 ? "0" : "")\($0 % 28 + 1)</lastmod>" })
        #expect(dated.entries.count == Limits.entriesMax)
        #expect(
            dated.entries[0].link == "https://outlet.example/27" && dated.entries[1].link == "https://outlet.example/55"
        )
        #expect(
            dated.faults == [
                MarkupFault("too-many-addresses", "more than 50000; the rest is not looked at (10000 times)"),
                MarkupFault("too-many-entries", "50000 addresses; the newest 2000 are taken"),
            ])
        let undated = try addresses(map(3000) { _ in "" })
        #expect(undated.entries.first?.link == "https://outlet.example/0")
        #expect(
            undated.entries.last?.link == "https://outlet.example/2999" && undated.entries.count == Limits.entriesMax)
    }

    @Test("A sitemap that is cut, or has rows without an address, gives the rows that are whole")
    func truncated() throws {
        let feed = try addresses(
            "<urlset><url><loc>https://outlet.example/1</loc></url><url><lastmod>soon</lastmod></url>"
                + "<url><loc>mailto:x@outlet.example</loc></url><url><loc>https://outlet.example/2</loc></url>"
                + "<url><loc>https://outlet.example/3")
        #expect(feed.entries.map(\.link) == ["https://outlet.example/1", "https://outlet.example/2"])
        #expect(Set(feed.faults.map(\.code)).isSuperset(of: ["bad-date", "no-address"]))
    }

    @Test(
        "What is no sitemap is named, with the key to configure it by",
        arguments: [
            (
                "<rss version='2.0'><channel/></rss>", "not-a-sitemap",
                "a feed (rss), not a sitemap; configure it as feed:"
            ),
            (
                "<!DOCTYPE html><html><body>x</body></html>", "not-a-sitemap",
                "an HTML page, not a sitemap; configure it as page:"
            ),
            ("\u{1F}\u{8B}", "not-a-sitemap", "no urlset and no sitemapindex; "),
            ("", "not-a-sitemap", "the document is empty"),
        ])
    func others(document: String, code: String, said: String) throws {
        let error = #expect(throws: MarkupError.self) { try read(document) }
        #expect(error?.code == code && error?.detail.contains(said) == true)
    }

    @Test("A .gz file and one of more than 50 MB are refused by name")
    func refused() throws {
        for (bytes, code) in [
            ([0x1F, 0x8B, 8, 0], "compressed"), ([UInt8](repeating: 0x20, count: (50 << 20) + 1), "too-large"),
        ] {
            let error = #expect(throws: MarkupError.self) {
                try SitemapReader.read(bytes, contentType: nil, url: "https://outlet.example/s.xml")
            }
            #expect(error?.code == code)
        }
    }

    private func read(_ xml: String) throws(MarkupError) -> Sitemap {
        try SitemapReader.read(
            Array(xml.utf8), contentType: "application/xml", url: "https://outlet.example/sitemap.xml")
    }

    private func addresses(_ xml: String) throws -> Feed {
        guard case .addresses(let feed) = try read(xml) else { throw MarkupError(code: "test", detail: "no addresses") }
        return feed
    }
}
