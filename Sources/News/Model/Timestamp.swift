/// A moment in whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
///
/// Whole seconds are enough for everything that is written down here: feeds publish seconds, `due` rows
/// are read by people, and the order of entries within a second is settled by source and key.
public struct Timestamp: Sendable, Hashable, Comparable {
    public var seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

    public static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(seconds: time.seconds + duration.components.seconds)
    }

    public static func - (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(seconds: time.seconds - duration.components.seconds)
    }

    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .seconds(later.seconds - earlier.seconds)
    }
}

extension Timestamp: Codable {
    /// One JSON string in RFC 3339, always UTC: `2025-03-30T04:20:00Z`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time: \(text)")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, `2025-03-30T04:20:00Z`. Years 0 to 9999; others are clamped, for a hostile date is still data.
    public var rfc3339: String {
        let lowest: Int64 = -62_167_219_200  // 0000-01-01
        let highest: Int64 = 253_402_300_799  // 9999-12-31T23:59:59
        let clamped = min(max(seconds, lowest), highest)
        let civil = CivilDate(daysSince1970: Int(clamped.floorDivided(by: 86_400)))
        let second = Int(clamped - clamped.floorDivided(by: 86_400) * 86_400)
        // Digit by digit: interpolating seven numbers was a hundredth of the cost of a poll with new entries.
        let parts = [
            (civil.year, 4, 0x2D), (civil.month, 2, 0x2D), (civil.day, 2, 0x54), (second / 3600, 2, 0x3A),
            (second / 60 % 60, 2, 0x3A), (second % 60, 2, 0x5A),
        ]
        return String(unsafeUninitializedCapacity: 20) { text in
            var end = 0
            for (number, digits, mark) in parts {
                var rest = number
                for place in (end..<end + digits).reversed() {
                    text[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                text[end + digits] = UInt8(mark)
                end += digits + 1
            }
            return end
        }
    }

    public var description: String { rfc3339 }

    /// Reads RFC 3339 §5.6 `date-time`, with offset and fraction (cut off); nil for anything else.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74 || bytes[10] == 0x20,
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, year: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        if bytes[index] == 0x2E {
            index += 1
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        }
        guard index < bytes.count else { return nil }
        var offset = 0
        switch bytes[index] {
        case 0x5A, 0x7A: guard index + 1 == bytes.count else { return nil }
        case 0x2B, 0x2D:
            guard index + 6 == bytes.count, bytes[index + 3] == 0x3A, let hours = number(index + 1..<index + 3),
                let minutes = number(index + 4..<index + 6), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (bytes[index] == 0x2B ? 1 : -1)
        default: return nil
        }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        self.init(seconds: Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + min(second, 59) - offset))
    }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int

    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The inverse of `daysSince1970` (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    public init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days from 1970-01-01 to this day (Hinnant's `days_from_civil`).
    public var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.floorDivided(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 0 is Sunday.
    public var weekday: Int { (daysSince1970 + 4) - (daysSince1970 + 4).floorDivided(by: 7) * 7 }

    public static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    public static func < (a: CivilDate, b: CivilDate) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }

    /// `2025-03-30`
    public var description: String { "\(year, padded: 4)-\(month, padded: 2)-\(day, padded: 2)" }
}

extension BinaryInteger {
    /// Division that rounds towards minus infinity, as calendars need it before their epoch.
    @inlinable public func floorDivided(by divisor: Self) -> Self {
        let quotient = self / divisor
        return (self % divisor != 0) && ((self < 0) != (divisor < 0)) ? quotient - 1 : quotient
    }
}

extension DefaultStringInterpolation {
    /// Interpolates a number with leading zeros up to `padded` digits.
    public mutating func appendInterpolation(_ number: some BinaryInteger, padded digits: Int) {
        let text = String(number.magnitude)
        appendLiteral((number < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.count)) + text)
    }
}
