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
}
