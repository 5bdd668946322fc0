/// How one topic judges what was found: from evidence to nothing, likely or clear.
struct TopicRule: Sendable {
    struct Verdict {
        /// Of the evidence alone; 0 where something required is missing.
        var rulePoints: Double
        var match: TopicMatch
        /// Named strong by the topic and found.
        var strongEntities: Set<Int>
        /// Found by an ambiguous name that this article settles.
        var settledEntities: Set<Int>
        /// Empty unless asked for.
        var places: [TopicTrace.Place]
    }

    private let topic: Topic
    /// By entity; nil for those that the topic does not name.
    private let strengths: [Topic.Strength?]
    /// By entity, its place among the topic's names of other regions.
    private let elsewhere: [Int?]

    init(_ topic: Topic, entities: [Entity]) {
        self.topic = topic
        let weak = Set(topic.weakEntities)
        let strong = Set(topic.strongEntities)
        strengths = entities.map { strong.contains($0.id) ? .strong : weak.contains($0.id) ? .weak : nil }
        let regions = Dictionary(topic.elsewhere.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        elsewhere = entities.map { regions[$0.id] }
    }

    /// `index` is the topic's place among the engine's topics.
    func judge(
        _ findings: Findings, topic index: Int, entities: [EntityFacts], model: TopicModel?, title: TitleTerms?,
        keepingPlaces: Bool = false
    ) -> Verdict {
        var tally = Tally(entities, keepsPlaces: keepingPlaces)
        let own = findings.topics[index]
        addWords(own, findings, entities, to: &tally)
        addNames(findings, entities, hasDeed: hasDeedAhead(own), to: &tally)
        addAgainst(own, to: &tally)
        for (name, place) in own.elsewhere { locate(name, elsewhere: place, findings, &tally) }
        var countries = findings.countries
        for entity in tally.settled { if let country = entities[entity].country { countries.insert(country) } }

        let sum = tally.sum()
        let require = topic.require
        let meetsAll =
            sum.strongCount >= require.anyStrong ?? 0 && sum.strongAhead >= require.strongAhead ?? 0
            && sum.titleCount >= require.inTitle ?? 0 && countries.count >= require.countries ?? 0
        var points = TopicScale.points(sum)
        let rulePoints = meetsAll ? points : 0
        var learned: TopicMatch.Learned?
        if let model, let title, rulePoints > 0 {
            let judgement = model.judge(title)
            points = max(0, points + judgement.shift)
            learned = TopicMatch.Learned(
                examples: model.exampleCount, shift: judgement.shift,
                terms: Array(judgement.terms.prefix(Limits.learnedTermsMax)))
        }
        let match = TopicMatch(
            topic: topic.id, match: meetsAll ? TopicScale.match(points, sum, topic) : .nothing,
            score: TopicScale.score(points, meetsAll: meetsAll),
            evidence: tally.evidence(findings, most: TopicScale.evidenceMax), learned: learned)
        return Verdict(
            rulePoints: rulePoints, match: match, strongEntities: tally.strongEntities, settledEntities: tally.settled,
            places: tally.places)
    }

    private func addWords(
        _ own: Findings.OfTopic, _ findings: Findings, _ entities: [EntityFacts], to tally: inout Tally
    ) {
        guard !own.words.isEmpty else { return }
        // What is lifted only later, by what is counted, swallows no word.
        let objections = own.against.filter {
            topic.against[$0.group].unlessEntity == nil && !own.liftedAhead.contains($0.group)
        }
        let read =
            own.words.map { (place: $0.place, word: Findings.Word?.some($0)) }
            + objections.map { (place: $0.place, word: nil) } + own.noWords.map { (place: $0, word: nil) }
        var last: Findings.Word?
        for word in Findings.longest(read.map(\.place)).compactMap({ read[$0].word }) {
            // Two languages may list the same characters.
            if let last, last.place.field == word.place.field, last.place.range == word.place.range { continue }
            last = word
            let phrase = topic.words[word.word]
            let name = findings.name(covering: word.place)
            if let name, name.place.range != word.place.range {
                tally.ignore(.word(word.word), phrase.strength, word.place, because: .longerName)
            } else if let name, let strength = strengths[name.entity],
                entities[name.entity].isActor && phrase.strength != .strong || strength == .strong && !name.ambiguous
            {
                continue  // who it is, or the same thing, is no deed: the name says it
            } else {
                tally.count(.word(word.word), phrase.strength, word.place)
            }
        }
    }

    /// Whether a word of the topic, not a weak one, stands in headline or lead.
    private func hasDeedAhead(_ own: Findings.OfTopic) -> Bool {
        own.words.contains { $0.place.field != .text && topic.words[$0.word].strength != .weak }
    }

    private func addNames(
        _ findings: Findings, _ entities: [EntityFacts], hasDeed: Bool, to tally: inout Tally
    ) {
        // Few articles have a name in doubt.
        lazy var isKnownCompany = hasTwoClearNamesAhead(findings, entities)
        let isAnchored =
            tally.hasStrong || findings.names.contains { !$0.ambiguous && strengths[$0.entity] == .strong }
        let company = HeadlineCompany(findings, entities) { strengths[$0] != nil }
        for name in findings.names {
            if let region = elsewhere[name.entity], !name.ambiguous {
                locate(region, elsewhere: name.place, findings, &tally)
            }
            guard let strength = strengths[name.entity] else { continue }
            // A ship may have a province's name: it takes a deed to be one.
            let isPossible = !entities[name.entity].travels || hasDeed
            if !name.ambiguous || findings.clearEntities.contains(name.entity)
                || isPossible && isAnchored && (entities[name.entity].country.map(findings.countries.contains) ?? true)
                || isPossible && (company.settles(name.entity) || isKnownCompany)
            {
                tally.count(.entity(name.entity), strength, name.place)
                if name.ambiguous { tally.settled.insert(name.entity) }
            } else {
                tally.ignore(.entity(name.entity), strength, name.place, because: .ambiguous)
            }
        }
    }

    /// Two different strong names that can mean nothing else, not only places, in headline and lead: an ambiguous third among them
    /// is of their kind, whatever its country.
    private func hasTwoClearNamesAhead(_ findings: Findings, _ entities: [EntityFacts]) -> Bool {
        let clear = Set(
            findings.names.filter {
                !$0.ambiguous && strengths[$0.entity] == .strong && $0.place.field != .text
            }.map(\.entity))
        return clear.count > 1 && clear.contains { !entities[$0].isPlace }
    }

    private func locate(_ region: Int, elsewhere place: Findings.Place, _ findings: Findings, _ tally: inout Tally) {
        let isGoal =
            place.field == .title && Destination.isNamed(at: place.start..<place.end, in: findings.bytes(.title))
        tally.locateElsewhere(region, isGoal ? .strong : .normal, place)
    }

    private func addAgainst(_ own: Findings.OfTopic, to tally: inout Tally) {
        guard !own.against.isEmpty else { return }
        // Before any of them is added, which lifts nothing.
        let liftedByEntity = topic.against.map { $0.unlessEntity.map { tally.hasEntity(atLeast: $0) } ?? false }
        for mark in own.against where !liftedByEntity[mark.group] && !own.liftedAhead.contains(mark.group) {
            // What stands in the text alone excuses what stands there.
            if mark.place.field == .text, own.liftedInText.contains(mark.group) { continue }
            tally.object(mark.group, topic.against[mark.group].strength, mark.place)
        }
    }
}
