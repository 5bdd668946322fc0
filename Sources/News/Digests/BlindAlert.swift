/// That sources cannot be read, or can be again. The public JSON.
public struct BlindAlert: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable { case blind, back }

    public var schema: Int
    /// `blind`
    public var kind: String
    public var state: State
    /// The local day of its folder.
    public var day: CivilDate
    public var decided: Timestamp
    public var zone: ZoneSpans
    /// By id.
    public var sources: [BlindSource]
    /// How many sources are polled, these among them, and how many of those are blind now.
    public var polled: Int
    public var blindNow: Int
    /// Of `back`: the alert that told that they were blind.
    public var told: String?
    /// Of feedwatch.
    public var version: String

    enum CodingKeys: String, CodingKey {
        case schema, kind, state, day, decided, zone, sources, polled, told, version
        case blindNow = "blind_now"
    }

    public struct BlindSource: Sendable, Hashable, Codable {
        public var id: SourceID
        public var name: String
        public var isCritical: Bool
        /// The first failed poll.
        public var since: Timestamp
        /// The last good poll before; nil where it was never read since it was configured.
        public var lastRead: Timestamp?
        /// When it could be read again.
        public var until: Timestamp?
        /// What its last poll failed with: a code, and in words.
        public var code: String?
        public var why: String?

        enum CodingKeys: String, CodingKey {
            case id, name, since, until, code, why
            case isCritical = "critical"
            case lastRead = "last_read"
        }

        /// - Parameter until: when it could be read again; nil while it is blind.
        public init(_ source: Source, _ health: SourceHealth?, since: Timestamp, until: Timestamp?) {
            id = source.id
            name = CleanText.shown(source.name) ?? source.id
            isCritical = source.critical
            self.since = since
            self.until = until
            lastRead = until == nil ? health?.lastRead : nil
            code = until == nil ? health?.fault?.code : nil
            why = until == nil ? CleanText.shown(health?.fault?.detail) : nil
        }
    }

    public init(
        _ state: State, _ sources: [BlindSource], polled: Int, blindNow: Int, told: String? = nil, zone: Zone,
        decided: Timestamp, version: String
    ) {
        schema = Alert.currentSchema
        kind = "blind"
        self.state = state
        day = zone.local(decided).date
        self.decided = decided
        self.zone = ZoneSpans(of: zone, around: decided)
        self.sources = sources
        self.polled = polled
        self.blindNow = blindNow
        self.told = told
        self.version = version
    }

    /// `alerts/2026-11-22/150000Z-blind-nansei`, of several sources `…-blind`; when they can be read again `…-back-nansei`.
    public var stem: String { AlertPlace.stem(day: day, decided: decided, name: Self.name(state, sources.map(\.id))) }

    public static func name(_ state: State, _ sources: [SourceID]) -> String {
        sources.count == 1 ? "\(state.rawValue)-\(sources[0])" : state.rawValue
    }

    /// Its line in `alerts.log`: time, file, what, which.
    public var logLine: String {
        let names = sources.prefix(Self.namesLogged).map { source in
            source.why.map { "\(source.name) (\($0))" } ?? source.name
        }
        let more = sources.count > names.count ? " and \(sources.count - names.count) more" : ""
        let since = sources.map(\.since).min().map { " since \($0)" } ?? ""
        let head = state == .blind ? "cannot be read\(since)" : "can be read again"
        let count = sources.count == 1 ? "1 source" : "\(sources.count) of \(polled) sources"
        return CleanText.line(
            "\(decided) \(stem) \(count) \(head): \(names.joined(separator: ", "))\(more)")
    }

    private static let namesLogged = 8
}
