/// The place line and credit that stand before a wire text's first sentence: `TOKYO (AP) — `, `新华社北京3月30日电 `.
enum Dateline {
    /// How many scalars of the text are place line, credit and the mark that ends them; 0 when there is none.
    static func length(_ text: [Unicode.Scalar], dateline: String?) -> Int {
        var start = bracketed(text, from: 0)
        start = dispatch(text, from: start)
        if start == 0 { start = dashed(text, dateline: dateline) }
        while start < text.count, text[start] == " " || text[start] == "　" { start += 1 }
        return start < text.count ? start : 0
    }

    /// `【東京共同】`, `（台北中央社）`, `(서울=연합뉴스) 홍길동 기자 = `: a short bracket at the very start.
    private static func bracketed(_ text: [Unicode.Scalar], from start: Int) -> Int {
        let pairs: [Unicode.Scalar: Unicode.Scalar] = ["【": "】", "（": "）", "〔": "〕", "［": "］", "(": ")", "[": "]"]
        guard let first = text.first, let close = pairs[first],
            let end = text.prefix(48).firstIndex(of: close)
        else { return start }
        if let equals = text[end...].prefix(24).firstIndex(where: { $0 == "=" || $0 == "＝" }) { return equals + 1 }
        return end + 1
    }

    /// `新华社北京3月30日电（记者…）`, `中央社台北30日電`: up to 电 after a day.
    private static func dispatch(_ text: [Unicode.Scalar], from start: Int) -> Int {
        guard let mark = text[start...].prefix(32).firstIndex(where: { $0 == "电" || $0 == "電" }), mark > start,
            text[mark - 1] == "日" || text[start..<mark].contains("社")
        else { return start }
        let after = mark + 1
        guard after < text.count, text[after] == "（" || text[after] == " " || text[after] == "　" else { return start }
        guard text[after] == "（", let end = text[after...].prefix(48).firstIndex(of: "）") else { return after }
        return end + 1
    }

    /// `TOKYO, March 30 (AP) — `: a dash within the first 72 scalars after a name in capitals or the known place.
    private static func dashed(_ text: [Unicode.Scalar], dateline: String?) -> Int {
        let head = text.prefix(72)
        guard let dash = head.indices.first(where: { isDash(head, at: $0) }) else { return 0 }
        let words = String(String.UnicodeScalarView(head[..<dash]))
        let isKnownPlace = dateline.map { !$0.isEmpty && words.hasPrefix($0) } ?? false
        let capitals = head.prefix { $0.properties.isUppercase || $0 == "." }.count
        let isCredit = words.hasSuffix(")") || words.hasSuffix(") ")
        guard isKnownPlace || capitals >= 3 || isCredit && words.contains("(") else { return 0 }
        // A sentence of its own before the dash is no place line.
        guard !words.contains("\""), !words.contains("“"), words.split(separator: " ").count <= 9 else { return 0 }
        return head[dash] == "-" ? dash + 2 : dash + 1
    }

    private static func isDash(_ text: ArraySlice<Unicode.Scalar>, at index: Int) -> Bool {
        let isSpacedBefore = index > 0 && (text[index - 1] == " " || text[index - 1] == ")")
        if text[index] == "—" || text[index] == "–" || text[index] == "―" { return isSpacedBefore }
        guard text[index] == "-", isSpacedBefore, index + 1 < text.endIndex else { return false }
        return text[index + 1] == "-" || text[index + 1] == " "
    }
}
