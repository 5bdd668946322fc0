import FoundationEssentials
import News
import Testing

@testable import Publish

/// Files under `Golden/`: `UPDATE_GOLDEN=1` rewrites them, and a missing one fails.
enum Golden {
    static func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Golden/" + name
    }

    static func check(_ bytes: [UInt8], _ name: String) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Files(beforeStep: { _ in }).replace(path(name), with: bytes)
        }
        let expected = try #require(try Files(beforeStep: { _ in }).read(path(name)), "no Golden/\(name)")
        let same = String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self)
        #expect(same, "Golden/\(name) differs; UPDATE_GOLDEN=1 rewrites it, then read the diff")
    }
}

@Suite("Published days")
struct GoldenTests {
    static let days: [(name: String, input: DigestInput)] = [
        (
            "full-day",
            SampleDay.input(
                stories: [SampleDay.ships, SampleDay.claim, SampleDay.reef, SampleDay.harbour],
                nearMisses: [SampleDay.miss], blind: ["capes"])
        ),
        ("silent-day", SampleDay.input(stories: [])),
        ("blind-day", SampleDay.input(stories: [], blind: Set(SampleDay.sources.keys))),
        (
            "clocks-go-back-day",
            SampleDay.input(
                stories: [], blind: ["misaki", "capes"], day: "2025-10-26", from: "2025-10-25T04:20:00Z",
                to: "2025-10-26T05:20:00Z")
        ),
    ]

    @Test("An issue is the same, byte for byte, as the one that was reviewed", arguments: 0..<4)
    func issues(index: Int) throws {
        let (name, input) = Self.days[index]
        let digest = Digest.compose(input)
        let json = try PublicJSON.encode(digest)
        try Golden.check(json, "\(name).json")
        try Golden.check(Array(try MarkdownRenderer().render(digest).utf8), "\(name).md")
        try Golden.check(Array(try HTMLRenderer().render(digest).utf8), "\(name).html")
        #expect(try PublicJSON.decode(Digest.self, from: json) == digest)
        #expect(try PublicJSON.encode(try PublicJSON.decode(Digest.self, from: json)) == json)
    }

    static var alert: Alert {
        let story = SampleDay.harbour
        let reasons = zip(SampleDay.topics, story.members[0].topics).map { topic, match in
            (topic: topic, match: match, rule: "{match: clear}")
        }
        return Alert.compose(
            story: story, topics: reasons, sources: SampleDay.sources, excerptMax: 240, zone: paris,
            decided: at("2025-03-30T01:53:10Z"), version: "0.1.0")
    }

    @Test("An alert is the same, byte for byte, as the one that was reviewed")
    func alert() throws {
        let alert = Self.alert
        #expect(alert.stem == "alerts/2025-03-30/015310Z-k7f2")
        let json = try PublicJSON.encode(alert)
        try Golden.check(json, "alert.json")
        try Golden.check(Array(try MarkdownRenderer().render(alert).utf8), "alert.md")
        try Golden.check(Array(try HTMLRenderer().render(alert).utf8), "alert.html")
        #expect(try PublicJSON.decode(Alert.self, from: json) == alert)
    }

    @Test("The order in which sources, stories and health are handed over changes nothing but ties")
    func orderOfInput() {
        var input = Self.days[0].input
        let digest = Digest.compose(input)
        input.stories.reverse()
        input.health.reverse()
        #expect(Digest.compose(input) == digest)
    }
}
