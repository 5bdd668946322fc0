/// A release that asks not to be published before a time.
public struct Embargo: Sendable, Hashable, Codable {
    /// Nil where the notice does not say when, or not so that it can be read.
    public var until: Timestamp?
    /// The line that asks, verbatim.
    public var notice: String

    public init(until: Timestamp?, notice: String) {
        self.until = until
        self.notice = notice
    }

    /// What an article asks for in its headline, standfirst or first two paragraphs; nil for most.
    ///
    /// A day without its year is the one nearest to `seen`, a day without an hour ends the embargo as it begins, and a time
    /// without a zone is one of `zone`. `Embargo` alone is as often one on arms: it counts only before a day or an hour.
    public static func asked(by article: Article, seen: Timestamp, zone: Zone) -> Embargo? {
        let lines = [article.title, article.standfirst].compactMap { $0 } + article.paragraphs.prefix(2)
        for line in lines {
            guard let notice = Notice(String(line.prefix(lineCharactersMax))) else { continue }
            let until = EmbargoTime.read(notice.rest, near: article.published ?? seen, zone: zone)
            if until == nil, notice.needsTime { continue }
            return Embargo(until: until, notice: CleanText.line(line).cut(to: noticeCharactersMax))
        }
        return nil
    }

    /// Whether a line begins with the words that ask for one.
    static func asks(_ line: String) -> Bool { Notice(String(line.prefix(lineCharactersMax))) != nil }

    private static let lineCharactersMax = 300
    private static let noticeCharactersMax = 160
}

/// The words that ask, at the head of a line.
private struct Notice {
    /// What follows them.
    var rest: String
    var needsTime: Bool

    init?(_ line: String) {
        let lower = Normalization.composed(line.lowercased().utf8)
        let head = Array(lower.prefix(Self.headCharacters + Self.openingCharactersMax).utf8)
        var found: (end: Int, needsTime: Bool)?
        for (words, needsTime) in Self.openings {
            guard let start = head.firstIndex(of: words), found.map({ start + words.count > $0.end }) ?? true,
                String(decoding: head[..<start], as: UTF8.self).count <= Self.headCharacters
            else { continue }
            found = (start + words.count, needsTime && found?.needsTime ?? true)
        }
        guard let found else { return nil }
        rest = String(String(decoding: lower.utf8.dropFirst(found.end), as: UTF8.self).prefix(Self.restCharacters))
        needsTime = found.needsTime
    }

    /// How far from the beginning of the line they may begin: `[PRESS RELEASE] STRICTLY EMBARGOED UNTIL …`.
    private static let headCharacters = 40
    private static let restCharacters = 100
    private static let openingCharactersMax = words.map(\.0.count).max() ?? 0

    private static let openings: [(words: [UInt8], needsTime: Bool)] = words.map { (Array($0.utf8), $1) }

    private static let words: [(String, needsTime: Bool)] = [
        ("embargoed until", false), ("embargoed till", false), ("embargoed to", false), ("embargoed for", false),
        ("strictly embargoed", false), ("under embargo until", false), ("under embargo till", false),
        ("not for release before", false), ("not for release until", false), ("not for publication before", false),
        ("not for publication until", false), ("hold for release until", false), ("embargo until", true),
        ("embargo:", true), ("embargo :", true), ("embargoed:", false), ("embargo date:", true),
        ("sperrfrist", false), ("sous embargo jusqu", false), ("embargo jusqu", true),
        ("embargado hasta", false), ("embargada hasta", false), ("embargo hasta", true),
        ("embargado até", false), ("embargo até", true), ("sotto embargo fino", false), ("embargo fino al", true),
        ("onder embargo tot", false), ("embargo tot", true), ("エンバーゴ", true), ("報道解禁", true), ("解禁日時", true),
        ("情報解禁", true), ("엠바고", true), ("보도유예", true), ("보도시점", true), ("禁发", true), ("發稿時間", true),
    ]
}

extension [UInt8] {
    /// Where a word begins first.
    fileprivate func firstIndex(of word: [UInt8]) -> Int? {
        guard let first = word.first, count >= word.count else { return nil }
        return (0...count - word.count).first { self[$0] == first && self[$0..<$0 + word.count].elementsEqual(word) }
    }
}

/// The end of an embargo as notices write it: `0600 GMT Tuesday 1 April 2025`, `1. April, 10 Uhr`, `4月1日(火)午前10時`.
private enum EmbargoTime {
    static func read(_ text: String, near: Timestamp, zone: Zone) -> Timestamp? {
        guard var scan = DateScanner(Array(text.utf8)) else { return nil }
        scan.joinClocks()
        let day = day(in: text, scan.tokens, near: near)
        let clock = scan.takeClock()
        let named = clock == nil ? nil : scan.takeZone().zone ?? zonesInWords.first { text.contains($0.words) }?.zone
        guard clock?.isValid ?? true else { return nil }
        // An hour alone is today's.
        guard let date = day ?? (clock == nil ? nil : zone.local(near).date) else { return nil }
        let hour = clock ?? FeedDate.Clock()
        guard let named else {
            return zone.timestamp(of: date, hour: hour.hour % 24, minute: hour.minute)
        }
        return named.timestamp(of: date, FeedDate.Clock(hour: hour.hour, minute: hour.minute))
    }

    /// As notices write them that name no abbreviation. Lower case.
    private static let zonesInWords: [(words: String, zone: DateZone?)] = [
        ("日本時間", .fixed(seconds: 32_400)), ("한국시간", .fixed(seconds: 32_400)), ("한국 시간", .fixed(seconds: 32_400)),
        ("北京时间", .fixed(seconds: 28_800)), ("北京時間", .fixed(seconds: 28_800)), ("台灣時間", .fixed(seconds: 28_800)),
        ("臺灣時間", .fixed(seconds: 28_800)), ("台北時間", .fixed(seconds: 28_800)),
        ("heure de paris", DateZone.named("europe/paris")),
        ("hora de madrid", DateZone.named("europe/madrid")),
        ("london time", DateZone.named("europe/london")),
        ("eastern time", DateZone.named("america/new_york")),
    ]

    private static func day(in text: String, _ tokens: [DateScanner.Token], near: Timestamp) -> CivilDate? {
        let today = CivilDate(daysSince1970: Int(near.seconds.floorDivided(by: 86_400)))
        let named = dayOfMonth(tokens)
        if named == nil, let midnight = DateInText.first(in: text) {
            return CivilDate(daysSince1970: Int(midnight.seconds.floorDivided(by: 86_400)))
        }
        guard let (month, day, year) = named ?? eastAsian(tokens).map({ ($0.month, $0.day, nil) }) else { return nil }
        let years = year.map { $0...$0 } ?? today.year - 1...today.year + 1
        let candidates = years.compactMap { year -> CivilDate? in
            day <= CivilDate.days(inMonth: month, year: year) ? CivilDate(year: year, month: month, day: day) : nil
        }
        return candidates.min {
            abs($0.daysSince1970 - today.daysSince1970) < abs($1.daysSince1970 - today.daysSince1970)
        }
    }

    /// `1 April 2025`, `April 1`, `1er avril`, `1 de abril`: with a month's name, and the year where it follows.
    private static func dayOfMonth(_ tokens: [DateScanner.Token]) -> (month: Int, day: Int, year: Int?)? {
        let parts = tokens.filter { token in
            switch token {
            case .sign: false
            case .word(let word): !DateWords.fillers.contains(word)
            case .number: true
            }
        }
        for index in parts.indices.dropLast() {
            guard let (month, day) = pair(parts[index], parts[index + 1]) else { continue }
            guard parts.indices.contains(index + 2), case .number(let year, 4) = parts[index + 2],
                (1970...2199).contains(year)
            else { return (month, day, nil) }
            return (month, day, year)
        }
        return nil
    }

    private static func pair(_ a: DateScanner.Token, _ b: DateScanner.Token) -> (month: Int, day: Int)? {
        switch (a, b) {
        case (.number(let day, 1...2), .word(let word)), (.word(let word), .number(let day, 1...2)):
            guard let month = DateWords.months[word], (1...31).contains(day) else { return nil }
            return (month, day)
        default: return nil
        }
    }

    /// `4月1日`
    private static func eastAsian(_ tokens: [DateScanner.Token]) -> (month: Int, day: Int)? {
        let parts = tokens.filter { if case .sign = $0 { false } else { true } }
        for index in parts.indices.dropLast(3) {
            guard case .number(let month, 1...2) = parts[index], case .number(let day, 1...2) = parts[index + 2],
                parts[index + 1] == .word("月") || parts[index + 1] == .word("월"),
                (1...12).contains(month), (1...31).contains(day)
            else { continue }
            return (month, day)
        }
        return nil
    }
}

extension DateScanner {
    /// `0600 GMT`, `10 Uhr`, `10h`, `10.30 Uhr` as `06:00`, `10:00`, `10:30`, which `takeClock` reads.
    fileprivate mutating func joinClocks() {
        var index = 0
        while index + 1 < tokens.count {
            defer { index += 1 }
            guard case .number(let value, let digits) = tokens[index] else { continue }
            let next = tokens[index + 1] == .sign(0x20) ? index + 2 : index + 1
            guard tokens.indices.contains(next), case .word(let word) = tokens[next] else { continue }
            if digits == 4, value % 100 < 60, value / 100 < 24, ["h", "hrs", "hours"].contains(word) || isZone(word) {
                tokens.replaceSubrange(
                    index...index,
                    with: [.number(value / 100, digits: 2), .sign(0x3A), .number(value % 100, digits: 2)])
                if !isZone(word) { tokens.remove(at: next + 2) }
                return
            }
            guard word == "uhr", digits <= 2 else { continue }
            if index >= 2, [.sign(0x2E), .sign(0x3A)].contains(tokens[index - 1]), case .number = tokens[index - 2] {
                tokens[index - 1] = .sign(0x3A)
                tokens.remove(at: next)
            } else {
                tokens.replaceSubrange(next...next, with: [.sign(0x3A), .number(0, digits: 2)])
            }
            return
        }
    }

    private func isZone(_ word: String) -> Bool { word.utf8.count > 1 && DateZone.named(word) != nil }
}
