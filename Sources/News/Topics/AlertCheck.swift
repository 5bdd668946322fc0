/// The conditions of a line of `alert.any_of`: all that it names must hold, and a line without any never does. What is cheap to
/// know comes first.
enum AlertCheck: CaseIterable {
    case match, origin, affiliation, reliability, country, language, newsrooms, entity, words, near

    func holds(_ line: Topic.AlertCondition, match: TopicMatch, for subject: AlertRules.Subject) -> Bool {
        let source = subject.source
        switch self {
        // A line that names no match still speaks of articles of this topic.
        case .match: return match.match >= max(line.match ?? .likely, .likely)
        case .origin: return line.origin.isEmpty || source.origin.map(line.origin.contains) ?? false
        case .affiliation: return line.affiliation.isEmpty || source.affiliation.map(line.affiliation.contains) ?? false
        case .reliability:
            guard let least = line.reliability else { return true }
            // "A" is the best; a source that the reader has not judged never passes.
            return source.reliability.map { $0.rawValue <= least.rawValue } ?? false
        case .country: return line.country.isEmpty || source.country.map(line.country.contains) ?? false
        case .language:
            guard !line.language.isEmpty else { return true }
            return subject.language.map { spoken in line.language.contains { Self.covers($0, spoken) } } ?? false
        case .newsrooms: return subject.newsrooms >= line.newsrooms ?? 0
        case .entity: return line.entity.isEmpty || line.entity.contains(where: subject.entities.contains)
        case .words: return line.words.isEmpty || !Self.anywhere(line, in: subject.article).isEmpty
        case .near: return line.near.isEmpty || !Self.found(line, in: subject.article).isEmpty
        }
    }

    /// As in the topic's file; nil where the line does not name it.
    /// - Parameter most: of a list so many are written out.
    func text(_ line: Topic.AlertCondition, most: Int = wordsShown) -> String? {
        func list(_ values: [String], always: Bool = false) -> String? {
            if values.isEmpty { return nil }
            return values.count == 1 && !always ? values[0] : "[\(Self.shown(values, most: most))]"
        }
        let value: String? =
            switch self {
            case .match: line.match?.rawValue
            case .origin: list(line.origin.map(\.rawValue))
            case .affiliation: list(line.affiliation.map(\.rawValue))
            case .reliability: line.reliability?.rawValue
            case .country: list(line.country)
            case .language: list(line.language)
            case .newsrooms: line.newsrooms.map(String.init)
            case .entity: list(line.entity)
            case .words: list(line.words, always: true).map { $0 + (line.ahead ? ", ahead: true" : "") }
            case .near: list(line.near, always: true)
            }
        return value.map { "\(self): \($0)" }
    }

    private static func shown(_ words: [String], most: Int) -> String {
        let more = words.count - min(words.count, most)
        return words.prefix(most).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    static let wordsShown = 4

    /// `match: clear – it is likely`
    func miss(_ line: Topic.AlertCondition, match: TopicMatch, for subject: AlertRules.Subject) -> String {
        let source = subject.source
        let found =
            switch self {
            case .match: match.match == .nothing ? "it is no match" : "it is \(match.match.rawValue)"
            case .origin: source.origin.map { "the source is \($0.rawValue)" } ?? "the source has no origin set"
            case .affiliation:
                source.affiliation.map { "the source is \($0.rawValue)" } ?? "the source has no affiliation set"
            case .reliability: source.reliability.map { "the source is \($0.rawValue)" } ?? "the source is not judged"
            case .country: source.country.map { "the source is of \($0)" } ?? "the source has no country set"
            case .language: subject.language.map { "the article is in \($0)" } ?? "nothing says its language"
            case .newsrooms: "\(subject.newsrooms) known so far"
            case .entity: "none of them is in the article"
            case .words: "none of them is in \(line.ahead ? "headline or lead" : "the article")"
            case .near: "none of the words stands near one of these"
            }
        return "\(text(line) ?? "match: likely") – \(found)"
    }

    /// `zh` takes `zh-Hans`, too (RFC 4647 §3.3.1).
    private static func covers(_ range: String, _ language: String) -> Bool {
        let (range, language) = (range.lowercased(), language.lowercased())
        return language == range || language.hasPrefix(range + "-")
    }
}

// MARK: - Words

extension AlertCheck {
    /// Bytes of folded text between a word and one that it is near: some sixteen words, or thirty characters of Chinese.
    private static let nearBytes = 100

    /// The words of a line that are in the article, and near one of those that it wants them to be near; in the list's order.
    static func found(_ line: Topic.AlertCondition, in article: Article) -> [String] {
        line.near.isEmpty ? anywhere(line, in: article) : near(line, in: article)
    }

    private static func anywhere(_ line: Topic.AlertCondition, in article: Article) -> [String] {
        guard !line.words.isEmpty else { return [] }
        let hits = hits(line.words, of: line, in: article).flatMap { $0.map(\.phrase) }
        return Set(hits).sorted().map { line.words[$0] }
    }

    private static func near(_ line: Topic.AlertCondition, in article: Article) -> [String] {
        var found: Set<Int> = []
        for hits in hits(line.words + line.near, of: line, in: article) {
            let others = hits.filter { $0.phrase >= line.words.count }.map(\.range)
            // Hits come in the order of their ends.
            let ends = others.map(\.upperBound)
            let starts = others.map(\.lowerBound).sorted()
            for hit in hits where hit.phrase < line.words.count {
                let before = ends.partitioningIndex { $0 > hit.range.lowerBound }
                let after = starts.partitioningIndex { $0 >= hit.range.upperBound }
                if before > 0, hit.range.lowerBound - ends[before - 1] <= nearBytes { found.insert(hit.phrase) }
                if after < starts.count, starts[after] - hit.range.upperBound <= nearBytes { found.insert(hit.phrase) }
            }
        }
        return found.sorted().map { line.words[$0] }
    }

    /// By field that the line looks at.
    private static func hits(
        _ phrases: [String], of line: Topic.AlertCondition, in article: Article
    ) -> [[PhraseAutomaton.Hit]] {
        let automaton = PhraseAutomaton(phrases)
        let fields: [Evidence.Field] = line.ahead ? [.title, .lead] : [.title, .lead, .text]
        return fields.map { automaton.hits(in: FoldedText(article.fieldText($0))) }
    }
}

extension [Int] {
    /// The first index from which on it holds, of sorted values.
    fileprivate func partitioningIndex(_ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
