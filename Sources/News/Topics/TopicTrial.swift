/// How a topic judges examples that its model has not seen: in five folds, each judged by what the other four teach.
public struct TopicTrial: Sendable {
    /// One example, by the rules alone and with the model.
    public struct Outcome: Sendable {
        public var belongs: Bool
        public var rules: TopicMatch
        public var match: TopicMatch
    }

    /// What a threshold lets through.
    public struct Count: Sendable, Hashable {
        public var yes = 0
        public var yesFound = 0
        public var no = 0
        public var noFound = 0

        public init() {}

        /// Of what was let through, that which belongs; 1 where nothing was.
        public var precision: Double {
            yesFound + noFound == 0 ? 1 : Double(yesFound) / Double(yesFound + noFound)
        }

        /// The harmonic mean of precision and recall; 0 where nothing was found.
        public var f1: Double {
            yesFound == 0 ? 0 : 2 * Double(yesFound) / Double(yes + yesFound + noFound)
        }

        mutating func add(belongs: Bool, isFound: Bool) {
            if belongs {
                yes += 1
                yesFound += isFound ? 1 : 0
            } else {
                no += 1
                noFound += isFound ? 1 : 0
            }
        }
    }

    /// In the order of the examples.
    public let outcomes: [Outcome]
    /// Of all examples; nil where there are too few.
    public let model: TopicModel?

    init(outcomes: [Outcome], model: TopicModel?) {
        self.outcomes = outcomes
        self.model = model
    }

    /// At the topic's own thresholds.
    public func count(byRulesAlone: Bool, atLeast match: Topic.Match) -> Count {
        count { (byRulesAlone ? $0.rules : $0.match).match >= match }
    }

    /// At a threshold in hundredths of the score.
    public func count(from hundredths: Int) -> Count {
        count { TopicScale.reaches($0.match.score, hundredths) }
    }

    private func count(_ isFound: (Outcome) -> Bool) -> Count {
        outcomes.reduce(into: Count()) { $0.add(belongs: $1.belongs, isFound: isFound($1)) }
    }

    /// Thresholds in hundredths that fit the examples as well as any, each the nearest to what it is now: few examples are no
    /// reason to move it.
    ///
    /// Likely has the greatest F1, or as good as that: one example more or less is none better. Clear stands above it, lets
    /// through half of what belongs or more, and nothing else, or as little as can be.
    /// - Returns: nil where either answer has no example, or no threshold finds half of what belongs.
    public func tuned(likely: Int, clear: Int) -> (likely: Int, clear: Int)? {
        let yes = outcomes.count(where: \.belongs)
        guard yes > 0, yes < outcomes.count else { return nil }
        let counts = (1...99).map { (hundredths: $0, count: count(from: $0)) }.filter { $0.count.yesFound * 2 >= yes }
        guard let best = counts.map(\.count.f1).max() else { return nil }
        // What one example of those that belong makes of it.
        let one = 1 / Double(2 * yes)
        let newLikely = Self.nearest(to: likely, counts.filter { $0.count.f1 >= best - one })
        let above = counts.filter { $0.hundredths >= newLikely + Self.gap }
        guard let purest = above.map(\.count.precision).max() else { return (newLikely, min(newLikely + Self.gap, 99)) }
        return (newLikely, Self.nearest(to: clear, above.filter { $0.count.precision == purest }))
    }

    /// From likely to clear at least: two words that mean the same would be one.
    private static let gap = 5

    private static func nearest(to wanted: Int, _ counts: [(hundredths: Int, count: Count)]) -> Int {
        counts.map(\.hundredths).min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) } ?? wanted
    }
}

extension TopicEngine {
    /// Judges each example by the rules and by a model of the others' folds. Cost: as assessing them, and six models.
    public func trial(_ examples: [TopicLabel], of topic: TopicID) -> TopicTrial? {
        guard let rule = rule(of: topic) else { return nil }
        let lessons = lessons(examples, of: topic)
        let numbers = TopicModel.foldNumbers(lessons)
        let model = TopicModel(lessons)
        let models = (0..<TopicModel.folds).map { fold in
            model.map { _ in TopicModel(of: lessons.indices.filter { numbers[$0] != fold }.map { lessons[$0] }) }
        }
        let outcomes = examples.indices.map { index in
            let article = examples[index].article
            return TopicTrial.Outcome(
                belongs: examples[index].belongs, rules: rule(article, nil),
                match: rule(article, models[numbers[index]]))
        }
        return TopicTrial(outcomes: outcomes, model: model)
    }
}
