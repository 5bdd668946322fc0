/// The numbers that a headline gives: how many, how much, how far.
///
/// Digits in every width with their separators, `4万` and `40,000` alike, and the English words from two to twelve. Not a
/// number are designations (`F-35`, `G7`, `Type 055`, `10式`), ordinals (`7th`, `第3`), dates, years and times of day.
public enum HeadlineNumbers {
    /// Each once, in the order of the headline, as `40000` or `4.5`.
    public static func found(in headline: String) -> [String] {
        let text = FoldedText(String(headline.prefix(Limits.titleCharactersMax)))
        var scan = Scan(scalars: Array(String(decoding: text.bytes, as: UTF8.self).unicodeScalars))
        var found: [String] = []
        while let number = scan.next() { found.append(number) }
        return found
    }
}

private struct Scan {
    let scalars: [Unicode.Scalar]
    private var index = 0
    private var found: [String] = []

    init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// The next number that counts; each once.
    mutating func next() -> String? {
        while index < scalars.count {
            let start = index
            if isDigit(start) {
                if let number = digits(), isNew(number) { return number }
            } else if isLetter(start) {
                if let number = word(), isNew(number) { return number }
            } else {
                index += 1
            }
        }
        return nil
    }

    private mutating func isNew(_ number: String) -> Bool {
        guard !found.contains(number) else { return false }
        found.append(number)
        return true
    }

    private mutating func word() -> String? {
        let start = index
        while index < scalars.count, isLetter(index) || isDigit(index) { index += 1 }
        guard index - start <= 6, let value = Self.words[text(start..<index).lowercased()], !hasSign("-", index) else {
            return nil
        }
        // `Two-day` is a length, `Forty-two` is rare in a headline.
        return hasSign("-", start - 1) ? nil : value
    }

    /// At a digit; moves behind the number.
    private mutating func digits() -> String? {
        let start = index
        var whole = run()
        var fraction = ""
        var isGrouped = false
        while index + 1 < scalars.count, scalars[index] == "," || scalars[index] == ".", isDigit(index + 1) {
            let sign = scalars[index]
            index += 1
            let part = run()
            // `40,000` and `40.000`; `1.5` and `1,5`.
            if part.count == 3, fraction.isEmpty, whole.count <= 3 || isGrouped, whole != "0" {
                whole += part
                isGrouped = true
            } else if fraction.isEmpty, sign == "." || !isGrouped {
                fraction = part
            }
        }
        let end = index
        guard whole.count <= 12, fraction.count <= 6, isCount(start..<end, whole, isGrouped: isGrouped),
            let value = Double(fraction.isEmpty ? whole : "\(whole).\(fraction)")
        else { return nil }
        return Self.written(value * multiplier())
    }

    private mutating func run() -> String {
        let start = index
        while index < scalars.count, isDigit(index) { index += 1 }
        return text(start..<index)
    }

    private func isCount(_ range: Range<Int>, _ whole: String, isGrouped: Bool) -> Bool {
        let (before, after) = (range.lowerBound - 1, range.upperBound)
        if isLetter(before) || whole.count > 1 && whole.hasPrefix("0") { return false }
        if hasSign("-", before), before > 0, !isDigit(before - 1), scalars[before - 1] != " " { return false }
        if hasSign("/", before) || hasSign("/", after) || hasSign(":", after) && isDigit(after + 1) { return false }
        if hasSign(":", before), isDigit(before - 1) { return false }
        if scalars.indices.contains(before), Self.ordinalMarks.contains(scalars[before]) { return false }
        if scalars.indices.contains(after), Self.notCounted.contains(scalars[after]) { return false }
        if isLetter(after), !isUnit(after) { return false }
        if whole.count == 4, !isGrouped, let year = Int(whole), (1900...2100).contains(year) { return false }
        let neighbours = (wordBefore(before), wordAfter(after))
        if Self.naming.contains(neighbours.0) { return false }
        return DateWords.months[neighbours.0] == nil && DateWords.months[neighbours.1] == nil
    }

    /// `km` behind the digits, but neither `th` nor `G` nor `A`.
    private func isUnit(_ start: Int) -> Bool {
        var end = start
        while isLetter(end) { end += 1 }
        let word = text(start..<end)
        return word == word.lowercased() && !["st", "nd", "rd", "th", "am", "pm", "s"].contains(word)
    }

    private func multiplier() -> Double {
        if scalars.indices.contains(index), let factor = Self.eastAsian[scalars[index]] { return factor }
        return Self.factors[wordAfter(index)] ?? 1
    }

    private func wordBefore(_ index: Int) -> String {
        var end = index
        while hasSign(" ", end) || hasSign(".", end) { end -= 1 }
        var start = end
        while isLetter(start) { start -= 1 }
        return start < end ? text(start + 1..<end + 1).lowercased() : ""
    }

    private func wordAfter(_ index: Int) -> String {
        var start = index
        while hasSign(" ", start) || hasSign("-", start) { start += 1 }
        var end = start
        while isLetter(end) { end += 1 }
        return text(start..<end).lowercased()
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private func isDigit(_ index: Int) -> Bool {
        scalars.indices.contains(index) && ("0"..."9").contains(scalars[index])
    }

    private func isLetter(_ index: Int) -> Bool {
        guard scalars.indices.contains(index) else { return false }
        let scalar = scalars[index]
        return scalar.properties.isAlphabetic && !UTF8Bytes.isEastAsian(scalar.value)
    }

    private func hasSign(_ sign: Unicode.Scalar, _ index: Int) -> Bool {
        scalars.indices.contains(index) && scalars[index] == sign
    }

    private static func written(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static let words: [String: String] = [
        "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
        "ten": "10", "eleven": "11", "twelve": "12", "dozen": "12",
    ]
    private static let factors: [String: Double] = [
        "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
    ]
    private static let eastAsian: [Unicode.Scalar: Double] = [
        "千": 1e3, "천": 1e3, "万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8,
    ]
    /// Behind the digits: dates, times of day, models.
    private static let notCounted: Set<Unicode.Scalar> = [
        "年", "月", "日", "号", "號", "時", "时", "点", "點", "分", "式", "型", "년", "월", "일", "시", "분", "형", "호",
    ]
    /// Before the digits.
    private static let ordinalMarks: Set<Unicode.Scalar> = ["第", "제", "#"]
    /// Words whose number is a name.
    private static let naming: Set<String> = [
        "type", "no", "nr", "number", "article", "section", "part", "phase", "day", "resolution", "week", "chapter",
    ]
}
