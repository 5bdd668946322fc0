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
        takeWeek()
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
        var rest = run.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            // Turkish `İ` in lower case.
            case "\u{307}": break
            case _ where Self.beginsWeekday(scalar, rest):
                flush(&word, to: &tokens)
                word.unicodeScalars.append(scalar)
            case "日" where Self.weekdayStems.contains(word):
                word.unicodeScalars.append(scalar)
                flush(&word, to: &tokens)
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

    /// In `일요일` and `日曜日` what else is a unit of time begins a weekday.
    private static func beginsWeekday(_ scalar: Unicode.Scalar, _ rest: Substring.UnicodeScalarView) -> Bool {
        switch scalar {
        case "일", "월": rest.starts(with: "요일".unicodeScalars)
        case "日", "月": rest.first == "曜"
        default: false
        }
    }

    private static let weekdayStems: Set<String> = [
        "日曜", "月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "星期", "周", "週",
    ]

    private static func flush(_ word: inout String, to tokens: inout [Token]) {
        if !word.isEmpty { tokens.append(.word(word)) }
        word = ""
    }

    /// `2025-W13-7`, `2025W137`: the day of ISO 8601's week as year, month and day; a week alone is its Monday.
    private mutating func takeWeek() {
        guard case .number(let year, 4)? = tokens.first, (1900...2199).contains(year) else { return }
        let hyphen = Token.sign(UInt8(ascii: "-"))
        let mark = token(1) == hyphen ? 2 : 1
        guard token(mark) == .word("w"), case .number(var week, let digits)? = token(mark + 1) else { return }
        var day = 1
        var end = mark + 2
        if digits == 3 {
            (week, day) = (week / 10, week % 10)
        } else if token(end) == hyphen, case .number(let given, 1)? = token(end + 1) {
            day = given
            end += 2
        }
        guard digits == 2 || digits == 3, (1...53).contains(week), (1...7).contains(day) else { return }
        // The week of 4 January is the first one.
        let fourth = CivilDate(year: year, month: 1, day: 4)
        let monday = fourth.daysSince1970 - (fourth.weekday + 6) % 7
        let first = monday + (week - 1) * 7
        // The year of its Thursday is a week's year; few years have a week 53.
        guard CivilDate(daysSince1970: first + 3).year == year else { return }
        let date = CivilDate(daysSince1970: first + day - 1)
        tokens.replaceSubrange(..<end, with: [.number(date.year * 10_000 + date.month * 100 + date.day, digits: 8)])
    }

    /// `20031231T101455Z`: the clock of the basic form as numbers with colons, as the extended form has them.
    private mutating func splitBasicForms() {
        if tokens.count == 1, case .number(let value, 12) = tokens[0] {
            tokens = [.number(value / 10_000, digits: 8), .sign(0x20)] + Self.clock(value % 10_000, digits: 4)
            return
        }
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

    /// Takes the first `h:m`, `h:m:s`, `14h30`, `14時05分`, `14.05 Uhr`, `1405 hrs`, with `am`, `p.m.` or `오후` beside it, out of the
    /// tokens; where there is none, `noon`.
    mutating func takeClock() -> FeedDate.Clock? {
        for start in tokens.indices {
            guard case .number(let value, let digits) = tokens[start], !followsOffsetSign(start) else { continue }
            if digits == 4, let clock = militaryClock(at: start, value) { return clock }
            if digits <= 2, let clock = clock(from: start, hour: value) { return clock }
        }
        guard let noon = tokens.firstIndex(where: { $0.word.map(Self.noons.contains) ?? false }) else { return nil }
        tokens[noon] = .sign(0x20)
        clockEnd = noon
        return FeedDate.Clock(hour: 12)
    }

    private static let noons: Set<String> = ["noon", "中午", "正午", "정오"]

    /// `1405 hrs`, `1405h`: a number of four digits without that is a year.
    private mutating func militaryClock(at start: Int, _ value: Int) -> FeedDate.Clock? {
        guard let word = token(skippingSpace(start + 1))?.word, Self.clockTails.contains(word) else { return nil }
        let clock = FeedDate.Clock(hour: value / 100, minute: value % 100)
        guard clock.isValid else { return nil }
        tokens[start] = .sign(0x20)
        clockEnd = start
        return clock
    }

    /// Words behind a time of day that only say that it is one.
    private static let clockTails: Set<String> = ["uhr", "hrs", "hours", "hour", "h", "uur", "น"]
    /// Words before it that do.
    private static let clockHeads: Set<String> = ["kl", "klo", "ore", "um", "alle", "pukul", "kell"]

    /// In `2003-12-31+02:00` what looks like a time is the zone.
    private func followsOffsetSign(_ index: Int) -> Bool {
        token(index - 1) == .sign(UInt8(ascii: "+"))
    }

    private mutating func clock(from start: Int, hour: Int) -> FeedDate.Clock? {
        var end = start + 1
        var clock = FeedDate.Clock(hour: hour)
        let colon = skippingSpace(end)
        if let sign = token(colon), Self.colons.contains(sign) || isDotOfClock(colon, start: start) {
            let next = skippingSpace(colon + 1)
            if case .number(let minute, 1...2)? = token(next) {
                clock.minute = minute
                end = next + 1
                takeSeconds(&clock, &end, isDotted: sign == .sign(0x2E))
            } else if !sign.isSign {
                end = colon + 1
            } else {
                return nil
            }
        } else if !isHourAlone(hour, end: end) {
            return nil
        }
        takeMeridiem(&clock, start: start, end: &end)
        let from = token(start - 1) == .word("t") ? start - 1 : start
        tokens.replaceSubrange(from..<end, with: [.sign(0x20)])
        clockEnd = from
        return clock
    }

    /// `3 pm`, `15 Uhr`.
    private func isHourAlone(_ hour: Int, end: Int) -> Bool {
        let next = skippingSpace(end)
        if let word = token(next)?.word, Self.clockTails.contains(word) { return true }
        return hour <= 12 && meridiem(at: next) != nil
    }

    /// `15.05 Uhr`, `klo 15.05`: a full stop alone parts a date as well.
    private func isDotOfClock(_ index: Int, start: Int) -> Bool {
        guard index == start + 1, token(index) == .sign(0x2E), case .number(_, 2)? = token(index + 1) else {
            return false
        }
        if let word = token(skippingSpace(index + 2))?.word, Self.clockTails.contains(word) { return true }
        var before = start - 1
        while token(before) == .sign(0x20) || token(before) == .sign(0x2C) { before -= 1 }
        // Behind a year, where the month is a word, no part of the date is left.
        if before < start - 1, case .number(_, 4)? = token(before) {
            return tokens[..<before].contains { $0.word.map { DateWords.months[$0] != nil } ?? false }
        }
        if token(before) == .sign(0x2E) { before -= 1 }
        return token(before)?.word.map(Self.clockHeads.contains) ?? false
    }

    private func takeSeconds(_ clock: inout FeedDate.Clock, _ end: inout Int, isDotted: Bool) {
        guard let sign = token(end), Self.minuteEnds.contains(sign) || isDotted && sign == .sign(0x2E) else { return }
        let next = skippingSpace(end + 1)
        guard case .number(let second, 1...2)? = token(next) else {
            end += sign.isSign ? 0 : 1
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
        var part: DayPart?
        if let found = meridiem(at: skippingSpace(end)) {
            part = found.part
            end = found.end
        } else {
            var before = token(start - 1) == .sign(0x20) ? start - 2 : start - 1
            let isDotted = token(before) == .sign(0x2E)
            if isDotted { before -= 1 }
            let parts = isDotted ? Self.dottedDayParts : Self.dayParts
            if let word = token(before)?.word, let found = parts[word] {
                part = found
                tokens[before] = .sign(0x20)
            }
        }
        if let part, clock.hour <= 12 { clock.hour = part.hour(clock.hour) }
    }

    private func meridiem(at index: Int) -> (part: DayPart, end: Int)? {
        guard case .word(let word)? = token(index) else { return nil }
        if let part = Self.dayParts[word] { return (part, index + 1) }
        // Longer abbreviations have stops within: `p.m.`, `μ.μ.`.
        guard token(index + 1) == .sign(0x2E), let second = token(skippingSpace(index + 2))?.word,
            let part = Self.dayParts[word + second]
        else { return nil }
        let next = skippingSpace(index + 2)
        return (part, token(next + 1) == .sign(0x2E) ? next + 2 : next + 1)
    }

    /// What of a day of twice twelve hours a word names.
    private enum DayPart {
        case morning, noon, afternoon, evening

        func hour(_ hour: Int) -> Int {
            switch self {
            case .morning: hour % 12
            case .afternoon: hour % 12 + 12
            // Eleven is before it, one behind it.
            case .noon: hour < 6 ? hour + 12 : hour
            // Twelve in the evening is the day's end.
            case .evening: hour + 12
            }
        }
    }

    /// Hungarian ones; without its stop `de` is a word of other languages.
    private static let dottedDayParts: [String: DayPart] = ["de": .morning, "du": .afternoon]

    private static let dayParts: [String: DayPart] = {
        var table: [String: DayPart] = [:]
        for (part, words) in [
            (DayPart.morning, "am 오전 새벽 아침 午前 上午 凌晨 清晨 早上 早晨 πμ ص sa vorm pg पू पूर्वाह्न"),
            (.noon, "中午 正午 정오 noon"),
            (.afternoon, "pm 오후 午後 下午 μμ م ch nachm ptg अ अप अपराह्न"),
            (.evening, "晚上 傍晚 晚间 夜里 深夜 저녁 밤"),
        ] {
            for word in words.split(separator: " ") { table[String(word)] = part }
        }
        return table
    }()
}

extension DateScanner {
    /// Takes the zone that follows the time of day, or stands at the end of a date without one, and its name in lower case, where it
    /// has one; a zone that is not known has a name only: the date is then read in the assumed zone rather than thrown away.
    mutating func takeZone() -> (zone: DateZone?, name: String?) {
        guard let start = clockEnd else { return takeZoneOfDate() }
        tokens.replaceSubrange(start..<pastClockTail(start), with: [.sign(0x20)])
        var index = start
        while let token = token(index), Self.beforeZone.contains(token) { index += 1 }
        let from = index
        var name: String?
        var zone = offset(at: &index)
        if index > from {
            if zone == nil { name = written(from..<index) }
        } else if let word = token(index)?.word, !DateWords.isPartOfDate(word) {
            zone = named(at: &index, &name)
        }
        guard index > from else { return (nil, nil) }
        tokens.removeSubrange(from..<index)
        dropComment(at: from)
        return (zone, name)
    }

    /// RFC 9557 puts a place's name in brackets.
    private static let beforeZone: [Token] = [.sign(0x20), .sign(0x28), .sign(0x2C), .sign(0x5B)]

    /// Behind `Uhr`, `hrs`, which stand between the time and its zone.
    private func pastClockTail(_ start: Int) -> Int {
        var index = start
        while token(index) == .sign(0x20) { index += 1 }
        guard let word = token(index)?.word, Self.clockTails.contains(word) else { return start }
        return token(index + 1) == .sign(0x2E) ? index + 2 : index + 1
    }

    private func written(_ range: Range<Int>) -> String {
        tokens[range].map { token in
            switch token {
            case .number(let value, let digits):
                String(repeating: "0", count: max(0, digits - String(value).count)) + String(value)
            case .word(let word): word
            case .sign(let sign): String(UnicodeScalar(sign))
            }
        }.joined()
    }

    /// `26 Sep 2022 GMT`, `2003-12-31Z`, `2003-12-31+02:00`.
    private mutating func takeZoneOfDate() -> (zone: DateZone?, name: String?) {
        if let plus = tokens.lastIndex(of: .sign(UInt8(ascii: "+"))), plus > 0 {
            var index = plus
            let zone = offset(at: &index)
            if index > plus, index == tokens.count {
                let name = zone == nil ? written(plus..<index) : nil
                tokens.removeSubrange(plus...)
                return (zone, name)
            }
        }
        guard let word = tokens.last?.word, let zone = DateZone.named(word) else { return (nil, nil) }
        tokens.removeLast()
        return (zone, word)
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

    /// A word that says nothing is passed over like a zone that is not known, but is none.
    private func named(at index: inout Int, _ known: inout String?) -> DateZone? {
        guard case .word(var name)? = token(index) else { return nil }
        index += 1
        while token(index) == .sign(UInt8(ascii: "/")), case .word(let part)? = token(index + 1) {
            name += "/" + part
            index += 2
        }
        if !DateWords.fillers.contains(name) { known = name }
        let zone = DateZone.named(name)
        guard name == "gmt" || name == "utc" || name == "ut" else { return zone }
        var next = index
        guard let shift = offset(at: &next) else { return zone }
        index = next
        known = nil
        return shift
    }

    /// `+0200 (CEST)`, `+02:00[Europe/Berlin]`, `+0000 GMT`: a second name of the same zone.
    private mutating func dropComment(at index: Int) {
        var from = index
        while token(from) == .sign(0x20) || token(from) == .sign(UInt8(ascii: "]")) { from += 1 }
        if token(from) == .sign(UInt8(ascii: "(")) || token(from) == .sign(UInt8(ascii: "[")) {
            tokens.removeSubrange(from...)
        } else if case .word(let word)? = token(from), DateZone.named(word) != nil, !DateWords.isPartOfDate(word) {
            tokens.remove(at: from)
        }
    }
}
