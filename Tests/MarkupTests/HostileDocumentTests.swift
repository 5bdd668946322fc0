import Markup
import News
import Synchronization
import Testing

/// Documents of up to a megabyte that would cost quadratic time, and what must be made of them. The time limit is there for a
/// regression: each takes a fraction of a second, and more than a minute where time is quadratic.
@Suite struct HostileDocumentTests {
    struct Hostile: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var document: @Sendable () -> [UInt8]
        /// What came of it: codes of faults and errors, counts.
        var outcome: [String]

        init(_ name: String, _ outcome: [String], _ document: @escaping @Sendable () -> String) {
            testDescription = name
            self.outcome = outcome
            self.document = { Array(document().utf8) }
        }
    }

    private static let feeds = [
        Hostile("attributes without a value", ["1 entries", "bare-attribute", "too-many-attributes"]) {
            "<rss " + (0..<40_000).map { "a\($0) " }.joined()
                + "><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("attributes with a value", ["1 entries", "too-many-attributes"]) {
            "<rss " + (0..<40_000).map { "a\($0)='x' " }.joined()
                + "><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("well-formed attributes with what seems the tag's end in them", ["1 entries", "too-many-attributes"]) {
            "<rss " + (0..<200_000).map { "a\($0)='>' " }.joined()
                + "><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("declarations of namespaces", ["2000 entries", "too-many-namespaces"]) {
            "<rss><channel>"
                + (0..<2000).map { item in
                    "<item " + (0..<60).map { "xmlns:a\($0)='urn:\(item)'" }.joined(separator: " ") + "/>"
                }.joined() + "</channel></rss>"
        },
        Hostile("a long base before many short references", ["1 entries", "too-many-references"]) {
            "<rss xml:base='https://outlet.example/\(repeated("a", 7000))/'><channel><item><title>t</title><description>"
                + repeated("&lt;a href=x>", 40_000) + "</description></item></channel></rss>"
        },
        Hostile("the same attribute again and again", ["1 entries", "bare-attribute", "duplicate-attribute"]) {
            "<rss " + repeated("a ", 200_000) + "><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("comments that never end", ["not-a-feed"]) { repeated("<!--", 40_000) },
        Hostile("comments that never end before a feed", ["1 entries", "junk-before"]) {
            "x" + repeated("<!--", 40_000) + "<rss><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("entity declarations without a blank", ["1 entries"]) {
            "<!DOCTYPE rss [" + repeated("<!ENTITY", 20_000)
                + "]><rss><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("entity declarations without an end", ["1 entries"]) {
            "<!DOCTYPE rss [" + repeated("<!ENTITY a \"", 40_000)
                + "]><rss><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("entities that name each other", ["1 entries", "entity-bomb"]) {
            "<!DOCTYPE rss ["
                + (0..<20).map { "<!ENTITY e\($0) '" + repeated("&e\(($0 + 1) % 20);", 400) + "'>" }.joined()
                + "]><rss><channel><item><title>" + repeated("&e0;", 50_000) + "</title></item></channel></rss>"
        },
        Hostile(
            "roots that end again and again",
            ["2000 entries", "early-end", "stray-end-tag", "junk-after", "too-many-entries"]
        ) {
            "<rss><channel>" + repeated("<item><title>t</title></item></channel></rss><!-- <!DOCTYPE [ <? ", 20_000)
        },
        Hostile("tags in a text that nothing ends", ["1 entries", "literal-tag", "too-deep", "missing-end-tag"]) {
            "<rss><channel><item><title>" + repeated("<t>", 300_000) + "</title></item></channel></rss>"
        },
        Hostile("comments without an end in a feed", ["1 entries", "missing-end"]) {
            "<rss><channel><item><title>t</title></item>" + repeated("<!-- >", 160_000) + "</channel></rss>"
        },
        Hostile("comments without an end in a feed without one", ["1 entries", "truncated"]) {
            "<rss><channel><item><title>t</title></item>" + repeated("<!-- >", 160_000)
        },
        Hostile("CDATA without an end", ["2000 entries", "missing-end", "too-many-entries"]) {
            "<rss><channel>" + repeated("<item><title><![CDATA[t</title></item>", 25_000) + "</channel></rss>"
        },
        Hostile("values and instructions without an end", ["1 entries", "missing-end", "missing-quote"]) {
            "<rss><channel><item><title>t</title></item>" + repeated("<? >", 100_000)
                + "<a b=\"c>" + repeated("<a b='>", 1) + repeated("</a>", 2) + "</channel></rss>"
        },
        Hostile("doctypes without an end in a feed", ["1 entries", "truncated"]) {
            "<rss><channel><item><title>t</title></item>" + repeated("<!DOCTYPE [>", 80_000)
        },
        Hostile("doctypes without an end", ["1 entries", "junk-before"]) {
            "x" + repeated("<!DOCTYPE [", 80_000) + "<rss><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("byte order marks", ["1 entries", "byte-order-mark"]) {
            repeated("\u{FEFF}", 1_800_000) + "<rss><channel><item><title>t</title></item></channel></rss>"
        },
        Hostile("long host names outside ASCII", ["200 entries"]) {
            "<rss><channel>"
                + (0..<200).map {
                    "<item><link>https://\(scrambled(2000, seed: $0)).example/</link></item>"
                }.joined() + "</channel></rss>"
        },
        Hostile("people of one entry", ["1 entries"]) {
            "<rss><channel><item>" + (0..<30_000).map { "<dc:creator>R. Hollis \($0)</dc:creator>" }.joined()
                + "</item></channel></rss>"
        },
    ]

    @Test("A feed made to cost quadratic time costs linear time", .timeLimit(.minutes(1)), arguments: feeds)
    func feed(hostile: Hostile) {
        var outcome: [String]
        do {
            let feed = try FeedParser.parse(
                hostile.document(), contentType: "application/xml", url: "https://outlet.example/")
            outcome = ["\(feed.entries.count) entries"] + feed.faults.map(\.code)
            #expect(feed.entries.allSatisfy { $0.authors.count <= Limits.peopleMax })
            #expect(feed.entries.allSatisfy { ($0.summary?.utf8.count ?? 0) < 2 << 20 })
        } catch {
            outcome = [error.code]
        }
        outcome.removeAll { $0 == "undeclared-prefix" }
        #expect(outcome == hostile.outcome)
    }

    private static let pages = [
        Hostile("headings of related articles", ["1 paragraphs"]) { body(repeated("<p>Related</p>", 15_000)) },
        Hostile("headings of related articles after a short text", ["1 paragraphs"]) {
            body(repeated("<p>Related</p>", 15_000), text: "<p>The ferry to Tsukihama was late again on Monday.</p>")
        },
        Hostile("a tag of many attributes", ["1 paragraphs"]) {
            "<html><body><div " + (0..<400_000).map { "a\($0)='>' " }.joined() + ">" + body("") + "</div>"
        },
        Hostile("a tag of many attributes behind what looks like a value", ["1 paragraphs"]) {
            "<html><body><!-- <a b=\" --><style><a b='</style><div /a=\" @='\" b=\">\" "
                + (0..<400_000).map { "a\($0) " }.joined() + "\"'>" + body("") + "</div>"
        },
        Hostile("an element's name of megabytes", ["1 paragraphs"]) {
            body("") + "<" + repeated("abcdefghij", 500_000) + ">"
        },
        Hostile("tags without an end, of many words", ["1 paragraphs"]) {
            body("") + "<p " + (0..<400_000).map { "w\($0) " }.joined()
        },
        Hostile("JSON-LD of many values in many blocks", ["1 paragraphs"]) {
            "<html><head>"
                + repeated("<script type=\"application/ld+json\">[" + repeated("1,", 50_000) + "1]</script>", 15)
                + "</head><body>" + body("")
        },
        Hostile("a title of separators", ["1 paragraphs"]) {
            "<html><head><title>" + repeated("a | b - c _ d: ", 400_000) + "</title></head><body>"
                + body((0..<8).map { "<h1>Ferry line number \($0)</h1>" }.joined())
        },
    ]

    @Test("A page made to cost quadratic time costs linear time", .timeLimit(.minutes(1)), arguments: pages)
    func page(hostile: Hostile) throws {
        let article = try ArticleReader.read(
            page: hostile.document(), contentType: "text/html; charset=utf-8", url: "https://outlet.example/a",
            guide: ReadingGuide(time: ReadingTime(limit: .seconds(600))))
        let outcome =
            article.faults.map(\.code) + (article.paragraphs.isEmpty ? [] : ["\(article.paragraphs.count) paragraphs"])
        #expect(outcome == hostile.outcome)
        #expect((article.title ?? "").count <= Limits.titleCharactersMax)
    }

    @Test("What a tag with too many attributes gives first is kept, each name once")
    func attributes() throws {
        let enclosure =
            "<enclosure url='/one.mp3' url='/two.mp3' " + (0..<100).map { "a\($0) " }.joined() + "length='7'/>"
        let feed = try FeedParser.parse(
            Array("<rss><channel><item><title>t</title>\(enclosure)</item></channel></rss>".utf8), contentType: nil,
            url: "https://outlet.example/")
        #expect(feed.entries.first?.enclosures == [Enclosure(url: "https://outlet.example/one.mp3")])
        #expect(Set(feed.faults.map(\.code)) == ["bare-attribute", "duplicate-attribute", "too-many-attributes"])
    }

    @Test("Entities are read up to the limits of their names and values")
    func entities() throws {
        let long = repeated("n", Limits.entityNameBytesMax + 1)
        let declared =
            "<!ENTITY port 'Tsukihama <!ENTITY trap \"caught\">'><!ENTITY \(long) 'x'>"
            + "<!ENTITY huge '\(repeated("x", Limits.entityValueBytesMax + 1))'><!ENTITY last 'quay'>"
        let feed = try FeedParser.parse(
            Array(
                "<!DOCTYPE rss [\(declared)]><rss><channel><item><title>&port;|&trap;|&huge;|&last;</title></item></channel></rss>"
                    .utf8),
            contentType: nil, url: "https://outlet.example/")
        #expect(feed.entries.first?.title == "Tsukihama <!ENTITY trap \"caught\">|&trap;|&huge;|quay")
    }

    private static func body(
        _ rest: String,
        text: String =
            "<p>The harbour of Tsukihama will take a second ferry line from the summer on, the port office said on Monday, and the first boats are to meet the early train from the capital every forty minutes.</p>"
    ) -> String { text + rest }

    /// Characters no two of which need be alike, which is what costs Punycode most.
    private static func scrambled(_ count: Int, seed: Int) -> String {
        var view = String.UnicodeScalarView()
        for index in 0..<count { view.append(Unicode.Scalar(0x4E00 + UInt32((index * 7919 + seed) % 20_000))!) }
        return String(view)
    }

    @Test("A page whose reading takes longer than it may is told, and what was found by then is kept")
    func readingTime() throws {
        let text = "The harbour master said on Monday that every ferry had left its berth on time again."
        let page = Array(
            "<html><head><title>Ferries run</title></head><body><article><h1>Ferries run</h1><p>\(text)</p></article></body></html>"
                .utf8)
        /// Each look at the clock costs a second.
        func read(seconds: Int) throws -> Article {
            let looks = Atomic<Int>(0)
            let time = ReadingTime(limit: .seconds(seconds)) { .seconds(looks.add(1, ordering: .relaxed).newValue) }
            return try ArticleReader.read(
                page: page, contentType: "text/html", url: "https://outlet.example/a", guide: ReadingGuide(time: time))
        }
        let late = try read(seconds: 1)
        #expect(late.title == "Ferries run" && late.paragraphs.isEmpty)
        #expect(late.faults.map(\.code).contains("slow"))
        // The first attempt was made, no further one.
        let some = try read(seconds: 2)
        #expect(some.paragraphs == [text] && some.faults.map(\.code) == ["slow"])
        #expect(
            some.faults[0].detail
                == "https://outlet.example/a: reading it took more than 2 s of the processor; what was found by then is kept"
        )
        #expect(try read(seconds: 60).faults.isEmpty)
    }
}

private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
