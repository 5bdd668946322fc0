import News
import Testing

@testable import Publish

@Suite("HTML pages")
struct HTMLTests {
    static let evils = [
        "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)", "javascript:alert(1)",
        "</style><img src=x onerror=alert(1)>", "-->\n<!--", "]]><x>", "&lt;b&gt; &amp;lt; &#60; &copy",
        "{{title}}{{{.}}}",
        "\u{202E}gnp.exe\u{2066}\u{2067}", "z\u{200B}e\u{200D}r\u{FEFF}o\u{AD}", "\u{0}\u{8}\u{1B}[31m\u{FFFE}\u{FFFF}",
        "👩‍✈️🏴󠁧󠁢󠁥󠁮󠁧󠁿", "שלום עולם (1) مرحبا", String(repeating: "w", count: 4000),
        "x" + String(repeating: "\u{301}", count: 3000), "a\r\n\u{2028}b\u{85}c",
    ]

    static func pages() throws -> [String] {
        let renderer = try HTMLRenderer()
        return GoldenTests.days.map { renderer.render(Digest.compose($0.input)) } + [renderer.render(GoldenTests.alert)]
    }

    @Test("Every page is well-formed, and nothing from outside becomes an element or attribute", arguments: evils)
    func hostile(evil: String) throws {
        let renderer = try HTMLRenderer()
        let url = "https://e.example/\(evil)"
        let ours = Set(try Self.pages().flatMap { try TagScanner($0).elements.map(\.name) })
        for page in [
            renderer.render(HostileDay.digest(evil, url: url)), renderer.render(HostileDay.alert(evil, url: url)),
        ] {
            let found = try TagScanner(page)
            #expect(Set(found.elements.map(\.name)).subtracting(ours).isEmpty)
            for element in found.elements {
                let keys = element.attributes.map(\.name)
                #expect(!keys.contains { $0.hasPrefix("on") || $0 == "style" || $0 == "src" }, "\(element)")
                guard let address = element["href"] else { continue }
                let isOurs = address.hasPrefix("#") || address == "index.html"
                #expect(isOurs || address.hasPrefix("https://") || address.hasPrefix("http://"), "\(address)")
                #expect(isOurs || element["rel"] == "noopener noreferrer")
            }
            #expect(!page.unicodeScalars.contains { Self.hidden.contains($0.value) })
        }
    }

    private static let hidden: Set<UInt32> = [
        0, 8, 0x1B, 0x85, 0xAD, 0x200B, 0x2028, 0x202E, 0x2066, 0x2067, 0xFEFF, 0xFFFE, 0xFFFF,
    ]

    @Test("A headline shows itself, whatever it is made of")
    func headline() throws {
        let evil = "</style><b>“AT&T” & 'R&amp;D'</b> \"x\""
        #expect(try TagScanner(HTMLRenderer().render(HostileDay.digest(evil))).text.contains(evil))
    }

    @Test("A page asks for nothing from elsewhere, and its policy names its one stylesheet by the hash")
    func policy() throws {
        for page in try Self.pages() {
            let found = try TagScanner(page)
            let used = Set(found.elements.map(\.name))
            #expect(used.isDisjoint(with: ["script", "link", "img", "iframe", "object", "base", "form"]))
            #expect(!found.style.contains("url(") && !found.style.contains("@import") && !found.style.isEmpty)
            let policies = found.elements.filter { $0["http-equiv"] == "Content-Security-Policy" }.compactMap {
                $0["content"]
            }
            let hash = Hash.base64(Array(found.style.utf8))
            #expect(policies == ["default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"])
            #expect(found.elements.contains { $0["name"] == "referrer" && $0["content"] == "no-referrer" })
            #expect(used.contains("title") && found.elements.first?["lang"] == "en")
        }
    }

    @Test(
        "A stylesheet's hash is the base64 of its SHA-256",
        arguments: [
            ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ])
    func hash(text: String, hash: String) { #expect(Hash.base64(Array(text.utf8)) == hash) }

    @Test("Every link inside a page leads to a place that is there, and no place is there twice")
    func places() throws {
        for page in try Self.pages() {
            let elements = try TagScanner(page).elements
            let ids = elements.compactMap { $0["id"] }
            #expect(Set(ids).count == ids.count)
            let wanted = elements.compactMap { $0["href"] }.filter { $0.hasPrefix("#") }.map { String($0.dropFirst()) }
            #expect(Set(wanted).subtracting(ids).isEmpty)
            let labels = elements.compactMap { $0["aria-labelledby"] }
            #expect(Set(labels).subtracting(ids).isEmpty)
        }
    }

    @Test("Every table begins with a caption of words, each different, and has heads of columns and rows")
    func tables() throws {
        let pages = try Self.pages().filter { $0.contains("<table") }
        #expect(pages.count == 4)
        for page in pages {
            let tables = page.matches(of: /<table[^>]*>\n(?:<caption>([^<]+)<\/caption>)?/)
            let captions = tables.map { $0.1.map(String.init) ?? "" }
            #expect(!captions.contains(""), "\(captions)")
            #expect(Set(captions).count == tables.count)
            let scopes = Set(try TagScanner(page).elements.filter { $0.name == "th" }.map { $0["scope"] })
            #expect(scopes == ["col", "row"])
        }
    }

    @Test("An issue has each of its stories as an article under its id, and leads to it from its first minute")
    func stories() throws {
        let elements = try TagScanner(try Self.pages()[0]).elements
        let articles = elements.filter { $0.name == "article" }.compactMap { $0["id"] }
        #expect(articles == ["k7f2", "m3qd", "t9wx", "b1ns", "n4rt"])
        let digest = Digest.compose(GoldenTests.days[0].input)
        let below = (digest.held ?? []).map(\.shownID) + (digest.folded ?? []).map(\.shownID)
        #expect(Set(below).intersection(articles).count == 2)
        for id in articles {
            let count = below.count { $0 == id }
            #expect(elements.count { $0["href"] == "#\(id)" } == 2 + count)
        }
    }

    @Test("Both forms of an issue say the same words", arguments: 0..<4)
    func sameWords(day: Int) throws {
        let digest = Digest.compose(GoldenTests.days[day].input)
        let marks: Set<Character> = ["*", "`", "\\", "|", "-", "#", ">"]
        func words(_ text: String) -> Set<Substring> {
            Set(String(text.map { marks.contains($0) ? " " : $0 }).split { $0.isWhitespace })
        }
        let html = words(try TagScanner(HTMLRenderer().render(digest)).text)
        let unlinked = try MarkdownRenderer().render(digest).replacing(/\]\([^)]*\)/, with: " ")
        let markdown = words(unlinked.replacing("[", with: " "))
        let missing = markdown.subtracting(html)
        // Where a tag stands between a word and its punctuation, the page has them apart.
        let apart = missing.filter { word in
            !word.split { $0.isPunctuation || $0.isSymbol }.allSatisfy { part in html.contains { $0.contains(part) } }
        }
        #expect(apart == [])
    }

    @Test(
        "Words of another language carry its tag, whatever the feed claims",
        arguments: [
            ("三港、共同司令部へ", "ja", "<bdi lang=\"ja\">三港、共同司令部へ</bdi>"),
            ("三港へ", nil, "<bdi lang=\"ja\">三港へ</bdi>"), ("三港", nil, "<bdi lang=\"und-Hani\">三港</bdi>"),
            ("세 항구", nil, "<bdi lang=\"ko\">세 항구</bdi>"), ("세 항구", "en", "<bdi lang=\"ko\">세 항구</bdi>"),
            ("מרחבא", "\"><x>", "<bdi lang=\"und\">מרחבא</bdi>"), ("Tres", "es", "<bdi lang=\"es\">Tres</bdi>"),
            ("Three ports", "en-GB", "Three ports"), ("Three ports", "x onload", "Three ports"),
            ("Café – “x”", nil, "Café – “x”"),
            ("Tres", "es--x", "Tres"), ("Tres", "123", "Tres"),
        ] as [(String, String?, String)])
    func languages(text: String, told: String?, html: String) {
        #expect(HTML.write("\(text, language: told)") == html)
    }

    @Test("Headlines below the line and of corrections have the language that stories have")
    func languagesBelow() throws {
        var (near, folded, corrected) = (SampleDay.miss, SampleDay.harbour, SampleDay.ships)
        let titles = [
            ("vi", "Đàm phán thuế quan mở tại Tsukihama"), ("fr", "Les ports sous un commandement"),
            ("zh-Hans", "海峡战区发言人就外舰航行发表谈话"), ("es", "La flotilla frente al cabo"),
        ]
        (near.members[0].article.language, near.members[0].article.title) = titles[0]
        (folded.members[0].article.language, folded.members[0].article.title) = titles[1]
        folded.members.removeSubrange(1...)
        folded.alerts.fold([.init(source: "misaki", key: "gone")], at: at("2025-03-30T02:30:00Z"))
        // Its article does not say; its source does.
        var held = SampleDay.claim
        held.alerts.held = .init(
            by: .quiet, since: held.firstSeen, until: at("2025-03-30T08:30:00Z"),
            reasons: [.init(topic: "strait", rule: "")], news: nil)
        (corrected.members[0].article.language, corrected.members[0].article.title) = titles[3]
        var input = SampleDay.input(stories: [folded, corrected], nearMisses: [near])
        input.held = [held]
        let digest = Digest.compose(input)
        let told = [
            digest.nearMisses.first?.language, digest.folded?.first?.language, digest.held?.first?.language,
            digest.corrections.first?.language,
        ]
        #expect(told == titles.map(\.0))
        let page = try HTMLRenderer().render(digest)
        let below = try #require(page.split(separator: "<section aria-labelledby=\"below-the-line\">").last)
        for (language, title) in titles { #expect(below.contains("<bdi lang=\"\(language)\">\(title)</bdi>")) }
    }

    @Test("A name in Latin letters is not read in the language of its articles")
    func names() {
        #expect(HTML.write("\(name: "Minami Post", language: "ja")") == "<cite>Minami Post</cite>")
        #expect(HTML.write("\(name: "岬新聞", language: "ja")") == "<cite><bdi lang=\"ja\">岬新聞</bdi></cite>")
    }

    @Test("An id that could end an attribute names no place")
    func anchors() {
        #expect(HTML.write("\(jump: "t", to: "k7f2")") == "<a href=\"#k7f2\">t</a>")
        for id in ["", "a b", "\"x", "é", "K7"] { #expect(HTML.write("\(jump: "t", to: id)") == "t") }
    }
}

@Suite("Contrast")
struct ContrastTests {
    /// WCAG 2.2 §1.4.3: relative luminance of `#rrggbb`.
    private static func luminance(_ colour: Substring) throws -> Double {
        let short = colour.dropFirst()
        let long = short.count == 3 ? short.flatMap { [$0, $0] } : Array(short)
        let value = try #require(Int(String(long), radix: 16))
        let parts = [value >> 16, value >> 8 & 255, value & 255].map { part -> Double in
            let part = Double(part) / 255
            return part <= 0.04045 ? part / 12.92 : power((part + 0.055) / 1.055)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// x to the power of 2.4, as x² · x^(2/5) by Newton's method.
    private static func power(_ x: Double) -> Double {
        var root = x
        for _ in 0..<60 { root -= (root * root * root * root * root - x * x) / (5 * root * root * root * root) }
        return x * x * root
    }

    @Test("Where colours are all black, on paper, the bar of now is an outline among full ones")
    func bars() throws {
        let style = String(decoding: PackageResources.page_css, as: UTF8.self)
        let print = try #require(style.split(separator: "@media print {").last)
        #expect(print.contains("--soft: #000;") && print.contains("--bad: #000;"))
        #expect(print.contains(".spark .now { fill: var(--paper); stroke: var(--ink); }"))
    }

    @Test("Text stands out from what it stands on, in light, dark and print, at 4.5 to 1 or more")
    func contrast() throws {
        let style = String(decoding: PackageResources.page_css, as: UTF8.self)
        let schemes = style.split(separator: ":root {").dropFirst().map { block in
            Dictionary(
                block.prefix { $0 != "}" }.matches(of: /--([a-z-]+): (#[0-9a-f]{3,6});/).map { ($0.1, $0.2) },
                uniquingKeysWith: { first, _ in first })
        }
        #expect(schemes.count == 3)
        for scheme in schemes {
            let onPaper = ["ink", "soft", "link"].map { ($0, "paper") }
            let onTheirs = ["good", "blue", "warn", "bad", "plum", "grey"].map { ($0, "\($0)-bg") }
            for (text, ground) in onPaper + onTheirs {
                let light = [
                    try Self.luminance(#require(scheme[Substring(text)])),
                    try Self.luminance(#require(scheme[Substring(ground)])),
                ]
                let ratio = (light.max()! + 0.05) / (light.min()! + 0.05)
                #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
            }
        }
    }
}
