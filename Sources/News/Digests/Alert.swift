/// An alert as readers get it: one story, with all the topics that it was given for. The public JSON.
public struct Alert: Sendable, Hashable, Codable {
    public static let currentSchema = 1

    public var schema: Int
    /// `alert`
    public var kind: String
    /// The local day of its folder.
    public var day: CivilDate
    public var decided: Timestamp
    public var zone: ZoneSpans
    /// Set where the story had alerted before.
    public var updateOf: AlertUpdate?
    public var story: PublishedStory
    /// Of feedwatch.
    public var version: String

    enum CodingKeys: String, CodingKey {
        case schema, kind, day, decided, zone, story, version
        case updateOf = "update_of"
    }

    /// Composes an alert, purely.
    ///
    /// - Parameters:
    ///   - topics: Those whose rule held, best first, each with the rule as written in the topic's file; empty where an
    ///     update is given for a topic that its article meets no line of.
    ///   - update: Of which alert it is an update; nil for a story's first.
    ///   - excerptMax: Characters of the quotation; 0 is headline only.
    public static func compose(
        story: Story, topics: [(topic: Topic, match: TopicMatch, rule: String)], update: AlertUpdate? = nil,
        sources: [SourceID: Source], gazetteer: Gazetteer = Gazetteer(), excerptMax: Int, zone: Zone,
        decided: Timestamp,
        version: String
    ) -> Alert {
        Alert(
            schema: currentSchema, kind: "alert", day: zone.local(decided).date, decided: decided,
            zone: ZoneSpans(of: zone, around: decided), updateOf: update,
            story: published(
                story, topics: topics, since: update?.since, sources: sources, gazetteer: gazetteer,
                excerptMax: excerptMax, zone: zone),
            version: version)
    }

    /// The story as an alert shows it; of an update headline and quotation come from what is new, where they can.
    static func published(
        _ story: Story, topics: [(topic: Topic, match: TopicMatch, rule: String)], since: Timestamp?,
        sources: [SourceID: Source], gazetteer: Gazetteer, excerptMax: Int, zone: Zone
    ) -> PublishedStory {
        .compose(
            story, topics: topics.map { .alerting($0.topic, $0.match, rule: $0.rule, in: story) }, sources: sources,
            gazetteer: gazetteer, excerptMax: excerptMax, zone: zone, since: since)
    }

    /// Where it goes, relative to the state folder and without extension: `alerts/2026-11-22/143205Z-k7f2`.
    public var stem: String { AlertPlace.stem(day: day, decided: decided, name: story.shownID) }

    /// Its line in `alerts.log`, without the newline: time, file (which is also its id), topics, headline, outlets.
    public var logLine: String {
        let topics = story.topics.map(\.name).joined(separator: ", ")
        var outlets: [String] = []
        for member in story.members where !outlets.contains(member.outlet) { outlets.append(member.outlet) }
        let mark = updateOf == nil ? "" : "UPDATE "
        let line =
            "\(decided) \(stem) \(topics): \(mark)\(story.title) (\(outlets.prefix(5).joined(separator: ", ")))"
        return CleanText.line(line)
    }
}

/// Where alerts of every kind go.
public enum AlertPlace {
    /// What stands in the place of a story's id in the names of other alerts: no story is shown by these.
    public static let reserved: Set<String> = ["more", "blind", "back"]

    /// The first second from a moment on at which no file of this name stands: a clock set back shows each twice.
    public static func freeSecond(
        _ name: String, from moment: Timestamp, zone: Zone, isTaken: (String) throws -> Bool
    ) rethrows -> Timestamp {
        var decided = moment
        while try isTaken(stem(day: zone.local(decided).date, decided: decided, name: name)) {
            decided = decided + .seconds(1)
        }
        return decided
    }

    /// `alerts/2026-11-22/143205Z-NAME`: the local day, the UTC time of the decision.
    public static func stem(day: CivilDate, decided: Timestamp, name: String) -> String {
        let utc = LocalDateTime(decided, offset: 0)
        return "alerts/\(day)/\(utc.hour, padded: 2)\(utc.minute, padded: 2)\(utc.second, padded: 2)Z-\(name)"
    }
}

/// Which alert is continued, why, and what is new.
public struct AlertUpdate: Sendable, Hashable, Codable {
    /// The story's first alert, relative to the state folder, without extension.
    public var file: String
    public var alertedAt: Timestamp
    /// The last alert before this one: what came later is new.
    public var since: Timestamp
    public var why: [Topic.Again.Reason]
    public var new: New

    enum CodingKeys: String, CodingKey {
        case file, since, why, new
        case alertedAt = "alerted_at"
    }

    public struct New: Sendable, Hashable, Codable {
        public var corrections: [Correction]
        public var entities: [Named]
        public var numbers: [String]
        public var rules: [Rule]
    }

    public struct Correction: Sendable, Hashable, Codable {
        public var outlet: String
        public var title: String?
        public var url: String?
        /// True: it is withdrawn.
        public var isWithdrawn: Bool?

        enum CodingKeys: String, CodingKey {
            case outlet, title, url
            case isWithdrawn = "withdrawn"
        }
    }

    public struct Named: Sendable, Hashable, Codable {
        public var id: EntityID
        public var name: String
    }

    public struct Rule: Sendable, Hashable, Codable {
        public var topic: String
        public var rule: String
    }

    /// - Parameters:
    ///   - topics: by id, for their names.
    public static func compose(
        _ news: AlertNews, of story: Story, sources: [SourceID: Source], gazetteer: Gazetteer,
        topics: [TopicID: Topic]
    ) -> AlertUpdate? {
        guard let first = story.alerts.told.first, let last = story.alerts.told.last else { return nil }
        let corrections = news.corrections.compactMap { key in
            story.members.first { $0.source == key.source && $0.key == key.key }.map { member in
                Correction(
                    outlet: CleanText.shown(sources[member.source]?.name) ?? member.source,
                    title: CleanText.shown(member.article.title), url: member.url.flatMap(PublishedMember.shownURL),
                    isWithdrawn: member.changes.last { $0.correction }?.isWithdrawn)
            }
        }
        return AlertUpdate(
            file: first.file, alertedAt: first.at, since: last.at, why: news.why,
            new: New(
                corrections: corrections,
                entities: news.entities.map { Named(id: $0, name: gazetteer.name(of: $0)) },
                numbers: news.numbers,
                rules: news.rules.map {
                    Rule(topic: CleanText.shown(topics[$0.topic]?.name) ?? $0.topic, rule: $0.rule)
                }))
    }
}
