import Glibc

/// What a topic has learned from examples: which terms of a headline speak for it or against it, beside its rules.
///
/// Logistic regression over terms of the title (`TitleTerms`) with the odds of the rules as its offset and an L2 penalty: terms
/// get weight only for what the rules judge wrong or are unsure of, and without examples nothing changes. What they weigh
/// together is scaled by what they are worth on examples that the model has not seen (after Platt, "Probabilistic outputs for
/// support vector machines", 1999). The same examples give the same model.
public struct TopicModel: Sendable {
    /// One example as the model sees it.
    public struct Lesson: Sendable {
        var terms: [UInt64]
        /// Of the rules alone (`TopicScale`).
        var points: Double
        public var belongs: Bool
        /// As in `TopicLabel`.
        var story: String?
    }

    /// What the model adds to one article's points, and why.
    struct Judgement {
        var shift: Double
        /// Terms of the title with what each adds, the weightiest first.
        var terms: [TopicMatch.Learned.Term]
    }

    /// Examples of either answer from which on a topic has a model.
    public static let examplesLeast = 10
    /// Points that it adds or takes away at most: it settles what is near the boundary, not what the rules are sure of.
    static let shiftMax = 8.0
    /// Points of the rules that multiply the odds by e.
    private static let pointsPerLogit = 4.0
    /// How strongly the weights of terms are drawn to nothing.
    private static let penalty = 0.25
    /// Steps of the descent; further ones move no weight by a hundredth.
    private static let steps = 150
    static let folds = 5

    private var weights: [UInt64: Double] = [:]
    /// What the terms are worth on unseen examples: 0 nothing, 1 what they weigh.
    public private(set) var worth = 1.0
    public let exampleCount: Int

    /// Nil where there are too few examples of either answer.
    public init?(_ lessons: [Lesson]) {
        let yes = lessons.count(where: \.belongs)
        guard yes >= Self.examplesLeast, lessons.count - yes >= Self.examplesLeast else { return nil }
        self.init(of: lessons)
    }

    /// Of any number: a part of a topic's examples may have too few, though all of them together do not.
    init(of lessons: [Lesson]) {
        self.init(fitting: lessons)
        worth = Self.worth(lessons)
    }

    private init(fitting lessons: [Lesson]) {
        exampleCount = lessons.count
        fit(lessons)
    }

    /// What the title adds to the points of the rules.
    func judge(_ title: TitleTerms) -> Judgement {
        let share = Self.share(title.terms.count) * worth * Self.pointsPerLogit
        let known = title.terms.compactMap { term in
            weights[term.hash].map { TopicMatch.Learned.Term(text: term.text, points: $0 * share) }
        }
        let sum = known.reduce(0) { $0 + $1.points }
        return Judgement(
            shift: min(max(sum, -Self.shiftMax), Self.shiftMax),
            terms: known.sorted { (abs($0.points), $1.text) > (abs($1.points), $0.text) })
    }
}

extension TopicModel {
    /// Titles of many terms weigh as much as short ones.
    private static func share(_ terms: Int) -> Double { terms == 0 ? 0 : 1 / Double(terms).squareRoot() }

    private static func odds(_ points: Double) -> Double {
        min(max((points - TopicScale.likely) / pointsPerLogit, -3), 3)
    }

    /// Gradient descent with Nesterov's momentum on the penalised log-loss, both answers of equal weight; deterministic.
    private mutating func fit(_ lessons: [Lesson]) {
        let rows = Rows(lessons)
        // The last is what all titles have in common: it belongs to no term, and is learned so that none takes it on.
        var point = [Double](repeating: 0, count: rows.terms.count + 1)
        var previous = point
        let rate = 1 / rows.steepness(penalty: Self.penalty)
        for step in 0..<Self.steps {
            let momentum = Double(step) / Double(step + 3)
            let ahead = zip(point, previous).map { $0 + momentum * ($0 - $1) }
            let gradient = rows.gradient(ahead, penalty: Self.penalty)
            previous = point
            point = zip(ahead, gradient).map { $0 - rate * $1 }
        }
        weights = Dictionary(uniqueKeysWithValues: zip(rows.terms, point))
    }

    /// The factor of the terms' odds that fits lessons judged by a model of the others best, drawn to a half.
    private static func worth(_ lessons: [Lesson]) -> Double {
        let judged = crossValidated(lessons)
        // Beside the factor what all titles have in common, as in `fit`: else the factor would make up for it. The curvature
        // is bounded by a quarter of the features' squares (Böhning and Lindsay, 1988), so that no step goes too far.
        var (worth, common) = (0.5, 0.0)
        var (a, b, c) = (1.0, 0.0, 0.01)
        for lesson in judged {
            a += lesson.terms * lesson.terms / 4
            b += lesson.terms / 4
            c += 0.25
        }
        let determinant = a * c - b * b
        for _ in 0..<steps {
            var (slope, tilt) = (worth - 0.5, 0.01 * common)
            for lesson in judged {
                let chance = 1 / (1 + exp(-(lesson.rules + worth * lesson.terms + common)))
                let error = chance - (lesson.belongs ? 1 : 0)
                slope += error * lesson.terms
                tilt += error
            }
            worth -= (c * slope - b * tilt) / determinant
            common -= (a * tilt - b * slope) / determinant
        }
        return min(max(worth, 0), 1.5)
    }

    /// The odds of each lesson by the rules, and what its terms add by a model of the other folds.
    private static func crossValidated(_ lessons: [Lesson]) -> [(rules: Double, terms: Double, belongs: Bool)] {
        let numbers = foldNumbers(lessons)
        return (0..<folds).flatMap { fold in
            let model = TopicModel(fitting: lessons.indices.filter { numbers[$0] != fold }.map { lessons[$0] })
            return lessons.indices.filter { numbers[$0] == fold }.map { index in
                let lesson = lessons[index]
                let sum = lesson.terms.reduce(0) { $0 + (model.weights[$1] ?? 0) }
                return (odds(lesson.points), sum * share(lesson.terms.count), lesson.belongs)
            }
        }
    }

    /// Each answer is dealt out evenly, in the order in which the lessons stand; all of one story go into one fold, or what is judged
    /// as unseen would have been seen in other words.
    static func foldNumbers(_ lessons: [Lesson]) -> [Int] {
        var dealt = [0, 0]
        var known: [String: Int] = [:]
        return lessons.map { lesson in
            let answer = lesson.belongs ? 1 : 0
            if let story = lesson.story, let fold = known[story] { return fold }
            let fold = dealt[answer] % folds
            dealt[answer] += 1
            if let story = lesson.story { known[story] = fold }
            return fold
        }
    }

    /// Lessons by the numbers of their terms; a term that stands in one lesson alone says nothing.
    private struct Rows {
        var terms: [UInt64] = []
        private var rows: [(offset: Double, terms: [Int], share: Double, belongs: Double, weight: Double)] = []

        init(_ lessons: [Lesson]) {
            var counts: [UInt64: Int] = [:]
            for lesson in lessons { for term in Set(lesson.terms) { counts[term, default: 0] += 1 } }
            terms = counts.filter { $0.value >= 2 }.keys.sorted()
            let numbers = Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($1, $0) })
            let yes = Double(lessons.count(where: \.belongs))
            let no = Double(lessons.count) - yes
            rows = lessons.map { lesson in
                (
                    TopicModel.odds(lesson.points), lesson.terms.compactMap { numbers[$0] },
                    TopicModel.share(lesson.terms.count), lesson.belongs ? 1 : 0,
                    Double(lessons.count) / (2 * max(lesson.belongs ? yes : no, 1))
                )
            }
        }

        func gradient(_ point: [Double], penalty: Double) -> [Double] {
            let common = terms.count
            var gradient = point.map { penalty * $0 }
            // It is not drawn to nothing: what it leaves, terms that stand in most titles would take on.
            gradient[common] = 0
            for row in rows {
                var odds = row.offset + point[common]
                for term in row.terms { odds += point[term] * row.share }
                let error = row.weight * (1 / (1 + exp(-odds)) - row.belongs)
                for term in row.terms { gradient[term] += error * row.share }
                gradient[common] += error
            }
            return gradient
        }

        /// An upper bound of the loss's curvature.
        func steepness(penalty: Double) -> Double {
            rows.reduce(penalty) { $0 + $1.weight / 4 * (1 + Double($1.terms.count) * $1.share * $1.share) }
        }
    }
}
