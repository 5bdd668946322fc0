import News
import Publish

/// The part of the configuration that alerts are decided and composed by.
public struct AlertDesk: Sendable {
    public var sources: [SourceID: Source]
    public var topics: [TopicID: Topic]
    public var excerptMax: Int
    public var zone: Zone
    public var version: String

    public init(sources: [SourceID: Source], topics: [TopicID: Topic], excerptMax: Int, zone: Zone, version: String) {
        self.sources = sources
        self.topics = topics
        self.excerptMax = excerptMax
        self.zone = zone
        self.version = version
    }

    /// The alert that these readings of a story give rise to, whole, or nil when no rule holds.
    ///
    /// Each topic is named once, by the first rule that held for the first of the readings.
    func parcel(for story: Story, readings: [Reading], decided: Timestamp) throws -> Parcel? {
        var reasons: [(topic: Topic, match: TopicMatch, rule: String)] = []
        for reading in readings {
            guard let source = sources[reading.pending.source] else { continue }
            for match in reading.topics {
                guard let topic = topics[match.topic], !reasons.contains(where: { $0.topic.id == topic.id }),
                    let rule = AlertRules.firstRule(of: topic, match: match, article: reading.article, source: source)
                else { continue }
                reasons.append((topic, match, rule))
            }
        }
        guard !reasons.isEmpty else { return nil }
        reasons.sort { ($1.match.score, $0.topic.id) < ($0.match.score, $1.topic.id) }
        let alert = Alert.compose(
            story: story, topics: reasons, sources: sources, excerptMax: excerptMax, zone: zone, decided: decided,
            version: version)
        return Parcel(kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: decided)
    }
}
