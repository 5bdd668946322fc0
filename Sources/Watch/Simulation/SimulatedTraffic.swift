import News
import Synchronization

/// What invented outlets publish: a pure function of the seed, the source and the day.
///
/// Each source has news of its own at its own pace, in words that no topic is about. Besides, each day has events, told in the
/// words of the topics' own tests: one outlet has them first, others copy the text or write their own within hours, and some
/// are followed up on the next day.
final class SimulatedTraffic: Sendable {
    struct Item: Sendable, Hashable {
        /// `o12-20201-3`, `e12-20201-1-4`: the source, then the day on which it comes out.
        var id: String
        var at: Timestamp
        var title: String
        var paragraphs: [String]
    }

    private struct Key: Hashable {
        var source: Int
        var day: Int64
    }

    private let seed: UInt64
    private let sourceCount: Int
    /// Headline and text of the topics' tests, in an order of the seed's; each is used up before one comes again.
    private let tests: [(title: String, text: String?)]
    private let days = Mutex<[Key: [Item]]>([:])
    /// Who carries the events that begin on a day, by source.
    private let events = Mutex<[Int64: [Int: [Item]]]>([:])

    init(seed: UInt64, sourceCount: Int, topics: [Topic]) {
        self.seed = seed
        self.sourceCount = sourceCount
        var random = SplitMix64(seed: seed)
        tests = topics.flatMap(\.tests).map { ($0.title, $0.text) }.shuffled(using: &random)
    }

    /// The newest items of a source at a moment, newest first, not older than `SimulatedTraffic.shownDays`.
    func listed(of source: Int, at now: Timestamp, most: Int) -> [Item] {
        let today = now.seconds.floorDivided(by: 86_400)
        var items: [Item] = []
        for day in stride(from: today, to: today - Self.shownDays, by: -1) {
            items += published(by: source, on: day).reversed().filter { $0.at <= now }
            if items.count >= most { break }
        }
        return Array(items.prefix(most))
    }

    func item(_ id: String, of source: Int) -> Item? {
        guard let day = id.split(separator: "-").dropFirst().first.flatMap({ Int64($0) }) else { return nil }
        return published(by: source, on: day).first { $0.id == id }
    }

    private static let shownDays: Int64 = 15
    private static let perDayMax = 6

    /// All of a day, by time.
    private func published(by source: Int, on day: Int64) -> [Item] {
        let key = Key(source: source, day: day)
        if let known = days.withLock({ $0[key] }) { return known }
        let items = (own(source, day) + carried(source, day)).sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        days.withLock { days in
            // Older than anything that is listed by now: the days go on.
            if days.count > sourceCount * 2 * Int(Self.shownDays) {
                days = days.filter { $0.key.day > day - Self.shownDays }
            }
            days[key] = items
        }
        return items
    }

    private func own(_ source: Int, _ day: Int64) -> [Item] {
        var pace = random(1, UInt64(source), 0)
        var random = random(2, UInt64(source), day)
        let perDay = Int.random(in: 0...Int.random(in: 1...Self.perDayMax, using: &pace), using: &random)
        return (0..<perDay).map { number in
            Item(
                id: "o\(source)-\(day)-\(number)", at: moment(day, &random), title: Filler.headline(&random),
                paragraphs: Filler.paragraphs(3, &random))
        }
    }

    /// The events of a day and of the day before that a source carries on this day.
    private func carried(_ source: Int, _ day: Int64) -> [Item] {
        (day - 1...day).flatMap { carriers(ofEventsOn: $0)[source] ?? [] }
            .filter { $0.at.seconds.floorDivided(by: 86_400) == day }
    }

    private func carriers(ofEventsOn day: Int64) -> [Int: [Item]] {
        if let known = events.withLock({ $0[day] }) { return known }
        let told = (0..<eventsPerDay).flatMap { event($0, on: day) }
        let bySource = Dictionary(grouping: told, by: \.source).mapValues { $0.map(\.item) }
        events.withLock { events in
            if events.count > Int(Self.shownDays) * 2 { events = events.filter { $0.key > day - Self.shownDays - 2 } }
            events[day] = bySource
        }
        return bySource
    }

    private var eventsPerDay: Int { tests.isEmpty ? 0 : min(max(4, sourceCount / 4), 16) }

    private func event(_ number: Int, on day: Int64) -> [(source: Int, item: Item)] {
        var random = random(3, UInt64(number), day)
        let turn = day * Int64(eventsPerDay) + Int64(number)
        let test = tests[Int(turn - turn.floorDivided(by: Int64(tests.count)) * Int64(tests.count))]
        let start = moment(day, &random)
        let text = [test.text].compactMap { $0 } + Filler.paragraphs(2, &random)
        let outlets = Array((0..<sourceCount).shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)))
        return outlets.enumerated().map { place, source in
            var item = Item(id: "", at: start, title: test.title, paragraphs: text)
            if place > 0 {
                item.at = start + .seconds(Int64.random(in: 300...21_600, using: &random))
                if Int.random(in: 0..<4, using: &random) == 0 { item.paragraphs += Filler.paragraphs(2, &random) }
            }
            if place == 4 {
                item.at = start + .seconds(Int64.random(in: 64_800...86_000, using: &random))
                item.title += ": what came of it"
                item.paragraphs = [test.title + "."] + Filler.paragraphs(3, &random)
            }
            // Its day is the one that it comes out on, by which it is found again.
            item.id = "e\(source)-\(item.at.seconds.floorDivided(by: 86_400))-\(day & 1)-\(number)"
            return (source, item)
        }
    }

    private func moment(_ day: Int64, _ random: inout SplitMix64) -> Timestamp {
        Timestamp(seconds: day * 86_400 + Int64.random(in: 0..<86_400, using: &random))
    }

    /// A generator of its own for each use.
    private func random(_ use: UInt64, _ number: UInt64, _ day: Int64) -> SplitMix64 {
        var mixed = SplitMix64(seed: seed &+ use)
        mixed = SplitMix64(seed: mixed.next() ^ number)
        return SplitMix64(seed: mixed.next() ^ UInt64(bitPattern: day))
    }
}

/// Sentences about nothing in particular, of names that nobody has.
private enum Filler {
    private static let who = [
        "The council", "A choir", "The library", "The market hall", "A bakery", "The rowing club", "A school",
        "The orchard", "The theatre", "A gardener", "The bus company", "The museum", "A bookshop", "The pool",
    ]
    private static let did = [
        "opens a new hall", "changes its hours", "shows old photographs", "plants ninety trees", "looks for helpers",
        "paints its doors", "moves to the hill", "thanks its members", "tries longer evenings", "repairs its roof",
        "invites the neighbours", "counts its visitors", "hires two cooks", "prints a calendar",
    ]
    private static let place = [
        "Alderby", "Brenholm", "Castrow", "Dunmere", "Elvanton", "Farlow", "Gorsey", "Hallin", "Ivelby", "Jorund",
        "Kelsund", "Lorrach", "Mervale", "Norwin", "Ostrel", "Pelham Cross", "Querne", "Rosvik", "Selmouth", "Tarn",
    ]
    private static let why = [
        "after a wet spring", "before the holidays", "for the third time", "with music", "in spite of the wind",
        "on a Tuesday", "for the young ones", "at last", "without much ado", "as it did long ago",
    ]

    static func headline(_ random: inout SplitMix64) -> String {
        "\(pick(who, &random)) in \(pick(place, &random)) \(pick(did, &random)) \(pick(why, &random))"
    }

    static func paragraphs(_ count: Int, _ random: inout SplitMix64) -> [String] {
        (0..<count).map { _ in
            (0..<3).map { _ in "\(headline(&random)), and \(pick(place, &random)) \(pick(did, &random))." }
                .joined(separator: " ")
        }
    }

    private static func pick(_ words: [String], _ random: inout SplitMix64) -> String {
        words[Int.random(in: words.indices, using: &random)]
    }
}
