/// The year, month and day in what is left of a date's text once time and zone are taken out.
struct DateParts {
    private(set) var date: CivilDate?
    private var numbers: [(value: Int, digits: Int)] = []
    private var month: Int?
    private var weekday: Int?
    /// Of the weekday's name where a language has a month of that name: `mar` is March in one, Tuesday in another.
    private var weekdaysMonth: Int?
    /// What stands between the first two numbers.
    private var separator: UInt8 = 0x20
    private var hasUnits = false
    /// A word before the first number that is not known: a weekday, `Posted on`, or the day in words.
    private var hasUnknownWord = false
    private var isThai = false
    private let order: DayOrder

    /// Nil when a word in the middle means nothing: then it is not a date.
    init?(_ tokens: [DateScanner.Token], _ order: DayOrder = .monthFirst) {
        self.order = order
        for (index, token) in tokens.enumerated() {
            switch token {
            case .number(let value, let digits):
                numbers.append((value, digits))
                if numbers.count > 3 { return nil }
            case .sign(let sign):
                if numbers.count == 1, sign > 0x20, sign != 0x2C { separator = sign }
            case .word(let word):
                guard take(word, hasNumberBefore: index > 0 && tokens[..<index].contains { $0.isNumber }) else {
                    return nil
                }
            }
        }
        date = decided()
    }

    private mutating func take(_ word: String, hasNumberBefore: Bool) -> Bool {
        if DateWords.units.contains(word) {
            hasUnits = true
            return true
        }
        if let number = DateWords.months[word], month == nil,
            !(DateWords.weekdays[word] != nil && !hasNumberBefore && weekday == nil)
        {
            month = number
            isThai = word.unicodeScalars.first.map { (0xE00...0xE7F).contains($0.value) } ?? false
            return true
        }
        if let number = DateWords.weekdays[word] {
            if weekday == nil, month == nil { weekdaysMonth = DateWords.months[word] }
            weekday = weekday ?? number
            return true
        }
        if DateWords.fillers.contains(word) { return true }
        // Before the first number stands a weekday of whatever language, or `Posted on`.
        hasUnknownWord = true
        return !hasNumberBefore && month == nil
    }

    private func decided() -> CivilDate? {
        // Three numbers have their month among them.
        if let month = month ?? (numbers.count < 3 && !hasUnits ? weekdaysMonth : nil) { return withMonthName(month) }
        switch numbers.count {
        case 1: return fromOneNumber(numbers[0].value, digits: numbers[0].digits)
        case 2: return fromTwoNumbers()
        case 3: return fromThreeNumbers()
        default: return nil
        }
    }

    private func withMonthName(_ month: Int) -> CivilDate? {
        switch numbers.count {
        case 1: return numbers[0].digits == 4 ? firstDay(besideMonth(numbers[0]), month) : nil
        case 2:
            let (a, b) = (numbers[0], numbers[1])
            if a.digits >= 3 && a.value > 31 { return valid(besideMonth(a), month, b.value) }
            return valid(besideMonth(b), month, a.value)
        default: return nil
        }
    }

    /// Years beside Thai months are mostly of the Buddhist era, 543 ahead; one of two digits does not say of which (0 is none).
    private func besideMonth(_ year: (value: Int, digits: Int)) -> Int {
        guard isThai else { return Self.year(year) }
        guard year.digits == 4 else { return 0 }
        return year.value >= 2400 ? year.value - 543 : year.value
    }

    /// For a year or a month alone. Nil beside a word that is not known: it may be the day.
    private func firstDay(_ year: Int, _ month: Int) -> CivilDate? { hasUnknownWord ? nil : valid(year, month, 1) }

    private func fromOneNumber(_ value: Int, digits: Int) -> CivilDate? {
        switch digits {
        case 4: firstDay(value, 1)
        case 5: ordinal(Self.year((value / 1000, 2)), value % 1000)
        case 6: valid(Self.year((value / 10_000, 2)), value / 100 % 100, value % 100)
        case 7: ordinal(value / 1000, value % 1000)
        case 8: valid(value / 10_000, value / 100 % 100, value % 100)
        default: nil
        }
    }

    private func fromTwoNumbers() -> CivilDate? {
        let (a, b) = (numbers[0], numbers[1])
        if a.digits == 4, b.digits == 3 { return ordinal(a.value, b.value) }
        if a.digits == 4 { return firstDay(a.value, b.value) }
        return b.digits == 4 ? firstDay(b.value, a.value) : nil
    }

    private func fromThreeNumbers() -> CivilDate? {
        let (a, b, c) = (numbers[0], numbers[1], numbers[2])
        if a.digits == 4 || hasUnits { return valid(Self.year(a), b.value, c.value) }
        if c.digits != 4, separator == UInt8(ascii: "-") {
            // ISO 8601:1988 without the century, `03-12-31`; else as people write it.
            if let date = valid(Self.year(a), b.value, c.value) { return date }
        }
        guard c.digits == 4 || c.digits == 2 else { return nil }
        let year = Self.year(c)
        let dayFirst = valid(year, b.value, a.value)
        let monthFirst = valid(year, a.value, b.value)
        guard let dayFirst, let monthFirst, dayFirst != monthFirst else { return dayFirst ?? monthFirst }
        if let weekday {
            if dayFirst.weekday == weekday, monthFirst.weekday != weekday { return dayFirst }
            if monthFirst.weekday == weekday, dayFirst.weekday != weekday { return monthFirst }
        }
        return separator == UInt8(ascii: "/") && order == .monthFirst ? monthFirst : dayFirst
    }

    /// Two and three digits as RFC 2822 §4.3 reads them.
    private static func year(_ number: (value: Int, digits: Int)) -> Int {
        switch number.digits {
        case 1, 2: number.value < 50 ? 2000 + number.value : 1900 + number.value
        case 3: 1900 + number.value
        default: number.value
        }
    }

    private func valid(_ year: Int, _ month: Int, _ day: Int) -> CivilDate? {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    private func ordinal(_ year: Int, _ day: Int) -> CivilDate? {
        guard (1...9999).contains(year), day >= 1, day <= 366 else { return nil }
        let date = CivilDate(daysSince1970: CivilDate(year: year, month: 1, day: 1).daysSince1970 + day - 1)
        return date.year == year ? date : nil
    }
}

extension DateScanner.Token {
    var isNumber: Bool { if case .number = self { true } else { false } }
    var isSign: Bool { if case .sign = self { true } else { false } }
    var word: String? { if case .word(let word) = self { word } else { nil } }
}
