/// That an indicator counts far more than usual. The public JSON.
///
/// It names stories by their shown ids alone, and is no alert of any of them.
public struct IndicatorAlert: Sendable, Hashable, Codable {
    public var schema: Int
    /// `indicator`
    public var kind: String
    /// The local day of its folder.
    public var day: CivilDate
    public var decided: Timestamp
    public var zone: ZoneSpans
    public var id: String
    public var name: String
    /// What was first seen after `from` and up to `to` is counted.
    public var window: Window
    /// Stories in the window.
    public var today: Int
    /// Stories in a usual window: the mean of `counts`, to a tenth.
    public var usual: Double
    /// Of the windows before, oldest first, each as long.
    public var counts: [Int]
    /// How many of the windows of 28 days are left out, for those that carry it now could not be read then.
    public var leftOut: Int
    /// Once in so many days, rounded to two digits; at most `CountModel.rarest`.
    public var onceIn: Int
    /// It alerts from once in so many days on, as configured.
    public var alertFrom: Int
    /// Shown ids, the first to come first, at most `Limits.indicatorStoriesMax`.
    public var stories: [String]
    /// That carried them, most first, at most `Limits.indicatorSourcesMax`.
    public var sources: [Carrier]
    public var sourcesLeftOut: Int
    /// Of its sources those that could not be read, at most `Limits.indicatorSourcesMax`: it may count too few.
    public var unread: [String]
    /// Of feedwatch.
    public var version: String

    enum CodingKeys: String, CodingKey {
        case schema, kind, day, decided, zone, id, name, window, today, usual, counts, stories, sources, unread, version
        case leftOut = "left_out"
        case onceIn = "once_in"
        case alertFrom = "alert_from"
        case sourcesLeftOut = "sources_left_out"
    }

    public struct Window: Sendable, Hashable, Codable {
        public var days: Int
        public var from: Timestamp
        public var to: Timestamp
    }

    public struct Carrier: Sendable, Hashable, Codable {
        public var id: SourceID
        public var name: String
        public var stories: Int
    }

    /// - Parameters:
    ///   - shown: the shown ids of the count's stories, in their order.
    ///   - unread: sources that are blind.
    public init(
        _ indicator: Indicator, _ count: IndicatorCount, shown: [String], sources: [SourceID: Source],
        unread: Set<SourceID>, zone: Zone, decided: Timestamp, version: String
    ) {
        func name(of source: SourceID) -> String { CleanText.shown(sources[source]?.name) ?? source }
        schema = Alert.currentSchema
        kind = "indicator"
        day = zone.local(decided).date
        self.decided = decided
        self.zone = ZoneSpans(of: zone, around: decided)
        id = indicator.id
        self.name = CleanText.shown(indicator.name) ?? indicator.id
        window = Window(days: indicator.windowDays, from: count.window.lowerBound, to: count.window.upperBound)
        today = count.stories.count
        usual = PublishedIndicator.mean(of: count.baseline)
        counts = count.baseline
        leftOut = count.leftOut
        onceIn = PublishedIndicator.rounded(count.onceIn)
        alertFrom = indicator.alert ?? indicator.threshold
        stories = Array(shown.prefix(Limits.indicatorStoriesMax))
        self.sources = count.carriers.prefix(Limits.indicatorSourcesMax).map {
            Carrier(id: $0.source, name: name(of: $0.source), stories: $0.stories)
        }
        sourcesLeftOut = max(0, count.carriers.count - Limits.indicatorSourcesMax)
        let blind = sources.values.filter { unread.contains($0.id) && indicator.counts($0) }
        self.unread = Array(blind.map { name(of: $0.id) }.sorted().prefix(Limits.indicatorSourcesMax))
        self.version = version
    }

    /// `alerts/2026-11-22/150000Z-indicator-live-fire`
    public var stem: String { AlertPlace.stem(day: day, decided: decided, name: Self.name(of: id)) }

    public static func name(of indicator: String) -> String { "indicator-\(indicator)" }

    /// Its line in `alerts.log`: time, file, what, how many, by whom.
    public var logLine: String {
        let names = sources.prefix(Self.namesLogged).map(\.name).joined(separator: ", ")
        let more = max(0, sources.count - Self.namesLogged) + min(max(0, sourcesLeftOut), 1_000_000)
        return CleanText.line(
            "\(decided) \(stem) \(name): \(today) in \(window.days == 1 ? "a day" : "\(window.days) days"), usually \(PublishedIndicator.small(usual, of: counts) ?? "\(usual)") "
                + "(\(names)\(more > 0 ? " and \(more) more" : ""))")
    }

    private static let namesLogged = 5
}
