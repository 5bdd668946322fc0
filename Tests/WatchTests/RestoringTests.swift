import Foundation
import News
import NewsTesting
import Publish
import Storage
import Synchronization
import Testing

@testable import Watch

/// An older database under newer files: what readers were told stays told, once, and what they were not told is.
@Suite struct RestoringTests {
    typealias Item = (id: String, title: String, text: String)
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    static let old: Item = ("0", "Ferries run", "On time.")
    static let loud: Item = ("1", "Allies open a joint headquarters in Darwin on Tuesday", "The staff moved in.")
    static let other: Item = (
        "2", "Destroyers deter China in the eastern strait, admirals say", "Three of them left port at night."
    )

    private static func hours(_ count: Int) -> Timestamp { start + .seconds(count * 3600) }

    /// An outlet that shows what it is told to, and a state that has read it once.
    private final class Scene: Sendable {
        let playground: Playground
        private let server: LoopbackServer
        private let shown: Shown

        final class Shown: Sendable {
            let items = Mutex<[Item]?>([RestoringTests.old])
            let link = Mutex<String?>(nil)

            var answer: LoopbackServer.Response {
                guard let items = items.withLock({ $0 }) else {
                    return LoopbackServer.Response(status: 500, headers: [], body: [])
                }
                var answer = Playground.rss(items)
                if let link = link.withLock({ $0 }) {
                    let text = String(decoding: answer.body, as: UTF8.self)
                    answer.body = Array(text.replacing(/https:\/\/outlet\.example\/[0-9]/, with: link).utf8)
                }
                return answer
            }
        }

        init(alert: String = "any_of: [{match: clear}]", keys: String = "") async throws {
            let shown = Shown()
            self.shown = shown
            server = try LoopbackServer { _ in shown.answer }
            playground = try Playground(
                sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true\(keys)}\n")
            try playground.write(
                """
                topic: deterrence
                words: {en: {strong: ["deter China", "joint headquarters"]}}
                alert: {\(alert)}

                """, to: "topics.d/deterrence.yaml")
            try await playground.pass(at: RestoringTests.start)
        }

        deinit {
            server.stop()
            playground.remove()
        }

        func show(_ items: [Item]?) { shown.items.withLock { $0 = items.map { $0 + [RestoringTests.old] } } }
        func link(_ address: String) { shown.link.withLock { $0 = address } }

        func pass(_ hours: Int) async throws -> PassSummary {
            try await playground.pass(at: RestoringTests.hours(hours))
        }

        private var backup: String { playground.folder + "/backup" }

        func keep() throws { _ = try Backup(of: playground.state, to: backup, replaces: true).make() }

        func restore() throws {
            for suffix in ["", "-wal", "-shm"] { unlink(playground.state.database + suffix) }
            try FileManager.default.copyItem(atPath: backup + "/feedwatch.db", toPath: playground.state.database)
        }

        var alerts: [String] { playground.files(".json").filter { $0.hasPrefix("alerts/") } }
    }

    @Test("A story that was held when the backup was made and was told after it is not told a second time")
    func held() async throws {
        let scene = try await Scene(alert: "any_of: [{match: clear}], quiet: {from: \"09:00\", to: \"12:00\"}")
        scene.show([Self.loud])
        #expect(try await scene.pass(2).alerts == 0)
        try scene.keep()
        _ = try await scene.pass(5)
        let told = scene.alerts
        #expect(told == ["alerts/2025-03-30/130000Z-more.json"])
        try scene.restore()
        for hour in [6, 8, 30] { #expect(try await scene.pass(hour).alerts == 0) }
        #expect(scene.alerts == told)
    }

    @Test("A clock that was ahead by a year when the backup was made hides no file")
    func clockAhead() async throws {
        let scene = try await Scene()
        _ = try await scene.pass(366 * 24)
        _ = try await scene.pass(1)
        try scene.keep()
        scene.show([Self.loud])
        #expect(try await scene.pass(3).alerts == 1)
        try scene.restore()
        #expect(try await scene.pass(4).alerts == 0)
        #expect(scene.alerts.count == 1)
    }

    @Test("That a source is blind, or back, is told once, whatever the database that was restored knows")
    func blind() async throws {
        let scene = try await Scene(keys: ", critical: true")
        try scene.keep()
        scene.show(nil)
        _ = try await scene.pass(2)
        _ = try await scene.pass(5)
        let told = scene.alerts
        #expect(told.count == 1 && told[0].hasSuffix("blind-outlet.json"))
        try scene.restore()
        _ = try await scene.pass(6)
        _ = try await scene.pass(9)
        #expect(scene.alerts == told)
        try scene.keep()
        scene.show([])
        _ = try await scene.pass(16)
        let back = scene.alerts
        #expect(back.count == 2 && back[1].hasSuffix("back-outlet.json"))
        try scene.restore()
        _ = try await scene.pass(17)
        #expect(scene.alerts == back)
        let outages = try Store(path: scene.playground.state.database).issueMaterial(
            from: Self.start, to: Self.hours(18), filedAfter: 0, limit: 1
        ).outages
        #expect(outages.contains { $0.since == Self.hours(2) && $0.until <= Self.hours(16) }, "\(outages)")
    }

    @Test("A story that only an alert had told stands in the next issue, under the id of its alert")
    func nextIssue() async throws {
        let scene = try await Scene()
        try scene.keep()
        scene.show([Self.loud])
        #expect(try await scene.pass(2).alerts == 1)
        let alert = try PublicJSON.decode(Alert.self, from: [UInt8](scene.playground.text(scene.alerts[0]).utf8))
        try scene.restore()
        #expect(try await scene.pass(3).alerts == 0)
        #expect(try await scene.pass(24).digest == "digests/2025-03-31")
        let issue = try PublicJSON.decode(
            Digest.self, from: [UInt8](scene.playground.text("digests/2025-03-31.json").utf8))
        let story = try #require(issue.stories.first?.story)
        #expect(story.shownID == alert.story.shownID && story.alertedAt == alert.decided)
        let explainer = try Explainer(
            try Configuration.load(scene.playground.location), state: scene.playground.state,
            clock: .standing(at: Self.hours(24)))
        let facts = try #require(try explainer.story(named: story.shownID).story)
        #expect(facts.alertFile == alert.stem && facts.alertRules.map(\.rule) == ["match: clear"])
        // An issue has it now: another restore brings it into none.
        try scene.restore()
        #expect(try await scene.pass(25).new == 0)
        #expect(scene.alerts.count == 1)
    }

    @Test("Where all entries share one link, what was told is not told again, and what is new alerts")
    func sharedLink() async throws {
        let scene = try await Scene()
        scene.link("https://outlet.example/notices")
        _ = try await scene.pass(1)
        try scene.keep()
        scene.show([Self.loud])
        #expect(try await scene.pass(2).alerts == 1)
        try scene.restore()
        #expect(try await scene.pass(3).alerts == 0)
        scene.show([Self.other, Self.loud])
        #expect(try await scene.pass(5).alerts == 1)
        #expect(scene.alerts.count == 2)
    }

    @Test("A file that was held for many stories names those beyond its first so that they are known again")
    func beyondTheFirst() throws {
        let json = """
            {"schema": 1, "kind": "more", "decided": "2025-03-30T08:00:00Z", "stories": [], "also": [
            {"id": "abcdefgh", "shown_id": "abcd", "title": "Allies open", "first_seen": "2025-03-30T07:00:00Z"},
            {"shown_id": "efgh", "title": "Of an earlier version"}]}
            """
        let record = try #require(Reconciling.record("alerts/2025-03-30/080000Z-more", Array(json.utf8)))
        guard case .alert(let stories, let decided) = record.content else { throw CancellationError() }
        #expect(decided == Self.start && stories.map(\.id) == ["abcdefgh"])
    }

    @Test("A file that a story's life has already, as one saved from a damaged database, ends no hold of an update")
    func heldUpdate() throws {
        let folder = NSTemporaryDirectory() + "feedwatch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Store(path: folder + "/feedwatch.db")
        let story = PublishedRecord.Story(
            id: "abcdefgh", shownID: "abcd", title: "Allies open", firstSeen: Self.start, articles: [])
        let record = PublishedRecord(
            stem: "alerts/2025-03-30/080000Z-abcd", content: .alert([story], decided: Self.start))
        try store.takeOver([record], at: Self.start)
        var life = AlertLife()
        try store.file { transaction in
            life = try transaction.alertLife(of: story.id, except: [], at: Self.start, rules: { _ in [] }).life
            life.held = AlertLife.Held(
                by: .again, since: Self.hours(1), until: Self.hours(6), reasons: [], news: AlertNews())
            try transaction.keep(life, of: story.id)
        }
        #expect(life.told.map(\.file) == [record.stem] && life.said.rules == nil)
        try store.takeOver([record], at: Self.hours(2))
        var held: [StoryID] = []
        try store.file { held = try $0.heldStories(dueBy: nil) }
        #expect(held == [story.id])
        var later = record
        later.stem = "alerts/2025-03-30/120000Z-abcd"
        try store.takeOver([later], at: Self.hours(5))
        try store.file { held = try $0.heldStories(dueBy: nil) }
        #expect(held.isEmpty)
    }

    @Test("After a restore the second of a file that is there is not given to another")
    func takenName() async throws {
        let scene = try await Scene(alert: "any_of: [{match: clear}], quiet: {from: \"09:00\", to: \"12:00\"}")
        try scene.keep()
        scene.show([Self.loud])
        _ = try await scene.pass(2)
        _ = try await scene.pass(4)
        try scene.restore()
        scene.show([Self.other, Self.loud])
        _ = try await scene.pass(3)
        _ = try await scene.pass(4)
        #expect(scene.alerts == ["alerts/2025-03-30/120000Z-more.json", "alerts/2025-03-30/120001Z-more.json"])
        #expect(scene.playground.text(scene.alerts[1]).contains(Self.other.title))
    }

    @Test("An update after a restore names its first alert, and what that had said is not new")
    func update() async throws {
        let scene = try await Scene(
            alert: "any_of: [{match: clear}], again: {after: 1h, when: [number-in-headline, new-rule]}")
        let first: Item = ("1", "Allies open a joint headquarters with 40 officers in Darwin", "The staff moved in.")
        try scene.keep()
        scene.show([first])
        #expect(try await scene.pass(2).alerts == 1)
        try scene.restore()
        let same: Item = (
            "1", "Allies open a joint headquarters with 40 officers in Darwin today", "The staff moved in."
        )
        #expect(try await scene.pass(3).alerts == 0)
        scene.show([same])
        #expect(try await scene.pass(5).alerts == 0)
        let more: Item = (
            "1", "Allies open a joint headquarters with 90 officers in Darwin today", "The staff moved in."
        )
        scene.show([more])
        #expect(try await scene.pass(8).alerts == 1)
        let update = try PublicJSON.decode(Alert.self, from: [UInt8](scene.playground.text(scene.alerts[1]).utf8))
        #expect(update.updateOf?.file == String(scene.alerts[0].dropLast(5)) && update.updateOf?.new.numbers == ["90"])
        #expect(update.updateOf?.why == [.numberInHeadline])
    }
}
