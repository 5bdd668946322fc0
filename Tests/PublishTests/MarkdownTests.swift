import News
import Testing

@testable import Publish

@Suite("Markdown from outside")
struct MarkdownTests {
    @Test(
        "Text shows itself and does nothing else",
        arguments: [
            ("[click](javascript:alert(1))", "\\[click\\](javascript:alert(1))"),
            ("<script>alert('x')</script>", "\\<script\\>alert('x')\\</script\\>"),
            ("a | b * c _ d # e ~ `f`", "a \\| b \\* c \\_ d \\# e \\~ \\`f\\`"),
            ("one\r\n\ntwo\u{2028}three", "one two three"),
            ("safe\u{202E}txt.exe\u{2066}\u{200B}\u{0}\u{1B}[31m", "safetxt.exe\\[31m"),
            ("AT&T &lt;b&gt; &#60; R&D;", "AT&T \\&lt;b\\&gt; \\&#60; R\\&D;"),
            ("SM-6 (Block {IA})", "SM-6 (Block {IA})"),
            ("back\\slash", "back\\\\slash"),
            ("می‌خواهد 👩‍✈️", "می‌خواهد 👩‍✈️"),
            ("x" + String(repeating: "\u{301}", count: 900) + "y", "x" + String(repeating: "\u{301}", count: 5) + "y"),
        ])
    func text(from: String, to: String) { #expect(Markdown.text(from) == to.replacingHash) }

    @Test("A quotation cannot begin a list, a heading or a rule", arguments: ["- a", "+ a", "1. a", "12) a", "=== a"])
    func opening(text: String) {
        let escaped = Markdown.opening(text)
        #expect(escaped.contains("\\"))
        #expect(escaped.filter { $0 != "\\" } == text)
    }

    @Test(
        "Only http and https become links",
        arguments: [
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "java\nscript:alert(1)", "//host/x", "",
            "file:///etc/passwd", " vbscript:x", "http:/x",
        ])
    func refused(url: String) {
        let line: Line = "\(link: "t", to: url)"
        #expect(Markdown.write(line) == "t" && HTML.write(line) == "t")
    }

    @Test("What could end a link's address is encoded")
    func destination() {
        let url = "https://a.example/x(1) [2]<3>?q=\"a|b\"&copy;=`\\\u{202E}_~é"
        #expect(
            Markdown.write("\(link: "t", to: url)")
                == "[t](https://a.example/x%281%29%20%5B2%5D%3C3%3E?q=%22a%7Cb%22&amp;copy;=%60%5C_~é)")
    }

    @Test("A hostile title stays in its line, its cell and its heading everywhere in an issue")
    func hostileIssue() throws {
        let digest = HostileDay.digest(
            "x\n# y\n| a | b |\n```\n[l](javascript:alert(1)) ![i](http://e.example/i) <img src=x onerror=y> \u{202E}")
        let text = try MarkdownRenderer().render(digest)
        #expect(!text.contains("\u{202E}") && !text.contains("\\\n"))
        #expect(!text.replacing("\\](", with: "").contains("](javascript"))
        let lines = text.split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("# y") || $0.hasPrefix("```") || $0.hasPrefix("| a") })
        for row in lines.drop(while: { $0 != "## Coverage" }) where row.hasPrefix("|") {
            var bare = 0
            var previous: Character = " "
            for character in row {
                if character == "|", previous != "\\" { bare += 1 }
                previous = character
            }
            #expect(bare == 4, "\(row)")
        }
        // Brackets that are not escaped are ours: nobody else's link or picture stands in the page.
        let unescaped = text.replacing("\\[", with: "").replacing("\\]", with: "").replacing("\\<", with: "")
        #expect(!unescaped.contains("](") && !unescaped.contains("![") && !unescaped.contains("<"))
    }

    @Test(
        "A near miss is one line with its outlet, a link, what it had and what held it back",
        arguments: [
            (
                "https://quayside.example/talks", nil,
                "- `q8ve` [Tariff talks open in Tsukihama](https://quayside.example/talks) · *Quayside Times* · "
                    + "Indo-Pacific deterrence: “alliance”, held back by “tariff” · `feedwatch yes q8ve`"
            ),
            (
                "javascript:alert(1)", "EMBARGOED UNTIL 0600 GMT Tuesday 1 April 2025",
                "- `q8ve` Tariff talks open in Tsukihama · *Quayside Times* · EMBARGOED until Tue 08:00 · "
                    + "Indo-Pacific deterrence: “alliance”, held back by “tariff” · `feedwatch yes q8ve`"
            ),
        ] as [(String, String?, String)])
    func nearMiss(url: String, notice: String?, line: String) throws {
        var story = SampleDay.miss
        story.members[0].url = url
        story.members[0].article.paragraphs.insert(contentsOf: [notice].compactMap { $0 }, at: 0)
        let digest = Digest.compose(SampleDay.input(stories: [], nearMisses: [story]))
        let text = try MarkdownRenderer().render(digest)
        #expect(text.split(separator: "\n").contains { $0 == line }, "\(text)")
        let links = try TagScanner(HTMLRenderer().render(digest)).elements.filter { $0["rel"] == "noopener noreferrer" }
        #expect(links.map { $0["href"] } == (notice == nil ? [url] : []))
    }

    @Test("A headline of any length is a line of 200 characters, in an issue and in an alert")
    func longHeadline() throws {
        let title = String(repeating: "Ports ", count: 50_000)
        let long = String(repeating: "Ports ", count: 34)
        let story = HostileDay.story(title, url: "https://e.example/")
        var held = SampleDay.claim
        held.members[0].article.title = title
        held.alerts.held = .init(
            by: .quiet, since: held.firstSeen, until: at("2025-03-30T08:30:00Z"),
            reasons: [.init(topic: "strait", rule: "")], news: nil)
        var miss = SampleDay.miss
        miss.members[0].article.title = title
        var corrected = SampleDay.ships
        corrected.members[0].article.title = title
        var input = SampleDay.input(stories: [story], nearMisses: [miss])
        input.held = [held]
        var digest = Digest.compose(input)
        digest.corrections = Digest.compose(SampleDay.input(stories: [corrected])).corrections
        #expect(digest.corrections.count == 1 && digest.corrections[0].title.count > 600)
        let alert = HostileDay.alert(title, url: "https://e.example/")
        let (markdown, html) = (try MarkdownRenderer(), try HTMLRenderer())
        let issue = [markdown.render(digest), html.render(digest)]
        for text in issue + [markdown.render(alert), html.render(alert)] {
            let headings = text.split(separator: "\n").filter {
                $0.hasPrefix("#") || $0.contains("<h") || $0.contains("<title>")
            }
            #expect(!headings.contains { $0.contains(long) }, "\(headings)")
            #expect(headings.contains { $0.contains("Ports…") })
        }
        for text in issue {
            let below = try #require(
                text.split(separator: "Just below the line").last?.split(separator: "Coverage").first)
            #expect(!below.contains(long) && below.split(separator: "Ports…").count == 4)
        }
    }

    @Test("A headline of nothing, and a story of nothing, still give a page")
    func emptyStory() throws {
        let story = Story(id: "z", shownID: "zzzz", firstSeen: at("2025-03-30T00:00:00Z"), members: [])
        let alert = Alert.compose(
            story: story, topics: [], sources: [:], excerptMax: 240, zone: .utc, decided: at("2025-03-30T00:00:00Z"),
            version: "0")
        #expect(try MarkdownRenderer().render(alert).contains("(no headline)"))
    }
}

extension String {
    /// The escape of `#` and `;` in expectations is written out here, once.
    fileprivate var replacingHash: String { replacing("&#60;", with: "&\\#60;") }
}
