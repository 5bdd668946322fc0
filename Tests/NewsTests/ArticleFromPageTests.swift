import Testing

@testable import News

@Suite("A page and the entry that led to it")
struct ArticleFromPageTests {
    static let entry: Article = {
        var entry = Article()
        entry.title = "Allies plan a joint headquarters on Cape Lorn"
        entry.paragraphs = ["The two ministers agreed on Sunday to set it up by the first of June."]
        entry.authors = ["Ada Brandt"]
        return entry
    }()

    @Test(
        "A page that is something else never takes the place of the feed's words",
        arguments: [
            (
                "Just a moment...", ["Verify you are human by completing the action below."], "challenge",
                "page-challenge"
            ),
            ("Daily Herald", ["Sport, weather, and all about gardens.", "Subscribe now."], nil, "page-unrelated"),
            ("Page not found", ["What you look for is not here any more."], nil, "page-unrelated"),
            ("Down for maintenance", ["We shall be back within minutes."], nil, "page-unrelated"),
            ("Allies plan a joint headquarters", [], nil, "page-empty"),
            ("Allies plan a joint headquarters", ["Subscribe to read."], "paywall", "page-paywall"),
        ] as [(String, [String], String?, String)])
    func somethingElse(title: String, paragraphs: [String], fault: String?, code: String) {
        var page = Article()
        page.title = title
        page.paragraphs = paragraphs
        page.canonicalURL = "https://harbour.example/wall"
        if let fault { page.faults = [MarkupFault(fault, "as the reader of pages found")] }
        let article = page.completed(by: Self.entry)
        #expect(article.title == Self.entry.title && article.paragraphs == Self.entry.paragraphs)
        #expect(article.pageFault == code && article.canonicalURL == nil)
        #expect(fault == nil || article.faults.contains { $0.code == fault })
    }

    @Test("The article is taken from its page, whatever headline stands there")
    func article() {
        var page = Article()
        page.title = "New command for the strait"
        page.paragraphs = ["CAPE LORN - A headquarters of both navies will open here, the ministers said on Sunday."]
        let article = page.completed(by: Self.entry)
        #expect(article.title == page.title && article.paragraphs == page.paragraphs)
        #expect(article.authors == ["Ada Brandt"] && article.pageFault == nil)
    }

    @Test("A page that knows only the day leaves the hour to the feed; a day of its own stays")
    func day() {
        func published(_ page: String, _ feed: String) -> Timestamp? {
            var article = Article()
            article.paragraphs = ["A headquarters on Cape Lorn."]
            article.published = Timestamp(rfc3339: page)
            var entry = Self.entry
            entry.published = Timestamp(rfc3339: feed)
            return article.completed(by: entry).published
        }
        #expect(published("2025-03-31T00:00:00Z", "2025-03-31T01:05:12Z") == Timestamp(rfc3339: "2025-03-31T01:05:12Z"))
        #expect(published("2025-03-31T00:10:00Z", "2025-03-31T01:05:12Z") == Timestamp(rfc3339: "2025-03-31T00:10:00Z"))
        #expect(published("2025-03-01T00:00:00Z", "2025-03-31T01:05:12Z") == Timestamp(rfc3339: "2025-03-01T00:00:00Z"))
    }

    @Test("A headline in Japanese is looked for in pairs of characters")
    func japanese() {
        var entry = Article()
        entry.title = "統合司令部を新設へ"
        entry.paragraphs = ["両防衛相が合意した。"]
        var page = Article()
        page.title = "防衛相会談"
        page.paragraphs = ["両国は統合司令部を那覇に置くことで合意した。"]
        #expect(page.completed(by: entry).paragraphs == page.paragraphs)
        page.paragraphs = ["ページが見つかりません。"]
        page.title = "エラー"
        #expect(page.completed(by: entry).pageFault == "page-unrelated")
    }

    @Test("A headline of one word, or none, says too little to doubt the page", arguments: ["Watch", "", nil])
    func shortHeadline(title: String?) {
        var entry = Self.entry
        entry.title = title
        var page = Article()
        page.paragraphs = ["A text of its own."]
        #expect(page.completed(by: entry).paragraphs == page.paragraphs)
    }
}
