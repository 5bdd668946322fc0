import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

private let plan = "Allies plan a joint headquarters in Canberra"
private func later(_ words: String) -> String { "\(plan), \(words)" }

/// `story`, `story split` and `story join`: what they show, that they hold for ever, and that nothing is told twice.
@Suite struct RearrangingTests {
    private static let addresses = ["https://harbour.example/h", "https://minami.example/m", "https://quay.example/q"]

    /// A report that alerts, a follow-up an hour later, and a copy of that.
    private func scene() async throws -> AlertScene {
        let scene = try AlertScene()
        #expect(try await scene.file(plan, key: "h") == 1)
        scene.clock.advance(.seconds(3600))
        #expect(try await scene.file(later("they say"), "minami", text: ["In May."], key: "m") == 0)
        #expect(try await scene.file(later("reports say"), "quay", text: ["In May."], key: "q", like: 2) == 0)
        return scene
    }

    private func split(_ url: String, _ scene: AlertScene) async throws -> ControlAnswer {
        let store = scene.store
        return try await scene.desk.rearrange { try Rearranging(store: store).split(url) }
    }

    private func join(_ story: String, _ other: String, _ scene: AlertScene) async throws -> ControlAnswer {
        let store = scene.store
        return try await scene.desk.rearrange { try Rearranging(store: store).join(story, other) }
    }

    private func members(_ url: String, _ scene: AlertScene) throws -> [String] {
        let story = try #require(try scene.store.story(at: url))
        return story.members.map { "\($0.key) \($0.relation.rawValue)" + ($0.copyOf.map { " of \($0.key)" } ?? "") }
    }

    @Test("An article leaves with the copies of its text, and stays where it is whatever comes later")
    func splits() async throws {
        let scene = try await scene()
        #expect(try members(Self.addresses[0], scene) == ["h first", "m follow-up", "q copy of m"])
        let old = try #require(try scene.store.story(at: Self.addresses[0]))
        let answer = try await split(Self.addresses[1], scene)
        let new = try #require(answer.rearranged)
        #expect(answer.words == ["2 articles of \(old.shownID) are story \(new.story) now"])
        #expect(try members(Self.addresses[0], scene) == ["h first"])
        #expect(try members(Self.addresses[1], scene) == ["m first", "q copy of m"])

        // Another process, a new version, another copy, and all judged anew.
        let desk = Desk(store: scene.store, rules: scene.rules, clock: scene.clock.wall, patience: nil)
        try await scene.file(later("they say again"), "minami", text: ["In June."], key: "m", version: 2, by: desk)
        try await scene.file(later("all say"), "haixia", text: ["In May."], key: "x", like: 2, by: desk)
        _ = try scene.store.reclassify(
            after: 0, since: AlertScene.start,
            judge: { member in
                var member = member
                member.topics = []
                return member
            }, rules: { _, _ in [] })
        #expect(try members(Self.addresses[0], scene) == ["h first"])
        #expect(try members(Self.addresses[1], scene) == ["m first", "q copy of m", "x copy of m"])
        #expect(try scene.store.story(named: new.story)?.members.count == 3)
    }

    @Test("A copy leaves alone, as a text of its own")
    func splitsCopy() async throws {
        let scene = try await scene()
        _ = try await split(Self.addresses[2], scene)
        #expect(try members(Self.addresses[0], scene) == ["h first", "m follow-up"])
        #expect(try members(Self.addresses[2], scene) == ["q first"])
        // It is a story of its own, and alone there.
        let again = try await split(Self.addresses[2], scene)
        #expect(again.exit == 1 && again.words[0].contains("nothing to split"))
        await #expect(throws: UnknownName.self) { try await split("https://quay.example/unknown", scene) }
    }

    @Test("What was told is not told again in either story, and what came after the alert is told yet")
    func alertsOfParts() async throws {
        let scene = try await scene()
        _ = try await split(Self.addresses[0], scene)
        // The first text was told: its new version is no second alert.
        #expect(try scene.store.story(at: Self.addresses[0])?.alertedAt == AlertScene.start)
        #expect(try await scene.file(plan, text: ["In May."], key: "h", version: 2) == 0)
        // The others came later: they were folded into a story that was not theirs.
        #expect(try scene.store.story(at: Self.addresses[1])?.alertedAt == nil)
        #expect(try await scene.file(later("they say"), "minami", text: ["In July."], key: "m", version: 2) == 1)
        #expect(try await scene.file(later("they say"), "minami", text: ["In June."], key: "m", version: 3) == 0)
    }

    @Test("Two stories become one, for which both ids stand, and which has alerted when one of them had")
    func joins() async throws {
        let scene = try AlertScene()
        #expect(try await scene.file(plan, key: "h") == 1)
        #expect(try await scene.file("Harbour festival opens", "minami", key: "m", event: "Festival") == 0)
        let (told, silent) = (
            try #require(try scene.store.story(at: Self.addresses[0])),
            try #require(try scene.store.story(at: Self.addresses[1]))
        )
        let answer = try await join(silent.shownID, told.shownID, scene)
        #expect(
            answer.words == ["1 article of \(told.shownID) is in \(silent.shownID) now; \(told.shownID) leads there"])
        let joined = try #require(try scene.store.story(named: told.shownID))
        #expect(joined.shownID == silent.shownID && joined.alertedAt == AlertScene.start)
        #expect(joined.members.map(\.key) == ["h", "m"] && joined.members.map(\.relation) == [.followUp, .first])
        #expect(try await scene.file(later("they say"), "quay", text: ["In May."], key: "q") == 0)
        #expect(try members(Self.addresses[2], scene).count == 3)
        #expect(try await join(silent.shownID, told.shownID, scene).exit == 1)
        // And apart again, under an id that nobody had.
        let apart = try #require(try await split(Self.addresses[1], scene).rearranged)
        #expect(Set([told.shownID, silent.shownID]).contains(apart.story) == false)
        #expect(try scene.store.story(named: told.shownID)?.members.map(\.key) == ["h", "q"])
    }

    @Test("A story is told with its texts, its articles in the order of time, their versions and why each belongs")
    func tells() async throws {
        let scene = try await scene()
        try await scene.file(later("9 ships say"), "minami", text: ["In June.", "All 9 ships."], key: "m", version: 2)
        let story = try #require(try scene.store.story(at: Self.addresses[0]))
        let account = StoryAccount(story, sources: scene.rules.sources)
        #expect(account.articles.map(\.member.source) == ["harbour", "minami", "quay"])
        #expect(account.texts.count == 2 && account.articles.map(\.text) == [0, 1, 1])
        #expect(account.articles[1].member.changes.map(\.version) == [2])
        let ages = Ages(now: scene.clock.now, zone: .utc)
        let text = StoryAccountText(account: account, ages: ages).lines.map { $0.runs.map(\.text).joined() }
        #expect(
            text[0]
                == "Story \(story.shownID), first seen 1 h ago (08:00): 3 articles, 2 texts, no newsroom known by name"
        )
        #expect(text.contains("Sun 09:00  minami · follow-up, text 2"), "\(text)")
        #expect(text.contains { $0.hasPrefix("  Here: same event as harbour") }, "\(text)")
        #expect(
            text.contains("    headline: “they” → “9 ships”") || text.contains { $0.contains("9 ships") }, "\(text)")
        let json = String(decoding: try PublicJSON.encode(account), as: UTF8.self)
        for key in ["\"copy_of\"", "\"why\"", "\"newsrooms_at_least\"", "\"changes\""] { #expect(json.contains(key)) }
    }
}
