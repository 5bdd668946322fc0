/// Whether a match is worth an alert, by the topic's own `alert.any_of`.
public enum AlertRules {
    /// One line of `alert.any_of` beside an article.
    public struct Verdict: Sendable, Hashable, Codable {
        /// As written, of many words the first: `match: clear, origin: official`.
        public var rule: String
        /// The conditions that fail, each with what is there instead; empty when the line holds.
        public var unmet: [String]

        public init(rule: String, unmet: [String]) {
            self.rule = rule
            self.unmet = unmet
        }
    }

    /// What lines look at beside the match: an article, where it is from, and how far its story has come.
    public struct Subject: Sendable {
        public var article: Article
        public var source: Source
        /// Found in the article.
        public var entities: [EntityID]
        /// Known to have written of its story for themselves.
        public var newsrooms: Int

        public init(_ article: Article, of source: Source, entities: [EntityID] = [], newsrooms: Int = 1) {
            self.article = article
            self.source = source
            self.entities = entities
            self.newsrooms = newsrooms
        }

        var language: String? { article.language ?? source.language }
    }

    /// The first line that holds, as `match: clear, words: [collision]` with the words that are in the article; nil when none
    /// does.
    public static func firstRule(of topic: Topic, match: TopicMatch, for subject: Subject) -> String? {
        linesThatHold(of: topic, match: match, for: subject).first?.rule
    }

    /// A line that holds.
    public struct Line: Sendable, Hashable {
        /// As `firstRule` writes it.
        public var rule: String
        /// Tells it from other lines of any topic, whatever words were found.
        public var key: String
    }

    /// All lines that hold, in order.
    /// - Parameter byNewsrooms: only those that ask for newsrooms.
    public static func linesThatHold(
        of topic: Topic, match: TopicMatch, for subject: Subject, byNewsrooms: Bool = false
    ) -> [Line] {
        topic.alertAnyOf.filter { line in
            line != Topic.AlertCondition() && (!byNewsrooms || line.newsrooms != nil)
                && AlertCheck.allCases.allSatisfy { $0.holds(line, match: match, for: subject) }
        }.map { line in
            var shown = line
            shown.words = AlertCheck.found(line, in: subject.article)
            return Line(rule: text(shown), key: key(of: line, topic))
        }
    }

    /// Every line, in order, with what stands in its way.
    public static func verdicts(of topic: Topic, match: TopicMatch, for subject: Subject) -> [Verdict] {
        topic.alertAnyOf.map { line in
            guard line != Topic.AlertCondition() else { return Verdict(rule: "", unmet: ["the line is empty"]) }
            var unmet = AlertCheck.allCases.filter { !$0.holds(line, match: match, for: subject) }
            // Where there are no words there is nothing to be near.
            if unmet.contains(.words) { unmet.removeAll { $0 == .near } }
            return Verdict(rule: text(line), unmet: unmet.map { $0.miss(line, match: match, for: subject) })
        }
    }

    /// A line as it is written, of many words the first.
    public static func text(_ line: Topic.AlertCondition) -> String {
        AlertCheck.allCases.compactMap { $0.text(line) }.joined(separator: ", ")
    }

    private static func key(of line: Topic.AlertCondition, _ topic: Topic) -> String {
        let conditions = AlertCheck.allCases.filter { $0 != .words && $0 != .near }.compactMap {
            $0.text(line, most: .max)
        }
        let near = line.near.isEmpty ? [] : ["near:"] + line.near
        let ahead = line.ahead ? ["ahead"] : []
        return Hash.base32("\(topic.id)\n\((conditions + line.words + near + ahead).joined(separator: "\n"))")
    }
}
