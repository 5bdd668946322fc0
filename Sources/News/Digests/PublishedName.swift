/// A thing of the gazetteer that a story names.
public struct PublishedName: Sendable, Hashable, Codable {
    public var id: EntityID
    /// In English, as the gazetteer has it: a dictionary's word, not a translation of the text.
    public var name: String
    /// As an article of the story writes it, the headline's way first; nil where that is not known.
    public var written: String?
    /// BCP 47, of `written`.
    public var language: String?
    /// It decides in one of the story's topics.
    public var isStrong: Bool
    /// The first article of the story that names it.
    public var firstNamed: Timestamp
    /// The first article of all that were ever filed that names it; nil where that was not looked up.
    public var knownSince: Timestamp?
    /// Known since the window began, to a file that is old enough for this to mean something.
    public var isNew: Bool

    enum CodingKeys: String, CodingKey {
        case id, name, written, language
        case isStrong = "strong"
        case firstNamed = "first_named"
        case knownSince = "known_since"
        case isNew = "new"
    }
}

/// The things that stories may name, and since when each is known.
public struct Gazetteer: Sendable {
    public var entities: [EntityID: Entity]
    /// When each was named first; empty where nobody looks that up.
    public var knownSince: [EntityID: Timestamp]

    /// In a file's first week nearly every name is new to it, which tells nothing of the news.
    static let fileDaysMin: Int64 = 7

    public init(_ entities: [Entity] = [], knownSince: [EntityID: Timestamp] = [:]) {
        self.entities = Dictionary(entities.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.knownSince = knownSince
    }

    public func name(of id: EntityID) -> String { CleanText.shown(entities[id]?.name) ?? id }

    /// What the articles of a story name: the headline's first, then what decides in its topics, then by when it was named;
    /// at most `Limits.shownPerStoryMax`.
    /// - Parameters:
    ///   - members: those that are shown, in the order in which they were filed.
    ///   - window: when the begins; nil for alerts.
    /// - Returns: nil without a gazetteer.
    func names(
        in members: [StoryMember], headline: StoryMember?, sources: [SourceID: Source], window: Timestamp?
    ) -> [PublishedName]? {
        guard !entities.isEmpty else { return nil }
        var isOld = false
        if let window, let begin = knownSince.values.min() {
            isOld = begin <= window - .seconds(Self.fileDaysMin * 86_400)
        }
        var names: [EntityID: PublishedName] = [:]
        var order: [EntityID] = []
        for member in [headline].compactMap(\.self) + members {
            let written = Self.written(in: member)
            let language = member.article.language ?? sources[member.source]?.language
            for id in member.entities {
                guard let entity = entities[id] else { continue }
                let isStrong = member.strongEntities.contains(id)
                if var known = names[id] {
                    known.isStrong = known.isStrong || isStrong
                    known.firstNamed = min(known.firstNamed, member.firstSeen)
                    if known.written == nil { (known.written, known.language) = (written[id], language) }
                    names[id] = known
                    continue
                }
                let way = Self.alias(of: entity, in: member.article.title) ?? written[id]
                let since = knownSince[id]
                order.append(id)
                names[id] = PublishedName(
                    id: id, name: name(of: id), written: way, language: language,
                    isStrong: isStrong, firstNamed: member.firstSeen, knownSince: since,
                    isNew: isOld && since.map { since in window.map { since > $0 } ?? false } ?? false)
            }
        }
        let all = order.enumerated().compactMap { place, id in names[id].map { (place, $0) } }
        let ranked = all.sorted { (rank($0.1, headline), $0.0) < (rank($1.1, headline), $1.0) }
        return ranked.prefix(Limits.shownPerStoryMax).map { shown($0.1) }
    }

    private func rank(_ name: PublishedName, _ headline: StoryMember?) -> Int {
        let isAhead = name.written.map { headline?.article.title?.contains($0) ?? false } ?? false
        return (isAhead ? 0 : 2) + (name.isStrong ? 0 : 1)
    }

    private func shown(_ name: PublishedName) -> PublishedName {
        var name = name
        name.written = CleanText.shown(name.written)?.cut(to: Self.writtenCharactersMax)
        name.language = name.written == nil ? nil : CleanText.shown(name.language)
        return name
    }

    private static let writtenCharactersMax = 80

    /// How the article writes what its topics found.
    private static func written(in member: StoryMember) -> [EntityID: String] {
        var written: [EntityID: String] = [:]
        for evidence in member.topics.flatMap(\.evidence) {
            guard let id = evidence.entity, written[id] == nil else { continue }
            written[id] = evidence.phrase
        }
        return written
    }

    /// The longest of its names that stands in a headline, letter for letter: topics may not have looked for it.
    private static func alias(of entity: Entity, in title: String?) -> String? {
        guard let title else { return nil }
        let ways = entity.aliases.values.flatMap(\.self) + entity.ambiguous.values.flatMap(\.self)
        return ways.filter { Script.isCJK($0) && title.contains($0) }.max { ($0.count, $0) < ($1.count, $1) }
    }
}
