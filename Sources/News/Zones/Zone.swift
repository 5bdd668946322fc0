/// A time zone with the rules of the system's own tzdata file, or of a pinned one.
public struct Zone: Sendable, Hashable {
    /// What clocks show in a zone from some moment on.
    public struct Offset: Sendable, Hashable {
        /// Ahead of UTC.
        public var seconds: Int
        /// `CEST`, `+0330`.
        public var abbreviation: String
        public var isDST: Bool

        public init(seconds: Int, abbreviation: String, isDST: Bool) {
            self.seconds = seconds
            self.abbreviation = abbreviation
            self.isDST = isDST
        }
    }

    /// A moment when clocks change, and what they show from then on.
    public struct Transition: Sendable, Hashable {
        public var at: Timestamp
        public var offset: Offset

        public init(at: Timestamp, offset: Offset) {
            self.at = at
            self.offset = offset
        }
    }

    /// The IANA name, `Europe/Paris`.
    public var name: String
    private var first: Offset
    /// Ascending.
    private var table: [Transition]
    /// For what comes after the table.
    private var rules: PosixZone?

    /// Reads a TZif file (RFC 8536, versions 1 to 4). Leap seconds are ignored, as POSIX time has none.
    public init(name: String, tzif: [UInt8]) throws(ZoneError) {
        let file: TZif
        do {
            file = try TZif(tzif)
        } catch {
            throw ZoneError(zone: name, fault: error.description)
        }
        self.name = name
        first = file.first
        table = file.transitions
        rules = file.rules
    }

    /// A zone that has always followed one rule, `CET-1CEST,M3.5.0,M10.5.0/3`; nil for what is none.
    init?(name: String, rule: String) {
        guard let rules = PosixZone(Array(rule.utf8)) else { return nil }
        self.name = name
        first = rules.offset(at: Timestamp(seconds: 0))
        table = []
        self.rules = rules
    }

    private init(utc name: String) {
        self.name = name
        first = Offset(seconds: 0, abbreviation: "UTC", isDST: false)
        table = []
        rules = nil
    }

    public static let utc = Zone(utc: "UTC")

    /// What clocks show at a moment.
    public func offset(at time: Timestamp) -> Offset {
        let time = time.withinCalendar
        guard let last = table.last else { return rules?.offset(at: time) ?? first }
        if time >= last.at, let rules { return rules.offset(at: time) }
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            if table[middle].at <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : table[low - 1].offset
    }

    public func local(_ time: Timestamp) -> LocalDateTime {
        LocalDateTime(time, offset: offset(at: time).seconds)
    }

    /// The changes of clocks after `from` and up to `to`, ascending; a span of more than 50 years is cut to its last 50.
    public func transitions(after from: Timestamp, through to: Timestamp) -> [Transition] {
        let to = to.withinCalendar
        let from = max(from.withinCalendar, to - .seconds(50 * 366 * 86_400))
        guard from < to else { return [] }
        var found = table.filter { $0.at > from && $0.at <= to }
        if let rules {
            let covered = table.last?.at
            found += rules.transitions(after: max(from, covered ?? from), through: to)
        }
        return found
    }

    /// The moment when clocks show `hour`:`minute` on a day: the first of two, and where clocks were put forward over
    /// it the first moment after the gap.
    public func timestamp(of date: CivilDate, hour: Int, minute: Int) -> Timestamp {
        let wall = Int64(date.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60)
        let around = Duration.seconds(2 * 86_400)
        var start = Timestamp(seconds: wall) - around
        var offset = self.offset(at: start)
        for next in transitions(after: start, through: Timestamp(seconds: wall) + around) {
            let candidate = Timestamp(seconds: wall - Int64(offset.seconds))
            if candidate < next.at { return max(candidate, start) }
            start = next.at
            offset = next.offset
        }
        return max(Timestamp(seconds: wall - Int64(offset.seconds)), start)
    }
}

/// A zone file that cannot be used: which, and what is wrong with it.
public struct ZoneError: Error, Sendable, Hashable, CustomStringConvertible {
    public var zone: String
    public var fault: String

    public init(zone: String, fault: String) {
        self.zone = zone
        self.fault = fault
    }

    public var description: String { "time zone \(zone): \(fault) – reinstall the package tzdata" }
}
