import NewsTesting
import Testing

@testable import News

@Suite struct EntryWordsTests {
    /// Hashes in databases are made of these: another spelling would make every known entry new.
    @Test(
        "The words that an entry is known by are lower case, without markup, typography and counters",
        arguments: [
            ("The Harbour Board, in 2025.", "the harbour board in 2025 |"),
            ("<p>A&amp;B</p><p>x&#8217;s <b>bo</b>ld</p>", "a b x s bold |"),
            ("\u{201C}Quoted\u{201D} \u{2014} it\u{2019}s\u{A0}here\u{2026}", "quoted it s here |"),
            ("The U.S. fleet and J. Smith of A.B", "the us fleet and j smith of a b |"),
            ("soft\u{AD}hyphen, zero\u{200B}width, dot\u{B7}ted", "softhyphen zerowidth dot ted |"),
            ("Café ÜBER Straße", "café über straße |"),
            ("日本 is 한국, ＡＢ１", "日 本 is 한 국 ab1 |"),
            ("12 comments, 3 hours ago, 5 min read, 7 ships, likes 9", "comments hours ago min read 7 ships likes |"),
            ("9 likes 10", "likes |"),
            ("4 ships 12", "4 ships 12 |"),
            ("a<script>var x = 1;</script>b<style>p{}</style>c<!-- d -->e", "a b c e |"),
            ("a < b and x<y", "a b and x y |"),
            ("<a href='u'>12</a> comments", "comments |"),
            ("<abbreviation>x</abbreviation>y", "x y |"),
            ("...", "|"),
        ])
    func words(text: String, normalized: String) {
        var entry = Entry()
        entry.content = text
        #expect(EntryIdentity.contentHash(of: entry) == Hash.base32(normalized))
        entry.title = text
        #expect(EntryIdentity.contentHash(of: entry) == Hash.base32(normalized + " " + normalized))
        #expect(EntryIdentity.key(for: entry) == "text:" + Hash.base32(normalized + " " + normalized))
    }

    @Test("What is read in one pass has the words that folding gives")
    func plain() {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1..<30, using: &random)).map { _ in
                Self.pieces.randomElement(using: &random) ?? ""
            }.joined()
            // An accent is never read in one pass; both have a last word of their own, so that no counter ends them.
            let (plain, folded) = (words(text + " x"), words(text + " é"))
            #expect(plain.dropLast(2) == folded.dropLast(2), "\(text.debugDescription)")
        }
    }

    private func words(_ text: String) -> [String] {
        var words = EntryWords()
        words.append(text)
        return words.words.map { String(decoding: words.bytes[$0.range], as: UTF8.self) }
    }

    private static let pieces = [
        "The ", "Harbour", " 12", " comments ", " 3 hours ago ", ".", "U.S.", "A.", "B", "C.D", "\u{2019}", "\u{2014}",
        "\u{2026}",
        "\u{A0}", "\u{AD}", "\u{B7}", "\u{200B}", "\u{202F}", "\u{202E}", "\u{2060}", "\u{20AC}", "\u{B0}", "\t", "\n",
        "  ", "é",
        "日", "🙂", "<b>", "</p>", "&amp;", "&shy;", "1st", "x9", "-", "\u{0}", "\u{7F}", "likes 7",
    ]

    @Test(
        "An address that needs a second look has the place of its plain spelling",
        arguments: [
            ("https://a.example/x/y.html", "/x/y.html"), ("http://www.a.example/x/", "/x"),
            ("https://a.example/x/amp", "/x"),
            ("HTTPS://A.example:443/x#f", "/x"), ("https://a.example/x/../y", "/y"), ("https://a.example/%7Ex", "/~x"),
            ("https://a.example/x?utm_source=y", "/x"), ("https://a.example/x?p=1", "/x?p=1"),
            ("https://a.example/.x", "/.x"), ("https://a.example./x,y", "/x,y"), ("https://a.example/a//", "/a"),
        ])
    func places(url: String, place: String) {
        var entry = Entry()
        entry.link = url
        #expect(EntryIdentity.place(of: entry) == place)
    }

    @Test(
        "A front page, and what is no web address, is no place",
        arguments: [
            "https://a.example", "http://a.example/", "http:///x", "ftp://a.example/x", "https://a.example/amp",
        ])
    func noPlaces(url: String) {
        var entry = Entry()
        entry.link = url
        #expect(EntryIdentity.place(of: entry) == nil)
    }
}
