import Foundation
import Markup
import News
import NewsTesting
import Testing

/// Where on a page the article is found, and what of its element is left out.
@Suite struct ArticlePlaceTests {
    private static let story = [
        "The harbour of Tsukihama will take a second ferry line from the summer on, the port office said on Monday.",
        "Boats are to leave every forty minutes, and the first of them will meet the early train from the capital.",
        "The council had argued for two years about the pier, which is older than most of the houses behind it.",
    ]
    private static let other = (0..<9).map {
        "Letter number \($0) to the editor speaks at great length of cats, of hats, and of what the neighbours did."
    }

    private static func paragraphs(_ texts: [String]) -> String { texts.map { "<p>\($0)</p>" }.joined() }

    private static func page(_ body: String, head: String = "") -> String {
        "<html><head><title>Second ferry line for Tsukihama</title>\(head)</head><body>\(body)</body></html>"
    }

    @Test(
        "An article under its headline goes before longer texts elsewhere",
        arguments: [
            ("another article", "<article>OTHER</article>"), ("reader's letters", "<section>OTHER</section>"),
            ("a word on cookies", "<div id=\"layer\">OTHER</div>"),
        ])
    func headline(_ what: String, _ beside: String) throws {
        let letters = beside.replacing("OTHER", with: Self.paragraphs(Self.other))
        let article =
            "<article class=\"hentry\"><h1>Second ferry line for Tsukihama</h1>\(Self.paragraphs(Self.story))</article>"
        #expect(try read(Self.page(article + letters)).paragraphs == Self.story)
        #expect(try read(Self.page(letters + article)).paragraphs == Self.story)
    }

    @Test(
        "Of several articles, each with a first heading, the one under the headline is read; a live blog's posts stay together"
    )
    func several() throws {
        func page(_ heading: String) -> String {
            let next = Self.other.enumerated().map { index, text in
                "<article class=\"entry\"><\(heading)>Another thing \(index)</\(heading)>\(Self.paragraphs([text, "\(text) And of hats.", "\(text) And of both.", "\(text) And so on."]))</article>"
            }
            return Self.page(
                "<main><article class=\"entry\"><h1>Second ferry line for Tsukihama</h1>\(Self.paragraphs(Self.story))</article>"
                    + "\(next.joined())</main>")
        }
        #expect(try read(page("h1")).paragraphs == Self.story)
        let live = try read(page("h2")).text
        #expect(live.contains(Self.story[0]) && live.contains(Self.other[8]))
    }

    @Test("The paragraph with which the metadata begin says where the article is, whatever its element is called")
    func opening() throws {
        let head = "<meta property=\"og:description\" content=\"\(Self.story[0])\">"
        let body =
            "<div class=\"promo related\"><article class=\"teaser\">\(Self.paragraphs(Self.story))</article></div>"
            + "<div class=\"letters\">\(Self.paragraphs(Self.other))</div>"
        #expect(try read(Self.page(body, head: head)).paragraphs == Self.story)
    }

    @Test("An article in pieces is put together")
    func pieces() throws {
        let chunks = (0..<3).map { piece in
            "<div class=\"story-body\">\(Self.paragraphs(Self.other.map { "\($0) Part \(piece)." }))</div>"
                + "<div class=\"slot\"><a href=\"/buy\">Buy a boat today</a></div>"
        }
        let text = try read(Self.page("<main>\(chunks.joined())</main>")).text
        for piece in 0..<3 { #expect(text.contains("Part \(piece).")) }
        #expect(!text.contains("Buy a boat"))
    }

    @Test("The innermost element named as the article's body is taken")
    func innermost() throws {
        let page = Self.page(
            """
            <div class="page-content"><div class="article-body">\(Self.paragraphs(Self.story + Self.other))</div>
            <div>Vouchers for boats, sails and oars are to be had here until the end of the month.</div></div>
            """)
        #expect(try read(page).paragraphs == Self.story + Self.other)
    }

    @Test(
        "A lead under the headline is the first paragraph, and the dateline is looked for behind it",
        arguments: ["<p class=\"intro\">LEAD</p>", "<div class=\"article__summary\">LEAD</div>", "<h2>LEAD</h2>"])
    func lead(shape: String) throws {
        let lead = "Boats every forty minutes will meet the train, if the old pier holds."
        let page = Self.page(
            """
            <div><header><h1>Second ferry line for Tsukihama</h1>\(shape.replacing("LEAD", with: lead))</header></div>
            <div class="article-body"><p>TSUKIHAMA (Basin Wire) — \(Self.story[0])</p>\(Self.paragraphs(Array(Self.story[1...])))</div>
            """, head: "<meta name=\"description\" content=\"\(lead)\">")
        let article = try read(page)
        #expect(article.paragraphs.first == lead)
        #expect(article.paragraphs.count == Self.story.count + 1)
        #expect(article.dateline == "TSUKIHAMA")
    }

    @Test("A lead of another article is none")
    func foreignLead() throws {
        let page = Self.page(
            """
            <h1>Second ferry line for Tsukihama</h1>
            <aside class="related"><div><div><div class="excerpt">Two people in the capital have been told to stay at home.</div></div></div></aside>
            <div class="article-body">\(Self.paragraphs(Self.story))</div>
            """)
        #expect(try read(page).paragraphs == Self.story)
    }

    @Test("A text goes on behind a box of related links, and ends at a list of teasers")
    func boxes() throws {
        let box =
            "<p><strong>Leggi anche</strong></p><h4><a href=\"/a\">The old pier and its worms, a long story told</a></h4>"
        let long = Self.story[2] + " " + Self.other[0]
        let teasers = (0..<6).map {
            "<h4><a href=\"/\($0)\">Something else number \($0) has happened</a></h4><p>\(Self.other[$0])</p>"
        }
        let page = Self.page(
            "<div>\(Self.paragraphs(Array(Self.story[..<2])))\(box)<p>\(long)</p></div>")
        #expect(try read(page).paragraphs == Array(Self.story[..<2]) + [long])
        let listed = Self.page(
            "<div>\(Self.paragraphs(Self.story))<h3>More great stories</h3>\(teasers.joined())</div>")
        #expect(try read(listed).paragraphs == Self.story)
    }

    @Test("A table of results is kept though its names are links")
    func table() throws {
        let rows = (1...9).map {
            "<tr><td>\($0)</td><td><a href=\"/p\($0)\">Player Number\($0) of Tsukihama</a></td><td>\($0 * 7)</td></tr>"
        }
        let page = Self.page("<div>\(Self.paragraphs(Self.story))<table>\(rows.joined())</table></div>")
        let text = try read(page).text
        #expect(text.contains("Player Number9 of Tsukihama") && text.contains("63"))
    }

    @Test("Quoted posts stay; what microdata say of an article goes")
    func microdata() throws {
        let post = "We are happy to meet the early train from now on, and so is the ferry."
        let page = Self.page(
            """
            <div itemprop="articleBody">\(Self.paragraphs(Self.story))<blockquote class="twitter-tweet"><p>\(post)</p></blockquote>
            <div itemprop="author"><p>Nobody has written of ferries for longer than this reporter, who lives on one.</p></div>
            <div>2026-01-02T03:04:05Z</div><div>https://outlet.example/logo.png</div></div>
            """)
        #expect(try read(page).paragraphs == Self.story + [post])
    }

    @Test("A drawing that is not closed does not swallow the page")
    func drawings() throws {
        let drawing = "<svg width=\"4\"><mask><path d=\"M0 0\"></mask><g><svg/></svg>"
        let page = Self.page("<div>\(drawing)<b>menu</b></div><div>\(drawing)\(Self.paragraphs(Self.story))</div>")
        #expect(try read(page).paragraphs == Self.story)
        // In a script or a comment it is no drawing; and one without an end is left as it is.
        let script = "<script>var a = '<svg>';</script><!-- <svg> -->"
        #expect(try read(Self.page("\(script)<div>\(Self.paragraphs(Self.story))</div>")).paragraphs == Self.story)
        _ = try read(Self.page("<div>\(Self.paragraphs(Self.story))</div>" + String(repeating: "<svg>", count: 50_000)))
    }

    @Test("A short article under its headline is not given up for what is longer elsewhere on the page")
    func short() throws {
        let letters = "<div id=\"sidebar\">\(Self.paragraphs(Self.other))</div>"
        let page = Self.page(
            "<article><h1>Second ferry line for Tsukihama</h1><p>\(Self.story[0])</p><p>\(Self.story[1])</p></article>"
                + letters)
        #expect(try read(page).paragraphs == Array(Self.story[..<2]))
    }

    @Test("A lead that is repeated in the metadata is not taken for the article")
    func leadInMetadata() throws {
        let lead =
            "After two years of dispute the town gets what it has asked for, and the capital an early boat to the islands. "
            + "What becomes of the old pier is open, for nobody has said so far who would pay for the worms in it, or with what."
        let page = Self.page(
            """
            <section><div class="top"><h1>Second ferry line for Tsukihama</h1><p class="lead">\(lead) \(lead.dropLast(9)).</p></div>
            \(Self.paragraphs(Self.story + Self.other))</section>
            """, head: "<meta property=\"og:description\" content=\"\(lead)\">")
        #expect(try read(page).paragraphs.suffix(12) == Self.story + Self.other)
    }

    @Test("A button that is not closed hides no article, and noscript may hold one", arguments: ["button", "noscript"])
    func unclosed(element: String) throws {
        let page = Self.page("<header><\(element)>menu</header><main>\(Self.paragraphs(Self.story))</main>")
        #expect(try read(page).paragraphs == Self.story)
        let closed = Self.page("<\(element)><p>menu</p></\(element)><main>\(Self.paragraphs(Self.story))</main>")
        #expect(try read(closed).paragraphs == Self.story)
    }

    @Test("How an article was found is told: its element, and the rule for each block that was left out")
    func trace() throws {
        let page = Self.page(
            """
            <nav>Home</nav><article><h1>Second ferry line for Tsukihama</h1>\(Self.paragraphs(Self.story))<p>Share this</p>
            <h3>You may also like</h3><p><a href="/a">Something else</a></p></article>
            """)
        let lines = try ArticleReader.trace(
            page: Array(page.utf8), contentType: "text/html; charset=utf-8", url: "https://outlet.example/a")
        #expect(lines.contains("article: html > body > article"))
        #expect(lines.contains("- a button or notice of the site: Share this"))
        #expect(lines.contains("- behind a heading such as Related: You may also like"))
        #expect(lines.count { $0.hasPrefix("+ ") } == Self.story.count)
    }

    private func read(_ page: String) throws(MarkupError) -> Article {
        try ArticleReader.read(
            page: Array(page.utf8), contentType: "text/html; charset=utf-8", url: "https://outlet.example/a")
    }
}
