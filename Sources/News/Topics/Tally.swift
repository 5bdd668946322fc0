/// The evidence for one topic in one article, each phrase or entity counted once, in the field where it weighs most.
struct Tally {
    enum Key: Hashable {
        case word(Int)
        case entity(Int)
        /// A group of words against.
        case against(Int)
        /// A name of another region.
        case elsewhere(Int)

        /// Different for different keys; indexes are those of a topic's lists, far below 2^40.
        var number: Int {
            switch self {
            case .word(let index): index << 2
            case .entity(let index): index << 2 | 1
            case .against(let index): index << 2 | 2
            case .elsewhere(let index): index << 2 | 3
            }
        }
    }

    /// Why something found does not count for the topic, in the words of `Evidence.ignored`.
    enum Reason: String {
        case against, elsewhere, ambiguous
        case longerName = "part of a longer name"

        fileprivate var number: Int {
            switch self {
            case .against: 1
            case .elsewhere: 2
            case .ambiguous: 3
            case .longerName: 4
            }
        }
    }

    /// What one phrase or entity has in one field.
    private struct Item {
        var key: Key
        var strength: Topic.Strength
        var isPlace: Bool
        var isExercise: Bool
        var saysWhere: Bool
        var place: Findings.Place
        var count: Int
        var contribution = 0.0
        var ignored: Reason?

        /// Nil for words.
        var entity: Int? {
            guard case .entity(let index) = key else { return nil }
            return index
        }
        var weighs: Bool { ignored == nil || ignored == .against || ignored == .elsewhere }
        /// Says that something is done, or who does it: without that, places decide nothing.
        var isMoreThanPlace: Bool {
            guard ignored == nil else { return false }
            return entity == nil ? strength != .weak : strength == .strong && !isPlace
        }
    }

    /// What decides.
    struct Sum {
        /// Points for, by what they come from; an exercise counts as both.
        var words = 0.0
        var entities = 0.0
        /// Those of them that are strong, exercises aside.
        var strongWords = 0.0
        var strongEntities = 0.0
        var strongPlaces = 0.0
        /// Points against, positive.
        var against = 0.0
        /// What of the entities says where: places, countries and strong names but weapons and ships, which go anywhere. An office
        /// at the other end of the world does not.
        var home = 0.0
        /// What names of other regions weigh, as entities do.
        var elsewhere = 0.0
        /// Different strong words and entities, anywhere and in title or lead; none where there are only places.
        var strongCount = 0
        var strongAhead = 0
        /// Different words and entities in the title, weak ones aside.
        var titleCount = 0
    }

    private let entities: [EntityFacts]
    private var items: [Item] = []
    /// Every place that was counted or ignored, when asked for: only `explain` needs more than the first ones.
    private(set) var places: [TopicTrace.Place] = []
    private let keepsPlaces: Bool
    /// By key, field and reason in one number.
    private var indexes: [Int: Int] = [:]
    private(set) var strongEntities: Set<Int> = []
    var settled: Set<Int> = []

    init(_ entities: [EntityFacts], keepsPlaces: Bool = false) {
        self.entities = entities
        self.keepsPlaces = keepsPlaces
    }

    var hasStrong: Bool { items.contains { $0.strength == .strong && $0.ignored == nil } }

    /// Places aside.
    func hasEntity(atLeast strength: Topic.Strength) -> Bool {
        items.contains { item in
            guard item.entity != nil, !item.isPlace, item.ignored == nil else { return false }
            return item.strength == .strong || item.strength == strength
        }
    }

    mutating func count(_ key: Key, _ strength: Topic.Strength, _ place: Findings.Place) {
        if case .entity(let index) = key, strength == .strong { strongEntities.insert(index) }
        add(key, strength, place, ignored: nil)
    }

    mutating func ignore(_ key: Key, _ strength: Topic.Strength, _ place: Findings.Place, because reason: Reason) {
        add(key, strength, place, ignored: reason)
    }

    mutating func object(_ group: Int, _ strength: Topic.Strength, _ place: Findings.Place) {
        add(.against(group), strength, place, ignored: .against)
    }

    mutating func locateElsewhere(_ name: Int, _ strength: Topic.Strength, _ place: Findings.Place) {
        add(.elsewhere(name), strength, place, ignored: .elsewhere)
    }

    private mutating func add(
        _ key: Key, _ strength: Topic.Strength, _ place: Findings.Place, ignored: Reason?
    ) {
        var item = Item(
            key: key, strength: strength, isPlace: false, isExercise: false, saysWhere: false, place: place, count: 1,
            ignored: ignored)
        if keepsPlaces {
            places.append(
                TopicTrace.Place(
                    field: place.field, start: place.start, end: place.end, strength: strength,
                    entity: item.entity.map { entities[$0].id }, ignored: ignored?.rawValue))
        }
        let slot = (key.number << 2 | place.field.rank) << 3 | (ignored?.number ?? 0)
        if let index = indexes[slot] {
            items[index].count += 1
            if strength == .strong { items[index].strength = .strong }
        } else {
            indexes[slot] = items.count
            if let entity = item.entity {
                let facts = entities[entity]
                (item.isPlace, item.isExercise, item.saysWhere) = (facts.isPlace, facts.isExercise, !facts.travels)
            }
            items.append(item)
        }
    }

    /// Weighs each item and adds up.
    mutating func sum() -> Sum {
        var sum = Sum()
        var strong: Set<Key> = []
        var strongAhead: Set<Key> = []
        for index in items.indices where items[index].weighs {
            let item = items[index]
            let isStrong = item.strength == .strong && item.ignored == nil
            var points = TopicScale.points(item.strength, isEntity: item.entity != nil, item.place.field, item.count)
            switch item.key {
            case .word:
                sum.words += points
                if isStrong { sum.strongWords += points }
            case .entity:
                sum.entities += points
                if item.saysWhere, isStrong || item.isPlace { sum.home += points }
                // An exercise is a deed as well as a name.
                if item.isExercise {
                    sum.words += points
                } else if isStrong {
                    if item.isPlace { sum.strongPlaces += points } else { sum.strongEntities += points }
                }
            case .against:
                points = -TopicScale.against(item.strength, item.place.field, item.count)
                sum.against -= points
            case .elsewhere:
                points = -TopicScale.elsewhere(item.strength, item.place.field, item.count)
                sum.elsewhere -= points
            }
            if isStrong { strong.insert(item.key) }
            if isStrong, item.place.field != .text { strongAhead.insert(item.key) }
            if item.ignored == nil, item.strength != .weak, item.place.field == .title { sum.titleCount += 1 }
            items[index].contribution = points
        }
        let together = deedsTogether
        sum.strongCount = items.contains(where: \.isMoreThanPlace) ? strong.count + together : 0
        sum.strongAhead =
            items.contains { $0.isMoreThanPlace && $0.place.field != .text } ? strongAhead.count + together : 0
        return sum
    }

    /// Two different normal words, one of them in the headline and the other in it or the lead, are as good as one strong.
    private var deedsTogether: Int {
        let normal = items.filter { $0.entity == nil && $0.ignored == nil && $0.strength == .normal }
        let title = Set(normal.filter { $0.place.field == .title }.map(\.key))
        let ahead = Set(normal.filter { $0.place.field != .text }.map(\.key))
        return title.isEmpty || ahead.count < 2 ? 0 : 1
    }

    /// What counted, strongest first, then what was found and ignored; the first of it.
    func evidence(_ findings: Findings, most: Int) -> [Evidence] {
        let order = items.indices.sorted {
            let (a, b) = (items[$0], items[$1])
            return (a.ignored == nil ? 0 : 1, -abs(a.contribution), a.place.field.rank, a.place.start, $0)
                < (b.ignored == nil ? 0 : 1, -abs(b.contribution), b.place.field.rank, b.place.start, $1)
        }
        return order.prefix(most).map { index in
            let item = items[index]
            return Evidence(
                phrase: findings.phrase(at: item.place), field: item.place.field, strength: item.strength,
                entity: item.entity.map { entities[$0].id }, count: item.count, contribution: item.contribution,
                ignored: item.ignored?.rawValue,
                start: item.place.start, end: item.place.end)
        }
    }
}
