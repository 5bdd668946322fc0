import News
import Publish
import Storage

/// `feedwatch reclassify`: what is stored is scored by the present configuration, in the daemon or without one. Files of readers
/// stay as they are, and nothing is alerted; the next issue takes what is so now.
public struct Reclassifying: Sendable {
    private let store: Store
    private let engine: TopicEngine
    private let rules: AlertDesk
    private let names: [TopicID: String]

    /// What was done.
    public struct Outcome: Sendable, Hashable, Codable {
        public var since: Timestamp
        /// That were scored.
        public var articles = 0
        /// Of them those of which anything is otherwise now.
        public var changed = 0
        /// That could not be scored, for their texts are no longer kept.
        public var withoutText = 0
        /// Topics of which articles matched likely or clear before or do now, by id.
        public var topics: [Change] = []

        public struct Change: Sendable, Hashable, Codable {
            public var topic: TopicID
            /// Articles that match it now and did not.
            public var gained = 0
            public var lost = 0
        }

        enum CodingKeys: String, CodingKey {
            case since, articles, changed, topics
            case withoutText = "without_text"
        }
    }

    /// - Parameter engine: of the same configuration.
    init(_ configuration: Configuration, engine: TopicEngine, store: Store, rules: AlertDesk) {
        self.store = store
        self.rules = rules
        self.engine = engine
        names = Dictionary(configuration.topics.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// In parts, between which everybody else gets a turn.
    func run(since: Timestamp) async throws -> Outcome {
        var pass = Pass(since: since)
        while try step(&pass) {
            try Task.checkCancellation()
            await Task.yield()
        }
        return pass.outcome
    }

    /// The same where nobody else is at work.
    func runAlone(since: Timestamp) throws -> Outcome {
        var pass = Pass(since: since)
        while try step(&pass) {}
        return pass.outcome
    }

    private struct Pass {
        var outcome: Outcome
        var position: Int64 = 0
        var changes: [TopicID: Outcome.Change] = [:]

        init(since: Timestamp) { outcome = Outcome(since: since) }
    }

    private func step(_ pass: inout Pass) throws -> Bool {
        let part = try store.reclassify(after: pass.position, since: pass.outcome.since, judge: judged) {
            member, story in
            rules.rules(for: member, newsrooms: rules.newsrooms(of: story)).map(\.key)
        }
        pass.outcome.articles += part.changed.count + part.unchanged
        pass.outcome.changed += part.changed.count
        pass.outcome.withoutText += part.withoutText
        for (member, before) in part.changed {
            let (old, new) = (Self.matched(before), Self.matched(member.topics))
            for topic in new.subtracting(old) { pass.changes[topic, default: .init(topic: topic)].gained += 1 }
            for topic in old.subtracting(new) { pass.changes[topic, default: .init(topic: topic)].lost += 1 }
        }
        pass.outcome.topics = pass.changes.values.sorted { $0.topic < $1.topic }
        guard let position = part.position else { return false }
        pass.position = position
        return true
    }

    private static func matched(_ matches: [TopicMatch]) -> Set<TopicID> {
        Set(matches.filter { $0.match >= .likely }.map(\.topic))
    }

    private func judged(_ member: StoryMember) -> StoryMember {
        var assessment = engine.assess(member.article)
        if let source = rules.sources[member.source] { assessment = assessment.ruled(by: source) }
        var judged = member
        judged.topics = assessment.topics
        judged.entities = assessment.entities
        judged.strongEntities = assessment.strongEntities
        return judged
    }

    func answer(_ outcome: Outcome) -> ControlAnswer {
        var words = [
            "\(Words.count(outcome.articles, "article")) since \(outcome.since) scored, \(outcome.changed) otherwise than before; nothing is alerted"
        ]
        words += outcome.topics.map { "\(names[$0.topic] ?? $0.topic): \($0.gained) more, \($0.lost) fewer" }
        if outcome.withoutText > 0 {
            words.append(
                "\(Words.count(outcome.withoutText, "article")) left as they were: their texts are no longer kept (keep.text), or their publishers ask for it"
            )
        }
        return ControlAnswer(words: words, reclassified: outcome)
    }
}
