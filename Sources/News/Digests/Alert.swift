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
    public var story: PublishedStory
    /// Of feedwatch.
    public var version: String

    /// Composes an alert, purely.
    ///
    /// - Parameters:
    ///   - topics: Those whose rule held, best first, each with the rule as written in the topic's file.
    ///   - excerptMax: Characters of the quotation; 0 is headline only.
    public static func compose(
        story: Story, topics: [(topic: Topic, match: TopicMatch, rule: String)], sources: [SourceID: Source],
        excerptMax: Int, zone: Zone, decided: Timestamp, version: String
    ) -> Alert {
        let shown = topics.prefix(Limits.shownPerStoryMax).map { PublishedTopic($0.topic, $0.match, rule: $0.rule) }
        return Alert(
            schema: currentSchema, kind: "alert", day: zone.local(decided).date, decided: decided,
            zone: ZoneSpans(of: zone, around: decided),
            story: .compose(story, topics: shown, sources: sources, excerptMax: excerptMax), version: version)
    }

    /// Where it goes, relative to the state folder and without extension: `alerts/2026-11-22/143205Z-k7f2`.
    public var stem: String {
        let utc = LocalDateTime(decided, offset: 0)
        return "alerts/\(day)/\(utc.hour, padded: 2)\(utc.minute, padded: 2)\(utc.second, padded: 2)Z-\(story.shownID)"
    }

    /// Its line in `alerts.log`, without the newline: time, file (which is also its id), topics, headline, outlets.
    public var logLine: String {
        let topics = story.topics.map(\.name).joined(separator: ", ")
        var outlets: [String] = []
        for member in story.members where !outlets.contains(member.outlet) { outlets.append(member.outlet) }
        let line = "\(decided) \(stem) \(topics): \(story.title) (\(outlets.prefix(5).joined(separator: ", ")))"
        return CleanText.line(line)
    }
}
