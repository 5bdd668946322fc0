import Foundation
import Markup
import News
import Testing

/// Pages in the encodings of East Asia and of Russian, as bytes in `Pages/`, against what they say.
@Suite struct PageEncodingTests {
    struct Expected: Sendable {
        var title: String
        /// Empty where its script does not tell it.
        var language: String
        var paragraphs: [String]
    }

    /// By the first word of the file's name. Each has characters that the smaller set of the label's name lacks.
    private static let expected: [String: Expected] = [
        "japanese": Expected(
            title: "港の第二航路、夏に就航へ", language: "ja",
            paragraphs: [
                "【月島浜共同】港湾局は月曜日、月島浜の第二航路が夏から就航すると発表した。船は四十分おきに出る。",
                "市議会は二年にわたり桟橋の改修を議論してきた。桟橋は背後の家々の多くよりも古いという。",
                "運賃はまだ決まっていない。局長は「年内に決める。髙い料金にはしない」と述べた。",
            ]),
        "korean": Expected(
            title: "항구 제2항로, 여름부터 운항", language: "ko",
            paragraphs: [
                "[달섬=새벽통신] 항만청은 월요일 달섬 항구의 제2항로가 여름부터 운항한다고 밝혔다. 배는 사십 분마다 출발한다.",
                "시의회는 두 해 동안 부두 보수를 두고 논의해 왔다. 부두는 뒤편 집들 대부분보다 오래되었다고 한다.",
                "요금은 아직 정해지지 않았다. 청장은 \"올해 안에 정하겠다. 뷁 소리가 나지 않게 하겠다\"고 말했다.",
            ]),
        "chinese": Expected(
            title: "港口第二条航线将于夏季开通", language: "zh",
            paragraphs: [
                "港务局星期一表示，月岛港的第二条航线将于今年夏季开通，渡轮每四十分钟开出一班，首班船将与首都来的早班列车衔接。",
                "市议会就码头的改造已经讨论了两年。据说这座码头比它后面的大多数房屋都要古老，而且已经关闭了很长时间。",
                "票价目前还没有确定。局长韩镕表示：“我们将在年内作出决定，不会让居民感到太贵，也不会让㐀字写错。”",
            ]),
        "taiwan": Expected(
            title: "港口第二條航線將於夏季開通", language: "zh",
            paragraphs: [
                "港務局星期一表示，月島港的第二條航線將於今年夏季開通，渡輪每四十分鐘開出一班，首班船將與首都來的早班列車銜接。",
                "市議會就碼頭的改造已經討論了兩年。據說這座碼頭比它後面的大多數房屋都要古老，而且已經關閉了很長時間。",
                "票價目前還沒有確定。局長許功蓋表示：「我們將在年內作出決定，不會讓居民感到太貴。」",
            ]),
        "russian": Expected(
            title: "Второй паромный маршрут откроют летом", language: "",
            paragraphs: [
                "Управление порта сообщило в понедельник, что летом откроется второй паромный маршрут. Суда будут уходить каждые сорок минут.",
                "Городской совет два года обсуждал ремонт причала. Говорят, что причал старше большинства домов, которые стоят за ним.",
                "Стоимость проезда ещё не определена. Начальник порта сказал: «Решим до конца года, и дорого не будет».",
            ]),
    ]

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Pages/"

    static let declared: [String] = names.filter { !$0.contains("undeclared") }
    static let undeclared: [String] = names.filter { $0.contains("undeclared") }
    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { expected[word($0)] != nil }.sorted()

    @Test("All are there")
    func all() { #expect(Self.declared.count == 9 && Self.undeclared.count == 7) }

    @Test("A page that names its encoding is read in it", arguments: declared)
    func own(_ name: String) throws { try check(name, contentType: "text/html") }

    @Test("A page whose server names the encoding is read in that", arguments: undeclared)
    func named(_ name: String) throws {
        let label = name.split(separator: "-").dropFirst().dropLast().joined(separator: "-")
        try check(name, contentType: "text/html; charset=\(label == "shift-jis" ? "Shift_JIS" : label)")
    }

    @Test("An encoding that nobody names is found by what comes out", arguments: undeclared)
    func guessed(_ name: String) throws { try check(name, contentType: nil) }

    @Test("So are the older ones of Cyrillic", arguments: ["iso-8859-5", "cp866"])
    func cyrillic(encoding: String) throws {
        let title = "Паромы снова ходят"
        let text = "Портовое управление сообщило в понедельник, что с лета паромы будут отходить каждые сорок минут."
        let page = "<html><head><title>\(title)</title></head><body><h1>\(title)</h1><p>\(text)</p></body></html>"
        let bytes = page.unicodeScalars.map { scalar -> UInt8 in
            switch (scalar.value, encoding) {
            case (0x410...0x44F, "iso-8859-5"): UInt8(scalar.value - 0x410 + 0xB0)
            case (0x410...0x43F, _): UInt8(scalar.value - 0x410 + 0x80)
            case (0x440...0x44F, _): UInt8(scalar.value - 0x440 + 0xE0)
            default: UInt8(scalar.value)
            }
        }
        let article = try ArticleReader.read(page: bytes, contentType: nil, url: "https://outlet.example/a")
        #expect(article.title == title && article.paragraphs == [text])
    }

    @Test("What shifts as ISO-2022-JP does is read as that, unless it does not hold")
    func shifts() throws {
        func title(_ bytes: [UInt8]) throws -> String? {
            let text = String(repeating: "The ferry leaves the quay on time. ", count: 9)
            let page = Array("<title>".utf8) + bytes + Array("</title><p>\(text)</p>".utf8)
            return try ArticleReader.read(page: page, contentType: nil, url: "https://outlet.example/a").title
        }
        let words: [UInt8] = [0x1B, 0x24, 0x42, 0x39, 0x41, 0x24, 0x4E, 0x41, 0x25, 0x1B, 0x28, 0x42]
        #expect(try title(words) == "港の船")
        #expect(try title([0x1B, 0x24, 0x42] + Array("no".utf8))?.hasPrefix("$Bno") == true)
    }

    @Test(
        "So is one that the server names wrongly, as it does by default for all pages", arguments: undeclared,
        ["utf-8", "iso-8859-1", "windows-1252"])
    func misnamed(_ name: String, _ label: String) throws {
        try check(name, contentType: "text/html; charset=\(label)")
    }

    @Test(
        "What the page says goes before a server's ISO-8859-1 for all pages",
        arguments: declared.filter { !$0.contains("iso-2022") })
    func default1252(_ name: String) throws { try check(name, contentType: "text/html; charset=iso-8859-1") }

    @Test("A page whose bytes are not of the encoding that it names is read in what they are")
    func another() throws {
        try check("russian-koi8-r-undeclared.html", contentType: "text/html; charset=shift_jis")
        try check("japanese-shift-jis-undeclared.html", contentType: "text/html; charset=euc-kr")
    }

    @Test(
        "Western text that is called ISO-8859-1 stays what it is",
        arguments: [
            "Größe, Übermaß und süße Äpfel", "\u{201C}It\u{2019}s the ship\u{2019}s crew\u{2019}s\u{201D}",
            "L’été à Évry\u{A0}: «\u{A0}déçu\u{A0}»",
            "··· Ñandú ···", "Ærøskøbing på øen Ærø", "ÀÉÈÙÂÊ ÉTÉ", "São João, coração: ação",
        ])
    func western(_ text: String) throws {
        let table: [UInt32: UInt8] = [0x201C: 0x93, 0x201D: 0x94, 0x2019: 0x92]
        let page = "<h1>\(text)</h1><p>\(text), said the man.</p>".unicodeScalars.map {
            table[$0.value] ?? UInt8($0.value)
        }
        let article = try ArticleReader.read(
            page: page, contentType: "text/html; charset=iso-8859-1", url: "https://outlet.example/a")
        #expect(article.title == text.replacing("\u{A0}", with: " "))
    }

    @Test("Cut anywhere such a page is still read in its encoding", arguments: undeclared)
    func cut(_ name: String) throws {
        let page = try bytes(name)
        let end = try #require(page.firstRange(of: Array("</div>".utf8))?.lowerBound)
        for length in (end - 12)..<end {
            let article = try ArticleReader.read(
                page: Array(page.prefix(length)), contentType: nil, url: "https://outlet.example/a")
            #expect(article.title == Self.expected[Self.word(name)]?.title, "\(length)")
        }
    }

    private func check(_ name: String, contentType: String?) throws {
        let expected = try #require(Self.expected[Self.word(name)])
        let isSmall = ["japanese-euc", "japanese-iso"].contains { name.hasPrefix($0) }
        let isPlain = name.contains("koi8")
        let paragraphs = expected.paragraphs.map { text in
            let text = isSmall ? text.replacing("髙", with: "高") : text
            return isPlain ? text.replacing("«", with: "\"").replacing("»", with: "\"") : text
        }
        let article = try ArticleReader.read(
            page: try bytes(name), contentType: contentType, url: "https://outlet.example/a")
        #expect(article.title == expected.title)
        #expect(article.paragraphs == paragraphs)
        #expect(article.language ?? "" == expected.language)
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.folder + name)))
    }

    private static func word(_ name: String) -> String { String(name.prefix { $0 != "-" }) }
}
