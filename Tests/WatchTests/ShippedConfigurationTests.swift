import Foundation
import News
import Testing

@testable import Watch

/// What `Config/` ships: sources in packs, entities, topics.
@Suite struct ShippedConfigurationTests {
    private static let location = ConfigurationLocation(folder: ShippedTests.root + "/Config")
    private static let languages = ["en", "ja", "zh-Hans", "zh-Hant", "ko"]

    private static let loaded = Result { try Configuration.load(location) }

    private let configuration: Configuration
    private var sources: [Source] { configuration.sources + configuration.offered }

    init() throws { configuration = try Self.loaded.get() }

    @Test("check is silent on it")
    func silent() {
        let check = ConfigurationCheck.run(Self.location, runTopicTests: TopicTests.run)
        #expect(check.lines == [])
        #expect(check.exitCode == 0)
    }

    // MARK: Sources

    @Test(
        "every source says its country, language, affiliation, origin and packs, and leaves reliability to the reader")
    func sourcesAreWhole() {
        #expect(sources.count >= 103)
        #expect(sources.count { $0.kind == .page } == 13)
        for source in sources {
            #expect(source.country != nil && source.affiliation != nil && source.origin != nil, "\(source.id)")
            #expect(Self.languages.contains(source.language ?? ""), "\(source.id)")
            #expect(!source.packs.isEmpty && source.name != source.id, "\(source.id)")
            #expect(source.reliability == nil, "\(source.id)")
            #expect(source.interval == nil, "\(source.id): polled no oftener than the reader asks for")
        }
        #expect(Set(sources.map(\.url)).count == sources.count, "one address, one source")
    }

    @Test("the starter pack is about ten sources in several languages, all of them over https, and no other is on")
    func starterPack() {
        let starter = configuration.sources
        #expect((9...12).contains(starter.count))
        #expect(starter.allSatisfy { $0.packs.contains("starter") && $0.enabled && $0.url.hasPrefix("https://") })
        #expect(Set(starter.compactMap(\.language)).isSuperset(of: ["en", "ja", "zh-Hant"]))
        #expect(Set(starter.compactMap(\.country)).count >= 7)
    }

    @Test("what is not to be read says why, and no pack turns it on")
    func disabledSources() throws {
        let packs = Set(sources.flatMap(\.packs)).sorted()
        let own = try ConfigurationFolder(["feedwatch.yaml": "packs: [\(packs.joined(separator: ", "))]\n"])
        let all = try Configuration.load(ConfigurationLocation(folder: own.path, vendor: Self.location.folder))
        #expect(all.offered.isEmpty, "every source is in a pack that can be named")
        #expect(all.sources.map(\.id) == sources.map(\.id).sorted())
        let off = all.sources.filter { !$0.enabled }
        #expect(
            Set(off.map(\.id)).isSuperset(of: [
                "korea-herald", "smh", "us-navy-releases", "china-daily", "tw-mnd-plaact",
            ]))
        #expect(off.count < 20 && off.allSatisfy { $0.because != nil })
    }

    @Test("docs/sources.md lists every pack with the number of its sources")
    func packsAreDocumented() throws {
        let page = try String(contentsOfFile: ShippedTests.root + "/docs/sources.md", encoding: .utf8)
        var documented: [String: Int] = [:]
        for row in page.split(separator: "\n") where row.hasPrefix("| `") {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count >= 2, let count = Int(cells[1]) {
                documented[cells[0].replacing("`", with: "")] = count
            }
        }
        let counts = sources.flatMap(\.packs).reduce(into: [:]) { $0[$1, default: 0] += 1 }
        #expect(documented == counts)
    }

    // MARK: Entities

    @Test("every entity is used by a topic, and most have names in all five languages")
    func entitiesAreUsed() {
        let used = Set(configuration.topics.flatMap { $0.strongEntities + $0.weakEntities + $0.elsewhere })
        let known = Set(configuration.entities.map(\.id))
        #expect(used == known, "\(used.symmetricDifference(known).sorted())")
        #expect(known.count >= 406)
        func isNamed(_ entity: Entity, in language: String) -> Bool {
            language == "en" || entity.aliases[language] != nil || entity.ambiguous[language] != nil
        }
        let whole = configuration.entities.count { entity in Self.languages.allSatisfy { isNamed(entity, in: $0) } }
        #expect(whole >= 360)
    }

    @Test("a name that can mean two entities is clear for neither")
    func clearNamesAreClear() {
        var owners: [String: Set<EntityID>] = [:]
        var clear: Set<String> = []
        for entity in configuration.entities {
            let names = [entity.name] + entity.aliases.values.flatMap { $0 }
            for name in names + entity.ambiguous.values.flatMap({ $0 }) {
                owners[name.lowercased(), default: []].insert(entity.id)
            }
            clear.formUnion(names.map { $0.lowercased() })
        }
        let shared = owners.filter { $0.value.count > 1 && clear.contains($0.key) }
        // "日米" is Japan and the United States in one word, and so are the others two countries each.
        #expect(shared.keys.sorted() == ["日米", "日韓", "米中", "한미"])
        #expect(shared.values.allSatisfy { $0.count == 2 })
    }

    @Test(
        "words of everyday life are no clear names",
        arguments: [
            "AFP", "SDF", "PLA", "Quad", "Squad", "Patriot", "Electric Boat", "Ghost Shark", "雄三", "海保", "海自", "空自",
            "國軍", "台海", "東海", "南海", "金门", "동해", "현무", "천궁", "우리 군", "スティンガー", "スクワッド", "토마호크",
        ])
    func everydayWords(word: String) {
        for entity in configuration.entities {
            let clear = [entity.name] + entity.aliases.values.flatMap { $0 }
            #expect(!clear.contains(word), "\(entity.id)")
        }
    }

    // MARK: Topics

    @Test("six topics in five languages, each with tests in all of them and for what is not meant")
    func topicsAreWhole() {
        #expect(
            configuration.topics.map(\.id) == [
                "indo-pacific-deterrence", "korean-peninsula", "munitions-industrial-base", "south-china-sea",
                "taiwan-strait", "us-japan-alliance",
            ])
        for topic in configuration.topics {
            #expect(Set(topic.words.map(\.language)) == Set(Self.languages), "\(topic.id)")
            #expect(topic.tests.count >= 12, "\(topic.id)")
            #expect(topic.tests.count { $0.expect == .nothing } >= 6, "\(topic.id)")
            #expect(topic.tests.contains { $0.expect == .alert } && !topic.alertAnyOf.isEmpty, "\(topic.id)")
            let positive = topic.tests.filter { $0.expect != .nothing }.map { $0.title + ($0.text ?? "") }
            for script in [#"[ぁ-ん]"#, #"[가-힣]"#, #"[军导东国]"#, #"[軍飛國導]"#, #"^[ -~]+$"#] {
                let expression = Script(pattern: script)
                #expect(positive.contains { expression.matches($0) }, "\(topic.id): \(script)")
            }
        }
    }

    @Test("no phrase stands twice in the lists of one language, and none is a single letter or syllable")
    func phrasesAreDistinct() {
        for topic in configuration.topics {
            for (language, phrases) in Dictionary(grouping: topic.words, by: \.language) {
                let texts = phrases.map { $0.text.lowercased() }
                let twice = Dictionary(grouping: texts) { $0 }.filter { $0.value.count > 1 }.keys
                #expect(twice.isEmpty, "\(topic.id), \(language): \(twice)")
                #expect(texts.allSatisfy { $0.unicodeScalars.count > 1 }, "\(topic.id), \(language)")
            }
        }
    }
}

/// Whether a text is in a script, by a class of characters.
private struct Script {
    var pattern: String
    func matches(_ text: String) -> Bool { text.range(of: pattern, options: .regularExpression) != nil }
}
