/// Everything that an issue is composed from.
public struct DigestInput: Sendable {
    public var day: CivilDate
    /// What was first seen after its lower bound and up to its upper bound.
    public var window: Range<Timestamp>
    /// Since when it is told what was and was not seen: the window's begin, or where a clock that ran ahead has put that into
    /// the future, when the last issue was written.
    public var seenFrom: Timestamp
    /// The end of the last issue's window; nil for the first.
    public var previousTo: Timestamp?
    public var issued: Timestamp
    public var nextIssue: Timestamp
    public var zone: Zone
    /// With an article or a change of the window.
    public var stories: [Story]
    /// Nearest first.
    public var nearMisses: [Story]
    public var health: [SourceHealth]
    /// That were over in the window, by source and time.
    public var outages: [SourceOutage]
    /// Of entries first seen in the window.
    public var pageFaults: [PageFaultCount]
    /// Earlier issues, newest first.
    public var issues: [Issue]
    /// All that are configured, disabled ones too.
    public var sources: [SourceID: Source]
    public var topics: [Topic]
    public var gazetteer: Gazetteer
    /// Stories of which an alert or update is held, those of the issue or not.
    public var held: [Story] = []
    /// What was held and told in the window.
    public var heldTold: [HeldAlerts] = []
    public var indicators: [Indicator] = []
    /// What is stored of them, by id.
    public var indicatorRecords: [String: PublishedIndicators.Record] = [:]
    public var indicatorSight = IndicatorSight(outages: [], firstRead: [:])
    /// Characters of a quotation, half of it in scripts without spaces; 0 is headline only.
    public var excerptMax: Int
    /// How many near misses are listed.
    public var belowTheLine: Int
    public var version: String
    public var configurationHash: String
    /// Changes from this time on are told though they lie before the window: the clock was set back, and no issue has told them.
    public var lateChanges: Timestamp?
    public var rereads: RereadCount

    public init(
        day: CivilDate, window: Range<Timestamp>, seenFrom: Timestamp? = nil, previousTo: Timestamp?, issued: Timestamp,
        nextIssue: Timestamp, zone: Zone, stories: [Story], nearMisses: [Story], health: [SourceHealth],
        outages: [SourceOutage] = [], pageFaults: [PageFaultCount] = [], issues: [Issue] = [],
        sources: [SourceID: Source],
        topics: [Topic], gazetteer: Gazetteer = Gazetteer(), excerptMax: Int, belowTheLine: Int, version: String,
        configurationHash: String,
        lateChanges: Timestamp? = nil, rereads: RereadCount = RereadCount()
    ) {
        self.day = day
        self.window = window
        self.seenFrom = seenFrom ?? window.lowerBound
        self.previousTo = previousTo
        self.issued = issued
        self.nextIssue = nextIssue
        self.zone = zone
        self.stories = stories
        self.nearMisses = nearMisses
        self.health = health
        self.outages = outages
        self.pageFaults = pageFaults
        self.issues = issues
        self.sources = sources
        self.topics = topics
        self.gazetteer = gazetteer
        self.excerptMax = excerptMax
        self.belowTheLine = belowTheLine
        self.version = version
        self.configurationHash = configurationHash
        self.lateChanges = lateChanges
        self.rereads = rereads
    }

    /// Whether a change of this time is the issue's to tell.
    func tells(changeAt time: Timestamp) -> Bool {
        time <= window.upperBound && (time > window.lowerBound || lateChanges.map { time >= $0 } ?? false)
    }

    /// An earlier issue and its window.
    public struct Issue: Sendable {
        public var day: CivilDate
        public var from: Timestamp
        public var to: Timestamp

        public init(day: CivilDate, from: Timestamp, to: Timestamp) {
            self.day = day
            self.from = from
            self.to = to
        }
    }
}
