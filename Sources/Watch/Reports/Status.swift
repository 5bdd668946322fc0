import News
import Storage

/// How feedwatch is: what is wrong first, then every source that is polled. The public JSON of `feedwatch status`.
public struct Status: Sendable, Hashable, Codable {
    public var schema = 1
    public var now: Timestamp
    /// IANA name, of the times in words.
    public var zone: String
    public var version: String
    public var configuration: String
    /// Whether a process holds the state; nil where that cannot be told.
    public var running: Bool?
    public var problems: [Problem]
    /// Those that are polled, by id.
    public var sources: [SourceStatus]
    /// How many of those that are polled are in each state.
    public var sourceCounts: SourceCounts
    public var switchedOff: Int
    public var digest: DigestTimes
    public var alertsLastDay: Int
    /// Stories of which an alert or update is held, and when the first of them is looked at again.
    public var alertsHeld: Int
    public var alertsHeldUntil: Timestamp?
    /// Alerts of indicators in the last week, newest first; nil in what an earlier version has written.
    public var indicatorsAlerted: [IndicatorAlerted]?
    /// Indicators with `alert` that cannot, and why; nil where all can, and in `status.json`.
    public var indicatorsUnable: [IndicatorUnable]?
    public var pending: Int
    /// Parcels that are not delivered yet.
    public var undelivered: Int
    /// Those of them that could not be written when it was tried.
    public var undeliverable: Int
    public var databaseBytes: Int
    /// Nil where the state's files were not looked at.
    public var disk: DiskUse?

    enum CodingKeys: String, CodingKey {
        case schema, now, zone, version, configuration, running, problems, sources, digest, pending, undelivered, disk
        case undeliverable
        case sourceCounts = "source_counts"
        case switchedOff = "switched_off"
        case alertsLastDay = "alerts_last_day"
        case alertsHeld = "alerts_held"
        case alertsHeldUntil = "alerts_held_until"
        case indicatorsAlerted = "indicators_alerted"
        case indicatorsUnable = "indicators_unable"
        case databaseBytes = "database_bytes"
    }

    public struct IndicatorAlerted: Sendable, Hashable, Codable {
        public var id: String
        public var name: String
        public var at: Timestamp
        /// Relative to the state folder, without extension.
        public var file: String
    }

    public struct IndicatorUnable: Sendable, Hashable, Codable {
        public var id: String
        public var name: String
        /// `20 of 28 days were not seen`
        public var why: String
    }

    /// Something that somebody should look at.
    public struct Problem: Sendable, Hashable, Codable {
        public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
            case damage, disk, blind
            case neverRead = "never-read"
            case resting, overdue, silent, delivery, pending, digest
            /// A published file that was changed or removed.
            case record
        }

        public var kind: Kind
        public var source: SourceID?
        public var since: Timestamp?
        public var failures: Int?
        /// What is wrong, in words with times of the zone.
        public var what: String
        /// What to do; empty where `what` says it.
        public var advice: String
    }

    public struct SourceStatus: Sendable, Hashable, Codable {
        public enum State: String, Sendable, Hashable, Codable {
            case ok, blind
            case neverRead = "never-read"
            /// Put off: a domain has asked for rest.
            case resting
            case overdue, silent
        }

        public var id: SourceID
        public var name: String
        public var state: State
        public var lastTried: Timestamp?
        public var lastRead: Timestamp?
        public var nextDue: Timestamp?
        /// Entries of its document, when it was read in the last 24 hours, and those first seen in them.
        public var listedLastDay: Int
        public var newLastDay: Int
        public var newestEntry: Timestamp?
        public var blindSince: Timestamp?
        public var failures: Int
        public var fault: Fault?
        /// What it was put off by when it was due last, also while it is blind.
        public var rest: Rest?

        enum CodingKeys: String, CodingKey {
            case id, name, state, failures, fault, rest
            case lastTried = "last_tried"
            case lastRead = "last_read"
            case nextDue = "next_due"
            case listedLastDay = "listed_last_day"
            case newLastDay = "new_last_day"
            case newestEntry = "newest_entry"
            case blindSince = "blind_since"
        }
    }

    public struct SourceCounts: Sendable, Hashable, Codable {
        public var ok = 0
        public var blind = 0
        /// Of the blind ones.
        public var blindOverADay = 0
        public var neverRead = 0
        public var resting = 0
        public var overdue = 0
        public var silent = 0

        enum CodingKeys: String, CodingKey {
            case ok, blind, resting, overdue, silent
            case blindOverADay = "blind_over_a_day"
            case neverRead = "never_read"
        }

        init(_ sources: [SourceStatus], now: Timestamp) {
            for source in sources {
                switch source.state {
                case .ok: ok += 1
                case .blind:
                    blind += 1
                    if let since = source.blindSince, now - since > Status.blindMax { blindOverADay += 1 }
                case .neverRead: neverRead += 1
                case .resting: resting += 1
                case .overdue: overdue += 1
                case .silent: silent += 1
                }
            }
        }
    }

    public struct DigestTimes: Sendable, Hashable, Codable {
        /// Local day of the last issue, and its file without extension.
        public var lastDay: String?
        public var lastFile: String?
        /// Where the last issue's window ends.
        public var lastTo: Timestamp?
        public var nextDue: Timestamp?

        enum CodingKeys: String, CodingKey {
            case lastTo = "last_to"
            case lastDay = "last_day"
            case lastFile = "last_file"
            case nextDue = "next_due"
        }
    }

    /// What is due may be late by so much before it is said: a busy machine is no news.
    static let grace = Duration.seconds(300)
    /// Entries and parcels that wait longer are a problem: pages are read and files written within seconds.
    static let waitMax = Duration.seconds(900)
    /// A source that is blind for longer is no passing trouble.
    static let blindMax = Duration.seconds(86_400)
}

extension Status {
    /// Composes it, purely.
    /// - Parameters:
    ///   - most: problems of a kind that are put in words, the longest first; the counts are of all.
    ///   - setAside: names of damaged databases that lie aside.
    static func compose(
        _ reading: StateReading, _ configuration: Configuration, zone: Zone, now: Timestamp, isRunning: Bool?,
        most: Int = .max, disk: DiskUse? = nil, setAside: [String] = []
    ) -> Status {
        let health = Dictionary(reading.health.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        let polled = configuration.sources.filter(\.enabled)
        let sources = polled.map { SourceStatus($0, health[$0.id] ?? SourceHealth(source: $0.id), now: now) }
        let digest = DigestTimes(
            lastDay: reading.lastDigest?.day, lastFile: reading.lastDigest?.stem,
            lastTo: reading.lastDigest?.to, nextDue: reading.digestDue)
        let finder = StatusProblems(
            reading: reading, configuration: configuration, ages: Ages(now: now, zone: zone), isRunning: isRunning,
            most: most, disk: disk, setAside: setAside)
        return Status(
            now: now, zone: zone.name, version: feedwatchVersion, configuration: String(configuration.hash.prefix(4)),
            running: isRunning, problems: finder.problems(sources), sources: sources,
            sourceCounts: SourceCounts(sources, now: now), switchedOff: configuration.sources.count - polled.count,
            digest: digest, alertsLastDay: reading.alerts, alertsHeld: reading.heldAlerts,
            alertsHeldUntil: reading.heldUntil,
            indicatorsAlerted: reading.indicatorsTold.map { id, told in
                let name = configuration.settings.indicators.first { $0.id == id }?.name
                return IndicatorAlerted(id: id, name: CleanText.shown(name) ?? id, at: told.decided, file: told.file)
            },
            pending: reading.pending.reduce(0) { $0 + $1.count }, undelivered: reading.waiting,
            undeliverable: reading.failing,
            databaseBytes: reading.bytes, disk: disk)
    }
}

extension Status.SourceStatus {
    init(_ source: Source, _ health: SourceHealth, now: Timestamp) {
        self.init(
            id: source.id, name: CleanText.shown(source.name) ?? source.id, state: .ok, lastTried: health.lastTried,
            lastRead: health.lastRead, nextDue: health.nextDue, listedLastDay: health.listedInWindow,
            newLastDay: health.newInWindow, newestEntry: health.newestEntry, blindSince: health.blindSince,
            failures: health.failures, fault: health.fault, rest: health.rest)
        if blindSince != nil {
            state = .blind
        } else if rest != nil, let nextDue, nextDue + Status.grace >= now {
            state = .resting
        } else if lastRead == nil {
            state = .neverRead
        } else if let nextDue, nextDue + Status.grace < now {
            state = .overdue
        } else if let expected = source.expectEvery, newestEntry.map({ now - $0 > expected }) ?? true {
            state = .silent
        }
    }
}
