import Foundation
import News
import Testing

/// What publishers ask of those who show or keep a text, and what comes of it.
@Suite struct PageTermsTests {
    @Test(
        "Of all that is said to everybody or to us the strictest holds, and what is said to others does not",
        arguments: [
            ("noindex, nofollow", nil, false), ("nosnippet", 0, false), (" NoSnippet ,NOARCHIVE", 0, true),
            ("max-snippet:50", 50, false), ("max-snippet: 50, max-snippet:20", 20, false),
            ("max-snippet:-1", nil, false),
            ("max-snippet:many", nil, false), ("max-snippet:99999999999999999999", nil, false), ("nocache", nil, true),
            ("otherbot: nosnippet, noarchive", nil, false), ("feedwatch: nosnippet", 0, false),
            ("otherbot: noindex, feedwatch: noarchive", nil, true), ("max-snippet:9, otherbot: nosnippet", 9, false),
            ("unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive", nil, true), ("", nil, false),
            (",:,", nil, false),
        ])
    func headers(_ value: String, _ snippet: Int?, _ isNotKept: Bool) {
        let terms = PageTerms(HTTPHeaders([("x-robots-tag", value)]))
        #expect(terms.snippetMax == snippet && terms.isNotKept == isNotKept && !terms.isReserved)
    }

    @Test("Several headers hold together, and a reservation is a 1")
    func several() {
        let terms = PageTerms(
            HTTPHeaders([("X-Robots-Tag", "max-snippet:90"), ("X-Robots-Tag", "noarchive"), ("TDM-Reservation", "1")]))
        #expect(terms.snippetMax == 90 && terms.isNotKept && terms.isReserved && terms.quotable(of: 240) == 0)
        #expect(PageTerms(HTTPHeaders([("tdm-reservation", "0")])).isEmpty)
        #expect(PageTerms(HTTPHeaders([])).isEmpty)
    }

    @Test("A flood of rules is read up to its limit")
    func flood() {
        let long = String(repeating: "noindex,", count: 100_000) + "nosnippet"
        #expect(PageTerms(HTTPHeaders([("X-Robots-Tag", long)])).isEmpty)
    }

    @Test(
        "What is quoted is the shortest of what both want",
        arguments: [(nil, 240, 240), (0, 240, 0), (100, 240, 100), (400, 240, 240)])
    func quotable(_ snippet: Int?, _ wish: Int, _ quoted: Int) {
        var terms = PageTerms()
        terms.snippetMax = snippet
        #expect(terms.quotable(of: wish) == quoted)
    }

    private func article(_ change: (inout PageTerms) -> Void) -> Article {
        var terms = PageTerms()
        change(&terms)
        var article = Article()
        article.title = "Ferries run again"
        article.standfirst = "After a long winter the boats are back."
        article.paragraphs = [
            "The harbour master said on Monday that ferries run again. More is to come.", "Boats are on time.",
        ]
        article.terms = terms
        return article
    }

    @Test("Of a text that is not to be kept its headline and one sentence stay, of a reserved one the headline alone")
    func kept() {
        let quoted = article { $0.isNotKept = true }.kept
        #expect(quoted.paragraphs == ["The harbour master said on Monday that ferries run again."])
        #expect(quoted.title == "Ferries run again" && quoted.standfirst == nil)
        #expect(article { $0.isReserved = true }.kept.paragraphs.isEmpty)
        #expect(article { ($0.isNotKept, $0.snippetMax) = (true, 0) }.kept.paragraphs.isEmpty)
        let whole = article { $0.snippetMax = 0 }
        #expect(whole.kept == whole)
    }

    @Test("An embargo is kept whatever is asked, since it binds whoever reads on")
    func embargo() {
        var asked = article { $0.isReserved = true }
        asked.paragraphs.insert("EMBARGOED UNTIL 6 May 2025 09:00 UTC", at: 0)
        #expect(asked.kept.paragraphs == ["EMBARGOED UNTIL 6 May 2025 09:00 UTC"])
    }

    @Test("Articles that were kept before terms were read can still be read")
    func before() throws {
        let old = Data("{\"authors\":[],\"faults\":[],\"paragraphs\":[\"One.\"]}".utf8)
        let article = try JSONDecoder().decode(Article.self, from: old)
        #expect(article.terms == nil && article.kept == article)
        let terms = PageTerms(HTTPHeaders([("X-Robots-Tag", "noarchive, max-snippet:7")]))
        #expect(try JSONDecoder().decode(PageTerms.self, from: JSONEncoder().encode(terms)) == terms)
    }
}
