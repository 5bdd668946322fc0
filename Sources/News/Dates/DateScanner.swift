/// Cuts a date's text into numbers, words and signs, and takes the time of day and the zone out of them.
struct DateScanner {
    enum Token: Equatable {
        case number(Int, digits: Int)
        /// Lower case, without a full stop at its end.
        case word(String)
        case sign(UInt8)
    }

    var tokens: [Token]
    /// Where the time of day stood: a zone follows it.
    private var clockEnd: Int?

    /// Nil when a number is too long to be part of a date.
    init?(_ text: [UInt8]) {
        let bytes = Self.withASCIIDigits(text)
        tokens = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if Self.isDigit(byte) {
                let run = bytes[index...].prefix(while: Self.isDigit)
                guard run.count <= 14, let value = Int(String(decoding: run, as: UTF8.self)) else { return nil }
                tokens.append(.number(value, digits: run.count))
                index += run.count
            } else if Self.isLetter(byte) {
                let run = bytes[index..<Self.endOfWord(bytes, from: index)]
                index += run.count
                Self.appendWords(String(decoding: run, as: UTF8.self).lowercased(), to: &tokens)
            } else {
                if byte > 0x20 || tokens.last != .sign(0x20) { tokens.append(.sign(max(byte, 0x20))) }
                index += 1
            }
        }
        splitBasicForms()
        takeEra()
    }

    /// `令和7年`, `民國114年`: the year as the Christian era counts it.
    private mutating func takeEra() {
        for index in tokens.indices.dropLast() {
            guard case .word(let word) = tokens[index], let first = Self.eras[word] else { continue }
            if case .number(let year, 1...3) = tokens[index + 1] {
                tokens[index + 1] = .number(first + year - 1, digits: 4)
                tokens[index] = .sign(0x20)
            }
        }
    }

    /// Their first years.
    private static let eras = ["民國": 1912, "民国": 1912, "令和": 2019, "平成": 1989, "昭和": 1926]

    /// The digits of every script (`٣٠`, `३०`, `３０`) as 0 to 9.
    private static func withASCIIDigits(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        var view = String.UnicodeScalarView()
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let value = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil
            view.append(value.flatMap { Unicode.Scalar(0x30 + UInt32($0)) } ?? scalar)
        }
        return Array(String(view).utf8)
    }

    /// Thai writes months with full stops inside, `มี.ค.`: those belong to the word.
    private static func endOfWord(_ bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while true {
            end = bytes[end...].prefix(while: isLetter).endIndex
            guard end < bytes.count, bytes[end] == UInt8(ascii: "."), isThai(bytes, at: start),
                isThai(bytes, at: end + 1)
            else { return end }
            end += 1
        }
    }

    private static func isThai(_ bytes: [UInt8], at index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index] == 0xE0 && (0xB8...0xB9).contains(bytes[index + 1])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// ASCII letters, everything outside ASCII, and what joins the parts of a zone's name.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 || byte == UInt8(ascii: "_")
    }

    /// Full-width and CJK punctuation as spaces, the minus sign as itself, and `오후`, `午後` apart from what touches them.
    private static func appendWords(_ run: String, to tokens: inout [Token]) {
        var word = ""
        for scalar in run.unicodeScalars {
            switch scalar {
            case "\u{2212}", "\u{2013}":
                flush(&word, to: &tokens)
                tokens.append(.sign(UInt8(ascii: "-")))
            case "\u{FF1A}":
                flush(&word, to: &tokens)
                tokens.append(.sign(UInt8(ascii: ":")))
            case "일" where word.hasSuffix("요"):
                word.unicodeScalars.append(scalar)
                flush(&word, to: &tokens)
            case "月" where DateWords.months[word + "月"] != nil:
                word.unicodeScalars.append(scalar)
                flush(&word, to: &tokens)
            case "\u{A0}", "\u{060C}", "\u{2009}", "\u{202F}", "\u{200E}", "\u{200F}", "\u{3000}", "（", "）", "、", "，",
                "·", "º", "ª", "•":
                flush(&word, to: &tokens)
                tokens.append(.sign(0x20))
            case "年", "月", "日", "号", "號", "時", "时", "点", "點", "分", "秒", "년", "월", "일", "시", "분", "초":
                flush(&word, to: &tokens)
                tokens.append(.word(String(scalar)))
            default: word.unicodeScalars.append(scalar)
            }
        }
        flush(&word, to: &tokens)
    }

    private static func flush(_ word: inout String, to tokens: inout [Token]) {
        if !word.isEmpty { tokens.append(.word(word)) }
        word = ""
    }

    /// `20031231T101455Z`: the clock of the basic form as numbers with colons, as the extended form has them.
    private mutating func splitBasicForms() {
        if tokens.count == 1, case .number(let value, 14) = tokens[0] {
            tokens = [.number(value / 1_000_000, digits: 8), .sign(0x20)] + Self.clock(value % 1_000_000, digits: 6)
            return
        }
        guard let t = tokens.firstIndex(of: .word("t")), t + 1 < tokens.count, t > 0, case .number = tokens[t - 1],
            case .number(let value, let digits) = tokens[t + 1], digits == 4 || digits == 6
        else { return }
        tokens.replaceSubrange(t + 1...t + 1, with: Self.clock(value, digits: digits))
    }

    private static func clock(_ value: Int, digits: Int) -> [Token] {
        let seconds = digits == 6 ? [Token.sign(0x3A), .number(value % 100, digits: 2)] : []
        let rest = digits == 6 ? value / 100 : value
        return [.number(rest / 100, digits: 2), .sign(0x3A), .number(rest % 100, digits: 2)] + seconds
    }
}

extension DateScanner {
    private static let colons: [Token] = [
        .sign(0x3A), .word("h"), .word("時"), .word("时"), .word("点"), .word("點"), .word("시"),
    ]
    private static let minuteEnds: [Token] = [.sign(0x3A), .word("分"), .word("분"), .word("m")]
    private static let secondEnds: [Token] = [.word("秒"), .word("초"), .word("s")]

    private func token(_ index: Int) -> Token? { tokens.indices.contains(index) ? tokens[index] : nil }

    private func skippingSpace(_ index: Int) -> Int { token(index) == .sign(0x20) ? index + 1 : index }

    /// Takes the first `h:m`, `h:m:s`, `14h30`, `14時05分`, with `am`, `p.m.` or `오후` beside it, out of the tokens.
    mutating func takeClock() -> FeedDate.Clock? {
        for start in tokens.indices {
            guard case .number(let hour, let digits) = tokens[start], digits <= 2, !followsOffsetSign(start) else {
                continue
            }
            if let clock = clock(from: start, hour: hour) { return clock }
        }
        return nil
    }

    /// In `2003-12-31+02:00` what looks like a time is the zone.
    private func followsOffsetSign(_ index: Int) -> Bool {
        token(index - 1) == .sign(UInt8(ascii: "+"))
    }

    private mutating func clock(from start: Int, hour: Int) -> FeedDate.Clock? {
        var end = start + 1
        var clock = FeedDate.Clock(hour: hour)
        let colon = skippingSpace(end)
        if let sign = token(colon), Self.colons.contains(sign) {
            let next = skippingSpace(colon + 1)
            if case .number(let minute, 1...2)? = token(next) {
                clock.minute = minute
                end = next + 1
                takeSeconds(&clock, &end)
            } else if sign != .sign(0x3A) {
                end = colon + 1
            } else {
                return nil
            }
        } else if meridiem(at: skippingSpace(end)) == nil || hour > 12 {
            return nil
        }
        takeMeridiem(&clock, start: start, end: &end)
        let from = token(start - 1) == .word("t") ? start - 1 : start
        tokens.replaceSubrange(from..<end, with: [.sign(0x20)])
        clockEnd = from
        return clock
    }

    private func takeSeconds(_ clock: inout FeedDate.Clock, _ end: inout Int) {
        guard let sign = token(end), Self.minuteEnds.contains(sign) else { return }
        let next = skippingSpace(end + 1)
        guard case .number(let second, 1...2)? = token(next) else {
            end += sign == .sign(0x3A) ? 0 : 1
            return
        }
        clock.second = second
        end = next + 1
        if let fraction = token(end), fraction == .sign(0x2E) || fraction == .sign(0x2C), case .number? = token(end + 1)
        {
            end += 2
        } else if let word = token(end), Self.secondEnds.contains(word) {
            end += 1
        }
    }

    private mutating func takeMeridiem(_ clock: inout FeedDate.Clock, start: Int, end: inout Int) {
        var isAfternoon: Bool?
        if let found = meridiem(at: skippingSpace(end)) {
            isAfternoon = found.isAfternoon
            end = found.end
        } else {
            let before = token(start - 1) == .sign(0x20) ? start - 2 : start - 1
            if case .word(let word)? = token(before), let afternoon = Self.meridiems[word] {
                isAfternoon = afternoon
                tokens[before] = .sign(0x20)
            }
        }
        guard let isAfternoon, clock.hour <= 12 else { return }
        clock.hour = clock.hour % 12 + (isAfternoon ? 12 : 0)
    }

    private func meridiem(at index: Int) -> (isAfternoon: Bool, end: Int)? {
        guard case .word(let word)? = token(index) else { return nil }
        if let isAfternoon = Self.meridiems[word] { return (isAfternoon, index + 1) }
        guard word == "a" || word == "p", token(index + 1) == .sign(0x2E) else { return nil }
        let next = skippingSpace(index + 2)
        guard token(next) == .word("m") else { return nil }
        return (word == "p", token(next + 1) == .sign(0x2E) ? next + 2 : next + 1)
    }

    private static let meridiems: [String: Bool] = [
        "am": false, "pm": true, "오전": false, "오후": true, "午前": false, "午後": true, "上午": false, "下午": true,
        "凌晨": false, "早上": false, "晚上": true, "πμ": false, "μμ": true, "م": true, "ص": false, "du": true,
        "ch": true, "sa": false,
    ]
}

extension DateScanner {
    /// Takes the zone that follows the time of day, or stands at the end of a date without one.
    ///
    /// Nil when there is none that is known: the date is then read in the assumed zone rather than thrown away.
    mutating func takeZone() -> DateZone? {
        guard let start = clockEnd else { return takeZoneOfDate() }
        var index = skippingSpace(start)
        while token(index) == .sign(0x20) || token(index) == .sign(UInt8(ascii: "(")) || token(index) == .sign(0x2C) {
            index += 1
        }
        let from = index
        var zone = offset(at: &index)
        if zone == nil, case .word(let word)? = token(index), !DateWords.isPartOfDate(word) {
            zone = named(at: &index)
        }
        guard index > from else { return zone }
        tokens.removeSubrange(from..<index)
        dropComment(at: from)
        return zone
    }

    /// `26 Sep 2022 GMT`, `2003-12-31Z`, `2003-12-31+02:00`.
    private mutating func takeZoneOfDate() -> DateZone? {
        if let plus = tokens.lastIndex(of: .sign(UInt8(ascii: "+"))), plus > 0 {
            var index = plus
            let zone = offset(at: &index)
            if index > plus, index == tokens.count {
                tokens.removeSubrange(plus...)
                return zone
            }
        }
        guard case .word(let word)? = tokens.last, let zone = DateZone.named(word) else { return nil }
        tokens.removeLast()
        return zone
    }

    /// `+0200`, `-07:00`, `+2`, `+0530`; an impossible one counts as unknown.
    private func offset(at index: inout Int) -> DateZone? {
        guard case .sign(let sign)? = token(index), sign == 0x2B || sign == 0x2D,
            case .number(let value, let digits)? = token(index + 1)
        else { return nil }
        var minutes = digits <= 2 ? value * 60 : digits <= 4 ? value / 100 * 60 + value % 100 : Int.max
        var end = index + 2
        if digits <= 2, token(end) == .sign(0x3A), case .number(let more, 1...2)? = token(end + 1) {
            minutes += more
            end += 2
        }
        if sign == 0x2D, digits == 4, isMissingYear(value, at: index + 1) { return nil }
        index = end
        return minutes < 16 * 60 ? .fixed(seconds: minutes * (sign == 0x2B ? 60 : -60)) : nil
    }

    /// The year of `27 Mar 10:00 -2025`, of which the rest is at most a day, is no offset.
    private func isMissingYear(_ value: Int, at index: Int) -> Bool {
        guard (1900...2199).contains(value) else { return false }
        let others = tokens.indices.filter { $0 != index && tokens[$0].isNumber }
        guard others.count == 1, case .number(_, 1...2) = tokens[others[0]] else { return false }
        return true
    }

    private func named(at index: inout Int) -> DateZone? {
        guard case .word(var name)? = token(index) else { return nil }
        index += 1
        while token(index) == .sign(UInt8(ascii: "/")), case .word(let part)? = token(index + 1) {
            name += "/" + part
            index += 2
        }
        let zone = DateZone.named(name)
        guard name == "gmt" || name == "utc" || name == "ut" else { return zone }
        var next = index
        guard let shift = offset(at: &next) else { return zone }
        index = next
        return shift
    }

    /// `+0200 (CEST)`, `+0000 GMT`: a second name of the same zone.
    private mutating func dropComment(at index: Int) {
        var from = index
        while token(from) == .sign(0x20) { from += 1 }
        if token(from) == .sign(UInt8(ascii: "(")) {
            tokens.removeSubrange(from...)
        } else if case .word(let word)? = token(from), DateZone.named(word) != nil, !DateWords.isPartOfDate(word) {
            tokens.remove(at: from)
        }
    }
}
