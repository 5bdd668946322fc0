import News
import Testing

@Suite("Addresses")
struct URLsTests {
    @Test(
        "references resolve as RFC 3986 §5.4 lists them",
        arguments: [
            ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
            ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
            ("g..", "http://a/b/c/g.."), ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"),
            ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/./x", "http://a/b/c/g?y/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
        ])
    func resolves(reference: String, expected: String) {
        #expect(WebURL.resolve(reference, base: "http://a/b/c/d;p?q") == expected)
    }

    @Test(
        "odd characters are encoded and never refused",
        arguments: [
            (" https://Example.COM/a b ", "https://example.com/a%20b"),
            ("https://example.com/台湾?q=é", "https://example.com/%E5%8F%B0%E6%B9%BE?q=%C3%A9"),
            ("https://example.com/%E5%8F%B0", "https://example.com/%E5%8F%B0"),
            ("https://example.com/a\n\tb", "https://example.com/ab"),
            ("https:\\\\example.com\\a", "https://example.com/a"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://日本語.example:8080/", "https://xn--wgv71a119e.example:8080/"),
            (
                "https://\(String(repeating: "é", count: 63)).example/",
                "https://xn--9caaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/"
            ),
            (
                "https://\(String(repeating: "é", count: 64)).é.example/",
                "https://\(String(repeating: "%C3%A9", count: 64)).xn--9ca.example/"
            ),
            ("urn:uuid:1234", "urn:uuid:1234"),
            ("http://[::1]:81/x", "http://[::1]:81/x"),
        ])
    func encodes(url: String, expected: String) {
        #expect(WebURL.resolve(url, base: nil) == expected)
    }

    @Test("what cannot become absolute is nothing")
    func refuses() {
        #expect(WebURL.resolve("/path", base: nil) == nil)
        #expect(WebURL.resolve("http://", base: nil) == nil)
        #expect(WebURL.resolve("http:///path", base: nil) == nil)
        #expect(WebURL.resolve("https://e.example/" + String(repeating: "a", count: 9000), base: nil) == nil)
        #expect(WebURL.host(of: "mailto:a@b.example") == nil)
        #expect(WebURL.host(of: "HTTPS://u:p@News.Example:443/") == "news.example")
    }

    @Test(
        "one address has one canonical spelling",
        arguments: [
            ("HTTP://Example.com:80", "http://example.com/"),
            ("https://example.com:443/a#top", "https://example.com/a"),
            ("https://example.com/a?utm_source=x&id=7&fbclid=y", "https://example.com/a?id=7"),
            ("https://example.com/a?utm_source=x", "https://example.com/a"),
            ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
            ("https://example.com/%7euser/%e5", "https://example.com/~user/%E5"),
            ("https://example.com/a?partner=rss&emc=rss", "https://example.com/a"),
            ("https://example.com/a?id=1&amp;utm_medium=feed", "https://example.com/a?id=1"),
            ("https://example.com/x/../a", "https://example.com/a"),
        ])
    func canonical(url: String, expected: String) {
        #expect(WebURL.canonical(url) == expected)
        #expect(WebURL.canonical(expected) == expected)
    }

    @Test(
        "two addresses of one article have one identity",
        arguments: [
            "https://www.example.com/news/a", "http://example.com/news/a/", "https://m.example.com/news/a?utm_source=x",
            "https://amp.example.com/news/a/amp/", "https://example.com/news/a?outputType=amp",
            "https://example.com/amp/news/a", "https://example.com/news/a.amp", "https://example.com/news/a?view=amp",
            "https://example-com.cdn.ampproject.org/c/s/example.com/news/a",
            "https://www.google.com/amp/s/example.com/news/a/amp",
            "https://example-com.cdn.ampproject.org/v/s/www.example.com/news/a?amp=1&utm_source=x",
        ])
    func identity(url: String) {
        #expect(WebURL.identityKey(url) == "example.com/news/a")
    }

    @Test("addresses that differ in what they name keep different identities")
    func differences() {
        #expect(WebURL.identityKey("https://example.com/?p=1") != WebURL.identityKey("https://example.com/?p=2"))
        #expect(WebURL.identityKey("https://m.com/a") == "m.com/a")
        #expect(WebURL.identityKey("https://example.com/amp") != WebURL.identityKey("https://example.com/volt"))
        #expect(WebURL.identityKey("https://cdn.ampproject.org/c/s/") == "cdn.ampproject.org/c/s")
        #expect(WebURL.identityKey("https://www.google.com/search?q=amp") == "google.com/search?q=amp")
        #expect(WebURL.identityKey("tag:example.com,2025:1") == "tag:example.com,2025:1")
    }
}
