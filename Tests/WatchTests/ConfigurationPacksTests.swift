import Foundation
import News
import Testing

@testable import Watch

@Suite struct ConfigurationPacksTests {
    private static let vendorSources = """
        defaults: {packs: [japan]}
        sources:
          minato: {feed: "https://minato.example/rss", packs: [japan, starter]}
          kaigan: https://kaigan.example/rss
          shut: {feed: "https://shut.example/rss", enabled: false, because: its terms}
          plain: {feed: "http://plain.example/rss", interval: 5m}
          always: {feed: "https://always.example/rss", packs: []}
        """

    private static func load(main: String, sources: String = "") throws -> Configuration {
        let vendor = try ConfigurationFolder(["sources.d/japan.yaml": vendorSources])
        let own = try ConfigurationFolder([
            "feedwatch.yaml": "contact: mailto:a@b.example\n\(main)", "sources.d/10-mine.yaml": sources,
        ])
        return try own.load(vendor: vendor)
    }

    private static func on(_ configuration: Configuration) -> [String] {
        configuration.sources.filter(\.enabled).map(\.id)
    }

    @Test("the starter pack is on by itself, and a source in no pack always")
    func starter() throws {
        let configuration = try Self.load(main: "")
        #expect(Self.on(configuration) == ["always", "minato"])
        #expect(configuration.offered.map(\.id) == ["kaigan", "plain", "shut"])
        #expect(configuration.offered.allSatisfy { !$0.enabled })
        #expect(configuration.offered[0].packs == ["japan"])
        #expect(configuration.warnings.isEmpty, "what is off gives no warning")
    }

    @Test(
        "a source is in play when one of its packs is on",
        arguments: [
            (
                "packs: [japan]", ["always", "kaigan", "minato", "plain"],
                ["always", "kaigan", "minato", "plain", "shut"]
            ),
            ("packs: [starter]", ["always", "minato"], ["always", "minato"]), ("packs: []", ["always"], ["always"]),
        ])
    func packs(main: String, on: [String], inPlay: [String]) throws {
        let configuration = try Self.load(main: main)
        #expect(Self.on(configuration) == on)
        #expect(configuration.sources.map(\.id) == inPlay)
        #expect(
            configuration.sources.first { $0.id == "shut" }?.because == (inPlay.contains("shut") ? "its terms" : nil))
    }

    @Test("an explicit enabled wins over packs, in any file")
    func enabledWins() throws {
        let configuration = try Self.load(
            main: "packs: [starter]",
            sources: "sources: {kaigan: {enabled: true}, minato: {enabled: false}, shut: {enabled: true}}\n")
        #expect(Self.on(configuration) == ["always", "kaigan", "shut"])
        #expect(configuration.sources.map(\.id) == ["always", "kaigan", "minato", "shut"])
    }

    @Test("a later file may put a source into other packs, and its defaults do not")
    func layers() throws {
        let sources =
            "defaults: {packs: [mine]}\nsources: {kaigan: {packs: [mine]}, plain: {name: P}, new: 'https://n.example/'}\n"
        #expect(Self.on(try Self.load(main: "packs: [mine]", sources: sources)) == ["always", "kaigan", "new"])
    }

    @Test("a pack that no source is in is told with its place and the one that was meant, or those there are")
    func unknownPacks() throws {
        let vendor = try ConfigurationFolder(["sources.d/japan.yaml": Self.vendorSources])
        let own = try ConfigurationFolder(["feedwatch.yaml": "packs: [starter, japn, jupiter]\n"])
        #expect(
            own.faults(vendor: vendor) == [
                "feedwatch.yaml:1:18: no source is in a pack \"japn\" – did you mean \"japan\"?",
                "feedwatch.yaml:1:24: no source is in a pack \"jupiter\" – packs are japan, starter",
            ])
        try own.write(Array("sources: [\n".utf8), to: "sources.d/a.yaml")
        #expect(own.faults(vendor: vendor).count == 1, "a file that cannot be read may be the one that names them")
    }

    @Test("check counts what is off apart")
    func summary() throws {
        let own = try ConfigurationFolder(["sources.d/a.yaml": Self.vendorSources])
        let check = ConfigurationCheck.run(ConfigurationLocation(folder: own.path)) { _ in [] }
        #expect(check.summary?.hasPrefix("2 sources, 3 more in packs that are off, 0 topics") == true)
    }
}

@Suite struct MissingContactTests {
    private static let source = ["sources.d/a.yaml": "sources: {a: 'https://a.example/'}\n"]
    private static let sample = ["feedwatch.yaml": ConfigurationSample.mainFile]

    private func asks(_ files: [String: String], vendor: [String: String]? = nil) throws -> Bool {
        let vendor = try vendor.map { try ConfigurationFolder($0) }
        return try ConfigurationFolder(files).load(vendor: vendor).warnings
            .contains { $0.message == "\"contact\" is empty" }
    }

    @Test("a contact is asked for wherever a source is read, and not where nobody has configured anything yet")
    func whoIsAsked() throws {
        #expect(try asks(Self.source))
        #expect(try asks(Self.source.merging(["feedwatch.yaml": "timezone: UTC\n"]) { $1 }))
        #expect(try asks([:], vendor: Self.source.merging(Self.sample) { $1 }))
        #expect(try asks(Self.sample, vendor: Self.source))
        #expect(try !asks(Self.source.merging(Self.sample) { $1 }), "the folder as it ships")
        #expect(try !asks(["sources.d/a.yaml": "sources: {a: {feed: 'https://a.example/', enabled: false}}\n"]))
        #expect(try !asks([:]))
    }

    @Test("whoever polls without a contact is told, also with the folder as it ships")
    func runSaysSo() async throws {
        let playground = try Playground(
            sources: Self.source["sources.d/a.yaml"] ?? "", main: ConfigurationSample.mainFile)
        defer { playground.remove() }
        let recorder = Recorder()
        let station = try Station.open(
            try Configuration.load(playground.location), state: playground.state,
            clock: .standing(at: Timestamp(seconds: 0)), log: recorder.logger, patience: nil)
        await station.close()
        #expect(recorder.lines.contains { $0.contains("contact is empty") })
    }
}
