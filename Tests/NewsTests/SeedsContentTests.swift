import Foundation
import Glibc
import NewsTesting
import Testing

@Suite("The seeds are what they say")
struct SeedsContentTests {
    private static let reference = "web/2/newsbasin.example/story/61034-hegseth-tokyo-headquarters.html"
    private static let courier = "harbour-courier.example/2025/03/30/us-forces-japan-headquarters.html"
    private static let gazette = "web/2/reefgazette.example/news/5124.html"
    private static let listings = ["ritocho.example/houdou/index.html", "thenightjar.example/index.html"]
    private static let followUp = "web/2/northquay.example/2025/03/31/after-tokyo/index.html"

    @Test("forty article pages and more in five languages, a dozen hosts and more, no file without a phase")
    func inventory() throws {
        let files = SeedSite.phases.map { SeedsFolder.files("web/\($0)") }
        #expect(SeedsFolder.files("web").count == files.map(\.count).reduce(0, +))
        let pages = try SeedPage.load(SeedsFolder.root)
        #expect(Set(pages.map(\.url)).count >= 40)
        let languages = Dictionary(grouping: pages, by: \.language).mapValues(\.count)
        #expect(languages.count == 5 && languages.values.allSatisfy { $0 >= 4 }, "\(languages)")
        #expect(Set(files[0].compactMap { $0.split(separator: "/").first }).count >= 12)
        #expect(files[2] == [Self.courier, "harbour-courier.example/feed.rss"])
        #expect(files.joined().allSatisfy { $0.contains(".example/") })
    }

    @Test("pages.tsv lists every page once, in its real encoding, with words that stand beside the article")
    func pageTable() throws {
        let table = try SeedPage.load(SeedsFolder.root)
        let pages = SeedsFolder.files("web").filter { $0.hasSuffix("html") || $0.hasSuffix(".htm") }
        #expect(table.map(\.path) == pages.filter { !Self.listings.contains(String($0.dropFirst(2))) })
        for page in table {
            let bytes = try SeedsFolder.bytes("web/" + page.path)
            #expect((String(validating: bytes, as: UTF8.self) == nil) == (page.encoding != "UTF-8"), "\(page)")
            let text = try #require(Self.decoded(bytes, from: page.encoding), "\(page)")
            #expect(!page.beside.isEmpty)
            for words in page.beside { #expect(text.contains(words), "\(page): \(words)") }
        }
    }

    @Test(
        "bytes of an old encoding are in that encoding and are not valid UTF-8",
        arguments: [
            ("web/1/kazami-nippo.example/index.rdf", "encoding=\"Shift_JIS\"", "SHIFT_JIS", "風見日報"),
            ("web/2/kazami-nippo.example/index.rdf", "encoding=\"Shift_JIS\"", "SHIFT_JIS", "台湾東部で地震"),
            ("web/2/kazami-nippo.example/news/20250330/k0408.html", "charset=\"Shift_JIS\"", "SHIFT_JIS", "与那国島"),
            ("web/1/kazami-nippo.example/news/20250326/k0301.html", "charset=\"EUC-JP\"", "EUC-JP", "開花"),
            ("web/1/reefgazette.example/rss.xml", "encoding=\"windows-1252\"", "WINDOWS-1252", "Café Zoë"),
            (
                "web/2/reefgazette.example/rss.xml", "encoding=\"windows-1252\"", "WINDOWS-1252",
                "‘war-fighting headquarters’"
            ),
            ("web/1/reefgazette.example/news/5102.html", "charset=windows-1252", "WINDOWS-1252", "crème brûlée…"),
            (gazette, "charset=iso-8859-1", "WINDOWS-1252", "a “war-fighting headquarters,”"),
            ("web/2/donglan.example/rss/yaowen.xml", "encoding=\"GB18030\"", "GB18030", "联合战备警巡"),
            (
                "web/2/donglan.example/yw/202503/t20250331_40218.shtml", "charset=gb2312", "GB18030",
                "军事学者林\u{36C3}分析"  // four bytes, which GB 2312 and GBK have not
            ),
            ("web/2/haeoreum.example/rss/allArticle.xml", "encoding=\"euc-kr\"", "EUC-KR", "단거리 탄도미사일"),
            ("web/2/haeoreum.example/news/20250331/81204.html", "charset=euc-kr", "EUC-KR", "자유의 방패"),
            ("web/2/ritocho.example/houdou/index.html", "charset=Shift_JIS", "SHIFT_JIS", "米空母艦載機"),
        ])
    func oldEncodings(path: String, label: String, encoding: String, sample: String) throws {
        let bytes = try SeedsFolder.bytes(path)
        #expect(String(validating: bytes, as: UTF8.self) == nil)
        #expect(String(decoding: bytes.prefix(400), as: UTF8.self).contains(label))
        let text = try #require(Self.decoded(bytes, from: encoding))
        #expect(text.contains(sample))
    }

    @Test("feeds and listings of all other hosts are valid UTF-8")
    func utf8() throws {
        let old = ["reefgazette", "kazami-nippo", "donglan", "haeoreum", "ritocho"]
        let pages = Set(try SeedPage.load(SeedsFolder.root).map(\.path))
        for path in SeedsFolder.files("web") where !pages.contains(path) {
            let isOld = old.contains { path.contains("/\($0).example/") }
            let bytes = try SeedsFolder.bytes("web/" + path)
            #expect((String(validating: bytes, as: UTF8.self) == nil) == isOld, "\(path)")
        }
    }

    @Test("the XML feeds are closed at their end, and the truncated one stops inside its last description")
    func wholeAndTruncated() throws {
        let closings = [
            "feed.rss": "</rss>\n", "rss.xml": "</rss>\n", "index.rdf": "</rdf:RDF>\n", "atom.xml": "</feed>\n",
            "yaowen.xml": "</rss>\n", "allArticle.xml": "</rss>\n", "sitemap-news.xml": "</urlset>\n",
        ]
        for path in SeedsFolder.files("web") {
            guard let closing = closings.first(where: { path.hasSuffix("/" + $0.key) })?.value else { continue }
            #expect(
                try SeedsFolder.bytes("web/" + path).suffix(closing.utf8.count).elementsEqual(closing.utf8), "\(path)")
        }
        let cut = try ["1", "2"].map { try SeedsFolder.text("web/\($0)/records.tidewater.example/notices.rss") }
        for text in cut {
            #expect(text.hasSuffix("giving the series number, the"))
            #expect(!text.contains("</channel>"))
            #expect(text.components(separatedBy: "<item>").count == text.components(separatedBy: "</item>").count + 1)
        }
        #expect(cut[0].components(separatedBy: "<item>").last == cut[1].components(separatedBy: "<item>").last)
    }

    @Test("the JSON feed is JSON and of version 1.1")
    func json() throws {
        for phase in ["1", "2"] {
            let data = Data(try SeedsFolder.bytes("web/\(phase)/newsbasin.example/feed.json"))
            let feed = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(feed["version"] as? String == "https://jsonfeed.org/version/1.1")
            #expect(
                (feed["items"] as? [[String: Any]])?.allSatisfy { $0["id"] is String && $0["url"] is String } == true)
        }
    }

    @Test("the three copies share at least four fifths of their sentences, word for word, two by two")
    func nearDuplicates() throws {
        let cp1252 = try #require(Self.decoded(try SeedsFolder.bytes(Self.gazette), from: "WINDOWS-1252"))
        let copies = [
            Self.sentences(try SeedsFolder.text(Self.reference), from: "<p>TOKYO", to: "Share this"),
            Self.sentences(try SeedsFolder.text("web/2/" + Self.courier), from: "<p>TOKYO", to: "<footer"),
            Self.sentences(cp1252, from: ">TOKYO", to: "<div class=\"tools\""),
        ]
        for (index, first) in copies.enumerated() {
            #expect(first.count >= 25)
            for second in copies[(index + 1)...] {
                let shared = Set(first).intersection(second).count
                #expect(
                    shared * 5 >= max(first.count, second.count) * 4, "\(shared) of \(first.count) and \(second.count)")
                #expect(shared < max(first.count, second.count))
            }
        }
    }

    @Test("two copies name their wire and the reference page does not")
    func credit() throws {
        #expect(try SeedsFolder.text("web/2/" + Self.courier).contains("TOKYO (MP) —"))
        let cp1252 = try #require(Self.decoded(try SeedsFolder.bytes(Self.gazette), from: "WINDOWS-1252"))
        #expect(cp1252.contains("TOKYO (Meridian Press) —"))
        let reference = try SeedsFolder.text(Self.reference)
        #expect(!reference.contains("Meridian") && !reference.contains("(MP)"))
        #expect(reference.contains("TOKYO — The United States"))
    }

    @Test("the reference page has the story between two lines of sharing, and eight teasers below the second")
    func referencePage() throws {
        let text = try SeedsFolder.text(Self.reference)
        let parts = text.components(separatedBy: "Share this")
        #expect(parts.count == 3)
        #expect(parts[0].contains("<h1"))
        #expect(parts[1].components(separatedBy: "<p>").count - 1 == 14)
        let tail = try #require(text.components(separatedBy: "You May Also Like").last)
        #expect(tail.components(separatedBy: "nb-card-title").count - 1 == 8)
    }

    @Test("each teaser word of README.md stands below the reference story and nowhere in it")
    func teaserWords() throws {
        let readme = try SeedsFolder.text("README.md")
        let block = try #require(
            readme.components(separatedBy: "## Teaser words").last?.components(separatedBy: "```").dropFirst().first)
        let words = block.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(words.count >= 24)
        let parts = try SeedsFolder.text(Self.reference).components(separatedBy: "You May Also Like")
        for word in words {
            #expect(parts[1].contains(word), "\(word)")
            #expect(!parts[0].components(separatedBy: "<h1").last!.contains(word), "\(word)")
        }
    }

    @Test("the correction keeps guid and address, changes one number and says so at its end, in feed and page")
    func correction() throws {
        for path in [Self.courier, "harbour-courier.example/feed.rss"] {
            let before = try SeedsFolder.text("web/2/" + path).split(separator: "\n")
            let after = try SeedsFolder.text("web/3/" + path).split(separator: "\n")
            let removed = before.filter { !after.contains($0) && !$0.contains("lastBuildDate") }
            let added = after.filter { !before.contains($0) && !$0.contains("lastBuildDate") }
            #expect(removed.count == 1 && removed[0].contains("40,000"))
            #expect(added.count == 2 && added[0].contains("50,000") && added[1].contains("Correction, 31 March:"))
        }
    }

    @Test("the follow-up names the event and shares hardly a sentence with the wire")
    func followUpIsItsOwnText() throws {
        let own = try SeedsFolder.text(Self.followUp)
        for name in [
            "U.S. Forces Japan", "Japan Joint Operations Command", "Nakatani", "Hegseth", "Southwestern islands",
        ] {
            #expect(own.contains(name), "\(name)")
        }
        let sentences = Self.sentences(own, from: "entry-content\">", to: "sharedaddy")
        let wire = Self.sentences(try SeedsFolder.text(Self.reference), from: "<p>TOKYO", to: "Share this")
        #expect(sentences.count > 20)
        #expect(Set(sentences).isDisjoint(with: wire))
    }

    @Test("sources.d names an address on each host of the seeds, and it stands there from the first phase on")
    func sources() throws {
        let addresses = try SeedsFolder.text("sources.d/seeds.yaml").matches(of: /: http:\/\/([^ \n]+)/).map {
            String($0.output.1)
        }
        let files = Set(SeedsFolder.files("web/1"))
        for address in addresses {
            #expect(files.contains(address.hasSuffix("/") ? address + "index.html" : address), "\(address)")
        }
        #expect(Set(addresses.map(Self.host)).count == addresses.count)
        #expect(Set(addresses.map(Self.host)) == Set(files.map(Self.host)))
    }

    private static func host(_ path: String) -> Substring { path.prefix { $0 != "/" } }

    @Test("README.md names each story that must alert or must not")
    func readmeNamesStories() throws {
        let readme = try SeedsFolder.text("README.md")
        let stories = try SeedStory.load(SeedsFolder.root)
        for story in stories { #expect(readme.contains(story.headline), "\(story)") }
        #expect(Set(stories.filter { $0.promise == .alert }.map(\.language)).count == 5)
        #expect(Set(stories.map(\.headline)).count == stories.count)
    }

    /// By the C library's iconv; nil when a byte is not of that encoding.
    private static func decoded(_ bytes: [UInt8], from encoding: String) -> String? {
        let converter = iconv_open("UTF-8", encoding)
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 4)
        var (inputLeft, outputLeft) = (input.count, output.count)
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var (from, to) = (source.baseAddress, target.baseAddress)
                return iconv(converter, &from, &inputLeft, &to, &outputLeft)
            }
        }
        guard result == 0, inputLeft == 0 else { return nil }
        return String(validating: output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The sentences between two marks of a page whose paragraphs stand on one line each, without tags and dateline.
    private static func sentences(_ page: String, from: String, to: String) -> [String] {
        guard let start = page.range(of: from)?.upperBound, let end = page[start...].range(of: to)?.lowerBound else {
            return []
        }
        let story = page[start..<end].replacing(#/(?s)<aside.*?</aside>/#, with: "")
        return story.split(separator: "\n").flatMap { line -> [String] in
            let plain = line.replacing(/<[^>]*>?/, with: "").components(separatedBy: "— ").last ?? ""
            return plain.replacing(/([a-z0-9”][.?]) (?=[A-Z“])/) { "\($0.output.1)\n" }
                .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.count > 20 }
        }
    }
}
