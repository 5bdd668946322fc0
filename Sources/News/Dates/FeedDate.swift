/// Reads the dates that feeds and pages really carry.
///
/// Understood are RFC 822 and RFC 2822 in their broken forms, RFC 3339, W3CDTF and ISO 8601 with parts missing, asctime, Unix
/// seconds and milliseconds, slashed and dotted dates, and month names of some thirty languages, Chinese, Japanese and Korean forms
/// among them. Text that says no date gives nil; nothing is guessed beyond the order of day and month.
public enum FeedDate {
    /// - Parameters:
    ///   - text: at most 120 bytes; more is not a date.
    ///   - zone: where a time is read that names no zone; UTC when nil.
    ///   - order: of day and month around slashes, where both readings are possible.
    /// - Returns: nil unless the text holds one whole, existing date between 1900 and 2199 (of the Christian era; a Thai month
    ///   may have a year of the Buddhist one); a year or a month alone stands for its first day, a day alone for its first
    ///   second.
    public static func parse(_ text: String, zone: Zone? = nil, _ order: DayOrder = .monthFirst) -> Timestamp? {
        read(text, zone: zone, order)?.time
    }

    /// Whether a word, in lower case, is the name of a month or of a weekday in a language that `parse` reads.
    public static func isCalendarWord(_ word: String) -> Bool {
        DateWords.months[word] != nil || DateWords.weekdays[word] != nil
    }

    /// A date, and what of it cannot be relied on.
    public struct Reading: Sendable, Hashable {
        public var time: Timestamp
        public var doubt: Doubt?
    }

    public enum Doubt: Sendable, Hashable {
        /// A zone's name or offset that nobody knows, as written: the time is read as one without a zone.
        case unknownZone(String)
        /// An abbreviation of several zones, as written, and the seconds east of UTC that it was read as.
        case ambiguousZone(String, seconds: Int)
    }

    /// As `parse`. A zone that the text names by an abbreviation of `zone`'s own is that zone: `CST` is China's for a source there.
    public static func read(_ text: String, zone: Zone? = nil, _ order: DayOrder = .monthFirst) -> Reading? {
        let trimmed = text.utf8.drop { $0 <= 0x20 }
        guard !trimmed.isEmpty, trimmed.count <= 120 else { return nil }
        var bytes = Array(trimmed)
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        if let time = fastRFC3339(bytes) ?? fastRFC822(bytes) { return Reading(time: time) }
        if let time = unixTime(bytes) { return time.isInRange ? Reading(time: time) : nil }
        guard var scan = DateScanner(bytes) else { return nil }
        let clock = scan.takeClock()
        let named = scan.takeZone()
        guard let date = DateParts(scan.tokens, order)?.date, (1900...2199).contains(date.year) else { return nil }
        let moment = clock ?? Clock()
        guard let time = timestamp(date, clock: moment, named: named.zone, zone) else { return nil }
        guard let name = named.name else { return Reading(time: time) }
        if let zone, let own = timestamp(date, clock: moment, named: nil, zone),
            zone.offset(at: own).abbreviation.lowercased() == name
        {
            return Reading(time: own)
        }
        return Reading(time: time, doubt: doubt(name, named.zone))
    }

    private static func doubt(_ name: String, _ zone: DateZone?) -> Doubt? {
        guard let zone else { return .unknownZone(name) }
        guard DateZone.ambiguous.contains(name), case .fixed(let seconds) = zone else { return nil }
        return .ambiguousZone(name, seconds: seconds)
    }

    /// Hours, minutes and seconds of a day.
    struct Clock {
        var hour = 0
        var minute = 0
        var second = 0
        var isValid: Bool { hour < 24 && minute < 60 && second <= 60 || hour == 24 && minute == 0 && second == 0 }
    }

    private static func timestamp(_ date: CivilDate, clock: Clock, named: DateZone?, _ zone: Zone?) -> Timestamp? {
        guard clock.isValid else { return nil }
        return (named ?? zone.map { .place($0) } ?? .fixed(seconds: 0)).timestamp(of: date, clock)
    }

    /// The form of nearly all Atom feeds.
    private static func fastRFC3339(_ bytes: [UInt8]) -> Timestamp? {
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[10] == 0x54,
            let time = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)), time.isInRange
        else { return nil }
        return time
    }

    /// The form of nearly all RSS feeds: `Sun, 30 Mar 2025 04:20:00 +0000`, the zone a number or `GMT`.
    private static func fastRFC822(_ bytes: [UInt8]) -> Timestamp? {
        func number(_ start: Int, _ digits: Int) -> Int? {
            var value = 0
            for byte in bytes[start..<start + digits] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        // The day of the month has one digit or two.
        guard bytes.count >= 28, bytes[3] == 0x2C, bytes[4] == 0x20 else { return nil }
        let digits = bytes[6] == 0x20 ? 1 : 2
        let at = 5 + digits
        guard at + 18 < bytes.count, let day = number(5, digits), bytes[at] == 0x20, bytes[at + 4] == 0x20,
            let month = months.firstIndex(of: bytes[at + 1...at + 3].reduce(0) { $0 << 8 | UInt32($1 | 0x20) }),
            let year = number(at + 5, 4), bytes[at + 9] == 0x20, let hour = number(at + 10, 2),
            bytes[at + 12] == 0x3A, let minute = number(at + 13, 2), bytes[at + 15] == 0x3A,
            let second = number(at + 16, 2), bytes[at + 18] == 0x20
        else { return nil }
        var east = 0
        let zone = bytes[(at + 19)...]
        if zone.count == 5, zone.first == 0x2B || zone.first == 0x2D, let hours = number(at + 20, 2),
            let minutes = number(at + 22, 2), hours <= 14, minutes < 60
        {
            east = (hours * 3600 + minutes * 60) * (zone.first == 0x2D ? -1 : 1)
        } else if !zone.elementsEqual("GMT".utf8) {
            return nil
        }
        let clock = Clock(hour: hour, minute: minute, second: second)
        guard clock.isValid, (1900...2199).contains(year), day >= 1,
            day <= CivilDate.days(inMonth: month + 1, year: year)
        else { return nil }
        let date = CivilDate(year: year, month: month + 1, day: day)
        return timestamp(date, clock: clock, named: .fixed(seconds: east), nil)
    }

    /// Three letters of lower case in one number each.
    private static let months: [UInt32] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Nine or ten digits are seconds, thirteen are milliseconds, also as .NET wraps them: `/Date(1743328800000+0200)/`, whose zone
    /// says nothing of the moment.
    private static func unixTime(_ bytes: [UInt8]) -> Timestamp? {
        var bytes = bytes
        if bytes.starts(with: "/Date(".utf8), bytes.suffix(2).elementsEqual(")/".utf8) {
            bytes = Array(bytes.dropFirst(6).prefix { (0x30...0x39).contains($0) })
        }
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        let rest = bytes.dropFirst(digits.count)
        let isFraction = rest.first == 0x2E && rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
        guard rest.isEmpty || isFraction else { return nil }
        guard let value = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
        switch digits.count {
        case 9, 10: return Timestamp(seconds: value)
        case 13: return Timestamp(seconds: value / 1000)
        default: return nil
        }
    }
}

extension Timestamp {
    /// From the first second of 1900 to the last of 2199, in UTC.
    fileprivate var isInRange: Bool { (-2_208_988_800..<7_258_118_400).contains(seconds) }
}
