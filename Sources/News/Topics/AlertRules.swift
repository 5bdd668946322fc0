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

    /// The first line that holds, as `match: clear, words: [collision]` with the words that are in the article; nil when none
    /// does.
    public static func firstRule(of topic: Topic, match: TopicMatch, article: Article, source: Source) -> String? {
        linesThatHold(of: topic, match: match, article: article, source: source).first?.rule
    }

    /// A line that holds.
    public struct Line: Sendable, Hashable {
        /// As `firstRule` writes it.
        public var rule: String
        /// Tells it from other lines of any topic, whatever words were found.
        public var key: String
    }

    /// All lines that hold, in order.
    public static func linesThatHold(
        of topic: Topic, match: TopicMatch, article: Article, source: Source
    ) -> [Line] {
        topic.alertAnyOf.filter { line in
            line != Topic.AlertCondition()
                && Condition.allCases.allSatisfy {
                    $0.holds(line, match: match, article: article, source: source)
                }
        }.map { line in
            var shown = line
            shown.words = Condition.found(line.words, in: article)
            let conditions = Condition.allCases.filter { $0 != .words }.compactMap { $0.text(line) }
            return Line(
                rule: text(shown),
                key: Hash.base32("\(topic.id)\n\((conditions + line.words).joined(separator: "\n"))"))
        }
    }

    /// Every line, in order, with what stands in its way.
    public static func verdicts(
        of topic: Topic, match: TopicMatch, article: Article, source: Source
    ) -> [Verdict] {
        topic.alertAnyOf.map { line in
            guard line != Topic.AlertCondition() else { return Verdict(rule: "", unmet: ["the line is empty"]) }
            let unmet = Condition.allCases.filter {
                !$0.holds(line, match: match, article: article, source: source)
            }
            return Verdict(rule: text(line), unmet: unmet.map { $0.miss(line, match: match, source: source) })
        }
    }

    private static func text(_ line: Topic.AlertCondition) -> String {
        Condition.allCases.compactMap { $0.text(line) }.joined(separator: ", ")
    }
}

/// The conditions of a line: all that it names must hold, and a line without any never does.
private enum Condition: CaseIterable {
    case match, origin, reliability, words

    func holds(_ line: Topic.AlertCondition, match: TopicMatch, article: Article, source: Source) -> Bool {
        switch self {
        // A line that names no match still speaks of articles of this topic.
        case .match: return match.match >= max(line.match ?? .likely, .likely)
        case .origin: return line.origin == nil || source.origin == line.origin
        case .reliability:
            guard let least = line.reliability else { return true }
            // "A" is the best; a source that the reader has not judged never passes.
            return source.reliability.map { $0.rawValue <= least.rawValue } ?? false
        case .words: return line.words.isEmpty || !Self.found(line.words, in: article).isEmpty
        }
    }

    /// As in the topic's file; nil where the line does not name it.
    func text(_ line: Topic.AlertCondition) -> String? {
        switch self {
        case .match: line.match.map { "match: \($0.rawValue)" }
        case .origin: line.origin.map { "origin: \($0.rawValue)" }
        case .reliability: line.reliability.map { "reliability: \($0.rawValue)" }
        case .words: line.words.isEmpty ? nil : "words: [\(Self.shown(line.words))]"
        }
    }

    private static func shown(_ words: [String]) -> String {
        let more = words.count - wordsShown
        return words.prefix(wordsShown).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    private static let wordsShown = 4

    /// `match: clear – it is likely`
    func miss(_ line: Topic.AlertCondition, match: TopicMatch, source: Source) -> String {
        let found =
            switch self {
            case .match: match.match == .nothing ? "it is no match" : "it is \(match.match.rawValue)"
            case .origin: source.origin.map { "the source is \($0.rawValue)" } ?? "the source has no origin set"
            case .reliability: source.reliability.map { "the source is \($0.rawValue)" } ?? "the source is not judged"
            case .words: "none of them is in the article"
            }
        return "\(text(line) ?? "match: likely") – \(found)"
    }

    /// Those that are in the article, in the order of the list.
    static func found(_ words: [String], in article: Article) -> [String] {
        guard !words.isEmpty else { return [] }
        let automaton = PhraseAutomaton(words)
        let hits = [Evidence.Field.title, .lead, .text].flatMap {
            automaton.hits(in: FoldedText(article.fieldText($0))).map(\.phrase)
        }
        return Set(hits).sorted().map { words[$0] }
    }
}
