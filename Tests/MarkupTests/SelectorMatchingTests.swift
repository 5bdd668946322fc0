import Markup
import News
import Testing

/// Selectors on pages, through the links that they pick.
@Suite struct SelectorMatchingTests {
    private static let page = """
        <html><body><ul id="Top" class="list news"><li class="odd"><a href="/1" title="One">1</a></li>
        <li><a href="/2" lang="en-GB" data-x="a b c">2</a><b>x</b><a href="/3">3</a></li><li class="last"><p><a href="/4.PDF">4</a></p></li></ul>
        <div><a href="/5" class="news">5</a><i></i><a href="/6" class="x NEWS">6</a></div><my-card><a href="/7">7</a></my-card></body></html>
        """

    @Test(
        "Selectors pick what CSS says",
        arguments: [
            ("a", "1234567"), ("A", "1234567"), ("#Top a", "1234"), ("#top a", ""), ("li > a", "123"),
            ("ul a", "1234"), ("ul > a", ""), ("li a", "1234"), ("ul > li > p > a", "4"), ("body div a.news", "5"),
            (".news a", "1234"), ("a.news", "5"), ("ul.news.list li.odd a", "1"), ("a + b + a", "3"), ("a ~ a", "36"),
            ("a + a", ""), ("li + li a", "234"), ("li:first-child a", "1"), ("li:last-child > p a", "4"),
            ("a:first-child", "12457"), ("li:nth-child(2) a", "23"), ("li:nth-child(odd) a", "14"),
            ("li:nth-child(even) a", "23"), ("li:nth-child(2n+1) a", "14"), ("li:nth-child(-n+2) a", "123"),
            ("li:nth-child( n + 2 ) a", "234"), ("p a:only-child", "4"), ("a:not(.news)", "123467"),
            ("a:not([title], .news):not(:first-child)", "36"), ("li:not(:first-child):not(.last) a", "23"),
            ("a[title]", "1"), ("a[title=One]", "1"), ("a[title=\"one\"]", ""), ("a[title='one' i]", "1"),
            ("a[data-x~=b]", "2"), ("a[data-x~='a b']", ""), ("a[lang|=en]", "2"), ("a[lang|=e]", ""),
            ("a[href^='/1']", "1"), ("a[href$='.pdf' i]", "4"), ("a[href$='.pdf']", ""), ("a[href*='/']", "1234567"),
            ("a[href*='']", ""), ("li.odd a, p a , my-card > a", "147"), ("my-card a", "7"), ("a.\\6e ews", "5"),
            ("html body a.news", "5"), ("a a", ""), ("ul ul a", ""), ("div i ~ a", "6"),
        ])
    func matches(selector: String, found: String) throws {
        let listing = try ListingReader.read(
            page: Array(Self.page.utf8), contentType: "text/html", url: "https://outlet.example/",
            rules: Source.LinkRules(select: try Selector(selector)))
        #expect(listing.links.compactMap { $0.url.first { $0.isNumber } }.map(String.init).joined() == found)
    }

    @Test("A selector of many parts on a deep page is one pass: what it picks is counted, not how long it took")
    func deep() throws {
        let parts = Array(repeating: "div", count: Limits.selectorPartsMax - 1).joined(separator: " ")
        let html = String(repeating: "<div>", count: 20_000) + "<a href=/1>Boats</a>"
        let listing = try ListingReader.read(
            page: Array(html.utf8), contentType: "text/html", url: "https://outlet.example/",
            rules: Source.LinkRules(select: try Selector(parts + " a")))
        #expect(listing.links.map(\.url) == ["https://outlet.example/1"])
    }
}
