import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// The desk with its database, under texts that arrive from many outlets in any order.
@Suite("Shuffled arrivals")
struct ShuffledArrivalsTests {
    private static let outlets = ["harbour", "minami", "quay", "haixia", "bay"]
    private static let start = Timestamp(seconds: 1_743_300_000)

    /// A wire's report as one outlet carries it: whole, cut, with the outlet's own words around it or inside, or edited.
    private static func carried(_ wire: [String], by outlet: Int, number: Int) -> [String] {
        switch outlet {
        case 0: wire
        case 1: Array(wire.prefix(4))
        case 2: ["Port Ellen, by our own correspondent \(number)"] + wire + ["Read more: ferries \(number) run late"]
        case 3: wire.prefix(2) + ["Our readers wrote \(number) letters on it."] + wire.dropFirst(2)
        default: [wire[0], wire[1], wire[3], wire[4], wire[5]]
        }
    }

    private static func wire(_ random: inout SplitMix64) -> [String] {
        (0..<6).map { paragraph in
            let words = (0..<24).map { _ in "w\(String(Int.random(in: 0..<60_000, using: &random), radix: 36))" }
            return (paragraph == 0 ? "They agreed on a joint headquarters to deter China. " : "")
                + words.joined(separator: " ") + "."
        }
    }

    private static func reading(_ number: Int, _ outlet: Int, _ wire: [String], _ engine: TopicEngine) -> Reading {
        let source = outlets[outlet]
        var entry = Entry()
        entry.id = "\(source)-\(number)"
        entry.title = "To deter China: \(wire[1].prefix(40)), \(source) hears"
        entry.link = "https://\(source).example/\(number)"
        var article = Article()
        article.title = entry.title
        article.language = "en"
        article.paragraphs = carried(wire, by: outlet, number: number)
        let assessment = engine.assess(article)
        return Reading(
            pending: PendingEntry(
                source: source, key: "\(source)-\(number)", entry: entry, firstSeen: start, seen: start),
            article: article, readAt: start, topics: assessment.topics, entities: assessment.entities,
            strongEntities: assessment.strongEntities, fingerprint: Fingerprint(article: article))
    }

    @Test("Two alerts for one text: never, in 10,000 arrivals in any order, any batches, and with the desk begun anew")
    func oneAlertEach() async throws {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var condition = Topic.AlertCondition()
        condition.match = .clear
        var topic = Topic(id: "deterrence", name: "Deterrence")
        topic.words = ["joint headquarters", "deter China"].map {
            Topic.Phrase($0, language: "en", strength: .strong)
        }
        topic.alertAnyOf = [condition]
        let engine = TopicEngine(topics: [topic], entities: [])
        let sources = Self.outlets.map { ($0, Source(id: $0, url: "https://\($0).example/rss")) }
        let rules = AlertDesk(
            sources: Dictionary(uniqueKeysWithValues: sources), topics: [topic.id: topic], excerptMax: 240, zone: .utc,
            version: "test")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/feedwatch.db")
        defer { store.close() }

        let wires = (0..<2000).map { _ in Self.wire(&random) }
        var arrivals = wires.indices.flatMap { wire in Self.outlets.indices.map { (wire, $0) } }.shuffled(
            using: &random)
        var alerts = 0
        while !arrivals.isEmpty {
            // Three thousand or so for each desk: then it knows no more than the database does.
            let desk = Desk(store: store, rules: rules, clock: .standing(at: Self.start), patience: nil)
            var left = min(3300, arrivals.count)
            while left > 0 {
                let count = min(Int.random(in: 1...150, using: &random), left)
                left -= count
                let batch = arrivals.suffix(count).map { Self.reading($0.0, $0.1, wires[$0.0], engine) }
                arrivals.removeLast(count)
                _ = await desk.expect(batch.map(\.pending))
                for reading in batch { alerts += try await desk.take(reading) }
            }
        }
        let stories = try store.stories(from: Self.start - .seconds(1), to: Self.start, filedAfter: 0)
        let torn = stories.filter { Set($0.members.map { $0.key.split(separator: "-").last }).count > 1 }
        #expect(alerts == wires.count && stories.count == wires.count, "seed \(seed): \(alerts), \(stories.count)")
        #expect(torn.isEmpty && stories.allSatisfy { $0.members.count == Self.outlets.count }, "seed \(seed)")
        let stems = try store.undelivered().filter { $0.kind == .alert }.map(\.stem)
        #expect(stems.count == wires.count && Set(stems).count == stems.count)
    }
}
