import Foundation
import News
import Testing

@testable import Watch

@Suite struct ConfigurationTableTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(
        "the sample and the documentation are those that the table makes",
        arguments: [
            ("Config/feedwatch.yaml", ConfigurationSample.mainFile),
            ("docs/configuration.md", ConfigurationDocument.markdown),
        ])
    func generatedFilesAreUpToDate(path: String, text: String) throws {
        let file = Self.repository.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "UPDATE_GOLDEN=1 rewrites it")
    }

    @Test("the sample says the defaults: with or without its # it reads as an empty file does")
    func sampleIsTheDefaults() throws {
        let lines = ConfigurationSample.mainFile.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(3)
        let bare = lines.map { $0.hasPrefix("#") ? $0.dropFirst() : $0 }.joined(separator: "\n")
        let empty = try ConfigurationFolder([:]).load().settings
        #expect(try ConfigurationFolder(["feedwatch.yaml": ConfigurationSample.mainFile]).load().settings == empty)
        #expect(try ConfigurationFolder(["feedwatch.yaml": bare]).load().settings == empty)
        #expect(bare.contains("\n  in_flight: 64MB "))
    }

    @Test("the defaults are those of the format")
    func defaults() throws {
        let settings = try ConfigurationFolder([:]).load().settings
        #expect(
            settings
                == Settings(
                    contact: "", timezone: "UTC", digestAt: LocalTime(hour: 6, minute: 30), digestCutoff: .seconds(600),
                    belowTheLine: 10, excerpt: 240, pollInterval: .seconds(3600), transfers: 256,
                    bytesInFlight: 64 << 20, packs: ["starter"], metrics: "",
                    keep: Keep(
                        text: .seconds(90 * 86_400), versions: .seconds(30 * 86_400), metadata: .seconds(400 * 86_400)))
        )
    }

    @Test("the examples of the documentation load, without a warning but for the contact")
    func documentedExamplesLoad() throws {
        let configuration = try ConfigurationFolder([
            "sources.d/20-ports.yaml": ConfigurationDocument.sourcesExample,
            "entities.d/20-ports.yaml": ConfigurationDocument.entitiesExample,
            "topics.d/port-access.yaml": ConfigurationDocument.topicExample,
        ]).load()
        #expect(configuration.sources.map(\.id) == ["coast-office", "minato", "old-harbour", "pilot-board"])
        #expect(configuration.topics.map(\.id) == ["port-access"])
        #expect(configuration.warnings.map(\.message) == ["\"contact\" is empty"])
        for example in [
            ConfigurationDocument.sourcesExample, ConfigurationDocument.entitiesExample,
            ConfigurationDocument.topicExample,
        ] { #expect(ConfigurationDocument.markdown.contains(example)) }
    }

    @Test("every key of every kind has a line of documentation, is written once, and its default can be read")
    func rowsAreWhole() {
        for kind in ConfigurationMappingKind.allCases {
            let rows = ConfigurationKeys.keys(of: kind)
            #expect(Set(rows.map(\.name)).count == rows.count, "\(kind)")
            for row in rows {
                #expect(!row.doc.isEmpty && !row.doc.contains("\n") && !row.doc.contains("|"), "\(kind).\(row.name)")
                #expect((row.standardValue != nil) == (row.standard != nil))
                #expect(row.standard == nil || row.presence == .optional, "\(kind).\(row.name)")
            }
        }
    }

    @Test("every mapping kind is documented once, under a heading that the tables link to")
    func kindsAreDocumented() {
        let kinds = ConfigurationDocument.sections.flatMap(\.kinds)
        #expect(kinds.count == ConfigurationMappingKind.allCases.count)
        #expect(Set(kinds) == Set(ConfigurationMappingKind.allCases))
        for kind in ConfigurationMappingKind.allCases {
            #expect(ConfigurationDocument.markdown.contains("\n### \(kind.title)\n"))
        }
    }

    @Test("every reserved key is refused in so many words, wherever it stands")
    func reservedKeysAreRefused() throws {
        let places: [(ConfigurationMappingKind, String, (String) -> String)] = [
            (.main, "feedwatch.yaml", { "\($0): x\n" }),
            (.source, "sources.d/a.yaml", { "sources: {a: {feed: 'https://a.example/', \($0): x}}\n" }),
            (.sourceDefaults, "sources.d/a.yaml", { "defaults: {\($0): x}\n" }),
        ]
        var seen = 0
        for (kind, file, text) in places {
            for row in ConfigurationKeys.keys(of: kind) where row.presence == .reserved {
                let faults = try ConfigurationFolder([file: text(row.name)]).faults()
                #expect(faults.count == 1, "\(row.name): \(faults)")
                #expect(
                    faults.first?.hasSuffix(": key \"\(row.name)\" is reserved for a later version – remove it") == true
                )
                seen += 1
            }
        }
        let all = ConfigurationMappingKind.allCases.flatMap { ConfigurationKeys.keys(of: $0) }
        #expect(seen == all.count { $0.presence == .reserved })
        #expect(seen == 2)
    }

    @Test("a key with one letter left out, doubled, changed or swapped is met with the key that was meant")
    func slipsAreUnderstood() {
        for kind in ConfigurationMappingKind.allCases {
            let names = ConfigurationKeys.keys(of: kind).filter { $0.presence != .reserved }.map(\.name)
            for name in names where name.count > 4 {
                var letters = Array(name)
                letters.swapAt(1, 2)
                #expect(Spelling.nearest(to: String(letters), among: names) == name)
                #expect(Spelling.nearest(to: String(name.dropLast()), among: names) == name)
                #expect(Spelling.nearest(to: name + String(name.last ?? "x"), among: names) == name)
            }
        }
        #expect(Spelling.nearest(to: "xyz", among: ["at", "cutoff"]) == nil)
        #expect(Spelling.nearest(to: String(repeating: "a", count: 100_000), among: ["at"]) == nil)
    }

    @Test(
        "slips between two words are counted, a swap as one",
        arguments: [
            ("", "", 0), ("a", "", 1), ("interval", "intervall", 1), ("cutoff", "cutfof", 1), ("kitten", "sitting", 3),
            ("ca", "abc", 3), ("日本", "本日", 1),
        ])
    func distances(a: String, b: String, slips: Int) {
        #expect(Spelling.distance(Array(a.unicodeScalars), Array(b.unicodeScalars)) == slips)
        #expect(Spelling.distance(Array(b.unicodeScalars), Array(a.unicodeScalars)) == slips)
    }
}
