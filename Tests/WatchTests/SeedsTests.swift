import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// The demo's promises, looked at from inside.
@Suite struct SeedsTests {
    private static let baseline = Timestamp(rfc3339: "2025-03-30T19:00:00Z")!
    private static let news = Timestamp(rfc3339: "2025-03-31T07:00:00Z")!

    @Test("Each story that should alert does so once, with its topic and outlets; no look-alike alerts or is kept")
    func alerts() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        let first = try await stage.pass(phase: 1, at: Self.baseline)
        #expect(first.baseline > 20 && first.new == 0 && first.alerts == 0 && first.faults.isEmpty)
        let second = try await stage.pass(phase: 2, at: Self.news)
        let loud = Stage.stories.filter { $0.promise == .alert }
        #expect(second.new == 29 && second.alerts == loud.count && second.faults.isEmpty)

        let kept = try stage.store().stories(from: Self.baseline, to: Self.news, filedAfter: 0)
        #expect(kept.count == loud.count)
        let titles = kept.flatMap(\.members).compactMap(\.article.title)
        for story in Stage.stories where story.promise == .quiet {
            #expect(!titles.contains(story.headline), "\(story)")
        }

        let alerts = try stage.alerts()
        #expect(alerts.map(\.story.title).sorted() == loud.map(\.headline).sorted())
        for story in loud {
            let alert = try #require(alerts.first { $0.story.title == story.headline })
            #expect(Set(alert.story.topics.map(\.id)).isSuperset(of: story.topics), "\(story)")
            #expect(Set(alert.story.members.map(\.outlet)) == Set(story.outlets), "\(story)")
        }
    }

    @Test("The three copies of the wire story are one story, and the follow-up stands in it")
    func oneStory() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        try await stage.pass(phase: 1, at: Self.baseline)
        try await stage.pass(phase: 2, at: Self.news)
        let story = try stage.wireStory()
        #expect(
            story.members.filter { $0.relation != .followUp }.map(\.source).sorted() == [
                "harbour-courier", "newsbasin", "reef-gazette",
            ])
        #expect(story.members.filter { $0.relation == .copy }.count == 2)
        #expect(story.members.filter { $0.relation == .followUp }.map(\.source) == ["north-quay"])
        let names = stage.playground.files(".json").filter { $0.hasPrefix("alerts/") }
        #expect(names.contains("alerts/2025-03-31/070000Z-\(story.shownID).json"))
    }

    @Test("Not one word of the teasers below the reference story gets into its text")
    func teasers() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        try await stage.pass(phase: 1, at: Self.baseline)
        try await stage.pass(phase: 2, at: Self.news)
        let story = try stage.wireStory()
        let reference = try #require(story.members.first { $0.source == "newsbasin" })
        #expect(reference.article.paragraphs.count >= 13)
        let readme = try String(contentsOfFile: ShippedTests.root + "/seeds/README.md", encoding: .utf8)
        let words = readme.components(separatedBy: "```")[1].split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(words.count > 20)
        for word in words {
            #expect(!reference.article.text.localizedCaseInsensitiveContains(word), "teaser word \(word)")
        }
        #expect(!reference.article.text.contains("Share this"))
    }

    @Test(
        "A poll that is all 304 adds nothing, and a corrected copy is a version and one update, six hours after the alert"
    )
    func quietThenCorrected() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        try await stage.pass(phase: 1, at: Self.baseline)
        try await stage.pass(phase: 2, at: Self.news)
        let before = stage.site.hits.count
        let quiet = try await stage.pass(phase: 2, at: Self.news + .seconds(5400))
        let statuses = stage.site.hits.dropFirst(before).map(\.status)
        #expect(statuses.count == quiet.polled && statuses.allSatisfy { $0 == 304 })
        #expect(quiet.polled == 13 && quiet.new == 0 && quiet.changed == 0 && quiet.alerts == 0)
        let corrected = try await stage.pass(phase: 3, at: Self.news + .seconds(10800))
        #expect(corrected.changed == 1 && corrected.new == 0 && corrected.alerts == 0)
        let story = try stage.wireStory()
        let changes = story.members.flatMap(\.changes)
        #expect(changes.count == 1 && changes[0].correction && changes[0].version == 2)
        #expect(story.alerts.held?.until == Self.news + .seconds(21_600))
        let told = try await stage.pass(phase: 3, at: Self.news + .seconds(21_600))
        #expect(told.alerts == 1)
        let updates = try stage.alerts().filter { $0.updateOf != nil }
        #expect(updates.count == 1 && updates[0].updateOf?.why == [.correction] && updates[0].story.id == story.id)
    }

    @Test("seeds/topics/cyber.yaml, as a reader might write it, is valid and passes its own tests")
    func readersTopic() throws {
        let stage = try Stage()
        defer { stage.remove() }
        let text = try String(contentsOfFile: ShippedTests.root + "/seeds/topics/cyber.yaml", encoding: .utf8)
        try stage.playground.write(text, to: "topics.d/cyber.yaml")
        let check = ConfigurationCheck.run(stage.playground.location, runTopicTests: TopicTests.run)
        #expect(check.exitCode == 0, "\(check.lines)")
        let topics = try Configuration.load(stage.playground.location).topics
        #expect(topics.first { $0.id == "cyber" }?.tests.count == 14)
    }

    @Test("The day's issue is published by the pass that meets its hour, once, and windows abut")
    func daily() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        try await stage.pass(phase: 1, at: Self.baseline)
        #expect(try await stage.pass(phase: 2, at: Self.news).digest == nil)
        let hour = Timestamp(rfc3339: "2025-03-31T18:00:00Z")!
        #expect(try await stage.pass(phase: 2, at: hour).digest == "digests/2025-03-31")
        #expect(try await stage.pass(phase: 2, at: hour + .seconds(3600)).digest == nil)
        let first = try #require(try stage.store().lastDigest())
        #expect(first.from == Self.baseline - .seconds(1) && first.to == hour - .seconds(600))
        // Asleep for two days: one late issue, of the day of waking.
        let late = Timestamp(rfc3339: "2025-04-02T20:30:00Z")!
        #expect(try await stage.pass(phase: 3, at: late).digest == "digests/2025-04-02")
        let second = try #require(try stage.store().lastDigest())
        #expect(second.from == first.to && second.to == late)
        #expect(
            try stage.store().dueJobs().contains {
                $0.kind == .digest && $0.at == Timestamp(rfc3339: "2025-04-03T18:00:00Z")!
            })
    }
}

/// The seeds' site with a configuration for it.
private struct Stage {
    let site: SeedSite
    let playground: Playground

    init() throws {
        site = try SeedSite(folder: ShippedTests.root + "/seeds/web")
        let sources = try String(contentsOfFile: ShippedTests.root + "/seeds/sources.d/seeds.yaml", encoding: .utf8)
        playground = try Playground(
            sources: site.rewrite(sources),
            main: "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\ndigest: {at: \"18:00\"}\n")
        for folder in ["topics.d", "entities.d"] {
            try FileManager.default.removeItem(atPath: "\(playground.config)/\(folder)")
            try FileManager.default.copyItem(
                atPath: "\(ShippedTests.root)/Config/\(folder)", toPath: "\(playground.config)/\(folder)")
        }
    }

    @discardableResult
    func pass(phase: Int, at time: Timestamp) async throws -> PassSummary {
        site.phase = phase
        return try await playground.pass(at: time)
    }

    /// What `seeds/stories.tsv` promises.
    static let stories = (try? SeedStory.load(ShippedTests.root + "/seeds")) ?? []

    func alerts() throws -> [Alert] {
        try playground.files(".json").filter { $0.hasPrefix("alerts/") }.map {
            try PublicJSON.decode(Alert.self, from: [UInt8](playground.text($0).utf8))
        }
    }

    /// The story of the reference page, with what stands in it now.
    func wireStory() throws -> Story {
        let all = try store().stories(
            from: Timestamp(rfc3339: "2025-03-30T19:00:00Z")!, to: Timestamp(rfc3339: "2025-03-31T12:00:00Z")!,
            filedAfter: 0)
        return try #require(all.first { $0.members.contains { $0.source == "newsbasin" } })
    }

    func store() throws -> Store { try Store(path: playground.state.database, readOnly: true) }

    func remove() {
        site.stop()
        playground.remove()
    }
}
