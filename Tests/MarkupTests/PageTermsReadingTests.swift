import Markup
import News
import Testing

@Suite struct PageTermsReadingTests {
    private func terms(_ head: String, header: String = "") throws -> PageTerms? {
        let text = "The harbour master said on Monday that every ferry had left its berth on time again."
        let page = "<html><head><title>Ferries</title>\(head)</head><body><p>\(text)</p></body></html>"
        return try ArticleReader.read(
            page: Array(page.utf8), contentType: "text/html", url: "https://outlet.example/a",
            guide: ReadingGuide(terms: PageTerms(HTTPHeaders([("X-Robots-Tag", header)])))
        ).terms
    }

    @Test("A page says what it asks in meta elements, which add to what the headers ask")
    func meta() throws {
        #expect(try terms("<meta name=viewport content=nosnippet>") == nil)
        #expect(try terms("<META NAME='Robots' CONTENT='NOSNIPPET'>")?.snippetMax == 0)
        #expect(
            try terms("<meta name=otherbot content=noarchive><meta name=feedwatch content=noarchive>")?.isNotKept
                == true)
        #expect(try terms("<meta name='tdm-reservation' content='1'>")?.isReserved == true)
        let both = try terms("<meta name=robots content='max-snippet:40'>", header: "noarchive")
        #expect(both?.snippetMax == 40 && both?.isNotKept == true)
    }

    @Test("What is marked data-nosnippet is read and judged, and not quoted")
    func nosnippet() throws {
        let (first, second) = (
            "The harbour master said on Monday that every ferry had left its berth on time again.",
            "Crews will be paid for the nights that they have spent at the quay since the storm."
        )
        for (marked, quote) in [
            ("<p>\(first)</p><p>\(second)</p>", first),
            ("<div data-nosnippet><p>\(first)</p></div><p>\(second)</p>", second),
            (
                "<p>The <span data-nosnippet='x'>harbour</span> master said on Monday that every ferry had left its berth on time again.</p><p>\(second)</p>",
                second
            ),
            ("<p>\(first)</p><section data-nosnippet><p>\(second)</p></section>", first),
            ("<div data-nosnippet></div><p>\(first)</p><p>\(second)</p>", first),
        ] {
            let page =
                "<html><head><title>Ferries</title></head><body><article><h1>Ferries</h1>\(marked)</article></body></html>"
            let article = try ArticleReader.read(
                page: Array(page.utf8), contentType: "text/html", url: "https://outlet.example/a")
            #expect(article.paragraphs == [first, second], "\(marked)")
            #expect(FirstSentence.of(article) == quote, "\(marked)")
        }
        let all = try ArticleReader.read(
            page: Array("<body data-nosnippet><p>\(first)</p>".utf8), contentType: "text/html",
            url: "https://outlet.example/a")
        #expect(all.paragraphs == [first] && FirstSentence.of(all) == nil)
    }
}
