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

    @Test("One alert names the topic; three copies and a follow-up are one story; no negative alerts or is kept")
    func oneStory() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        let first = try await stage.pass(phase: 1, at: Self.baseline)
        #expect(first.baseline > 10 && first.new == 0 && first.alerts == 0 && first.failed == 0)
        let second = try await stage.pass(phase: 2, at: Self.news)
        #expect(second.new == 11 && second.alerts == 1)

        let store = try stage.store()
        let stories = try store.stories(from: Self.baseline, to: Self.news, filedAfter: 0)
        let story = try #require(stories.first)
        #expect(stories.count == 1, "no negative is kept: \(stories.map { $0.members[0].article.title ?? "" })")
        #expect(
            story.members.filter { $0.relation != .followUp }.map(\.source).sorted() == [
                "harbour-courier", "newsbasin", "reef-gazette",
            ])
        #expect(story.members.filter { $0.relation == .copy }.count == 2)
        #expect(story.members.filter { $0.relation == .followUp }.map(\.source) == ["north-quay"])

        let files = try FileManager.default.subpathsOfDirectory(atPath: stage.playground.state.path + "/alerts")
        let names = files.filter { $0.hasSuffix(".json") }
        #expect(names == ["2025-03-31/070000Z-\(story.shownID).json"])
        let json = FileManager.default.contents(atPath: "\(stage.playground.state.path)/alerts/\(names[0])") ?? Data()
        let alert = try PublicJSON.decode(Alert.self, from: [UInt8](json))
        #expect(Set(alert.story.topics.map(\.id)).isSuperset(of: ["indo-pacific-deterrence", "us-japan-alliance"]))
    }

    @Test("Not one word of the teasers below the reference story gets into its text")
    func teasers() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        try await stage.pass(phase: 1, at: Self.baseline)
        try await stage.pass(phase: 2, at: Self.news)
        let story = try #require(
            try stage.store().stories(from: Self.baseline, to: Self.news, filedAfter: 0).first)
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

    @Test("A poll that is all 304 adds nothing, and a corrected copy is a version and no alert")
    func quietThenCorrected() async throws {
        let stage = try Stage()
        defer { stage.remove() }
        try await stage.pass(phase: 1, at: Self.baseline)
        try await stage.pass(phase: 2, at: Self.news)
        let before = stage.site.hits.count
        let quiet = try await stage.pass(phase: 2, at: Self.news + .seconds(5400))
        #expect(stage.site.hits.dropFirst(before).map(\.status) == [304, 304, 304, 304, 304, 304])
        #expect(quiet.polled == 6 && quiet.new == 0 && quiet.changed == 0 && quiet.alerts == 0)
        let corrected = try await stage.pass(phase: 3, at: Self.news + .seconds(10800))
        #expect(corrected.changed == 1 && corrected.new == 0 && corrected.alerts == 0)
        let story = try #require(
            try stage.store().stories(from: Self.news, to: Self.news + .seconds(10800), filedAfter: 99).first)
        let changes = story.members.flatMap(\.changes)
        #expect(changes.count == 1 && changes[0].correction && changes[0].version == 2)
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

    func store() throws -> Store { try Store(path: playground.state.database, readOnly: true) }

    func remove() {
        site.stop()
        playground.remove()
    }
}
