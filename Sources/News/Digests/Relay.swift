/// Whose report a text passes on: `NHK reported`, `according to the Strait Daily`, `据新华社报道`, `共同通信によると`, `연합뉴스에 따르면`.
///
/// Such a text confirms nothing for a second time, whoever wrote it.
public struct Relay: Equatable, Sendable {
    /// As it stands in the text.
    public private(set) var newsroom: String

    /// Looks at the beginning of a text for newsrooms that are known by name; the first one that is named so.
    /// - Parameters:
    ///   - known: identities (`Newsrooms.identity`) of outlets; well-known wires are known by themselves.
    ///   - own: the identities of those that carry the text.
    public init?(of article: Article, known: Set<String>, own: Set<String>) {
        let lead = article.paragraphs.prefix(Self.paragraphsMax).joined(separator: " ")
        let text = CleanText.line(lead, bytesMax: Self.bytesMax)
        let isNewsroom = { (name: String) in
            let identity = Newsrooms.identity(name)
            return (known.contains(identity) || Newsrooms.isWire(identity)) && !own.contains(identity)
        }
        guard let found = Self.inWords(text, isNewsroom) ?? Self.inCharacters(text, isNewsroom) else { return nil }
        newsroom = found
    }

    /// Further down a text has reports of its own.
    private static let paragraphsMax = 3
    private static let bytesMax = 2000
    /// Words of the longest name.
    private static let wordsMax = 5
    /// Characters between a name and the verb: `新华社星期三报道`.
    private static let reach = 16

    private static func inWords(_ text: String, _ isNewsroom: (String) -> Bool) -> String? {
        let words = text.split(separator: " ").map { word in
            String(word.drop { !$0.isLetter && !$0.isNumber })
        }
        let bare = words.map { word in String(word.reversed().drop { !$0.isLetter && !$0.isNumber }.reversed()) }
        for index in bare.indices {
            let word = bare[index].lowercased()
            switch word {
            case "to" where index > 0 && bare[index - 1].lowercased() == "according",
                "by" where index > 0 && bare[index - 1].lowercased() == "reported", "told":
                if let name = name(after: index, bare, words, isNewsroom) { return name }
            case "citing", "quoting":
                if let name = name(after: index, bare, words, isNewsroom) { return name }
            case "reported", "reports":
                if let name = name(before: index, bare, isNewsroom) { return name }
            // `Kyodo News said.` and `said on Monday` pass on what it has; `said it would cut jobs` is of itself.
            case "said", "says":
                let isEnd = words[index].last.map { !$0.isLetter } ?? false
                let isTimed = index + 1 < bare.count && times.contains(bare[index + 1].lowercased())
                if isEnd || isTimed, let name = name(before: index, bare, isNewsroom) { return name }
            default: continue
            }
        }
        return nil
    }

    private static func name(
        after index: Int, _ bare: [String], _ words: [String], _ isNewsroom: (String) -> Bool
    ) -> String? {
        var start = index + 1
        // `according to a report in the Strait Daily`
        while start < bare.count, start < index + 5, fillers.contains(bare[start].lowercased()) { start += 1 }
        for length in stride(from: min(wordsMax, bare.count - start), to: 0, by: -1) {
            // A name does not go on behind a comma.
            let inner = words[start..<start + length - 1]
            guard !inner.contains(where: { $0.hasSuffix(",") || $0.hasSuffix(".") }) else { continue }
            let name = bare[start..<start + length].joined(separator: " ")
            if isNewsroom(name) { return name }
        }
        return nil
    }

    private static let fillers: Set<String> = [
        "a", "an", "the", "report", "reports", "by", "in", "from", "news", "outlet",
    ]

    private static let times: Set<String> = ["on", "late", "earlier", "citing", "quoting"]
    /// Between a name and its verb: `NHK has reported`, `Reuters first reported`.
    private static let helpers: Set<String> = ["has", "had", "have", "also", "first", "earlier", "later"]

    private static func name(before end: Int, _ bare: [String], _ isNewsroom: (String) -> Bool) -> String? {
        var index = end
        while index > 0, end - index < 2, helpers.contains(bare[index - 1].lowercased()) { index -= 1 }
        for length in stride(from: min(wordsMax, index), to: 0, by: -1)
        where !fillers.contains(bare[index - length].lowercased()) {
            let name = bare[index - length..<index].joined(separator: " ")
            if isNewsroom(name) { return name }
        }
        return nil
    }

    private static func inCharacters(_ text: String, _ isNewsroom: (String) -> Bool) -> String? {
        let characters = Array(text)
        if let name = subject(of: distantVerbs, in: characters, isNewsroom) { return name }
        for end in characters.indices where verbs.contains(where: { characters[end...].starts(with: $0) }) {
            let start = max(0, end - reach)
            for from in start..<max(start, end - 1) {
                for length in stride(from: end - from, to: 1, by: -1) {
                    let name = String(characters[from..<from + length])
                    if isNewsroom(name) { return name }
                }
            }
        }
        return nil
    }

    /// A newsroom that is the subject of a verb at the end of its sentence: `NHK는 6일 함대가 떠났다고 보도했다`.
    private static func subject(
        of verbs: [[Character]], in characters: [Character], _ isNewsroom: (String) -> Bool
    ) -> String? {
        var start = 0
        for end in characters.indices {
            if "。.！!？?".contains(characters[end]) { start = end + 1 }
            guard verbs.contains(where: { characters[end...].starts(with: $0) }) else { continue }
            for particle in max(start, end - sentenceReach)..<end where "はが는은이가".contains(characters[particle]) {
                for from in max(start, particle - reach)..<particle {
                    let name = String(characters[from..<particle])
                    if isNewsroom(name) { return name }
                }
            }
        }
        return nil
    }

    private static let distantVerbs = ["보도했", "報じた", "報道した", "伝えた"].map(Array.init)
    /// Characters of a sentence before its verb.
    private static let sentenceReach = 80

    private static let verbs = [
        "によると", "が報じ", "は報じ", "が伝え", "が報道", "は報道", "消息", "援引", "报道", "報導", "报导", "에 따르면", "이 보도", "가 보도", "은 보도",
        "는 보도",
    ]
    .map(Array.init)
}

extension Newsrooms {
    /// By which a newsroom is the same under its several names: `AP` and `The Associated Press` are one.
    public static func identity(_ name: String) -> String {
        let lower = name.lowercased()
        let plain = lower.hasPrefix("the ") ? String(lower.dropFirst(4)) : lower
        return wires[plain] ?? plain
    }

    static func isWire(_ identity: String) -> Bool { wires[identity] == identity }

    private static let wires: [String: String] = {
        let names = [
            ["ap", "associated press", "美联社", "美聯社", "ap通信"],
            ["reuters", "thomson reuters", "路透社", "路透", "ロイター", "ロイター通信", "로이터"],
            ["afp", "agence france-presse", "法新社", "afp時事", "afp通信"], ["kyodo", "kyodo news", "共同", "共同通信", "共同社"],
            ["jiji", "jiji press", "時事", "時事通信", "时事社"], ["xinhua", "xinhua news agency", "新华社", "新華社", "新華社通信"],
            ["yonhap", "yonhap news agency", "연합뉴스", "韩联社", "韓聯社", "聯合ニュース"], ["cna", "central news agency", "中央社"],
            ["china news service", "中新社", "中新网", "中通社"],
            ["kcna", "korean central news agency", "朝鲜中央通讯社", "朝中社", "朝鮮中央通信", "조선중앙통신"],
            ["tass", "塔斯社", "タス通信"], ["bloomberg", "bloomberg news", "彭博社", "ブルームバーグ"], ["dpa"], ["efe"], ["ansa"],
            ["aap"],
            ["nhk", "nhk world"], ["newsis", "뉴시스"], ["upi"],
        ]
        return Dictionary(uniqueKeysWithValues: names.flatMap { group in group.map { ($0, group[0]) } })
    }()
}
