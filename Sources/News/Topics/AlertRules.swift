/// Whether a match is worth an alert, by the topic's own `alert.any_of`.
public enum AlertRules {
    /// The text of the first line that holds, as `match: clear, origin: official`; nil when none does.
    public static func firstRule(of topic: Topic, match: TopicMatch, article: Article, source: Source) -> String? {
        topic.alertAnyOf.first { holds($0, match: match, article: article, source: source) }.map(text)
    }

    /// All conditions of a line hold; a line without any never does.
    private static func holds(
        _ line: Topic.AlertCondition, match: TopicMatch, article: Article, source: Source
    ) -> Bool {
        guard line != Topic.AlertCondition() else { return false }
        // A line that names no match still speaks of articles of this topic.
        guard match.match >= max(line.match ?? .likely, .likely) else { return false }
        if let origin = line.origin, source.origin != origin { return false }
        if let least = line.reliability {
            // "A" is the best; a source that the reader has not judged never passes.
            guard let judged = source.reliability, judged.rawValue <= least.rawValue else { return false }
        }
        return line.words.isEmpty || mentions(line.words, article)
    }

    private static func mentions(_ words: [String], _ article: Article) -> Bool {
        let automaton = PhraseAutomaton(words)
        return [Evidence.Field.title, .lead, .text].contains {
            !automaton.hits(in: FoldedText(article.fieldText($0))).isEmpty
        }
    }

    private static func text(_ line: Topic.AlertCondition) -> String {
        var parts: [String] = []
        if let match = line.match { parts.append("match: \(match.rawValue)") }
        if let origin = line.origin { parts.append("origin: \(origin.rawValue)") }
        if let reliability = line.reliability { parts.append("reliability: \(reliability.rawValue)") }
        if !line.words.isEmpty { parts.append("words: [\(line.words.joined(separator: ", "))]") }
        return parts.joined(separator: ", ")
    }
}
