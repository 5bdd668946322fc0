/// What topics make of one article.
public struct Assessment: Sendable, Hashable {
    /// Matches, and misses with any evidence, strongest first.
    public var topics: [TopicMatch]
    /// Entities found, each once, sorted.
    public var entities: [EntityID]
    /// Those of them that a topic which matched at least `likely` names strong, sorted.
    public var strongEntities: [EntityID]
}

/// Reads articles for all topics and entities at once: one automaton, one pass over each field.
///
/// Immutable and shared by all workers. Cost of an assessment: linear in the text, then in the hits times topics.
public struct TopicEngine: Sendable {
    private let topics: [Topic]
    private let entities: [EntityFacts]
    private let automaton: PhraseAutomaton
    /// What each phrase of the automaton stands for.
    private let uses: Uses
    private let rules: [TopicRule]
    /// By topic; nil where there are too few examples.
    private var models: [TopicModel?]

    /// Entities that a topic names and that are not given are simply never found; `Configuration` reports them.
    ///
    /// - Parameter examples: what readers say of articles, by topic; those of other topics are not looked at.
    public init(topics: [Topic], entities: [Entity], examples: [TopicID: [TopicLabel]] = [:]) {
        var table = UseTable()
        for (index, entity) in entities.enumerated() { table.add(entity, index) }
        for (index, topic) in topics.enumerated() { table.add(topic, index) }
        self.topics = topics
        self.entities = entities.map(EntityFacts.init)
        uses = Uses(table.uses)
        automaton = PhraseAutomaton(table.phrases)
        rules = topics.map { TopicRule($0, entities: entities) }
        models = topics.map { _ in nil }
        guard !examples.isEmpty else { return }
        models = topics.map { topic in TopicModel(lessons(examples[topic.id] ?? [], of: topic.id)) }
    }

    /// Deterministic: the same article, topics and entities give the same assessment.
    public func assess(_ article: Article) -> Assessment {
        let findings = findings(in: article)
        let title = titleTerms(of: article)
        var matches: [TopicMatch] = []
        var strong: Set<EntityID> = []
        var found = findings.clearEntities
        for (index, rule) in rules.enumerated() {
            let verdict = rule.judge(
                findings, topic: index, entities: entities, model: models[index], title: title)
            guard !verdict.match.evidence.isEmpty else { continue }
            found.formUnion(verdict.settledEntities)
            matches.append(verdict.match)
            if verdict.match.match >= .likely { strong.formUnion(verdict.strongEntities.map { entities[$0].id }) }
        }
        matches.sort { ($0.match, $0.score, $1.topic) > ($1.match, $1.score, $0.topic) }
        return Assessment(
            topics: matches, entities: found.map { entities[$0].id }.sorted(), strongEntities: strong.sorted())
    }

    /// The same matches in the same order, each with every place that it rests on.
    public func trace(_ article: Article) -> [TopicTrace] {
        let findings = findings(in: article)
        let title = titleTerms(of: article)
        let traces = rules.enumerated().compactMap { index, rule -> TopicTrace? in
            let verdict = rule.judge(
                findings, topic: index, entities: entities, model: models[index], title: title, keepingPlaces: true)
            guard !verdict.match.evidence.isEmpty else { return nil }
            let places = verdict.places.sorted { ($0.field.rank, $0.start, $0.end) < ($1.field.rank, $1.start, $1.end) }
            return TopicTrace(match: verdict.match, places: places)
        }
        return traces.sorted {
            ($0.match.match, $0.match.score, $1.match.topic) > ($1.match.match, $1.match.score, $0.match.topic)
        }
    }

    /// The examples of one topic as its model learns from them: the rules judge them without a model.
    public func lessons(_ examples: [TopicLabel], of topic: TopicID) -> [TopicModel.Lesson] {
        guard let index = topics.firstIndex(where: { $0.id == topic }) else { return [] }
        return examples.map { example in
            let verdict = rules[index].judge(
                findings(in: example.article), topic: index, entities: entities, model: nil, title: nil)
            return TopicModel.Lesson(
                terms: TitleTerms(example.article.title ?? "").terms.map(\.hash), points: verdict.rulePoints,
                belongs: example.belongs, story: example.story)
        }
    }

    /// How one topic judges an article with a model or without.
    func rule(of topic: TopicID) -> ((Article, TopicModel?) -> TopicMatch)? {
        guard let index = topics.firstIndex(where: { $0.id == topic }) else { return nil }
        return { article, model in
            rules[index].judge(
                findings(in: article), topic: index, entities: entities, model: model,
                title: model.map { _ in TitleTerms(article.title ?? "") }
            ).match
        }
    }

    private func titleTerms(of article: Article) -> TitleTerms? {
        models.contains { $0 != nil } ? TitleTerms(article.title ?? "") : nil
    }

    private func findings(in article: Article) -> Findings {
        var findings = Findings(topicCount: topics.count)
        for field in [Evidence.Field.title, .lead, .text] {
            findings.read(Array(article.fieldText(field).utf8), as: field, automaton: automaton, uses: uses)
        }
        findings.settleNames(entities)
        return findings
    }
}

/// What topics ask of an entity.
struct EntityFacts: Sendable {
    let id: EntityID
    let country: String?
    let isCountry: Bool
    /// A country or a place: who or where, not what.
    let isPlace: Bool
    let isExercise: Bool
    /// Who does something.
    let isActor: Bool
    /// A weapon or a ship: it says who or what, not where.
    let travels: Bool

    init(_ entity: Entity) {
        id = entity.id
        country = entity.country
        isCountry = entity.type == "country"
        isPlace = isCountry || entity.type == "place"
        isExercise = entity.type == "exercise"
        isActor = ["organisation", "unit", "office"].contains(entity.type)
        travels = entity.type == "weapon-system" || entity.type == "vessel-class"
    }
}

/// The uses of all phrases in one array.
struct Uses: Sendable {
    let all: [Use]
    private let starts: [Int32]

    init(_ byPhrase: [[Use]]) {
        all = byPhrase.flatMap(\.self)
        var starts: [Int32] = [0]
        for uses in byPhrase { starts.append(starts[starts.count - 1] + Int32(uses.count)) }
        self.starts = starts
    }

    @inline(__always) func of(_ phrase: Int) -> Range<Int> { Int(starts[phrase])..<Int(starts[phrase + 1]) }
}

/// What a phrase of the automaton stands for; several at once where lists overlap.
enum Use: Sendable, Hashable {
    case word(topic: Int, word: Int)
    case name(entity: Int, ambiguous: Bool)
    /// Stands where a shorter name would be misread.
    case noName
    case against(topic: Int, group: Int)
    case near(topic: Int, group: Int)
    /// Stands where a word of the topic would be misread.
    case noWord(topic: Int)
    /// A name of another region.
    case elsewhere(topic: Int, name: Int)
}

/// Collects phrases, each once, with all their uses.
private struct UseTable {
    private(set) var phrases: [String] = []
    private(set) var uses: [[Use]] = []
    private var indexes: [String: Int] = [:]
    private var entityIDs: Set<EntityID> = []

    mutating func add(_ entity: Entity, _ index: Int) {
        entityIDs.insert(entity.id)
        var names: Set<String> = [entity.name]
        add(entity.name, .name(entity: index, ambiguous: false))
        for (_, aliases) in entity.aliases.sorted(by: { $0.key < $1.key }) {
            for alias in aliases where names.insert(alias).inserted {
                add(alias, .name(entity: index, ambiguous: false))
            }
        }
        for (_, aliases) in entity.ambiguous.sorted(by: { $0.key < $1.key }) {
            for alias in aliases where names.insert(alias).inserted {
                add(alias, .name(entity: index, ambiguous: true))
            }
        }
        for (_, phrases) in entity.notWithin.sorted(by: { $0.key < $1.key }) {
            for phrase in phrases where names.insert(phrase).inserted { add(phrase, .noName) }
        }
    }

    mutating func add(_ topic: Topic, _ index: Int) {
        for (word, phrase) in topic.words.enumerated() { add(phrase.text, .word(topic: index, word: word)) }
        for (group, against) in topic.against.enumerated() {
            for word in against.words { add(word, .against(topic: index, group: group)) }
            for word in against.unlessNear { add(word, .near(topic: index, group: group)) }
        }
        for phrase in topic.notWithin { add(phrase, .noWord(topic: index)) }
        for (name, phrase) in topic.elsewhere.enumerated() where !entityIDs.contains(phrase) {
            add(phrase, .elsewhere(topic: index, name: name))
        }
    }

    /// A hyphen may be left out as well: `SM-6` is `SM6`.
    private mutating func add(_ phrase: String, _ use: Use) {
        place(phrase, use)
        if phrase.contains("-") { place(phrase.replacing("-", with: ""), use) }
    }

    private mutating func place(_ phrase: String, _ use: Use) {
        if let known = indexes[phrase] {
            if !uses[known].contains(use) { uses[known].append(use) }
        } else {
            indexes[phrase] = phrases.count
            phrases.append(phrase)
            uses.append([use])
        }
    }
}
