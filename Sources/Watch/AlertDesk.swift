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

    /// What makes readings alert: each topic once, by the first rule that held for the first of the readings.
    typealias Reason = (topic: Topic, match: TopicMatch, rule: String)

    /// Why a story with these readings alerts, best match first; empty when no rule holds.
    func reasons(for readings: [Reading]) -> [Reason] {
        var reasons: [Reason] = []
        for reading in readings {
            guard let source = sources[reading.pending.source] else { continue }
            for match in reading.topics {
                guard let topic = topics[match.topic], !reasons.contains(where: { $0.topic.id == topic.id }),
                    let rule = AlertRules.firstRule(of: topic, match: match, article: reading.article, source: source)
                else { continue }
                reasons.append((topic, match, rule))
            }
        }
        return reasons.sorted { ($1.match.score, $0.topic.id) < ($0.match.score, $1.topic.id) }
    }

    /// The alert of a story, whole.
    func parcel(for story: Story, reasons: [Reason], decided: Timestamp) throws -> Parcel {
        let alert = Alert.compose(
            story: story, topics: reasons, sources: sources, excerptMax: excerptMax, zone: zone, decided: decided,
            version: version)
        return Parcel(kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: decided)
    }
}
