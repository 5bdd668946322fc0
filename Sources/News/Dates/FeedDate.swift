/// Reads the dates that feeds and pages really carry.
///
/// Understood are RFC 822 and RFC 2822 in their broken forms, RFC 3339, W3CDTF and ISO 8601 with parts missing, asctime, Unix
/// seconds and milliseconds, slashed and dotted dates, and month names of some thirty languages, Chinese, Japanese and Korean forms
/// among them. Text that says no date gives nil; nothing is guessed beyond the order of day and month.
public enum FeedDate {
    /// - Parameters:
    ///   - text: at most 120 bytes; more is not a date.
    ///   - assumingOffset: seconds east of UTC for a time that names no zone.
    /// - Returns: nil unless the text holds one whole, existing date between 1900 and 2199 (of the Christian era; a Thai month
    ///   may have a year of the Buddhist one); a year or a month alone stands for its first day, a day alone for its first
    ///   second.
    public static func parse(_ text: String, assumingOffset: Int = 0) -> Timestamp? {
        let trimmed = text.utf8.drop { $0 <= 0x20 }
        guard !trimmed.isEmpty, trimmed.count <= 120 else { return nil }
        var bytes = Array(trimmed)
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        if let time = fastRFC3339(bytes) { return time }
        if let time = unixTime(bytes) { return time.isInRange ? time : nil }
        guard var scan = DateScanner(bytes) else { return nil }
        let clock = scan.takeClock()
        let offset = scan.takeZone()
        guard let date = DateParts(scan.tokens)?.date, (1900...2199).contains(date.year) else { return nil }
        return timestamp(date, clock: clock ?? Clock(), offset: offset, assumingOffset: assumingOffset)
    }

    /// Hours, minutes and seconds of a day.
    struct Clock {
        var hour = 0
        var minute = 0
        var second = 0
        var isValid: Bool { hour < 24 && minute < 60 && second <= 60 || hour == 24 && minute == 0 && second == 0 }
    }

    private static func timestamp(
        _ date: CivilDate, clock: Clock, offset: DateZone?, assumingOffset: Int
    ) -> Timestamp? {
        guard clock.isValid else { return nil }
        let local =
            Int64(date.daysSince1970) * 86_400 + Int64(clock.hour * 3600 + clock.minute * 60 + min(clock.second, 59))
        let seconds = offset?.offset(atLocal: local) ?? assumingOffset
        return Timestamp(seconds: local - Int64(seconds))
    }

    /// The form of nearly all Atom feeds.
    private static func fastRFC3339(_ bytes: [UInt8]) -> Timestamp? {
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[10] == 0x54,
            let time = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)), time.isInRange
        else { return nil }
        return time
    }

    /// Nine or ten digits are seconds, thirteen are milliseconds.
    private static func unixTime(_ bytes: [UInt8]) -> Timestamp? {
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
