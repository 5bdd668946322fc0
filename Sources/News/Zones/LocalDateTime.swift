/// What a clock on the wall shows: a day and a time of day, without a zone.
public struct LocalDateTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var date: CivilDate
    /// 0 to 23.
    public var hour: Int
    /// 0 to 59.
    public var minute: Int
    /// 0 to 59.
    public var second: Int

    public init(date: CivilDate, hour: Int, minute: Int, second: Int = 0) {
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The wall's reading at a moment, where clocks are `offset` seconds ahead of UTC. Years 0 to 9999; others are
    /// clamped, for a hostile date is still data.
    public init(_ time: Timestamp, offset: Int) {
        let wall = time.withinCalendar.seconds + Int64(offset)
        let days = wall.floorDivided(by: 86_400)
        let second = Int(wall - days * 86_400)
        self.init(
            date: CivilDate(daysSince1970: Int(days)), hour: second / 3600, minute: second / 60 % 60,
            second: second % 60)
    }

    public static func < (a: LocalDateTime, b: LocalDateTime) -> Bool {
        (a.date, a.hour, a.minute, a.second) < (b.date, b.hour, b.minute, b.second)
    }

    /// `06:30`
    public var clock: String { "\(hour, padded: 2):\(minute, padded: 2)" }

    /// `2025-03-30 06:30:00`
    public var description: String { "\(date) \(clock):\(second, padded: 2)" }
}

extension Timestamp {
    /// Itself in the years 0 to 9999, else the nearest moment of them: sums with it cannot overflow.
    var withinCalendar: Timestamp {
        let lowest: Int64 = -62_167_219_200  // 0000-01-01
        let highest: Int64 = 253_402_300_799  // 9999-12-31T23:59:59
        return Timestamp(seconds: min(max(seconds, lowest), highest))
    }
}

extension CivilDate: Codable {
    /// One JSON string, `2025-03-30`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let day = CivilDate(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day: \(text)")
        }
        self = day
    }

    /// `2025-03-30`; nil for anything else.
    public init?(_ text: String) {
        guard let midnight = Timestamp(rfc3339: "\(text)T00:00:00Z"), text.utf8.count == 10 else { return nil }
        self.init(daysSince1970: Int(midnight.seconds.floorDivided(by: 86_400)))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
