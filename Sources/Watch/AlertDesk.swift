import News
import Publish

/// The part of the configuration that alerts are decided and composed by.
public struct AlertDesk: Sendable {
    public var sources: [SourceID: Source]
    public var topics: [TopicID: Topic]
    public var gazetteer: Gazetteer
    public var indicators = IndicatorEngine([])
    public var excerptMax: Int
    public var zone: Zone
    public var version: String

    public init(
        sources: [SourceID: Source], topics: [TopicID: Topic], gazetteer: Gazetteer = Gazetteer(),
        excerptMax: Int, zone: Zone, version: String
    ) {
        self.sources = sources
        self.topics = topics
        self.gazetteer = gazetteer
        self.excerptMax = excerptMax
        self.zone = zone
        self.version = version
    }

    /// What makes readings alert: each topic once, by the first rule that held for the first of the readings.
    typealias Reason = (topic: Topic, match: TopicMatch, rule: String)

    /// Whether a line of any topic asks for newsrooms, so that readings must be judged in their story.
    var countsNewsrooms: Bool { topics.values.contains { $0.alertAnyOf.contains { $0.newsrooms != nil } } }

    /// Why a story with these readings alerts, best match first; empty when no rule holds.
    /// - Parameter story: with the readings in it, and its first articles; needed where `countsNewsrooms`.
    func reasons(for readings: [Reading], in story: Story?) -> [Reason] {
        var reasons: [Reason] = []
        let newsrooms = newsrooms(of: story)
        func add(_ matches: [TopicMatch], _ subject: AlertRules.Subject, byNewsrooms: Bool = false) {
            for match in matches {
                guard let topic = topics[match.topic], !reasons.contains(where: { $0.topic.id == topic.id }),
                    let line = AlertRules.linesThatHold(
                        of: topic, match: match, for: subject, byNewsrooms: byNewsrooms
                    ).first
                else { continue }
                reasons.append((topic, match, line.rule))
            }
        }
        for reading in readings {
            guard let source = sources[reading.pending.source] else { continue }
            add(
                reading.topics,
                .init(reading.article, of: source, entities: reading.entities, newsrooms: newsrooms))
        }
        // A newsroom more may be what an earlier article has waited for.
        for member in story?.members ?? [] {
            guard let source = sources[member.source] else { continue }
            let subject = AlertRules.Subject(
                member.article, of: source, entities: member.entities, newsrooms: newsrooms)
            add(member.topics, subject, byNewsrooms: true)
        }
        return Self.ranked(reasons)
    }

    /// As an issue counts them; one where the story is not given.
    func newsrooms(of story: Story?) -> Int {
        story.map { Newsrooms.count(in: $0.members, sources: sources) } ?? 1
    }

    /// These reasons with the story's best match of each topic; those of topics that are gone, or that the reader has refused,
    /// are left out.
    func reasons(_ held: [AlertLife.Held.Reason], for story: Story) -> [Reason] {
        let reasons = held.compactMap { reason -> Reason? in
            guard let topic = topics[reason.topic], story.verdicts[topic.id]?.verdict != .no else { return nil }
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
    /// - Parameter byNewsrooms: only those that ask for newsrooms.
    func rules(
        for matches: [TopicMatch], _ article: Article, of source: SourceID, entities: [EntityID], newsrooms: Int,
        byNewsrooms: Bool = false
    ) -> [AlertNews.NewRule] {
        guard let source = sources[source] else { return [] }
        let subject = AlertRules.Subject(article, of: source, entities: entities, newsrooms: newsrooms)
        return matches.flatMap { match -> [AlertNews.NewRule] in
            guard let topic = topics[match.topic] else { return [] }
            return AlertRules.linesThatHold(of: topic, match: match, for: subject, byNewsrooms: byNewsrooms).map {
                AlertNews.NewRule(topic: topic.id, rule: $0.rule, key: $0.key)
            }
        }
    }

    func rules(for reading: Reading, newsrooms: Int) -> [AlertNews.NewRule] {
        rules(
            for: reading.topics, reading.article, of: reading.pending.source, entities: reading.entities,
            newsrooms: newsrooms)
    }

    func rules(for member: StoryMember, newsrooms: Int, byNewsrooms: Bool = false) -> [AlertNews.NewRule] {
        rules(
            for: member.topics, member.article, of: member.source, entities: member.entities, newsrooms: newsrooms,
            byNewsrooms: byNewsrooms)
    }

    /// What still stands of a hold after an article of its story was forgotten, by the lines that hold for those that are
    /// left; nil when nothing does.
    func standing(_ held: AlertLife.Held, in story: Story) -> AlertLife.Held? {
        var held = held
        held.isThinned = nil
        let bearers = story.members.filter {
            held.news?.texts.contains(MemberKey(source: $0.source, key: $0.key)) ?? true
        }
        let newsrooms = newsrooms(of: story)
        let lines = bearers.flatMap { rules(for: $0, newsrooms: newsrooms) }
        held.news?.rules.removeAll { rule in !lines.contains { $0.key == rule.key } }
        held.reasons = held.reasons.compactMap { reason in
            let line = lines.first { $0.topic == reason.topic }
            if line == nil, held.news == nil { return nil }
            return AlertLife.Held.Reason(topic: reason.topic, rule: line?.rule ?? "")
        }
        return held.reasons.isEmpty || held.news?.why.isEmpty ?? false ? nil : held
    }

    func isAlone(_ story: Story, for topic: Topic) -> Bool {
        AlertRules.isAlone(story, for: topic, sources: sources)
    }

    func update(of story: Story, _ news: AlertNews?) -> AlertUpdate? {
        news.flatMap { .compose($0, of: story, sources: sources, gazetteer: gazetteer, topics: topics) }
    }

    /// The alert of a story, whole.
    func alert(
        for story: Story, reasons: [Reason], news: AlertNews?, decided: Timestamp
    ) -> Alert {
        Alert.compose(
            story: story, topics: reasons, update: update(of: story, news), sources: sources,
            gazetteer: gazetteer, excerptMax: excerptMax, zone: zone, decided: decided, version: version)
    }
}
