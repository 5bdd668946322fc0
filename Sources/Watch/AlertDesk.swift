import News
import Publish

/// The part of the configuration that alerts are decided and composed by.
public struct AlertDesk: Sendable {
    public var sources: [SourceID: Source]
    public var topics: [TopicID: Topic]
    /// In English.
    public var entityNames: [EntityID: String]
    public var excerptMax: Int
    public var zone: Zone
    public var version: String

    public init(
        sources: [SourceID: Source], topics: [TopicID: Topic], entityNames: [EntityID: String] = [:], excerptMax: Int,
        zone: Zone, version: String
    ) {
        self.sources = sources
        self.topics = topics
        self.entityNames = entityNames
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
        return Self.ranked(reasons)
    }

    /// These reasons with the story's best match of each topic; those of topics that are gone are left out.
    func reasons(_ held: [AlertLife.Held.Reason], for story: Story) -> [Reason] {
        let reasons = held.compactMap { reason -> Reason? in
            guard let topic = topics[reason.topic] else { return nil }
            let matches = story.members.flatMap(\.topics).filter { $0.topic == topic.id }
            let best = matches.max { ($0.match, $0.score) < ($1.match, $1.score) }
            let none = TopicMatch(topic: topic.id, match: .nothing, score: 0, evidence: [])
            return (topic, best ?? none, reason.rule)
        }
        return Self.ranked(reasons)
    }

    static func ranked(_ reasons: [Reason]) -> [Reason] {
        reasons.sorted { ($1.match.score, $0.topic.id) < ($0.match.score, $1.topic.id) }
    }

    /// Those whose article matched nothing get the story's best match of their topic.
    func withMatches(_ reasons: [Reason], of story: Story) -> [Reason] {
        let best = self.reasons(
            reasons.map { AlertLife.Held.Reason(topic: $0.topic.id, rule: $0.rule) }, for: story)
        let matches = Dictionary(best.map { ($0.topic.id, $0.match) }, uniquingKeysWith: { first, _ in first })
        return reasons.map { reason in
            guard reason.match.match == .nothing, let match = matches[reason.topic.id] else { return reason }
            return (reason.topic, match, reason.rule)
        }
    }

    /// Every line of every topic that holds for an article.
    func rules(for matches: [TopicMatch], _ article: Article, of source: SourceID) -> [AlertNews.NewRule] {
        guard let source = sources[source] else { return [] }
        return matches.flatMap { match -> [AlertNews.NewRule] in
            guard let topic = topics[match.topic] else { return [] }
            return AlertRules.linesThatHold(of: topic, match: match, article: article, source: source).map {
                AlertNews.NewRule(topic: topic.id, rule: $0.rule, key: $0.key)
            }
        }
    }

    /// What still stands of a hold after an article of its story was forgotten, by the lines that hold for those that are
    /// left; nil when nothing does.
    func standing(_ held: AlertLife.Held, in story: Story) -> AlertLife.Held? {
        var held = held
        held.isThinned = nil
        let bearers = story.members.filter {
            held.news?.texts.contains(MemberKey(source: $0.source, key: $0.key)) ?? true
        }
        let lines = bearers.flatMap { rules(for: $0.topics, $0.article, of: $0.source) }
        held.news?.rules.removeAll { rule in !lines.contains { $0.key == rule.key } }
        held.reasons = held.reasons.compactMap { reason in
            let line = lines.first { $0.topic == reason.topic }
            if line == nil, held.news == nil { return nil }
            return AlertLife.Held.Reason(topic: reason.topic, rule: line?.rule ?? "")
        }
        return held.reasons.isEmpty || held.news?.why.isEmpty ?? false ? nil : held
    }

    /// Whether nobody but the affiliations of the topic's `never_on_only` has written of it; copies are nobody's own words,
    /// and a source that is no longer configured vouches for nothing.
    func isAlone(_ story: Story, for topic: Topic) -> Bool {
        guard !topic.alertNeverOnOnly.isEmpty else { return false }
        return story.members.filter { $0.relation != .copy }.allSatisfy { member in
            guard let source = sources[member.source] else { return true }
            return source.affiliation.map(topic.alertNeverOnOnly.contains) ?? false
        }
    }

    func update(of story: Story, _ news: AlertNews?) -> AlertUpdate? {
        news.flatMap { .compose($0, of: story, sources: sources, names: entityNames, topics: topics) }
    }

    /// The alert of a story, whole.
    func alert(
        for story: Story, reasons: [Reason], news: AlertNews?, decided: Timestamp
    ) -> Alert {
        Alert.compose(
            story: story, topics: reasons, update: update(of: story, news), sources: sources, excerptMax: excerptMax,
            zone: zone, decided: decided, version: version)
    }
}
