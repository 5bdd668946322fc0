import News
import Testing

@Suite struct OpenAddressTests {
    @Test(
        "A log line has addresses without their queries, and everything else as it was",
        arguments: [
            ("https://a.example/rss?token=s3cret answered 403", "https://a.example/rss?… answered 403"),
            ("https://a.example/rss answered 403: why?", "https://a.example/rss answered 403: why?"),
            (
                "\"https://a.example/?a=1\" and <http://b.example/x?b=2#c>",
                "\"https://a.example/?…\" and <http://b.example/x?…>"
            ),
            (
                "moved from https://a.example/?a=1?b to https://ö.example/ü?ä",
                "moved from https://a.example/?… to https://ö.example/ü?…"
            ),
            ("what? ://x?y", "what? ://x?…"), ("", ""),
        ])
    func withoutQueries(text: String, expected: String) {
        #expect(OpenAddress.withoutQueries(text) == expected)
    }

    @Test(
        "A parameter is a key by its whole name, in any case",
        arguments: [
            ("https://a.example/rss?page=2&Token=abc", "Token"), ("https://a.example/rss?api_key", "api_key"),
            ("https://a.example/rss?keyword=x&monkey=2", nil), ("https://a.example/token=1", nil),
        ] as [(String, String?)])
    func keys(address: String, expected: String?) {
        #expect(OpenAddress.keyParameter(of: address) == expected)
    }
}
