import Foundation
import Markup
import News
import NewsTesting
import Testing

/// What reading the pages of a site teaches, and how it is unlearned.
@Suite struct SiteMemoryTests {
    private static let notice =
        "Harbour Times is run by its readers, and costs nothing to anybody who wants to read it."
    private static let background =
        "The old pier was built in the year of the great flood and has been closed for long."

    private static func story(_ page: Int) -> [String] {
        (0..<4).map {
            "On day \(page) the port office said in its report number \($0) that \(page * 7 + $0) boats had come in."
        }
    }

    /// A page whose article stands in `main.text`, with a column of letters beside it.
    private static func page(_ number: Int, _ lines: [String]? = nil, place: String = "main class=\"text\"") -> String {
        let paragraphs = (lines ?? story(number) + [notice]).map { "<p>\($0)</p>" }.joined()
        let tag = place.prefix { $0 != " " }
        return "<html><head><title>Report \(number) of the port</title></head>"
            + "<body><\(place)>\(paragraphs)</\(tag)></body></html>"
    }

    private static func url(_ number: Int) -> String { "https://www.outlet.example/report/\(number)?from=feed" }

    private func look(_ page: String, _ number: Int, _ memory: SiteMemory) throws -> (Article, PageLesson) {
        try ArticleReader.look(
            page: Array(page.utf8), contentType: "text/html; charset=utf-8", url: Self.url(number),
            guide: ReadingGuide(lesson: memory.lesson()))
    }

    /// Reads pages one after the other, each by what those before it have taught.
    private func reading(_ pages: [(number: Int, html: String)], into memory: inout SiteMemory) throws -> [Article] {
        try pages.map { page in
            let (article, lesson) = try look(page.html, page.number, memory)
            memory.learn(lesson, day: page.number)
            return article
        }
    }

    @Test("A line that three pages have shown is the site's, and the pages before are read as without a memory")
    func notices() throws {
        var memory = SiteMemory()
        let articles = try reading((1...5).map { ($0, Self.page($0)) }, into: &memory)
        for (index, article) in articles.enumerated() {
            #expect(article.paragraphs == Self.story(index + 1) + (index < 3 ? [Self.notice] : []))
        }
        #expect(Array(memory.shown.values) == [String(Self.notice.prefix(Limits.siteLineShownMax))])
    }

    @Test("A page that is read again teaches nothing, nor does a copy under another address")
    func again() throws {
        var memory = SiteMemory()
        for number in [1, 1, 1, 1, 2] {
            let (_, lesson) = try look(Self.page(1), number, memory)
            memory.learn(lesson, day: number)
        }
        #expect(memory.sightings.count == 1)
        #expect(try look(Self.page(2), 2, memory).0.paragraphs == Self.story(2) + [Self.notice])
    }

    @Test("Background that a newsroom repeats within its stories stays until every fourth page has it")
    func background() throws {
        var memory = SiteMemory()
        _ = try reading((1...16).map { ($0, Self.page($0, Self.story($0))) }, into: &memory)
        let pages = (17...20).map { number in
            let story = Self.story(number)
            return (number, Self.page(number, story.prefix(2) + [Self.background] + story.suffix(2)))
        }
        for article in try reading(pages, into: &memory) { #expect(article.paragraphs.contains(Self.background)) }
    }

    @Test("Nothing is left out of a page that is mostly what others have shown")
    func copies() throws {
        var memory = SiteMemory()
        let same = Self.story(1) + Self.story(2)
        _ = try reading((1...6).map { ($0, Self.page($0, same)) }, into: &memory)
        #expect(try look(Self.page(7, same), 7, memory).0.paragraphs == same)
    }

    @Test("Where articles stand on a site is preferred where a page leaves a choice")
    func place() throws {
        let letters = (0..<9).map {
            "Letter number \($0) of a reader speaks of cats, of hats, and of all that the neighbours did to both."
        }
        func odd(_ number: Int) -> String {
            Self.page(number).replacing(
                "</body>", with: "<section class=\"box\">\(letters.map { "<p>\($0)</p>" }.joined())</section></body>")
        }
        var memory = SiteMemory()
        #expect(try look(odd(9), 9, memory).0.text.contains("Letter number"))
        _ = try reading((1...4).map { ($0, Self.page($0)) }, into: &memory)
        #expect(try look(odd(9), 9, memory).0.paragraphs == Self.story(9))
    }

    @Test("A redesign is read as if nothing had been known, and is what is known after some pages")
    func redesign() throws {
        var memory = SiteMemory()
        _ = try reading((1...40).map { ($0, Self.page($0)) }, into: &memory)
        let before = try #require(memory.lesson().container)
        let after = (41...60).map { ($0, Self.page($0, Self.story($0), place: "article class=\"new\"")) }
        for (index, article) in try reading(after, into: &memory).enumerated() {
            #expect(article.paragraphs == Self.story(41 + index))
        }
        let now = try #require(memory.lesson().container)
        #expect(before.hasSuffix("main.text") && now.hasSuffix("article.new"))
    }

    @Test("It is bounded, forgets by pages and by days, and is the same whatever the order of the pages")
    func bounds() throws {
        var seed = SplitMix64(seed: 7)
        let sightings = (0..<200).map { number in
            SiteSighting(
                url: Self.url(number), title: "Report \(number)", day: number / 20,
                container: String(repeating: "div > ", count: 100), lines: (0..<500).map { "Line \($0) of \(number)" })
        }
        var memories: [SiteMemory] = []
        for _ in 0..<3 {
            var memory = SiteMemory()
            for sighting in sightings.shuffled(using: &seed) { memory.note(sighting) }
            memories.append(memory)
        }
        #expect(memories[0] == memories[1] && memories[1] == memories[2])
        let memory = memories[0]
        #expect(memory.sightings.count == Limits.sitePagesMax)
        #expect(try JSONEncoder().encode(memory).count < 40 << 10)
        var later = memory
        later.note(
            SiteSighting(url: Self.url(999), title: nil, day: 9 + Limits.siteDaysMax + 1, container: nil, lines: []))
        #expect(later.sightings.count == 1)
    }

    @Test("Pages of a day are read by what the days before have taught")
    func days() throws {
        var memory = SiteMemory()
        for number in 1...4 {
            memory.note(
                SiteSighting(
                    url: Self.url(number), title: nil, day: number < 3 ? 1 : 2, container: "main", lines: [Self.notice])
            )
        }
        #expect(memory.lesson(before: 2).repeated.isEmpty)
        #expect(memory.lesson(before: 3).repeated.count == 1)
        #expect(memory.lesson(before: 1) == SiteLesson())
    }

    @Test(
        "A site is a host without www",
        arguments: [
            ("https://WWW.outlet.example/a", "outlet.example"),
            ("http://sport.outlet.example:81/", "sport.outlet.example"),
            ("page.html", nil), ("", nil),
        ])
    func sites(_ url: String, _ site: String?) {
        #expect(SiteMemory.site(of: url) == site)
    }

    @Test("A selector goes before everything, takes all text of what it picks, and says where it picks none")
    func selector() throws {
        let page = Self.page(1).replacing("<body>", with: "<body><div class=\"promo note\"><p>Corrected.</p></div>")
        func read(_ selector: String) throws -> Article {
            try ArticleReader.read(
                page: Array(page.utf8), contentType: "text/html", url: Self.url(1),
                guide: ReadingGuide(select: try Selector(selector)))
        }
        #expect(try read(".note").paragraphs == ["Corrected."])
        #expect(try read(".note, main, main p").paragraphs == ["Corrected."] + Self.story(1) + [Self.notice])
        let missed = try read("article.gone")
        #expect(missed.paragraphs == Self.story(1) + [Self.notice])
        #expect(missed.faults.map(\.code) == ["selector"])
    }
}
