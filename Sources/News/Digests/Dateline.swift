/// The place line and the credit at the start of a wire text: `TOKYO (AP) —`, `（ワシントン共同）`, `[서울=연합뉴스]`, `新华社北京3月3日电`.
public struct Dateline: Equatable, Sendable {
    public private(set) var place: String?
    public private(set) var credit: String?
    /// Scalars before the text itself: place line, credit, what ends them and the blanks behind; also a label such as `【独家】`.
    private(set) var length = 0

    /// Looks at the first 160 scalars only.
    public init(_ text: String) { self.init(Array(text.unicodeScalars.prefix(Self.headMax))) }

    init(_ text: [Unicode.Scalar]) {
        let head = text.prefix(Self.headMax)
        let end = readBrackets(head) ?? readDispatch(head) ?? readDashed(head) ?? Self.endOfLabel(head)
        guard end > 0 else { return }
        length = head[end...].firstIndex { !$0.properties.isWhitespace && !"-–—―".unicodeScalars.contains($0) } ?? 0
    }

    private static let headMax = 160
}

// MARK: Brackets and dispatches

extension Dateline {
    /// `（ワシントン共同）`, `[東京 3日 ロイター]`, `[서울=연합뉴스]`, `(서울=연합뉴스) 홍길동 기자 =`, `（中央社東京3日電）`.
    private mutating func readBrackets(_ head: ArraySlice<Unicode.Scalar>) -> Int? {
        let pairs: [Unicode.Scalar: Unicode.Scalar] = [
            "（": "）", "【": "】", "[": "]", "(": ")", "［": "］", "〔": "〕",
        ]
        guard let closing = head.first.flatMap({ pairs[$0] }), let close = head.prefix(32).firstIndex(of: closing)
        else { return nil }
        let inside = head[1..<close]
        guard inside.contains(where: { $0.value >= 0x3000 }) else { return nil }
        if let equals = inside.firstIndex(where: Self.isEquals) {
            let rest = Self.text(inside[(equals + 1)...])
            guard
                let name = Self.agencies.first(where: rest.contains)
                    ?? rest.split(separator: " ").first.map(String.init)
            else {
                return nil
            }
            place = Self.asianPlace(Self.text(inside[..<equals])[...])
            credit = name
        } else {
            let line = Self.text(inside)
            if let agency = Self.agencies.first(where: line.hasSuffix) {
                (place, credit) = (Self.asianPlace(line.dropLast(agency.count)), agency)
            } else if let agency = Self.agencies.first(where: line.hasPrefix), Self.isDispatch(inside[close - 1]) {
                (place, credit) = (Self.asianPlace(line.dropFirst(agency.count)), agency)
            } else {
                return nil
            }
        }
        // The reporter's name may follow, up to an equals sign.
        return (head[close...].prefix(24).firstIndex(where: Self.isEquals) ?? close) + 1
    }

    /// `新华社北京3月3日电（记者…）`, `中央社台北30日電`: up to 电 or 讯, which begins words such as 电视 too.
    private mutating func readDispatch(_ head: ArraySlice<Unicode.Scalar>) -> Int? {
        let ends: [Unicode.Scalar] = ["（", "(", " ", "　", "：", ":"]
        guard
            let mark = head.prefix(40).indices.first(where: { index in
                guard index > 0, index + 1 < head.endIndex, Self.isDispatch(head[index]) else { return false }
                return ends.contains(head[index + 1]) || head[index - 1] == "日" && head[index + 1] != "视"
            })
        else { return nil }
        let line = Self.text(head[..<mark])
        let agency = Self.agencies.first(where: line.hasPrefix) ?? Self.unknownAgency(line)
        guard agency != nil || line.hasSuffix("日") && ends.contains(head[mark + 1]) else { return nil }
        let found = Self.asianPlace(line.dropFirst(agency?.count ?? 0))
        guard agency != nil || found != nil else { return nil }
        (place, credit) = (found, agency)
        guard head[mark + 1] == "（", let end = head[mark...].prefix(48).firstIndex(of: "）") else { return mark + 1 }
        return end + 1
    }

    private static func isDispatch(_ scalar: Unicode.Scalar) -> Bool { "电電讯訊".unicodeScalars.contains(scalar) }

    /// `北海社` of `北海社北京3月3日`.
    private static func unknownAgency(_ line: String) -> String? {
        guard line.hasSuffix("日"), let end = line.firstIndex(of: "社"), line[..<end].count <= 8 else { return nil }
        return String(line[...end])
    }

    /// `【独家】`: a label is no part of a sentence.
    private static func endOfLabel(_ head: ArraySlice<Unicode.Scalar>) -> Int {
        guard head.first == "【", let end = head.prefix(32).firstIndex(of: "】") else { return 0 }
        return end + 1
    }

    /// What stands before the day, a bracket or 电.
    private static func asianPlace(_ text: Substring) -> String? {
        let scalars = text.unicodeScalars.prefix { !isDigit($0) && !"电電讯訊（(记記)）=＝／".unicodeScalars.contains($0) }
        let place = trimmed(Substring(scalars))
        return place.isEmpty || place.count > 20 ? nil : place
    }

    /// `Character.isNumber` would do for no place: 京 is ten quadrillion.
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }

    private static func isEquals(_ scalar: Unicode.Scalar) -> Bool { scalar == "=" || scalar == "＝" }

    /// Longer names first.
    private static let agencies = [
        "共同通信", "時事通信", "新华社", "新華社", "中新社", "中新网", "中央社", "中通社", "연합뉴스", "뉴시스", "뉴스1", "ロイター", "法新社", "路透社",
        "美联社", "美聯社", "共同社", "时事社", "AFP時事", "共同", "時事", "環球網", "环球网", "央视", "AFP", "AP",
    ]
}

// MARK: Dashes

extension Dateline {
    /// `TOKYO (AP) —`, `WASHINGTON, March 3 (Meridian Press) -`, `NORFOLK, Va. (AP) —`, `(Reuters) –`.
    private mutating func readDashed(_ head: ArraySlice<Unicode.Scalar>) -> Int? {
        guard let dash = head.prefix(110).indices.first(where: { Self.isDash(head, at: $0) }) else { return nil }
        let line = Self.trimmed(Self.text(head[..<dash])[...])
        var before = line[...]
        var name: String?
        if line.hasSuffix(")"), let open = line.lastIndex(of: "(") {
            name = Self.name(line[line.index(after: open)...].dropLast())
            before = line[..<open]
        }
        let isLong = before.utf8.count >= 40
        // A sentence of its own before the dash is no place line; without a credit an abbreviated state needs a short one.
        guard !(isLong && before.contains { "!?".contains($0) }), name != nil || !isLong || !before.contains(".") else {
            return nil
        }
        let found = Self.capitals(before)
        // "(Reuters) –" stands alone; with words before it they must be a place.
        guard found != nil || name != nil && before.allSatisfy(\.isWhitespace) else { return nil }
        (place, credit) = (found, name)
        let isDouble = dash + 1 < head.endIndex && head[dash] == "-" && head[dash + 1] == "-"
        return dash + (isDouble ? 2 : 1)
    }

    /// A dash between blanks or behind a bracket; `—` also without: `TOKYO—The`.
    private static func isDash(_ text: ArraySlice<Unicode.Scalar>, at index: Int) -> Bool {
        if text[index] == "—" { return index > 0 }
        let isSpacedBefore = index > 0 && (text[index - 1] == " " || text[index - 1] == ")")
        let next = index + 1 < text.endIndex ? text[index + 1] : " "
        switch text[index] {
        case "–", "―": return isSpacedBefore || index > 0 && next == " "
        case "-": return isSpacedBefore && (next == " " || next == "-")
        default: return false
        }
    }

    /// A place is in capitals up to its first comma: `WASHINGTON, March 3`, `SEOUL, South Korea`.
    private static func capitals(_ text: Substring) -> String? {
        let first = trimmed(text.prefix { $0 != "," && $0 != "(" })
        let letters = first.unicodeScalars.filter { $0.properties.isAlphabetic }
        guard letters.count >= 3, first.utf8.count <= 60,
            letters.allSatisfy({ !$0.properties.isLowercase && $0.value < 0x500 }), !first.contains(where: \.isNumber)
        else { return nil }
        return first
    }

    private static func name(_ text: Substring) -> String? {
        let name = trimmed(text)
        guard (2...60).contains(name.utf8.count), name.contains(where: \.isLetter), !name.contains(where: \.isNumber),
            name.split(separator: " ").count <= 5
        else { return nil }
        return name
    }

    private static func trimmed(_ text: Substring) -> String {
        let rest = text.drop(while: \.isWhitespace)
        return String(rest[..<(rest.lastIndex { !$0.isWhitespace }.map(rest.index(after:)) ?? rest.startIndex)])
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
