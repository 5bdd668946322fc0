import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

@Suite struct DeskTests {
    let start = Timestamp(seconds: 1_743_300_000)

    @Test(
        "Three copies that arrive at the same moment make one story, three outlets and one alert: 1,000 shuffled runs")
    func simultaneousCopies() async throws {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        for run in 0..<1000 {
            // Half of the runs know of all three beforehand, half learn of each as it comes.
            let expectsAll = run.isMultiple(of: 2)
            let order = ["harbour", "minami", "quay"].shuffled(using: &random)
            let scene = try Scene(patience: expectsAll ? nil : .seconds(10))
            let readings = order.map { scene.reading(from: $0) }
            if expectsAll { _ = await scene.desk.expect(readings.map(\.pending)) }
            let alerts = try await withThrowingTaskGroup(of: Int.self) { group in
                for reading in readings {
                    group.addTask {
                        if !expectsAll { _ = await scene.desk.expect([reading.pending]) }
                        return try await scene.desk.take(reading)
                    }
                }
                return try await group.reduce(0, +)
            }
            let parcels = try scene.store.undelivered()
            #expect(alerts == 1 && parcels.count == 1, "order \(order), seed \(seed)")
            let alert = try #require(parcels.first)
            let decoded = try PublicJSON.decode(Alert.self, from: alert.json)
            #expect(decoded.story.topics.map(\.id) == ["deterrence"])
            let story = try #require(try scene.store.stories(from: start - .seconds(1), to: start, filedAfter: 0).first)
            #expect(Set(story.members.map(\.source)) == Set(order))
            #expect(story.members.map(\.relation).sorted { $0.rawValue < $1.rawValue } == [.copy, .copy, .first])
            scene.remove()
        }
    }

    @Test("A batch whose transaction fails leaves nothing behind, and the same desk files on with what it knew before")
    func failedCommit() async throws {
        let scene = try Scene(patience: nil)
        defer { scene.remove() }
        func take(_ reading: Reading) async throws -> Int {
            _ = await scene.desk.expect([reading.pending])
            return try await scene.desk.take(reading)
        }
        #expect(try await take(scene.reading(from: "harbour")) == 1)
        var unkeepable = scene.reading(from: "minami")
        unkeepable.topics[0].score = .nan
        await #expect(throws: StoreError.self) { try await take(unkeepable) }
        func members() throws -> [SourceID] {
            try scene.store.stories(from: start - .seconds(1), to: start, filedAfter: 0).flatMap(\.members).map(
                \.source)
        }
        #expect(try members() == ["harbour"])
        #expect(try await take(scene.reading(from: "quay")) == 0, "the story that stood before is still known")
        #expect(try await take(scene.reading(from: "minami")) == 0)
        #expect(try scene.store.stories(from: start - .seconds(1), to: start, filedAfter: 0).count == 1)
        #expect(try members() == ["harbour", "quay", "minami"])
    }

    @Test("A desk that restarts knows the copies that came before")
    func restart() async throws {
        let scene = try Scene(patience: nil)
        defer { scene.remove() }
        for (source, expected) in [("harbour", 1), ("minami", 0), ("quay", 0)] {
            let desk = Desk(store: scene.store, rules: scene.rules, clock: .standing(at: start), patience: nil)
            let reading = scene.reading(from: source)
            _ = await desk.expect([reading.pending])
            #expect(try await desk.take(reading) == expected)
        }
        #expect(try scene.store.stories(from: start - .seconds(1), to: start, filedAfter: 0).count == 1)
    }

    @Test("An address that is used again after the window has a story of its own, and its alert")
    func reusedAddress() async throws {
        let scene = try Scene(patience: nil)
        defer { scene.remove() }
        for (weeks, key) in [(0, "r1"), (5, "r2"), (10, "r3")] {
            let now = start + .seconds(weeks * 7 * 86_400)
            let desk = Desk(store: scene.store, rules: scene.rules, clock: .standing(at: now), patience: nil)
            var reading = scene.reading(from: "harbour")
            (reading.pending.key, reading.pending.firstSeen, reading.pending.seen) = (key, now, now)
            _ = await desk.expect([reading.pending])
            #expect(try await desk.take(reading) == 1, "\(key)")
        }
        let all = start + .seconds(90 * 86_400)
        #expect(try scene.store.stories(from: start - .seconds(1), to: all, filedAfter: 0).count == 3)
    }

    @Test("What is kept of an article's changes has a limit, however often and however much it changes")
    func changesAreLimited() async throws {
        let scene = try Scene(patience: nil)
        defer { scene.remove() }
        var reading = scene.reading(from: "harbour")
        for version in 1...(Limits.changesMax + 20) {
            reading.pending.version = version
            reading.article.paragraphs[1] = String(repeating: "word\(version) ", count: 5000) + "."
            _ = await scene.desk.expect([reading.pending])
            _ = try await scene.desk.take(reading)
        }
        let story = try #require(try scene.store.stories(from: start - .seconds(1), to: start, filedAfter: 0).first)
        let changes = story.members[0].changes
        #expect(changes.count == Limits.changesMax && changes.last?.version == Limits.changesMax + 20)
        #expect(changes.allSatisfy { $0.added.allSatisfy { $0.utf8.count <= Limits.shownTextBytesMax + 3 } })
    }

    @Test("A changed text is a new version of its article, in its story, and no second alert")
    func version() async throws {
        let scene = try Scene(patience: nil)
        defer { scene.remove() }
        var reading = scene.reading(from: "harbour")
        _ = await scene.desk.expect([reading.pending])
        #expect(try await scene.desk.take(reading) == 1)
        reading.pending.version = 2
        reading.pending.seen = start + .seconds(3600)
        reading.article.paragraphs[1] = "The command will have 9 ships and a staff of 200."
        reading.article.paragraphs.append(
            "Correction: an earlier version of this report gave the number of ships as 7.")
        _ = await scene.desk.expect([reading.pending])
        #expect(try await scene.desk.take(reading) == 0)
        let story = try #require(try scene.store.stories(from: start - .seconds(1), to: start, filedAfter: 0).first)
        #expect(story.members.count == 1)
        let change = try #require(story.members[0].changes.first)
        #expect(change.version == 2 && change.correction)
    }
}

/// A desk with a topic, three outlets and one wire story.
private struct Scene {
    let path: String
    let store: Store
    let rules: AlertDesk
    let desk: Desk
    let engine: TopicEngine
    let start = Timestamp(seconds: 1_743_300_000)

    init(patience: Duration?) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("feedwatch.db").path
        store = try Store(path: path)
        var topic = Topic(id: "deterrence", name: "Deterrence")
        topic.words = ["first island chain", "deter China", "joint headquarters"].map {
            Topic.Phrase($0, language: "en", strength: .strong)
        }
        var clear = Topic.AlertCondition()
        clear.match = .clear
        topic.alertAnyOf = [clear]
        engine = TopicEngine(topics: [topic], entities: [])
        let sources = ["harbour", "minami", "quay"].map { Source(id: $0, url: "https://\($0).example/rss") }
        rules = AlertDesk(
            sources: Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) }), topics: [topic.id: topic],
            excerptMax: 240, zone: .utc, version: "test")
        desk = Desk(store: store, rules: rules, clock: .standing(at: start), patience: patience)
    }

    /// The story as one outlet carries it.
    func reading(from source: SourceID) -> Reading {
        var entry = Entry()
        entry.id = "\(source)-1"
        entry.title = "Allies plan a joint headquarters to deter China"
        entry.link = "https://\(source).example/joint-headquarters"
        var article = Article()
        article.title = entry.title
        article.language = "en"
        article.paragraphs = [
            "TOKYO (MP) — The two ministers agreed on Sunday to set up a joint headquarters for the first island chain.",
            "The command will have 7 ships and a staff of 200, who are to move into a former barracks by the autumn.",
            "Officials on both sides said that the step is meant to deter China from a surprise attack on the islands.",
            "Carried by \(source).",
        ]
        let assessment = engine.assess(article)
        return Reading(
            pending: PendingEntry(source: source, key: "\(source)-1", entry: entry, firstSeen: start, seen: start),
            article: article, readAt: start, topics: assessment.topics, entities: assessment.entities,
            strongEntities: assessment.strongEntities, fingerprint: Fingerprint(article: article))
    }

    func remove() { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
}
