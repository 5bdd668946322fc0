/// What a topic found in a story: the match of one of its articles.
public struct TopicFinding: Sendable {
    public var topic: Topic
    public var match: TopicMatch
    /// The line of `any_of` that held, where it alerted.
    public var rule: String?
    /// The article of the match; nil where no article of the story has it.
    var member: StoryMember?

    init(_ topic: Topic, _ match: TopicMatch, rule: String? = nil, member: StoryMember?) {
        self.topic = topic
        self.match = match
        self.rule = rule
        self.member = member
    }

    /// What the topic makes of the rest: the story that the article stands in, and the sources.
    struct Setting {
        var story: Story
        /// Its articles that readers are shown, in order.
        var shown: [StoryMember]
        var sources: [SourceID: Source]
        var newsrooms: Int
    }
}

extension TopicFinding {
    /// What made a story alert: the article is the first with this match.
    static func alerting(_ topic: Topic, _ match: TopicMatch, rule: String, in story: Story) -> TopicFinding {
        TopicFinding(
            topic, match, rule: rule.isEmpty ? nil : rule, member: story.members.first { $0.topics.contains(match) })
    }

    /// The best match of each topic in a story, best first: those that the reader has refused are left out, and those that the
    /// reader has said yes to are likely at least.
    public static func best(in story: Story, topics: [Topic]) -> [TopicFinding] {
        var best: [TopicID: (match: TopicMatch, member: StoryMember)] = [:]
        for member in story.members {
            for match in member.topics {
                if let old = best[match.topic]?.match, (old.match, old.score) >= (match.match, match.score) { continue }
                best[match.topic] = (match, member)
            }
        }
        let found = topics.compactMap { topic -> TopicFinding? in
            let verdict = story.verdicts[topic.id]?.verdict
            if verdict == .no { return nil }
            guard let found = best[topic.id] else {
                guard verdict == .yes else { return nil }
                return TopicFinding(
                    topic,
                    TopicMatch(topic: topic.id, match: .likely, score: TopicMatch.likelyScore, evidence: []),
                    member: nil)
            }
            var match = found.match
            if verdict == .yes, match.match < .likely { (match.match, match.score) = (.likely, TopicMatch.likelyScore) }
            return TopicFinding(topic, match, member: found.member)
        }
        return found.sorted {
            ($1.match.match, $1.match.score, $0.topic.id) < ($0.match.match, $0.match.score, $1.topic.id)
        }
    }
}

extension PublishedTopic {
    init(_ finding: TopicFinding, in setting: TopicFinding.Setting) {
        let topic = finding.topic
        self.init(
            topic, finding.match, rule: finding.rule, verdicts: Self.verdicts(finding, in: setting),
            reader: setting.story.verdicts[topic.id])
        member = finding.member.flatMap { found in
            setting.shown.firstIndex { MemberKey($0) == MemberKey(found) }
        }
        if rule == nil, alert?.contains(where: \.unmet.isEmpty) ?? false,
            AlertRules.isAlone(setting.story, for: topic, sources: setting.sources)
        {
            blocked = AlertRules.aloneWords(topic)
        }
    }

    /// Of one article, whatever its story.
    /// - Parameter verdicts: the topic's lines beside it; nil where they cannot be tried.
    public init(
        _ topic: Topic, _ match: TopicMatch, rule: String? = nil, verdicts: [AlertRules.Verdict]?,
        reader: ReaderVerdict? = nil
    ) {
        self.init(
            id: topic.id, name: CleanText.shown(topic.name) ?? topic.id, match: match.match,
            score: Self.rounded(match.score), rule: rule, alert: verdicts,
            evidence: match.evidence.prefix(Limits.shownPerStoryMax).map(PublishedEvidence.init),
            learned: match.learned.map(Self.shown), bySource: match.bySource, reader: reader)
    }

    private static func verdicts(_ finding: TopicFinding, in setting: TopicFinding.Setting) -> [AlertRules.Verdict]? {
        guard let member = finding.member, member.hasText, let source = setting.sources[member.source] else {
            return nil
        }
        return AlertRules.verdicts(
            of: finding.topic, match: finding.match,
            for: .init(member.article, of: source, entities: member.entities, newsrooms: setting.newsrooms))
    }

    /// Four decimals are enough to rank by, and fewer to read.
    static func rounded(_ value: Double) -> Double {
        value.isFinite ? (value * 10_000).rounded() / 10_000 : 0
    }

    private static func shown(_ learned: TopicMatch.Learned) -> TopicMatch.Learned {
        TopicMatch.Learned(
            examples: learned.examples, shift: rounded(learned.shift),
            terms: learned.terms.prefix(Limits.shownPerStoryMax).map {
                .init(text: CleanText.line($0.text), points: rounded($0.points))
            })
    }
}

extension PublishedEvidence {
    init(_ evidence: Evidence) {
        self.init(
            phrase: CleanText.line(evidence.phrase), field: evidence.field, strength: evidence.strength,
            entity: evidence.entity, count: evidence.count, contribution: PublishedTopic.rounded(evidence.contribution),
            ignored: evidence.ignored.map { CleanText.line($0) }, start: evidence.start, end: evidence.end)
    }
}

extension AlertRules {
    /// Whether nobody but the affiliations of the topic's `never_on_only` has written of it; copies are nobody's own words,
    /// and a source that is no longer configured vouches for nothing.
    public static func isAlone(_ story: Story, for topic: Topic, sources: [SourceID: Source]) -> Bool {
        guard !topic.alertNeverOnOnly.isEmpty else { return false }
        return story.members.filter { $0.relation != .copy }.allSatisfy { member in
            guard let source = sources[member.source] else { return true }
            return source.affiliation.map(topic.alertNeverOnOnly.contains) ?? false
        }
    }

    /// `never_on_only: [party-state] – nobody else has written of it`
    public static func aloneWords(_ topic: Topic) -> String {
        let names = topic.alertNeverOnOnly.map(\.rawValue).joined(separator: ", ")
        return "never_on_only: [\(names)] – nobody else has written of it"
    }
}
