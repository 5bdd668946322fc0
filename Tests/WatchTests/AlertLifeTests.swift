import Foundation
import GRDB
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// A desk whose topics, sources and clock a test sets.
final class AlertScene {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    let folder: String
    let store: Store
    let clock = ManualClock(AlertScene.start)
    let desk: Desk
    let recorder = Recorder()
    private let engine: TopicEngine
    private(set) var rules: AlertDesk
    private var count = 0

    static func topic(_ id: TopicID = "deterrence", _ change: (inout Topic) -> Void = { _ in }) -> Topic {
        var topic = Topic(id: id, name: id.capitalized)
        topic.words = [Topic.Phrase("joint headquarters", language: "en", strength: .strong)]
        topic.strongEntities = ["usfj", "jjoc"]
        var clear = Topic.AlertCondition()
        clear.match = .clear
        topic.alertAnyOf = [clear]
        change(&topic)
        return topic
    }

    init(_ topics: [Topic] = [AlertScene.topic()], zone: Zone = .utc) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try Store(path: folder + "/feedwatch.db")
        var usfj = Entity(id: "usfj", name: "U.S. Forces Japan")
        usfj.country = "US"
        var jjoc = Entity(id: "jjoc", name: "JJOC")
        jjoc.country = "JP"
        jjoc.aliases = ["en": ["JJOC"]]
        engine = TopicEngine(topics: topics, entities: [usfj, jjoc])
        var sources = ["harbour", "minami", "quay", "haixia"].map { Source(id: $0, url: "https://\($0).example/rss") }
        sources[3].affiliation = .partyState
        for index in 0..<3 { sources[index].affiliation = .privateOwned }
        rules = AlertDesk(
            sources: Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) }),
            topics: Dictionary(uniqueKeysWithValues: topics.map { ($0.id, $0) }),
            gazetteer: Gazetteer([usfj, jjoc]), excerptMax: 240, zone: zone, version: "test")
        desk = Desk(store: store, rules: rules, clock: clock.wall, patience: nil, log: recorder.logger)
    }

    /// Has every source otherwise from now on.
    func configure(_ change: (inout Source) -> Void) {
        for id in rules.sources.keys { change(&rules.sources[id]!) }
        desk.use(rules)
    }

    /// Decides without this source from now on.
    func remove(_ source: SourceID) {
        rules.sources[source] = nil
        desk.use(rules)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Decides by other topics from now on.
    func use(_ topics: [Topic]) {
        rules.topics = Dictionary(uniqueKeysWithValues: topics.map { ($0.id, $0) })
        desk.use(rules)
    }

    /// Files an article of the one story, or of another `event`, and returns how many alerts were decided.
    /// - Parameter like: the number of the article whose text it carries, from 1; nil writes another.
    @discardableResult
    func file(
        _ title: String, _ source: SourceID = "harbour", text: [String] = [], key: String? = nil, version: Int = 1,
        like: Int? = nil, event: String = "Canberra", by other: Desk? = nil
    ) async throws -> Int {
        let desk = other ?? desk
        count += 1
        let key = key ?? "\(source)-\(count)"
        var entry = Entry()
        entry.id = key
        entry.title = title
        entry.link = "https://\(source).example/\(key)"
        var article = Article()
        article.title = title
        article.language = "en"
        article.paragraphs = Self.body(like ?? count, event) + text
        let assessment = engine.assess(article)
        let now = clock.now
        let reading = Reading(
            pending: PendingEntry(
                source: source, key: key, entry: entry, firstSeen: now, seen: now, version: version),
            article: article, readAt: now, topics: assessment.topics, entities: assessment.entities,
            strongEntities: assessment.strongEntities, fingerprint: Fingerprint(article: article))
        _ = await desk.expect([reading.pending])
        return try await desk.take(reading)
    }

    /// What articles of one event have in common are its rare words; no three in a row are the same.
    private static func body(_ number: Int, _ event: String) -> [String] {
        (0..<4).map { paragraph in
            (0..<6).map { word in
                let shared = (paragraph * 6 + word) * (number % 5 * 2 + 1) % 24
                return "\(event.lowercased())\(letters(shared)) \(letters(number))\(letters(paragraph * 6 + word))"
            }.joined(separator: " ") + "."
        }
    }

    /// A word without a digit in it.
    private static func letters(_ number: Int) -> String {
        String(
            String(number + 100, radix: 26).map { $0.isNumber ? Character(UnicodeScalar($0.asciiValue! + 0x41)) : $0 })
    }

    /// As a state from before there were any.
    func forgetLives() throws {
        let queue = try DatabaseQueue(path: folder + "/feedwatch.db")
        try queue.write { try $0.execute(sql: "DELETE FROM alert_life") }
    }

    /// As after damage.
    func spoilLives() throws {
        let queue = try DatabaseQueue(path: folder + "/feedwatch.db")
        try queue.write { try $0.execute(sql: "UPDATE alert_life SET life = substr(life, 1, 20)") }
    }

    func parcels(_ kind: Parcel.Kind = .alert) throws -> [Parcel] {
        try store.undelivered().filter { $0.kind == kind }
    }

    func alerts() throws -> [Alert] { try parcels().map { try PublicJSON.decode(Alert.self, from: $0.json) } }

    func held() throws -> [HeldAlerts] {
        try parcels(.more).map { try PublicJSON.decode(HeldAlerts.self, from: $0.json) }
    }

    func stories() throws -> [Story] {
        try store.stories(from: Timestamp(seconds: 0), to: clock.now + .seconds(86_400 * 99), filedAfter: 0)
    }

    func releaseDue() throws -> Timestamp? { try store.dueTime(of: .held) }
}

private let first = "Allies plan a joint headquarters in Canberra"
private func later(_ words: String) -> String { "Allies plan a joint headquarters in Canberra, \(words)" }
private func hours(_ count: Int) -> Duration { .seconds(count * 3600) }

@Suite("Alert life")
struct AlertLifeTests {
    @Test(
        "A later article alerts again for what is new in it and for nothing else, and says which",
        arguments: [
            ("minami", later("ministers say after the talks"), "They spoke for long.", [Topic.Again.Reason](), []),
            (
                "minami", later("with JJOC beside it"), "The other is ready.", [.newStrongEntity], ["JJOC"]
            ),
            ("minami", later("300 officers to move"), "They will come in May.", [.numberInHeadline], ["300"]),
            ("minami", "Correction: " + later("not in Sydney"), "We regret the error.", [.correction], []),
            (
                "minami", "Berichtigung: " + later("JJOC and 40,000 troops"), "Mehr folgt bald.",
                [.correction, .newStrongEntity, .numberInHeadline], ["JJOC", "40000"]
            ),
            ("minami", first, "copy", [], []),
        ])
    func again(
        source: String, title: String, text: String, why: [Topic.Again.Reason], new: [String]
    ) async throws {
        let scene = try AlertScene()
        #expect(try await scene.file(first) == 1)
        scene.clock.advance(hours(7))
        let isCopy = text == "copy"
        let alerts = try await scene.file(title, source, text: isCopy ? [] : [text], like: isCopy ? 1 : nil)
        #expect(try scene.stories().count == 1)
        #expect(alerts == (why.isEmpty ? 0 : 1))
        guard !why.isEmpty else {
            let story = try #require(try scene.stories().first)
            #expect(story.alerts.told.count == 1)
            #expect(story.alerts.folded.count == (isCopy ? 0 : 1))
            #expect(story.members.map(\.relation) == [.first, isCopy ? .copy : .followUp])
            return
        }
        let told = try scene.alerts()
        guard told.count == 2 else { return }
        let (one, update) = (told[0], told[1])
        #expect(one.updateOf == nil)
        let of = try #require(update.updateOf)
        #expect(of.file == one.stem && of.alertedAt == one.decided && of.why == why)
        #expect(of.new.entities.map(\.name) + of.new.numbers == new)
        #expect(update.story.title == title, "an update has the headline of what is new")
        #expect(update.story.topics.map(\.id) == ["deterrence"])
        #expect(update.stem == "alerts/2025-03-30/150000Z-\(one.story.shownID)")
    }

    @Test("A reason that comes too soon is held, with all that follow it, and alerts once when the span is over")
    func heldReason() async throws {
        let scene = try AlertScene()
        try await scene.file(first)
        scene.clock.advance(hours(1))
        #expect(try await scene.file(later("300 officers to move"), "minami", text: ["In May."]) == 0)
        scene.clock.advance(hours(1))
        #expect(try await scene.file(later("with JJOC beside it"), "quay", text: ["It is ready."]) == 0)
        #expect(try scene.releaseDue() == AlertScene.start + hours(6))
        #expect(try await scene.desk.release(all: true) == 0)
        scene.clock.advance(hours(4))
        #expect(try await scene.desk.release(all: false) == 1)
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(try scene.releaseDue() == nil)
        let update = try #require(try scene.alerts().last?.updateOf)
        #expect(update.why == [.newStrongEntity, .numberInHeadline])
        #expect(update.new.numbers == ["300"] && update.new.entities.map(\.id) == ["jjoc"])
        scene.clock.advance(hours(7))
        #expect(try await scene.file(later("300 officers, with JJOC"), "minami", text: ["Once more."]) == 0)
    }

    @Test("A new version counts by what it changes; a corrected copy corrects, and else a copy says nothing")
    func versions() async throws {
        let scene = try AlertScene()
        let text = ["It will have 40,000 people and six ships by the autumn.", "Both sides have signed the paper."]
        try await scene.file(first, text: text, key: "h1")
        try await scene.file(first, "minami", text: text, key: "m1", like: 1)
        scene.clock.advance(hours(7))
        let more = text + ["A hangar comes later."]
        #expect(try await scene.file(later("and 9 ships"), "minami", text: more, key: "m1", version: 2, like: 1) == 0)
        let corrected = more + ["Correction: an earlier version gave the number of people as 40,000."]
        #expect(
            try await scene.file(later("and 9 ships"), "minami", text: corrected, key: "m1", version: 3, like: 1) == 1)
        let update = try #require(try scene.alerts().last?.updateOf)
        #expect(update.why == [.correction] && update.new.corrections.map(\.outlet) == ["minami"])
        scene.clock.advance(hours(7))
        #expect(try await scene.file(later("and 12 ships"), text: text, key: "h1", version: 2, like: 1) == 1)
        #expect(try scene.alerts().last?.updateOf?.new.numbers == ["12"])
    }

    @Test("Of several topics the shortest span applies, and each counts for the reasons that it names")
    func severalTopics() async throws {
        let scene = try AlertScene([
            AlertScene.topic("slow") { $0.alertAgain = Topic.Again(after: hours(12), when: [.numberInHeadline]) },
            AlertScene.topic("fast") { $0.alertAgain = Topic.Again(after: hours(2), when: [.correction]) },
            AlertScene.topic("both") {
                $0.alertAgain = Topic.Again(after: hours(4), when: [.numberInHeadline, .correction])
            },
        ])
        try await scene.file(first)
        scene.clock.advance(hours(3))
        #expect(try await scene.file(later("9 ships"), "minami", text: ["In May."]) == 0)
        #expect(try scene.releaseDue() == AlertScene.start + hours(4))
        #expect(
            try await scene.file("Correction: " + later("9 ships"), "quay", text: ["Sorry for that."]) == 1,
            "a correction may follow after two hours, and takes the number along")
        let alert = try #require(try scene.alerts().last)
        #expect(alert.updateOf?.why == [.correction, .numberInHeadline])
        #expect(alert.story.topics.map(\.id).sorted() == ["both", "fast", "slow"])
    }

    @Test("Of a story that alerted before lives were kept no rule is new that held for its articles")
    func newRuleAfterUpgrade() async throws {
        var collision = Topic.AlertCondition()
        collision.words = ["collision"]
        let topic = AlertScene.topic {
            $0.alertAnyOf.append(collision)
            $0.alertAgain = Topic.Again(after: hours(1), when: [.newRule])
        }
        let scene = try AlertScene([topic])
        try await scene.file(first)
        try scene.forgetLives()
        scene.clock.advance(hours(2))
        #expect(try await scene.file(later("and 9 ships"), "quay", text: ["In May."]) == 0)
        #expect(try await scene.file(later("after a collision"), "minami", text: ["Nobody is hurt."]) == 1)
        #expect(try scene.alerts().last?.updateOf?.new.rules.map(\.rule) == ["words: [collision]"])
    }

    @Test("A rule that did not hold before alerts again where the topic asks for that")
    func newRule() async throws {
        var collision = Topic.AlertCondition()
        collision.words = ["collision"]
        let topic = AlertScene.topic {
            $0.alertAnyOf.append(collision)
            $0.alertAgain = Topic.Again(after: hours(1), when: [.newRule])
        }
        let scene = try AlertScene([topic])
        try await scene.file(first)
        scene.clock.advance(hours(2))
        #expect(try await scene.file(later("and 9 ships"), "quay", text: ["In May."]) == 0)
        #expect(try await scene.file(later("after a collision"), "minami", text: ["Nobody is hurt."]) == 1)
        #expect(try scene.alerts().last?.updateOf?.new.rules.map(\.rule) == ["words: [collision]"])
        scene.clock.advance(hours(2))
        #expect(try await scene.file(later("a collision at sea"), "quay", text: ["Again of it."]) == 0)
    }

    @Test(
        "A muted story is silent: what is held ends in silence, and nothing is told of it later",
        arguments: [true, false])
    func muted(isLifted: Bool) async throws {
        let scene = try AlertScene()
        try await scene.file(first)
        scene.clock.advance(hours(1))
        try await scene.file(later("300 officers to move"), "minami", text: ["In May."])
        let story = try #require(try scene.stories().first)
        try scene.store.mute(story.id, until: scene.clock.now + hours(72))
        try await scene.file(later("with JJOC"), "quay", text: ["It is ready."])
        if isLifted { try scene.store.mute(story.id, until: nil) }
        scene.clock.advance(hours(6))
        #expect(try await scene.desk.release(all: false) == (isLifted ? 1 : 0))
        let folded = try #require(try scene.stories().first?.alerts.folded.count)
        #expect(folded == (isLifted ? 1 : 2))
        #expect(try scene.releaseDue() == nil)
        if isLifted { #expect(try scene.alerts().last?.updateOf?.why == [.numberInHeadline]) }
    }

    @Test("A story that only a party-state outlet carries waits for another, and a copy is none")
    func neverOnOnly() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertNeverOnOnly = [.partyState] }])
        #expect(try await scene.file(first, "haixia") == 0)
        #expect(try await scene.file(first, "minami", like: 1) == 0)
        #expect(try scene.stories().first?.alerts.held?.by == .alone)
        #expect(
            try await scene.file("Canberra talks of the allies plan new headquarters", "quay", text: ["More soon."])
                == 1)
        #expect(try scene.alerts().first?.story.topics.first?.rule == "match: clear")

        #expect(try await scene.file("A joint headquarters in Sydney", "haixia", event: "Sydney") == 0)
        #expect(try await scene.desk.release(all: true) == 0)
        scene.use([AlertScene.topic()])
        #expect(try await scene.desk.release(all: true) == 1, "without the rule it is released")
    }

    @Test("A source that is no longer configured vouches for nothing")
    func unknownSource() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertNeverOnOnly = [.partyState] }])
        #expect(try await scene.file(first, "haixia") == 0)
        scene.remove("haixia")
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(try scene.stories().first?.alerts.held?.by == .alone)
    }

    @Test("A mute of a clock that ran ahead ends when the clock is set back by more than any mute may last")
    func muteAhead() async throws {
        let scene = try AlertScene()
        try await scene.file(first)
        let story = try #require(try scene.stories().first)
        try scene.store.mute(story.id, until: scene.clock.now + .seconds(Limits.muteSecondsMax + 1))
        scene.clock.advance(hours(7))
        try scene.store.mute(story.id, until: scene.clock.now + .seconds(Limits.muteSecondsMax + 1))
        #expect(try await scene.file(later("300 officers to move"), "minami", text: ["In May."]) == 1)
        try scene.store.mute(story.id, until: scene.clock.now + .seconds(Limits.muteSecondsMax))
        scene.clock.advance(hours(7))
        #expect(try await scene.file(later("400 officers to move"), "quay", text: ["In June."]) == 0)
    }

    @Test("Alerts of a clock that ran ahead keep none out of the feed that are decided when it is right again")
    func feedAfterClockAhead() async throws {
        let scene = try AlertScene()
        scene.clock.advance(hours(24 * 700))
        try await scene.file("A joint headquarters in Darwin", event: "Darwin")
        scene.clock.advance(hours(-24 * 700))
        try await scene.file(first)
        for parcel in try scene.store.undelivered() { try scene.store.markDelivered(parcel, at: scene.clock.now) }
        let now = scene.clock.now
        let newest = try scene.store.newestAlerts(limit: 9, now: now).map(\.decided)
        #expect(newest.count == 2 && newest[0] == now)
        #expect(try scene.store.newestAlerts(limit: 1, now: now).map(\.decided) == [now])
    }

    @Test("A life that cannot be read is set aside with the story named: what alerted has alerted, the rest goes on")
    func spoiled() async throws {
        let scene = try AlertScene()
        try await scene.file(first)
        scene.clock.advance(hours(1))
        try await scene.file(later("300 officers to move"), "minami", text: ["In May."])
        try scene.spoilLives()
        let shown = try #require(try scene.stories().first).shownID
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(
            scene.recorder.lines.filter { $0.hasPrefix("error: what was kept of the alerts of story \(shown)") }.count
                == 1)
        scene.clock.advance(hours(7))
        #expect(try await scene.file(first, "quay", text: ["Another text."]) == 0, "it has alerted")
        try scene.spoilLives()
        #expect(try await scene.file("A joint headquarters in Darwin", event: "Darwin") == 1)
        #expect(try await scene.file(later("400 officers to move"), "quay", text: ["In June."]) == 1)
    }

    @Test("Copies are recognised after a clock was far ahead for a while and is right again")
    func clockAhead() async throws {
        let scene = try AlertScene()
        scene.clock.advance(.seconds(90 * 86_400))
        #expect(try await scene.file("A joint headquarters in Darwin", event: "Darwin") == 1)
        scene.clock.set(AlertScene.start)
        #expect(try await scene.file(first) == 1)
        #expect(try await scene.file(first, "quay", like: 2) == 0)
        #expect(try await scene.file(first, "minami", like: 2) == 0)
    }

    @Test("A hold whose topic is gone ends, and that is logged and kept with the story")
    func topicGone() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertNeverOnOnly = [.partyState] }])
        #expect(try await scene.file(first, "haixia") == 0)
        #expect(HeldOrphans.words(try scene.store.heldTopics(), configured: ["deterrence"]).isEmpty)
        #expect(
            HeldOrphans.words(try scene.store.heldTopics(), configured: ["other"])
                == ["held alerts that end in silence, for their topics are gone: 1 (deterrence)"])
        scene.use([AlertScene.topic("other")])
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(scene.recorder.lines.contains { $0.contains("ends in silence: no longer configured: deterrence") })
        #expect(try scene.stories().first?.alerts.ended?.topics == ["deterrence"])
    }

    @Test("A story that nobody else carries in two weeks is let go in silence")
    func aloneForGood() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertNeverOnOnly = [.partyState] }])
        try await scene.file(first, "haixia")
        scene.clock.advance(StoryIndex.window)
        #expect(try await scene.desk.release(all: false) == 0)
        #expect(try scene.stories().first?.alerts.held == nil && scene.releaseDue() == nil)
    }
}

@Suite("Held alerts")
struct HeldAlertsTests {
    private static let night = Topic.Quiet(
        from: LocalTime(hour: 23, minute: 0), to: LocalTime(hour: 4, minute: 0), unless: ["collision"])

    @Test("What quiet hours hold is told in one file when they end, as it stands then, each story once")
    func quiet() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertQuiet = Self.night }])
        scene.clock.advance(hours(16))
        #expect(try await scene.file(first) == 0)
        #expect(try await scene.file("A joint headquarters in Darwin", event: "Darwin") == 0)
        #expect(try await scene.file("A joint headquarters in Perth", event: "Perth") == 0)
        scene.clock.advance(hours(2))
        #expect(try await scene.file(later("300 officers"), "minami", text: ["In May."]) == 0)
        #expect(try await scene.file("A collision at the joint headquarters in Cairns", event: "Cairns") == 1)
        let perth = try #require(try scene.stories().first { $0.members[0].article.title?.contains("Perth") == true })
        try scene.store.mute(perth.id, until: scene.clock.now + hours(72))
        let end = Timestamp(rfc3339: "2025-03-31T04:00:00Z")!
        #expect(try scene.releaseDue() == end)
        scene.clock.advance(hours(2))
        #expect(scene.clock.now == end)
        #expect(try await scene.desk.release(all: false) == 1)
        let file = try #require(try scene.held().first)
        #expect(file.stem == "alerts/2025-03-31/040000Z-more" && file.kind == "more")
        #expect(file.stories.count == 2 && file.stories.allSatisfy { $0.heldBy == .quiet && $0.updateOf == nil })
        #expect(file.stories.contains { $0.story.members.count == 2 })
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(try scene.held().count == 1 && scene.alerts().count == 1)
        #expect(try scene.stories().filter { $0.alertedAt == end }.count == 2)
    }

    @Test("A story is held only while every topic holds it; when one does not, it alerts on all of them, once")
    func everyTopic() async throws {
        var words = Topic.AlertCondition()
        words.words = ["officers"]
        let scene = try AlertScene([
            AlertScene.topic("night") { $0.alertQuiet = Self.night },
            AlertScene.topic("day") { $0.alertAnyOf = [words] },
        ])
        scene.clock.advance(hours(16))
        #expect(try await scene.file(first) == 0)
        #expect(try await scene.file(later("officers to move"), "minami", text: ["In May."]) == 1)
        #expect(try #require(try scene.alerts().first).story.topics.map(\.id).sorted() == ["day", "night"])
        scene.clock.advance(hours(12))
        #expect(try await scene.desk.release(all: true) == 0)
    }

    @Test("A cap lets so many alert in a span that begins with the first, and tells the rest at its end")
    func cap() async throws {
        let capped = AlertScene.topic { $0.alertAtMost = Topic.AtMost(count: 2, per: hours(1)) }
        let scene = try AlertScene([capped])
        let places = ["Darwin", "Perth", "Cairns", "Hobart", "Sydney"]
        var decided: [Int] = []
        for place in places {
            decided.append(try await scene.file("A joint headquarters in \(place)", event: place))
            scene.clock.advance(.seconds(60))
        }
        #expect(decided == [1, 1, 0, 0, 0])
        #expect(try scene.releaseDue() == AlertScene.start + hours(1))
        scene.clock.advance(hours(1))
        #expect(
            try await scene.file("A joint headquarters in Broome", event: "Broome") == 1, "a new span has begun")
        #expect(try await scene.desk.release(all: false) == 1)
        #expect(try #require(try scene.held().first).stories.count == 3)
        #expect(try #require(try scene.held().first).stories.allSatisfy { $0.heldBy == .atMost })
        #expect(try await scene.file("A joint headquarters in Exmouth", event: "Exmouth") == 1)
    }

    @Test("An alert counts against the cap of each of its topics")
    func countsForEach() async throws {
        let scene = try AlertScene([
            AlertScene.topic("one") { $0.alertAtMost = Topic.AtMost(count: 1, per: hours(1)) },
            AlertScene.topic("two") { $0.alertAtMost = Topic.AtMost(count: 1, per: hours(3)) },
        ])
        #expect(try await scene.file("A joint headquarters in Perth", event: "Perth") == 1)
        scene.clock.advance(.seconds(60))
        #expect(try await scene.file("A joint headquarters in Cairns", event: "Cairns") == 0)
        #expect(try scene.releaseDue() == AlertScene.start + hours(1), "the one that ends first lets it pass")
        scene.clock.advance(hours(1))
        #expect(try await scene.desk.release(all: false) == 1)
    }

    @Test("Without the rule, after a reload, what it held is told at once", arguments: [true, false])
    func reload(isQuiet: Bool) async throws {
        let scene = try AlertScene([
            AlertScene.topic {
                if isQuiet {
                    $0.alertQuiet = Self.night
                } else {
                    $0.alertAtMost = Topic.AtMost(count: 1, per: hours(9))
                }
            }
        ])
        if isQuiet {
            scene.clock.advance(hours(16))
        } else {
            try await scene.file("A joint headquarters in Perth", event: "Perth")
        }
        #expect(try await scene.file(first) == 0)
        #expect(try await scene.desk.release(all: true) == 0)
        scene.use([AlertScene.topic()])
        #expect(try await scene.desk.release(all: true) == 1)
        #expect(try scene.held().map(\.count) == [1])
    }

    @Test("A topic that is gone takes what it held along")
    func topicIsGone() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertQuiet = Self.night }])
        scene.clock.advance(hours(16))
        try await scene.file(first)
        scene.use([])
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(try scene.releaseDue() == nil)
    }

    @Test("A clock set back releases nothing twice and holds nothing for longer than its rule", arguments: [0, 1, 2])
    func clockSetBack(_ rule: Int) async throws {
        let scene = try AlertScene([
            AlertScene.topic {
                if rule == 0 { $0.alertAtMost = Topic.AtMost(count: 1, per: hours(2)) }
                if rule == 1 { $0.alertQuiet = Self.night }
            }
        ])
        if rule == 1 { scene.clock.advance(hours(16)) }
        if rule != 1 { try await scene.file(first) }
        try await scene.file("A joint headquarters in Perth", event: "Perth")
        if rule == 2 { try await scene.file(later("300 officers"), "minami", text: ["In May."]) }
        let before = try scene.store.undelivered().count
        #expect(before == [1, 0, 2][rule])
        scene.clock.advance(hours(-48))
        #expect(try await scene.desk.release(all: true) == 0)
        scene.clock.advance(hours(rule == 0 ? 2 : 6))
        #expect(try await scene.desk.release(all: true) == 1)
        #expect(try scene.store.undelivered().count == before + 1)
        scene.clock.advance(hours(60))
        #expect(try await scene.desk.release(all: true) == 0)
        #expect(try scene.store.undelivered().count == before + 1)
    }

    @Test("Two files of the same second, which a clock set back shows twice, are both told")
    func sameSecond() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertQuiet = Self.night }])
        for event in ["Perth", "Darwin"] {
            scene.clock.advance(hours(20))
            scene.clock.advance(AlertScene.start + hours(17) - scene.clock.now)
            try await scene.file("A joint headquarters in \(event)", event: event)
            scene.clock.advance(hours(3))
            #expect(try await scene.desk.release(all: false) == 1)
        }
        #expect(try scene.held().map(\.stem) == ["040000Z", "040001Z"].map { "alerts/2025-03-31/\($0)-more" })
    }

    @Test("An update that quiet hours hold stands in their file as an update")
    func heldUpdate() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertQuiet = Self.night }])
        scene.clock.advance(hours(10))
        try await scene.file(first)
        scene.clock.advance(hours(1))
        #expect(try await scene.file(later("300 officers"), "minami", text: ["In May."]) == 0)
        scene.clock.advance(hours(5))
        #expect(try await scene.desk.release(all: false) == 0)
        #expect(try scene.releaseDue() == Timestamp(rfc3339: "2025-03-31T04:00:00Z"))
        scene.clock.advance(hours(4))
        #expect(try await scene.desk.release(all: false) == 1)
        #expect(try #require(try scene.held().first).stories[0].updateOf?.why == [.numberInHeadline])
    }
}
