import News

/// The place line and the credit at the start of a text: `TOKYO (AP) —`, `（ワシントン共同）`, `[서울=연합뉴스]`, `新华社北京3月3日电`.
struct Dateline: Equatable {
    var place: String?
    var credit: String?

    /// Reads the first 160 bytes; the text itself stays as it is.
    init(text: String) {
        let head = String(text.prefix(160))
        if readLatin(head) || readBrackets(head) || readAgency(head) { return }
    }

    /// `TOKYO (AP) —`, `WASHINGTON, March 3 (Meridian Press) -`, `(Reuters) –`.
    private mutating func readLatin(_ head: String) -> Bool {
        let scalars = Array(head.unicodeScalars.prefix(110))
        guard let dash = Self.dash(scalars), dash > 1 else { return false }
        var before = String(String.UnicodeScalarView(scalars[..<dash]))
        guard !before.contains("."), !before.contains("!") && !before.contains("?") || before.utf8.count < 40 else {
            return readAbbreviated(before)
        }
        if let open = before.firstIndex(of: "("), let close = before.lastIndex(of: ")"), open < close,
            before[before.index(after: close)...].allSatisfy(\.isWhitespace)
        {
            credit = Self.name(before[before.index(after: open)..<close])
            before = String(before[..<open])
        }
        place = Self.place(before)
        if credit == nil, place == nil { return false }
        // "(Reuters) – " stands alone; with words before it they must be a place.
        if place == nil, !before.allSatisfy(\.isWhitespace) { credit = nil }
        return place != nil || credit != nil
    }

    /// Abbreviated states keep their points: `NORFOLK, Va. (AP) —`.
    private mutating func readAbbreviated(_ before: String) -> Bool {
        guard let open = before.lastIndex(of: "("), let close = before.lastIndex(of: ")"), open < close else {
            place = before.utf8.count < 40 ? Self.place(before) : nil
            return place != nil
        }
        guard let found = Self.place(String(before[..<open])) else { return false }
        place = found
        credit = Self.name(before[before.index(after: open)..<close])
        return true
    }

    private static func dash(_ scalars: [Unicode.Scalar]) -> Int? {
        for index in scalars.indices {
            let scalar = scalars[index]
            if scalar == "—" || scalar == "–" { return index }
            if scalar == "-", index > 0, index + 1 < scalars.count,
                scalars[index - 1] == " " || scalars[index - 1] == ")",
                scalars[index + 1] == " " || scalars[index + 1] == "-"
            {
                return index
            }
        }
        return nil
    }

    /// A place is in capitals up to its first comma: `WASHINGTON, March 3`, `SEOUL, South Korea`.
    private static func place(_ text: String) -> String? {
        let line = PlainText.cleaned(text)
        let first = PlainText.cleaned(String(line.prefix { $0 != "," && $0 != "(" }))
        let letters = first.unicodeScalars.filter { $0.properties.isAlphabetic }
        guard letters.count >= 3, first.utf8.count <= 60, letters.allSatisfy({ !$0.properties.isLowercase }),
            letters.allSatisfy({ $0.value < 0x500 }), !first.contains(where: \.isNumber)
        else { return nil }
        return first
    }

    private static func name(_ text: Substring) -> String? {
        let name = PlainText.cleaned(String(text))
        guard (2...60).contains(name.utf8.count), name.contains(where: \.isLetter), !name.contains(where: \.isNumber),
            name.split(separator: " ").count <= 5
        else { return nil }
        return name
    }

    /// `（ワシントン共同）`, `【東京時事】`, `[서울=연합뉴스]`, `(서울=연합뉴스)`, `（中央社東京3日電）`.
    private mutating func readBrackets(_ head: String) -> Bool {
        let pairs: [Character: Character] = ["（": "）", "【": "】", "[": "]", "(": ")", "［": "］", "〔": "〕"]
        guard let first = head.first, let closing = pairs[first], let close = head.firstIndex(of: closing) else {
            return false
        }
        let inside = String(head[head.index(after: head.startIndex)..<close])
        guard inside.count <= 30, inside.utf8.contains(where: { $0 >= 0xE3 }) else { return false }
        if let equals = inside.firstIndex(where: { $0 == "=" || $0 == "＝" }) {
            place = PlainText.cleaned(String(inside[..<equals]))
            let rest = inside[inside.index(after: equals)...].prefix { $0 != ")" && $0 != "）" }
            credit = Self.agency(in: String(rest)) ?? Self.firstWord(rest)
            return credit != nil
        }
        guard let agency = Self.agency(in: inside), let range = inside.ranges(of: agency).first else { return false }
        credit = agency
        let before = inside[..<range.lowerBound]
        place = Self.cleanPlace(before.isEmpty ? Self.placeAfter(inside[range.upperBound...]) : String(before))
        return true
    }

    /// `新华社北京3月3日电`, `中新网东京3月3日电`.
    private mutating func readAgency(_ head: String) -> Bool {
        guard let agency = Self.agencies.first(where: { head.hasPrefix($0) }) else { return false }
        let rest = head.dropFirst(agency.count).prefix(40)
        guard rest.contains("电") || rest.contains("電") || rest.contains("讯") || rest.contains("訊") else { return false }
        credit = agency
        place = Self.cleanPlace(Self.placeAfter(rest))
        return true
    }

    private static func placeAfter(_ rest: Substring) -> String {
        String(rest.prefix { !$0.isNumber && !"电電讯訊（(记記)）".contains($0) })
    }

    private static func cleanPlace(_ text: String?) -> String? {
        guard let text else { return nil }
        let place = PlainText.cleaned(text.replacing("＝", with: "").replacing("=", with: "").replacing("／", with: ""))
        return place.isEmpty || place.count > 20 ? nil : place
    }

    private static func firstWord(_ text: Substring) -> String? {
        text.split(separator: " ").first.map { PlainText.cleaned(String($0)) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func agency(in text: String) -> String? { agencies.first { text.contains($0) } }

    /// Longer names first.
    private static let agencies = [
        "共同通信", "時事通信", "新华社", "新華社", "中新社", "中新网", "中央社", "中通社", "연합뉴스", "뉴시스", "뉴스1", "ロイター", "法新社", "路透社",
        "美联社", "美聯社", "共同社", "时事社", "AFP時事", "共同", "時事", "環球網", "环球网", "央视", "AFP", "AP",
    ]
}
