/// What caps and quiet hours held, in one file once they have ended. The public JSON.
public struct HeldAlerts: Sendable, Hashable, Codable {
    public var schema: Int
    /// `more`
    public var kind: String
    /// The local day of its folder.
    public var day: CivilDate
    public var decided: Timestamp
    public var zone: ZoneSpans
    /// As they are now, best match first.
    public var stories: [HeldStory]
    /// Those beyond the first `Limits.heldWholeMax`.
    public var also: [AlsoHeld]
    /// Of feedwatch.
    public var version: String

    public struct HeldStory: Sendable, Hashable, Codable {
        public var heldBy: AlertLife.Held.By
        public var heldSince: Timestamp
        public var updateOf: AlertUpdate?
        public var story: PublishedStory

        enum CodingKeys: String, CodingKey {
            case story
            case heldBy = "held_by"
            case heldSince = "held_since"
            case updateOf = "update_of"
        }

        public init(
            _ held: AlertLife.Held, story: Story,
            topics: [(topic: Topic, match: TopicMatch, rule: String)], update: AlertUpdate?,
            sources: [SourceID: Source], gazetteer: Gazetteer = Gazetteer(), excerptMax: Int, zone: Zone
        ) {
            heldBy = held.by
            heldSince = held.since
            updateOf = update
            self.story = Alert.published(
                story, topics: topics, since: update?.since, sources: sources, gazetteer: gazetteer,
                excerptMax: excerptMax, zone: zone)
        }
    }

    public struct AlsoHeld: Sendable, Hashable, Codable {
        /// With the time from which a story that was lost is known again; nil in files of earlier versions.
        public var id: StoryID?
        public var shownID: String
        public var title: String
        public var firstSeen: Timestamp?

        enum CodingKeys: String, CodingKey {
            case id, title
            case shownID = "shown_id"
            case firstSeen = "first_seen"
        }

        public init(id: StoryID?, shownID: String, title: String, firstSeen: Timestamp?) {
            self.id = id
            self.shownID = shownID
            self.title = title
            self.firstSeen = firstSeen
        }
    }

    public static func compose(
        _ stories: [HeldStory], zone: Zone, decided: Timestamp, version: String
    ) -> HeldAlerts {
        let ordered = stories.sorted { a, b in
            let (first, second) = (a.story.topics.first, b.story.topics.first)
            return (second?.match ?? .nothing, second?.score ?? 0, a.heldSince, a.story.id)
                < (first?.match ?? .nothing, first?.score ?? 0, b.heldSince, b.story.id)
        }
        return HeldAlerts(
            schema: Alert.currentSchema, kind: "more", day: zone.local(decided).date, decided: decided,
            zone: ZoneSpans(of: zone, around: decided), stories: Array(ordered.prefix(Limits.heldWholeMax)),
            also: ordered.dropFirst(Limits.heldWholeMax).map {
                AlsoHeld(
                    id: $0.story.id, shownID: $0.story.shownID, title: $0.story.title, firstSeen: $0.story.firstSeen)
            }, version: version)
    }

    /// `alerts/2026-11-22/150000Z-more`
    public var stem: String { AlertPlace.stem(day: day, decided: decided, name: "more") }

    public var count: Int { stories.count + also.count }

    /// Its line in `alerts.log`: time, file, topics, how many, headlines.
    public var logLine: String {
        var topics: [String] = []
        for name in stories.flatMap(\.story.topics).map(\.name) where !topics.contains(name) { topics.append(name) }
        let titles = stories.prefix(Self.titlesLogged).map { "\($0.story.title) [\($0.story.shownID)]" }
        let more = count > titles.count ? "; and \(count - titles.count) more" : ""
        return CleanText.line(
            "\(decided) \(stem) \(topics.prefix(8).joined(separator: ", ")): \(count) held: "
                + titles.joined(separator: "; ") + more)
    }

    private static let titlesLogged = 8
}
