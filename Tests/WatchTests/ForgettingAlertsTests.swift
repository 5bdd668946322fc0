import Foundation
import GRDB
import News
import Publish
import Storage
import Testing

@testable import Watch

private let first = "Allies plan a joint headquarters in Canberra"
private func later(_ words: String) -> String { "Allies plan a joint headquarters in Canberra, \(words)" }
private func hours(_ count: Int) -> Duration { .seconds(count * 3600) }

/// What is forgotten is no reason for an alert any more, and takes nothing of others with it.
@Suite struct ForgettingAlertsTests {
    private static let night = Topic.Quiet(
        from: LocalTime(hour: 7, minute: 0), to: LocalTime(hour: 12, minute: 0), unless: [])

    @discardableResult
    private func forget(_ address: String, _ scene: AlertScene) throws -> Forgotten {
        try scene.store.forget(at: WebURL.spellings(of: address), at: scene.clock.now)
    }

    /// Whether a word stands in any row of these.
    private func holds(_ word: String, _ scene: AlertScene, _ column: String, of table: String) throws -> Bool {
        let queue = try DatabaseQueue(path: scene.folder + "/feedwatch.db")
        return try queue.read {
            try Bool.fetchOne(
                $0, sql: "SELECT count(*) > 0 FROM \(table) WHERE instr(\(column), CAST(? AS BLOB))", arguments: [word])
        } ?? false
    }

    private func deliver(_ scene: AlertScene) throws {
        for parcel in try scene.store.undelivered() { try scene.store.markDelivered(parcel, at: scene.clock.now) }
    }

    @Test("An update is not told from a text that was forgotten while it was held", arguments: [false, true])
    func heldUpdate(isOneLeft: Bool) async throws {
        let scene = try AlertScene()
        try await scene.file(first)
        scene.clock.advance(hours(1))
        try await scene.file(later("300 officers to move"), "minami", text: ["In May."], key: "m")
        if isOneLeft { try await scene.file(later("with JJOC beside it"), "quay", text: ["It is ready."]) }
        try forget("https://minami.example/m", scene)
        #expect(try !holds("minami", scene, "life", of: "alert_life"))
        scene.clock.advance(hours(6))
        #expect(try await scene.desk.release(all: false) == (isOneLeft ? 1 : 0))
        #expect(try scene.releaseDue() == nil)
        guard isOneLeft else { return }
        let update = try #require(try scene.alerts().last?.updateOf)
        #expect(update.why == [.newStrongEntity] && update.new.numbers.isEmpty)
    }

    @Test(
        "A first alert that is held is judged by the articles that are left",
        arguments: [("Canberra talks on Tuesday of officers and ships", 0), (later("they say"), 1)])
    func heldFirst(title: String, alerts: Int) async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertQuiet = Self.night }])
        try await scene.file(first, key: "h")
        try await scene.file(title, "minami", text: ["In May."])
        #expect(try scene.stories().count == 1)
        #expect(try forget("https://harbour.example/h", scene).copiesLeft == 0, "what follows up is no copy")
        scene.clock.advance(hours(4))
        #expect(try await scene.desk.release(all: false) == alerts)
        #expect(try scene.releaseDue() == nil)
        #expect(try scene.held().map(\.count) == (alerts == 0 ? [] : [1]))
    }

    @Test("A hold is judged by the lines that hold for what is left, not by its topic alone")
    func heldLine() async throws {
        var collision = Topic.AlertCondition()
        collision.words = ["collision"]
        let scene = try AlertScene([
            AlertScene.topic {
                $0.alertAnyOf = [collision]
                $0.alertQuiet = Self.night
            }
        ])
        try await scene.file(later("after a collision"), key: "h")
        try await scene.file(later("they say"), "minami", text: ["In May."])
        try forget("https://harbour.example/h", scene)
        scene.clock.advance(hours(4))
        #expect(try await scene.desk.release(all: false) == 0)
        #expect(try scene.stories().first?.alerts.held == nil)
    }

    @Test("No key of a forgotten text is left in the life of its story, nor among the suspects")
    func keys() async throws {
        let scene = try AlertScene()
        try await scene.file(first)
        try await scene.file(later("ministers say"), "minami", text: ["They spoke."], key: "m")
        try scene.store.setSuspicions([
            Suspect(source: "minami", key: "m"): Suspicion(deaths: 1, last: scene.clock.now, madeWith: "test")
        ])
        #expect(try holds("\"key\":\"m\"", scene, "life", of: "alert_life"))
        try forget("https://minami.example/m", scene)
        #expect(try !holds("\"key\":\"m\"", scene, "life", of: "alert_life"))
        #expect(try scene.store.suspicions().isEmpty)
    }

    @Test("An address that begins another one takes only its own alert along")
    func prefix() async throws {
        let scene = try AlertScene()
        try await scene.file(first, key: "n1")
        try await scene.file("A joint headquarters in Darwin", key: "n12", event: "Darwin")
        try deliver(scene)
        try forget("https://harbour.example/n1", scene)
        let left = try scene.store.newestAlerts(limit: 9, now: scene.clock.now)
        #expect(
            try left.map { try PublicJSON.decode(Alert.self, from: $0.json).story.title } == [
                "A joint headquarters in Darwin"
            ])
    }

    /// Publishes an issue of everything up to now, by no topic: what was held stands in it below the line.
    private func publish(_ scene: AlertScene) throws -> Digest {
        let now = scene.clock.now
        let material = try scene.store.issueMaterial(from: now - hours(48), to: now, filedAfter: 0, limit: 0)
        var input = DigestInput(
            day: CivilDate(daysSince1970: 0), window: (now - hours(48))..<now, previousTo: nil, issued: now,
            nextIssue: now,
            zone: .utc, stories: [], nearMisses: [], health: [], sources: [:], topics: [], excerptMax: 0,
            belowTheLine: 0,
            version: "", configurationHash: "")
        (input.held, input.heldTold) = (material.held, material.heldTold)
        let digest = Digest.compose(input)
        let parcel = Parcel(kind: .digest, stem: digest.stem, json: try PublicJSON.encode(digest), decided: now)
        try scene.store.publish(
            PublishedDigest(day: digest.day.description, from: now, to: now, stem: digest.stem, filedTo: 0), as: parcel,
            nextDue: now)
        try scene.store.markDelivered(parcel, at: now)
        return digest
    }

    @Test("Of several stories in one file only the forgotten one leaves the database's copy, and that of the issue")
    func more() async throws {
        let scene = try AlertScene([AlertScene.topic { $0.alertQuiet = Self.night }])
        try await scene.file(first, key: "n1")
        try await scene.file("A joint headquarters in Darwin", key: "n12", event: "Darwin")
        scene.clock.advance(hours(4))
        #expect(try await scene.desk.release(all: false) == 1)
        try deliver(scene)
        #expect(try Set(publish(scene).held?.map(\.title) ?? []) == [first, "A joint headquarters in Darwin"])
        let words = try #require(try scene.stories().first { $0.members[0].key == "n1" }).members[0].article.title
        try forget("https://harbour.example/n1", scene)
        let left = try #require(try scene.store.newestAlerts(limit: 9, now: scene.clock.now).first)
        let held = try PublicJSON.decode(HeldAlerts.self, from: left.json)
        #expect(held.stories.map(\.story.title) == ["A joint headquarters in Darwin"])
        #expect(try words == first && !holds(first, scene, "json", of: "outbox"))
        #expect(try scene.store.dueTime(of: .feed) != nil)
        try forget("https://harbour.example/n12", scene)
        #expect(try scene.store.newestAlerts(limit: 9, now: scene.clock.now).isEmpty)
    }
}
