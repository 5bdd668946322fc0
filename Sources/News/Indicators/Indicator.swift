/// Something whose frequency is watched, as declared under `indicators` of the main file.
///
/// It counts stories: one that has, within a window, for each of its source sets an article from there with the words and names
/// that it looks for. Copies of a wire text are one story, and count once.
public struct Indicator: Sendable, Hashable, Codable {
    public var id: String
    /// As shown to readers.
    public var name: String
    /// One of these must be in the article; any where the list is empty.
    public var words: [String] = []
    /// Found by the gazetteer; one of these must be in the article, any where the list is empty.
    public var entities: [EntityID] = []
    /// One article from each of them; any source where the list is empty.
    public var sources: [SourceSet] = []
    /// Whole days, 1 to 7.
    public var windowDays = 1
    /// A count that comes once in so many days or more seldom is unusual.
    public var threshold = 30
    /// So does one that comes once in so many days or more seldom alert; never where it is nil. Above what one or two stories
    /// are ever told as (`CountModel.smallMax`), and not below `threshold`.
    public var alert: Int?

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    /// All conditions that a source must meet; of each list one.
    public struct SourceSet: Sendable, Hashable, Codable {
        public var ids: [SourceID] = []
        public var country: [String] = []
        public var affiliation: [Source.Affiliation] = []
        public var origin: [Source.Origin] = []
        public var tags: [String] = []

        public init() {}

        public func contains(_ source: Source) -> Bool {
            (ids.isEmpty || ids.contains(source.id))
                && (country.isEmpty || source.country.map(country.contains) ?? false)
                && (affiliation.isEmpty || source.affiliation.map(affiliation.contains) ?? false)
                && (origin.isEmpty || source.origin.map(origin.contains) ?? false)
                && (tags.isEmpty || tags.contains(where: source.tags.contains))
        }
    }

    /// Tells whether counts made by another version of it still hold: what it looks for, not how that is judged.
    public var definition: String {
        let sets = sources.map { set in
            [
                set.ids, set.country, set.affiliation.map(\.rawValue), set.origin.map(\.rawValue), set.tags,
            ].map { $0.joined(separator: "\u{1F}") }.joined(separator: "\u{1E}")
        }
        let parts = [words.joined(separator: "\n"), entities.joined(separator: "\n"), sets.joined(separator: "\n")]
        return Hash.base32(parts.joined(separator: "\u{1D}"))
    }

    /// Source sets of one indicator: each is a bit of what is stored.
    public static let setsMax = 32

    /// Whether articles of a source may count.
    func counts(_ source: Source) -> Bool { sources.isEmpty || sources.contains { $0.contains(source) } }

    /// Whether each of its source sets has one of them.
    func isServed(by sources: [Source]) -> Bool {
        sources.isEmpty == false && self.sources.allSatisfy { sources.contains(where: $0.contains) }
    }

    /// Bits of all its source sets.
    var allSets: Int64 { sources.isEmpty ? 1 : (1 << Int64(sources.count)) - 1 }
}

/// One article that an indicator counts, as it is stored.
public struct IndicatorHit: Sendable, Hashable {
    public var indicator: String
    /// Which of its source sets have the article's source, a bit for each.
    public var sets: Int64

    public init(indicator: String, sets: Int64) {
        self.indicator = indicator
        self.sets = sets
    }
}

/// Looks for all indicators at once: one automaton for the words of all. Immutable.
public struct IndicatorEngine: Sendable {
    public let indicators: [Indicator]
    private let automaton: PhraseAutomaton
    /// Of each phrase of the automaton the indicator that it is a word of.
    private let owners: [Int]

    public init(_ indicators: [Indicator]) {
        self.indicators = indicators
        owners = indicators.enumerated().flatMap { index, indicator in indicator.words.map { _ in index } }
        automaton = PhraseAutomaton(indicators.flatMap(\.words))
    }

    /// - Parameter entities: that were found in the article.
    public func hits(in article: Article, entities: [EntityID], source: Source) -> [IndicatorHit] {
        var worded: Set<Int>?
        return indicators.enumerated().compactMap { index, indicator in
            var sets: Int64 = indicator.sources.isEmpty ? 1 : 0
            for (bit, set) in indicator.sources.enumerated() where set.contains(source) { sets |= 1 << Int64(bit) }
            guard sets != 0, indicator.entities.isEmpty || indicator.entities.contains(where: entities.contains)
            else { return nil }
            if !indicator.words.isEmpty {
                let found = worded ?? words(in: article)
                worded = found
                guard found.contains(index) else { return nil }
            }
            return IndicatorHit(indicator: indicator.id, sets: sets)
        }
    }

    /// Whether one of them is of an indicator that alerts.
    public func alerts(on hits: [IndicatorHit]) -> Bool {
        hits.contains { hit in indicators.contains { $0.id == hit.indicator && $0.alert != nil } }
    }

    /// The indicators of which a word is in the article.
    private func words(in article: Article) -> Set<Int> {
        var found: Set<Int> = []
        for field in [Evidence.Field.title, .lead, .text] {
            for hit in automaton.hits(in: FoldedText(article.fieldText(field))) { found.insert(owners[hit.phrase]) }
        }
        return found
    }
}
