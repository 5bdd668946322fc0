import News
import Testing

@testable import Markup

/// What is read of a page beside its text. Outlets and people are invented.
@Suite struct PageMetadataTests {
    private static let text = (1...4).map {
        "<p>Paragraph \($0): the port office of Tsukihama said that boats will leave every forty minutes from the summer on.</p>"
    }.joined()

    private func read(head: String = "", body: String, url: String = "https://www.basin-news.example/a/ferry") throws
        -> Article
    {
        let page = "<html><head>\(head)</head><body>\(body)</body></html>"
        return try ArticleReader.read(page: Array(page.utf8), contentType: "text/html; charset=utf-8", url: url)
    }

    @Test(
        "The title is the headline without the site's name",
        arguments: [
            // The address, og:site_name and JSON-LD prove a name.
            ("<title>Ferry line opens - Basin News</title>", "<p>x</p>", "Ferry line opens"),
            ("<title>Ferry line opens | BASIN-NEWS.example</title>", "<p>x</p>", "Ferry line opens"),
            (
                "<title>渡し船が就航する｜月浜日報</title><meta property=og:site_name content=月浜日報>", "<p>x</p>", "渡し船が就航する"
            ),
            // Nothing proves that this is one.
            ("<title>Ferry line opens - at last</title>", "<p>x</p>", "Ferry line opens - at last"),
            ("<title>Basin-wide ferry line opens</title>", "<p>x</p>", "Basin-wide ferry line opens"),
            // The heading proves it.
            ("<title>Ferry line opens » Port » Local</title>", "<h1>Ferry line opens</h1>", "Ferry line opens"),
            (
                "<title>Ferry line opens | Harbour | 30.03.2025</title>", "<h1>Harbour desk</h1>",
                "Ferry line opens | Harbour"
            ),
            // A heading that leads to the first page is the site's name.
            ("<title>Ferry line | Tidewater</title>", "<h1><a href='/'>Tidewater</a></h1>", "Ferry line"),
            // What is written for search engines is not the headline.
            (
                "<title>Ferry Tsukihama: timetable, prices, tickets</title>", "<h1>Tsukihama gets a second ferry</h1>",
                "Tsukihama gets a second ferry"
            ),
            // The kicker in an element of its own is none of it, unless JSON-LD and og:title have it.
            (
                "<meta property=og:title content='Second ferry line opens'>",
                "<h1><span>Harbour</span> Second ferry line opens</h1>", "Second ferry line opens"
            ),
            (
                "<meta property=og:title content='Harbour: Second ferry line opens'><script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Harbour: Second ferry line opens\"}</script>",
                "<h1>Second ferry line opens</h1>", "Harbour: Second ferry line opens"
            ),
            // No blank stands between the elements of the heading.
            (
                "<meta property=og:title content='Harbour: second line'>", "<h1><span>Harbour:</span>second line</h1>",
                "Harbour: second line"
            ),
        ])
    func title(head: String, heading: String, title: String) throws {
        #expect(try read(head: head, body: heading + Self.text).title == title)
    }

    @Test(
        "The date is found where pages have it",
        arguments: [
            (
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"F\",\"datePublished\":\"2025-03-30T04:20:00:684Z\"}</script>",
                "", ""
            ),
            // The page object says it, the article does not.
            (
                "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebPage\",\"datePublished\":\"2025-03-30\"},{\"@type\":\"Article\",\"headline\":\"F\"}]}</script>",
                "", ""
            ),
            ("<meta name=DC.date.issued content=2025-03-30><meta property=og:updated_time content=2025-04-02>", "", ""),
            ("", "<span property='dc:date dc:created' content='2025-03-30'>Sunday</span>", ""),
            (
                "",
                "<time itemprop=dateModified datetime=2025-04-02>2 April</time><time itemprop=datePublished datetime=2025-03-30>x</time>",
                ""
            ),
            ("<title>Ferry | Basin News | 30.03.2025</title>", "", ""),
            // Of the lines by the headline, before one of a change, and before the metadata's change.
            (
                "<meta property=article:modified_time content=2025-04-02>",
                "<div>Updated 2 April 2025</div><div>Posted by admin on 30 March 2025</div>", ""
            ),
            ("", "<div>Hamburg, 30. März 2025</div>", ""), ("", "<ul><li>Datum:</li><li>30.03.25</li></ul>", ""),
            ("", "<p>2025年3月30日 13時20分</p>", ""), ("", "<p>입력 2025.03.30 13:20</p>", ""),
            ("", "<p>Publicado el 30 de marzo de 2025</p>", ""),
            ("", "<footer class=node__meta><span>30.03.25</span></footer>", ""),
            ("", "<div>Updated 2 April 2025, published 30 March 2025</div>", ""),
            // Not of a comment, a quotation, or what is beside the article.
            (
                "",
                "<div class=comment-list><time datetime=2025-04-02>x</time></div><aside><time datetime=2024-01-01>x</time></aside><blockquote><time datetime=2024-01-01>x</time></blockquote><div>30 March 2025</div>",
                ""
            ),
            // A text that begins with place and date, and a line at the end.
            (
                "",
                "<p>Hamburg, (30.03.2025). The port office said on Sunday that boats will leave every forty minutes from the summer on, and that the first of them will meet the early train.</p>",
                ""
            ),
            ("<meta name=x content=y>", "", "<p>Last revision of this page: 30 March 2025</p>"),
            ("", "", "<footer><p>Copyright © 30.03.2025 Basin News</p></footer>"),
            ("<meta property=og:updated_time content=2025-03-30>", "", ""),
        ])
    func published(head: String, top: String, end: String) throws {
        let article = try read(head: head, body: "<h1>Second ferry line opens</h1>\(top)\(Self.text)\(end)")
        #expect(article.published?.rfc3339.hasPrefix("2025-03-30") == true)
    }

    @Test("The address says the day where a list of other articles has other ones")
    func addressAndLists() throws {
        let body =
            "<h1>Second ferry line opens</h1>\(Self.text)<div><time datetime='2011-01-02'>2 January 2011</time></div>"
        let url = "https://www.basin-news.example/2025/03/30/ferry"
        #expect(try read(body: body, url: url).published?.rfc3339.hasPrefix("2025-03-30") == true)
        let near = "<h1>Second ferry line opens</h1><time datetime='2025-03-30T04:20:00Z'>today</time>\(Self.text)"
        #expect(try read(body: near, url: url).published?.rfc3339 == "2025-03-30T04:20:00Z")
    }

    @Test("A page without a date has none, and a year alone is none")
    func noDate() throws {
        let body =
            "<h1>Second ferry line opens</h1><div>2025</div><div class=date>Sunday</div>\(Self.text)<footer>© 2025</footer>"
        #expect(try read(body: body).published == nil)
    }

    @Test(
        "Authors are names, and not the outlet's",
        arguments: [
            ("<meta name=author content='Basin News'><meta name=author content='Ann Example'>", "", ["Ann Example"]),
            (
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"F\",\"author\":{\"@type\":\"Organization\",\"name\":\"Basin News\"}}</script>",
                "<a rel=author href=/p>Ann Example</a>", ["Ann Example"]
            ),
            (
                "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ann Example'>", "",
                ["Ann Example"]
            ),
            (
                "<meta name=author content='a.example@basin-news.example'>",
                "<h5 class=authorline>Von Ann Example</h5>", ["Ann Example"]
            ),
            ("", "<span class=byline>Posted on September 21, 2020 by Ann Example</span>", ["Ann Example"]),
            ("", "<div class=author>ANN EXAMPLE am 21. April 2020</div>", ["ANN EXAMPLE"]),
            ("", "<p class=byline>Datum: 19.11.2021 Autor: Ann Example Quelle: Basin</p>", ["Ann Example"]),
            ("", "<div itemprop=author><b itemprop=name>Ann Example</b> All of her articles</div>", ["Ann Example"]),
            (
                "", "<span class=author>Ann Example</span><span class=author>Bo Beispiel</span>",
                ["Ann Example", "Bo Beispiel"]
            ),
            ("", "<p>By Ann Example and Bo Beispiel</p>", ["Ann Example", "Bo Beispiel"]),
            ("", "<p>Par Ann Exemple</p>", ["Ann Exemple"]), ("", "<p>文／王小明</p>", ["王小明"]),
            ("", "<p>홍길동 기자</p>", ["홍길동"]), ("", "<p>Автор: Анна Примерова</p>", ["Анна Примерова"]),
            // Dates, links and the outlet's name beside the names.
            (
                "",
                "<ul class=authors><li class=authors__item>von Ann Example</li><li class=authors__meta>05. November 2024</li><li class=authors__meta>3 Min</li></ul>",
                ["Ann Example"]
            ),
            (
                "", "<div class=author-box><p class=author>Ann Example, Basin</p><p>As of Monday</p></div>",
                ["Ann Example", "Basin"]
            ),
            ("", "<span class=author>Twitter Facebook</span><span class=author>Basin-News Monday</span>", []),
            // Sentences and places that begin like a byline.
            ("", "<p>By the river</p>", []), ("", "<p>Von heute an</p>", []), ("", "<p>By Monday.</p>", []),
            // The label of a form, a comment's author, the outlet where nobody else is named.
            ("", "<form class=comment-form><label class=comment-form-author>Name</label></form>", []),
            ("", "<div class=comment><span class=author>Troll Example</span></div>", []),
            ("<meta name=author content='Basin News'>", "", ["Basin News"]),
        ])
    func authors(head: String, top: String, names: [String]) throws {
        #expect(try read(head: head, body: "<h1>Second ferry line opens</h1>\(top)\(Self.text)").authors == names)
    }

    @Test("Thousands of dates, names and headings, and great depth, are read within the limits")
    func limits() throws {
        let many = (0..<4000).map {
            "<h1>Heading \($0)</h1><p class=date>\($0 % 28 + 1) March 2025</p><p class=author>By Ann Example</p>"
        }.joined()
        let article = try read(head: "<title>Heading 0</title>", body: many)
        #expect(article.title == "Heading 0" && article.authors == ["Ann Example"])
        #expect(article.published?.rfc3339.hasPrefix("2025-03-01") == true)
        let deep = String(repeating: "<div class='comment x'>", count: 3000)
        _ = try read(body: deep + "<h1>Deep</h1><p class=author>By Ann Example</p><p class=date>30 March 2025</p>")
        let long = String(repeating: " | Basin News", count: 5000)
        #expect(try read(head: "<title>Ferry\(long)</title>", body: Self.text).title?.hasPrefix("Ferry") == true)
    }

    @Test(
        "JSON-LD that is broken in the usual ways says what it says",
        arguments: [
            #"{"@type":"NewsArticle","headline":"Ferries run","datePublished":"2025-03-30",}"#,
            #"{"@type":"NewsArticle",, "headline":"Ferries run", , "datePublished":"2025-03-30"}"#,
            "{\"@type\":\"NewsArticle\",\n\"headline\":\"Ferries\nrun\"\n\"datePublished\":\"2025-03-30\"}",
            "{ // the \"article\", as it's called\n\"@type\":\"NewsArticle\", /* a \"note\": {1} */ \"headline\":\"Ferries run\", \"datePublished\":\"2025-03-30\" }",
            "//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"Ferries run\",\"datePublished\":\"2025-03-30\"}\n//]]>",
            "/*<![CDATA[*/{\"@type\":\"NewsArticle\",\"headline\":\"Ferries run\",\"datePublished\":\"2025-03-30\"}/*]]>*/",
            "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"Ferries run\",\"datePublished\":\"2025-03-30\"} -->",
            "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Ferries run&quot;,&quot;datePublished&quot;:&quot;2025-03-30&quot;}",
            "{'@type':'NewsArticle','headline':'Ferries run','datePublished':'2025-03-30'}",
            #"{"@type":"Organization","name":"Basin News"}{"@type":"NewsArticle","headline":"Ferries run","datePublished":"2025-03-30"}"#,
            #"{"@type":"Organization"},{"@type":"NewsArticle","headline":"Ferries run","datePublished":"2025-03-30"}"#,
            #"var data = {"@type":"NewsArticle","headline":"Ferries run","datePublished":"2025-03-30"};"#,
            #"{"@type":"NewsArticle","description":"He said "no", and left. "Never" again: never.","headline":"Ferries run","datePublished":"2025-03-30"}"#,
            #"{"@type":"NewsArticle","url":"https://outlet.example/a","headline":"Ferries run","datePublished":"2025-03-30","articleBody":"It broke off"#,
            #"{"@type":"NewsArticle","headline":"Ferries run","keywords":["a, "b", c", "d"],"datePublished":"2025-03-30"}"#,
        ])
    func brokenLinkedData(script: String) throws {
        let page = "<title>x</title><script type='application/ld+json'>\(script)</script><p>Ferries left on time.</p>"
        let tree = HTMLTree(utf8: Array(page.utf8))
        let data = LinkedData(tree: tree)
        #expect(data.headline == "Ferries run" && data.published == "2025-03-30", "\(data)")
    }

    @Test("JSON that is right is read as it stands, quotes before anything that may follow a string among them")
    func rightLinkedData() {
        var left = 100
        let text = #"[{"a":"say \"x\", \"y\": [1]","b" : "it's // no comment /* none */" , "c":[ "d" , "e" ]}]"#
        let values = JSONValue.parse(all: Array(text.utf8)[...], left: &left)
        #expect(values.count == 1)
        let object = values[0].list[0]
        #expect(object["a"]?.string == #"say "x", "y": [1]"#)
        #expect(object["b"]?.string == "it's // no comment /* none */")
        #expect(object["c"]?.list.compactMap(\.string) == ["d", "e"])
    }

    @Test("Hostile JSON-LD is read in time that grows with it, and no further than the limits")
    func hostileLinkedData() {
        for piece in ["\"", "\" ", "[", "{", "[]", "/*", "//", "{&quot;", "'", "{\"a\":\"b\" ", "\"a\",", ","] {
            var left = Limits.linkedDataValuesMax
            let bytes = (0..<(1 << 20) / piece.utf8.count).flatMap { _ in Array(piece.utf8) }
            let values = JSONValue.parse(all: ([0x7B] + bytes)[...], left: &left)
            #expect(values.count <= Limits.linkedDataValuesMax)
        }
    }

    @Test(
        "Slashed dates are read in the order of the page's language",
        arguments: [
            ("en", "2025-03-04"), ("en-US", "2025-03-04"), ("", "2025-03-04"), ("ja", "2025-03-04"),
            ("en-GB", "2025-04-03"), ("en-AU", "2025-04-03"), ("fr", "2025-04-03"), ("pt-BR", "2025-04-03"),
            ("es", "2025-04-03"), ("vi", "2025-04-03"), ("id-ID", "2025-04-03"),
        ])
    func slashedDates(language: String, day: String) throws {
        for marked in [
            "<p class=date>03/04/2025</p>", "<time>03/04/2025 00:00</time>",
            "<meta name=date content='03/04/2025'>",
        ] {
            let page =
                "<html lang='\(language)'><head><title>Ferries run</title></head><body><h1>Ferries run</h1>\(marked)"
                + "<p>The harbour master said that every ferry had left its berth on time again.</p></body></html>"
            let article = try ArticleReader.read(
                page: Array(page.utf8), contentType: "text/html", url: "https://outlet.example/a")
            #expect(article.published?.rfc3339.prefix(10) == day[...], "\(marked)")
        }
    }
}
