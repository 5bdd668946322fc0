/// All that the automaton found in one article, sorted out by what it stands for.
struct Findings {
    /// One place in one field.
    struct Place {
        var field: Evidence.Field
        /// Of the folded bytes: for overlaps.
        var range: Range<Int>
        /// UTF-8 offsets in the field.
        var start: Int
        var end: Int
        /// The field is a headline in capitals and the phrase an acronym: case did not help.
        var isDoubtful: Bool
    }

    struct Word {
        var word: Int
        var place: Place
    }

    struct Name {
        var entity: Int
        var ambiguous: Bool
        var place: Place
    }

    struct Mark {
        var group: Int
        var place: Place
    }

    /// What was found for one topic.
    struct OfTopic {
        var words: [Word] = []
        /// Words against, by group.
        var against: [Mark] = []
        /// Groups that a word lifts in headline or lead, and in the text.
        var liftedAhead: Set<Int> = []
        var liftedInText: Set<Int> = []
        /// Where a word of the topic would be misread.
        var noWords: [Place] = []
        /// Names of other regions.
        var elsewhere: [(name: Int, place: Place)] = []
    }

    /// The fields as they stand, by rank.
    private var fields: [[UInt8]] = [[], [], []]
    private(set) var topics: [OfTopic]
    private(set) var names: [Name] = []
    /// Where a shorter name would be misread.
    private var noNames: [Place] = []
    /// Entities with a name that can mean nothing else.
    private(set) var clearEntities: Set<Int> = []
    /// Their countries.
    private(set) var countries: Set<String> = []

    init(topicCount: Int) { topics = [OfTopic](repeating: OfTopic(), count: topicCount) }

    func bytes(_ field: Evidence.Field) -> [UInt8] { fields[field.rank] }

    /// What stands at a place, letter by letter.
    func phrase(at place: Place) -> String {
        String(decoding: fields[place.field.rank][place.start..<place.end], as: UTF8.self)
    }

    mutating func read(_ original: [UInt8], as field: Evidence.Field, automaton: PhraseAutomaton, uses: Uses) {
        fields[field.rank] = original
        let text = FoldedText(utf8: original)
        let allCapitals = text.isAllCapitals
        for hit in automaton.hits(in: text) {
            let original = text.originalRange(hit.range)
            let place = Place(
                field: field, range: hit.range, start: original.lowerBound, end: original.upperBound,
                isDoubtful: allCapitals && hit.isAcronym)
            for index in uses.of(hit.phrase) { take(uses.all[index], place) }
        }
    }

    private mutating func take(_ use: Use, _ place: Place) {
        switch use {
        case .word(let topic, let word): topics[topic].words.append(Word(word: word, place: place))
        case .name(let entity, let ambiguous):
            names.append(Name(entity: entity, ambiguous: ambiguous || place.isDoubtful, place: place))
        case .noName: noNames.append(place)
        case .against(let topic, let group): topics[topic].against.append(Mark(group: group, place: place))
        case .near(let topic, let group):
            if place.field == .text {
                topics[topic].liftedInText.insert(group)
            } else {
                topics[topic].liftedAhead.insert(group)
            }
        case .noWord(let topic): topics[topic].noWords.append(place)
        case .elsewhere(let topic, let name): topics[topic].elsewhere.append((name, place))
        }
    }

    /// Of names that overlap only the longest counts: Ulchi Freedom Shield is not Freedom Shield, 以东海域 is no 东海.
    mutating func settleNames(_ entities: [EntityFacts]) {
        let read = names.map { (place: $0.place, name: Name?.some($0)) } + noNames.map { (place: $0, name: nil) }
        names = Self.longest(read.map(\.place)).compactMap { read[$0].name }
        for name in names where !name.ambiguous {
            clearEntities.insert(name.entity)
            if let country = entities[name.entity].country { countries.insert(country) }
        }
    }

    /// The name, settled, whose place holds all of this one.
    func name(covering place: Place) -> Name? {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            let other = names[middle].place
            if (other.field.rank, other.range.lowerBound) <= (place.field.rank, place.range.lowerBound) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0, names[low - 1].place.field == place.field,
            names[low - 1].place.range.upperBound >= place.range.upperBound
        else { return nil }
        return names[low - 1]
    }

    /// Leftmost, then longest; several at the very same place are all kept. Linear after sorting.
    /// - Returns: indexes of those kept, in the order of their places.
    static func longest(_ places: [Place]) -> [Int] {
        let order = places.indices.map { index in
            (
                rank: places[index].field.rank, start: places[index].range.lowerBound, less: -places[index].range.count,
                index
            )
        }.sorted { ($0.rank, $0.start, $0.less, $0.3) < ($1.rank, $1.start, $1.less, $1.3) }
        var kept: [Int] = []
        for (_, _, _, index) in order {
            let next = places[index]
            if let last = kept.last.map({ places[$0] }), last.field == next.field,
                next.range.lowerBound < last.range.upperBound, next.range != last.range
            {
                continue
            }
            kept.append(index)
        }
        return kept
    }
}

extension Evidence.Field {
    var rank: Int { self == .title ? 0 : self == .lead ? 1 : 2 }
}
