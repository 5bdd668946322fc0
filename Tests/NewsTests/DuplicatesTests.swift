import Testing

@testable import News

@Suite("Identity of entries")
struct EntryIdentityTests {
    private func entry(id: String? = nil, link: String? = nil, title: String? = nil, content: String? = nil) -> Entry {
        var entry = Entry()
        entry.id = id
        entry.link = link
        entry.title = title
        entry.content = content
        return entry
    }

    @Test("The guid is the key, else the canonical link, else a hash of the words")
    func key() {
        #expect(EntryIdentity.key(for: entry(id: "tag:a,1", link: "https://a.example/1")) == "tag:a,1")
        #expect(
            EntryIdentity.key(for: entry(link: "HTTPS://A.example:443/1?utm_source=rss"))
                == EntryIdentity.key(for: entry(id: "", link: "https://a.example/1")))
        let text = EntryIdentity.key(for: entry(title: "Ships sail", content: "<p>At dawn.</p>"))
        #expect(text.hasPrefix("text:"))
        #expect(text == EntryIdentity.key(for: entry(title: "Ships  sail", content: "At dawn.")))
        #expect(text != EntryIdentity.key(for: entry(title: "Ships sail", content: "At dusk.")))
    }

    @Test("A guid of any length makes a key within its limit")
    func bounded() {
        let long = String(repeating: "語", count: 100_000)
        let key = EntryIdentity.key(for: entry(id: long))
        #expect(key.utf8.count <= Limits.entryKeyBytesMax)
        #expect(key != EntryIdentity.key(for: entry(id: long + "x")))
    }

    @Test(
        "A guid that is an address serves as link, other guids do not",
        arguments: [
            ("https://a.example/7", "https://a.example/7"), ("a.example-7", nil), ("urn:uuid:1", nil),
            ("javascript:alert(1)", nil),
        ] as [(String, String?)])
    func url(id: String, expected: String?) {
        #expect(EntryIdentity.url(for: entry(id: id)) == expected)
    }

    @Test(
        "Markup, typography and counters do not change the content hash",
        arguments: [
            "<p>Nine ships \u{2013} all grey \u{2013} left <b>port</b>. <span>12 comments</span></p>",
            "Nine ships &#8211; all grey &ndash; left port. 345 comments",
            "NINE SHIPS - ALL GREY - LEFT PORT. Comments",
            "Nine ships <!-- made at 09:05 <b>by</b> hand -->- all grey - left <STYLE>p > b {}</STYLE> port. 7 comments",
            "<script>var x = 1;</script>Nine ships - all grey - left <a href='?u=9'>port</a>. 3 Comments",
        ])
    func sameContent(html: String) {
        let plain = EntryIdentity.contentHash(
            of: entry(title: "Fleet", content: "Nine ships - all grey - left port. comments"))
        #expect(EntryIdentity.contentHash(of: entry(title: "“Fleet”", content: html)) == plain)
    }

    @Test(
        "A word or a number that changed does change it",
        arguments: ["Seven ships left port.", "Nine ships left the port."])
    func otherContent(text: String) {
        #expect(
            EntryIdentity.contentHash(of: entry(content: text))
                != EntryIdentity.contentHash(of: entry(content: "Nine ships left port.")))
    }

    @Test(
        "Broken markup of any size is only text, and what stands behind it still counts", .timeLimit(.minutes(1)),
        arguments: [
            "<", "<<<<", "a < b", "<!--", "<script>", "<style>", "</script", "&#xFFFFFFFFF;", "&", "<a href='", "</",
            "&#55296;",
            "x<y ", "<速報 ", "<?",
        ])
    func broken(piece: String) {
        let text = String(repeating: piece, count: 20_000)
        let hashes = ["alpha", "beta", "alpha"].map { EntryIdentity.contentHash(of: entry(content: text + $0)) }
        #expect(hashes[0] == hashes[2] && hashes[0] != hashes[1])
    }

    @Test("Entries without an id or a link are told apart behind a sign that is no tag")
    func signs() {
        let titles = [
            "x<y alpha", "x<y beta", "<速報 one", "<速報 two", "Why <script> alpha", "Why <script> beta", "a <!-- b",
            "a <!-- c",
        ]
        #expect(Set(titles.map { EntryIdentity.key(for: entry(title: $0)) }).count == titles.count)
    }
}

@Suite("Changes of articles")
struct ArticleChangeTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    private func article(_ title: String, _ paragraphs: String...) -> Article {
        var article = Article()
        article.title = title
        article.paragraphs = paragraphs
        return article
    }

    private func change(_ old: Article, _ new: Article) -> ArticleChange? {
        ArticleChange.between(old: old, new: new, version: 2, at: now)
    }

    @Test("Typography, white space and new paragraph breaks are no change")
    func unnoticed() {
        let old = article("Ship's \"crew\" safe", "The crew is safe. All nine came home.", "Winds were high.")
        let new = article("Ship’s “crew” safe ", "The crew  is safe.", "All nine came home. Winds were high.")
        #expect(change(old, new) == nil)
    }

    @Test("Of many changed sentences some are kept, and how many more there are")
    func more() throws {
        let old = article("Nine ships seen", "One came. Two came. Three came. Four came. Five came.")
        let new = article("Nine ships seen", "Six left. Seven left. Eight left. Nine left.")
        let change = try #require(self.change(old, new))
        #expect(change.removed.count == 3 && change.added.count == 3 && change.more == 2)
        let shorter = try #require(self.change(old, article("Nine ships seen", "One came. Two came. Three came.")))
        #expect(shorter.removed.count == 2 && shorter.more == nil)
    }

    @Test("A text that is withdrawn says so once; one that was and is corrected then is corrected")
    func withdrawn() throws {
        let old = article("Nine ships seen", "The crew is safe.", "Winds were high.")
        let gone = article("Nine ships seen", "This story has been withdrawn.", "Winds were high.")
        let change = try #require(self.change(old, gone))
        #expect(change.isWithdrawn == true && change.correction)
        let later = article("Nine ships seen", "This story has been withdrawn.", "Winds were not high.")
        #expect(try #require(self.change(gone, later)).isWithdrawn == nil)
        let corrected = article("Correction: seven ships seen", "The crew is safe.", "Winds were high.")
        #expect(try #require(self.change(old, corrected)).isWithdrawn == nil)
    }

    @Test("Changed sentences are listed verbatim on their sides")
    func lists() throws {
        let old = article("Nine ships seen", "Gen. A. Sato spoke at noon. “Nine ships came,” he said. They left.")
        let new = article("Seven ships seen", "Gen. A. Sato spoke at noon. “Seven ships came,” he said. They left.")
        let change = try #require(self.change(old, new))
        #expect(change.titleBefore == "Nine ships seen")
        #expect(change.removed == ["“Nine ships came,” he said."])
        #expect(change.added == ["“Seven ships came,” he said."])
        #expect(!change.correction && change.version == 2 && change.at == now)
    }

    @Test("Japanese sentences end at their own mark")
    func japanese() throws {
        let change = try #require(self.change(article("", "船は九隻だった。全て帰った。"), article("", "船は七隻だった。全て帰った。")))
        #expect(change.removed == ["船は九隻だった。"] && change.added == ["船は七隻だった。"])
    }

    @Test("A rewritten article lists no more than the limit")
    func bounded() throws {
        let old = article("", (0..<100).map { "Sentence \($0) is old. " }.joined())
        let new = article("", (0..<100).map { "Sentence \($0) is new. " }.joined())
        let change = try #require(self.change(old, new))
        #expect(change.removed.count == Limits.changedSentencesMax && change.added.count == Limits.changedSentencesMax)
    }

    @Test(
        "A correction notice is noticed",
        arguments: [
            "Correction: an earlier version gave nine.", "CORRECTED (adds date)",
            "Clarification – the ministry wrote later.",
            "(Corrects number)", "訂正：九隻ではなく七隻でした。", "【訂正】", "更正：應為七艘。", "[정정] 7척입니다.", "Corrections: two names.",
        ])
    func correction(notice: String) throws {
        let old = article("Ships", "Nine ships came.")
        for new in [article("Ships", "Seven ships came.", notice), article("Ships", notice, "Seven ships came.")] {
            let change = try #require(self.change(old, new))
            #expect(change.correction)
        }
    }

    @Test(
        "A sentence about corrections is no notice",
        arguments: [
            "Correction officers went on strike.", "Corrected vision is required of pilots.",
            "The market saw a correction.",
        ])
    func noCorrection(sentence: String) throws {
        let change = try #require(self.change(article("A", "One."), article("A", "One.", sentence)))
        #expect(!change.correction)
    }

    @Test("A notice that stood there before is not a new correction")
    func oldNotice() throws {
        let old = article("A", "One ship.", "Correction: the first version said two.")
        let new = article("A", "One ship and a boat.", "Correction: the first version said two.")
        let change = try #require(self.change(old, new))
        #expect(!change.correction)
    }
}
