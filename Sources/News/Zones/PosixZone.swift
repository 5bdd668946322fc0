/// The rule of a `TZ` string (POSIX.1-2017 §8.3, with the wider hours of RFC 8536 §3.3.1): `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixZone: Sendable, Hashable {
    /// The day of a year on which clocks change, and the seconds from its midnight.
    struct Change: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// 1 to 365, 29 February never counted.
            case julian(Int)
            /// 0 to 365, 29 February counted.
            case ordinal(Int)
            /// Month, week (5 is the last), weekday (0 is Sunday).
            case weekday(month: Int, week: Int, weekday: Int)
        }

        var day: Day
        var seconds: Int
    }

    private var standard: Zone.Offset
    private var daylight: Zone.Offset?
    private var start: Change
    private var end: Change

    /// Nil for anything that is not such a rule.
    init?(_ text: [UInt8]) {
        var scanner = Scanner(text: text)
        guard let name = scanner.name(), let offset = scanner.hours(max: 24) else { return nil }
        standard = Zone.Offset(seconds: -offset, abbreviation: name, isDST: false)
        // What POSIX leaves to the system when no days are given, as every tzcode does it.
        start = Change(day: .weekday(month: 3, week: 2, weekday: 0), seconds: 7200)
        end = Change(day: .weekday(month: 11, week: 1, weekday: 0), seconds: 7200)
        daylight = nil
        if scanner.isAtEnd { return }
        guard let name = scanner.name() else { return nil }
        var seconds = standard.seconds + 3600
        if !scanner.isAtEnd, scanner.peek != 0x2C {
            guard let offset = scanner.hours(max: 24) else { return nil }
            seconds = -offset
        }
        daylight = Zone.Offset(seconds: seconds, abbreviation: name, isDST: true)
        if scanner.isAtEnd { return }
        guard scanner.take(0x2C), let start = scanner.change(), scanner.take(0x2C), let end = scanner.change(),
            scanner.isAtEnd
        else { return nil }
        self.start = start
        self.end = end
    }

    func offset(at time: Timestamp) -> Zone.Offset {
        let year = LocalDateTime(time, offset: 0).date.year
        return changes(of: year - 1...year + 1).last { $0.at <= time }?.offset ?? standard
    }

    /// Ascending.
    func transitions(after from: Timestamp, through to: Timestamp) -> [Zone.Transition] {
        guard from < to else { return [] }
        let years = (LocalDateTime(from, offset: 0).date.year - 1)...(LocalDateTime(to, offset: 0).date.year + 1)
        return changes(of: years).filter { $0.at > from && $0.at <= to }
    }

    /// Ascending, each a change of what clocks show. Daylight time that ends at the moment when the next year's begins
    /// lasts all year (RFC 8536 §3.3.1).
    private func changes(of years: ClosedRange<Int>) -> [Zone.Transition] {
        guard let daylight else { return [] }
        var found: [Zone.Transition] = []
        for year in years {
            let onset = start.seconds(year: year) - Int64(standard.seconds)
            let close = end.seconds(year: year) - Int64(daylight.seconds)
            found.append(Zone.Transition(at: Timestamp(seconds: onset), offset: daylight))
            found.append(Zone.Transition(at: Timestamp(seconds: close), offset: standard))
        }
        found.sort { ($0.at, $0.offset.isDST ? 1 : 0) < ($1.at, $1.offset.isDST ? 1 : 0) }
        var told: [Zone.Transition] = []
        for transition in found {
            if told.last?.at == transition.at { told.removeLast() }
            if told.last?.offset != transition.offset { told.append(transition) }
        }
        return told
    }
}

extension PosixZone.Change {
    /// Seconds from 1970 on a wall clock.
    fileprivate func seconds(year: Int) -> Int64 {
        let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970
        let days: Int
        switch day {
        case .julian(let number):
            let isLeap = CivilDate.days(inMonth: 2, year: year) == 29
            days = newYear + number - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .ordinal(let number): days = newYear + number
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1)
            var date = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
            while date > CivilDate.days(inMonth: month, year: year) { date -= 7 }
            days = first.daysSince1970 + date - 1
        }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}

private struct Scanner {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    var isAtEnd: Bool { position == text.count }
    var peek: UInt8? { position < text.count ? text[position] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    /// `CEST` or `<+0330>`.
    mutating func name() -> String? {
        let quoted = take(0x3C)
        let start = position
        while let byte = peek,
            (0x41...0x5A).contains(byte & 0xDF) || quoted && (byte == 0x2B || byte == 0x2D || digit != nil)
        {
            position += 1
        }
        let name = text[start..<position]
        guard name.count >= 3, !quoted || take(0x3E) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private var digit: Int? {
        guard let byte = peek, (0x30...0x39).contains(byte) else { return nil }
        return Int(byte - 0x30)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        var value: Int?
        while let digit, (value ?? 0) < 1000 {
            value = (value ?? 0) * 10 + digit
            position += 1
        }
        guard let value, range.contains(value) else { return nil }
        return value
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func hours(max hoursMax: Int) -> Int? {
        let sign = take(0x2D) ? -1 : 1
        if sign == 1 { _ = take(0x2B) }
        guard let hours = number(0...hoursMax) else { return nil }
        var seconds = hours * 3600
        if take(0x3A) {
            guard let minutes = number(0...59) else { return nil }
            seconds += minutes * 60
            if take(0x3A) {
                guard let rest = number(0...59) else { return nil }
                seconds += rest
            }
        }
        return sign * seconds
    }

    /// `M3.5.0/2`, `J60`, `0/0`.
    mutating func change() -> PosixZone.Change? {
        guard let day = day() else { return nil }
        guard take(0x2F) else { return PosixZone.Change(day: day, seconds: 7200) }
        guard let seconds = hours(max: 167) else { return nil }
        return PosixZone.Change(day: day, seconds: seconds)
    }

    private mutating func day() -> PosixZone.Change.Day? {
        if take(0x4A) { return number(1...365).map { .julian($0) } }
        guard take(0x4D) else { return number(0...365).map { .ordinal($0) } }
        guard let month = number(1...12), take(0x2E), let week = number(1...5), take(0x2E), let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
