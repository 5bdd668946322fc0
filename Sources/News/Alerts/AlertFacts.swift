/// What the articles of a story had said at its last alert, as far as it can be a reason for another.
public struct AlertFacts: Sendable, Hashable, Codable {
    /// Strong ones of any topic. Sorted.
    public var entities: [EntityID] = []
    /// Of headlines, as `HeadlineNumbers` writes them. Sorted.
    public var numbers: [String] = []
    /// The lines of `any_of` that held (`AlertRules.Line.key`). Sorted. Nil where nobody knows, for all that is left of the
    /// alert is its file: then no line is a new one.
    public var rules: [String]? = []

    public init() {}

    /// Adds what an article says; at most `Limits.alertFactsMax` of a kind, so that a live page's story stays small.
    public mutating func add(entities: [EntityID], headline: String?, rules: [String]) {
        self.entities = Self.merged(self.entities, entities)
        numbers = Self.merged(numbers, headline.map(HeadlineNumbers.found) ?? [])
        self.rules = Self.merged(self.rules ?? [], rules)
    }

    /// Adds what the file of an alert says; its lines are not known.
    public mutating func take(entities: [EntityID], headlines: [String?]) {
        self.entities = Self.merged(self.entities, entities)
        numbers = Self.merged(numbers, headlines.compactMap { $0 }.flatMap(HeadlineNumbers.found))
    }

    private static func merged(_ old: [String], _ new: [String]) -> [String] {
        Array(Set(old).union(new).sorted().prefix(Limits.alertFactsMax))
    }
}

/// What came to an alerted story after its last alert and is a reason for another.
public struct AlertNews: Sendable, Hashable, Codable {
    /// The articles with a notice, as their story has them.
    public var corrections: [MemberKey] = []
    /// In the order in which they came.
    public var entities: [EntityID] = []
    public var numbers: [String] = []
    public var rules: [NewRule] = []
    /// The articles that brought it.
    public var texts: [MemberKey] = []
    /// For which it counts.
    public var topics: [TopicID] = []
    /// The shortest `again.after` of the topics for which any of it counts.
    public var after: Duration?

    public struct NewRule: Sendable, Hashable, Codable {
        public var topic: TopicID
        /// As `AlertRules` writes it.
        public var rule: String
        public var key: String

        public init(topic: TopicID, rule: String, key: String) {
            self.topic = topic
            self.rule = rule
            self.key = key
        }
    }

    public init() {}

    /// Why the story alerts again; empty when it does not.
    public var why: [Topic.Again.Reason] {
        let found: [(Topic.Again.Reason, Bool)] = [
            (.correction, !corrections.isEmpty), (.newStrongEntity, !entities.isEmpty),
            (.numberInHeadline, !numbers.isEmpty), (.newRule, !rules.isEmpty),
        ]
        return found.compactMap { $1 ? $0 : nil }
    }

    /// Takes over what came later; at most `Limits.alertNewsMax` of a kind.
    public mutating func merge(_ later: AlertNews) {
        func merged<Item: Equatable>(_ old: [Item], _ new: [Item]) -> [Item] {
            Array((old + new.filter { !old.contains($0) }).prefix(Limits.alertNewsMax))
        }
        corrections = merged(corrections, later.corrections)
        entities = merged(entities, later.entities)
        numbers = merged(numbers, later.numbers)
        rules = merged(rules, later.rules)
        texts = merged(texts, later.texts)
        topics = Set(topics).union(later.topics).sorted()
        after = [after, later.after].compactMap { $0 }.min()
    }
}

extension AlertNews {
    /// What one filed article brings to an alerted story.
    ///
    /// - Parameters:
    ///   - topics: those that the story has alerted for, and those of which a line holds for this article.
    ///   - rules: the lines that hold for it.
    public static func between(
        said: AlertFacts, _ filed: FiledReading, topics: [Topic], rules: [NewRule]
    ) -> AlertNews {
        var news = AlertNews()
        let reading = filed.reading
        let matched = Set(reading.topics.lazy.filter { $0.match >= .likely }.map(\.topic))
        let isCorrection = filed.isCorrection
        let numbers = filed.isCopy ? [] : reading.article.title.map(HeadlineNumbers.found) ?? []
        for topic in topics {
            let again = topic.alertAgain
            var brought = AlertNews()
            if isCorrection, again.when.contains(.correction) { brought.corrections = [filed.key] }
            // A copy says nothing new, in whatever version; that its outlet corrects it is news.
            if !filed.isCopy {
                if again.when.contains(.newStrongEntity) {
                    let strong = Set(topic.strongEntities)
                    brought.entities = reading.strongEntities.filter {
                        strong.contains($0) && !said.entities.contains($0)
                    }
                }
                if again.when.contains(.numberInHeadline), matched.contains(topic.id) {
                    brought.numbers = numbers.filter { !said.numbers.contains($0) }
                }
                if again.when.contains(.newRule) {
                    brought.rules = rules.filter { rule in
                        rule.topic == topic.id && said.rules.map { !$0.contains(rule.key) } ?? false
                    }
                }
            }
            if !brought.why.isEmpty {
                brought.texts = [filed.key]
                brought.topics = [topic.id]
                brought.after = again.after
            }
            news.merge(brought)
        }
        return news
    }
}

/// A reading, and what the desk made of it in its story.
public struct FiledReading: Sendable {
    public var reading: Reading
    /// The same text as another member's.
    public var isCopy: Bool
    /// Set for a new version of a text that was filed before.
    public var change: ArticleChange?

    public init(_ reading: Reading, isCopy: Bool, change: ArticleChange? = nil) {
        self.reading = reading
        self.isCopy = isCopy
        self.change = change
    }

    public var key: MemberKey { MemberKey(source: reading.pending.source, key: reading.pending.key) }

    /// A version corrects the text before it; an article that begins with the notice corrects what others said.
    var isCorrection: Bool {
        if let change { return change.correction }
        return !isCopy && CorrectionNotice.heads(reading.article)
    }
}
