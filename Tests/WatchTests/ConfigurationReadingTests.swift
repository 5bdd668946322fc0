import Foundation
import News
import Testing

@testable import Watch

@Suite struct ConfigurationReadingTests {
    @Test("every key of a source is read by its own type")
    func wholeSource() throws {
        let text = """
            sources:
              a:
                name: "  Norsk Avis "
                feed: "HTTPS://[2001:db8::1]:8443/rss?x=1#y"
                enabled: false
                because: null island
                country: NO
                language: NO
                interval: 90s
                tags: [on, 06:30, 1e3, "北"]
                affiliation: party-state
                reliability: F
                origin: think-tank
                full_text: fetch
                time: first-seen
                excerpt: 0
                first_read: last-24h
                expect: {every: 400d}
                private_hosts: true
            """
        var source = Source(id: "a", name: "Norsk Avis", url: "HTTPS://[2001:db8::1]:8443/rss?x=1#y")
        source.enabled = false
        source.because = "null island"
        source.country = "NO"
        source.language = "no"
        source.interval = .seconds(90)
        source.tags = ["on", "06:30", "1e3", "北"]
        source.affiliation = .partyState
        source.reliability = .f
        source.origin = .thinkTank
        source.fullText = .fetch
        source.time = .firstSeen
        source.excerpt = 0
        source.firstRead = .last24h
        source.expectEvery = .seconds(400 * 86_400)
        source.privateHosts = true
        #expect(try ConfigurationFolder(["sources.d/a.yaml": text]).load().sources == [source])
    }

    @Test("every key of a topic is read, and its tests know their lines")
    func wholeTopic() throws {
        let text = """
            topic: t
            about: >
              How states prevent
              or signal.
            belongs: [exercises]
            does_not: [trade]
            words:
              zh-hans: {weak: [威慑], strong: [一体化威慑]}
              en: {normal: ["SM-6: production"]}
            entities: {strong: [a], weak: [b]}
            require: [{any_strong: 1}, {countries: 2}]
            against:
              - words: [trial]
                unless: {entity: weak, near: [missile]}
              - words: [quarterback]
            digest: {from: clear}
            alert:
              any_of:
                - {match: likely, origin: wire, reliability: B, words: [collision]}
                - {words: [fire]}
            tests:
              - title: 東シナ海で地震
                expect: nothing
              - {title: x, text: "y\\nz", source: {origin: official, reliability: A}, expect: digest}
            """
        let folder = try ConfigurationFolder([
            "topics.d/t.yaml": text, "entities.d/e.yaml": "entities: {a: {name: A}, b: {name: B}}\n",
        ])
        var topic = Topic(id: "t", name: "t")
        topic.about = "How states prevent or signal."
        topic.belongs = ["exercises"]
        topic.doesNot = ["trade"]
        topic.words = [
            .init("一体化威慑", language: "zh-Hans", strength: .strong), .init("威慑", language: "zh-Hans", strength: .weak),
            .init("SM-6: production", language: "en", strength: .normal),
        ]
        topic.strongEntities = ["a"]
        topic.weakEntities = ["b"]
        topic.require.anyStrong = 1
        topic.require.countries = 2
        var against = Topic.Against(words: ["trial"])
        against.unlessEntity = .weak
        against.unlessNear = ["missile"]
        topic.against = [against, .init(words: ["quarterback"])]
        topic.digestFrom = .clear
        var first = Topic.AlertCondition()
        first.match = .likely
        first.origin = [.wire]
        first.reliability = .b
        first.words = ["collision"]
        var second = Topic.AlertCondition()
        second.words = ["fire"]
        topic.alertAnyOf = [first, second]
        let file = "\(folder.path)/topics.d/t.yaml"
        var example = Topic.Example(title: "x", text: "y\nz", expect: .digest, place: "\(file):24")
        example.source.origin = .official
        example.source.reliability = .a
        topic.tests = [.init(title: "東シナ海で地震", expect: .nothing, place: "\(file):22"), example]
        #expect(try folder.load().topics == [topic])
    }

    @Test(
        "numbers with units and times of day are read exactly",
        arguments: [
            ("feedwatch.yaml", "polling: {in_flight: 16MB}", 16 << 20),
            ("feedwatch.yaml", "polling: {in_flight: 20000KB}", 20_480_000),
            ("feedwatch.yaml", "polling: {in_flight: 4GB}", 4 << 30),
        ])
    func sizes(file: String, text: String, bytes: Int) throws {
        #expect(try ConfigurationFolder([file: text]).load().settings.bytesInFlight == bytes)
    }

    @Test("times of day keep their minutes, quoted or not", arguments: ["06:30", "\"06:30\"", "'06:30'"])
    func times(text: String) throws {
        let settings = try ConfigurationFolder(["feedwatch.yaml": "digest: {at: \(text), cutoff: 0s}"]).load().settings
        #expect(settings.digestAt == LocalTime(hour: 6, minute: 30))
        #expect(settings.digestCutoff == .zero)
    }

    @Test(
        "a text is what is written, whatever YAML would make of it",
        arguments: ["no", "1.0", "2026-11-24", "0x10", ".inf", "=", "true"])
    func textsAreTexts(text: String) throws {
        let folder = try ConfigurationFolder([
            "sources.d/a.yaml": "sources: {a: {feed: 'https://a.example/', name: \(text)}}"
        ])
        #expect(try folder.load().sources.first?.name == text)
    }

    @Test("empty sections and lists are as good as none")
    func emptySections() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "digest:\npolling: {}\n", "sources.d/a.yaml": "defaults:\nsources:\n",
            "sources.d/b.yaml": "sources: {a: {feed: 'https://a.example/', tags: }}\n",
            "entities.d/a.yaml": "entities:\n",
            "topics.d/a.yaml": "topic: t\nwords: {en: {strong: [x]}}\ntests:\nalert:\nrequire: []\n",
        ])
        let configuration = try folder.load()
        #expect(configuration.sources.map(\.tags) == [[]])
        #expect(configuration.topics.map(\.id) == ["t"])
    }

    @Test("an alias stands for what its anchor has, within limits")
    func aliases() throws {
        let folder = try ConfigurationFolder([
            "sources.d/a.yaml": """
            sources:
              a: {feed: "https://a.example/*", tags: &t [x, "*y*"]}
              b: {feed: "https://b.example/", tags: *t}
            """
        ])
        #expect(try folder.load().sources.map(\.tags) == [["x", "*y*"], ["x", "*y*"]])
    }

    @Test("the tests of topics run in check, and one that fails is printed and exits 78")
    func checkRunsTopicTests() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: mailto:a@b.example\n",
            "sources.d/a.yaml": "sources: {a: 'https://a.example/'}\n",
            "topics.d/a.yaml": "topic: t\nwords: {en: {strong: [x]}}\ntests: [{title: x, expect: alert}]\n",
        ])
        let location = ConfigurationLocation(folder: folder.path)
        let well = ConfigurationCheck.run(location) { _ in [] }
        #expect(well.lines.isEmpty)
        #expect(well.exitCode == 0)
        #expect(well.summary?.hasPrefix("1 source, 1 topic with 1 test, 0 entities, 3 files, configuration ") == true)
        let failed = ConfigurationCheck.run(location) { configuration in
            configuration.topics.flatMap(\.tests).map {
                ConfigurationFault(file: $0.place, message: "\"\($0.title)\" gives nothing", hint: "expected alert")
            }
        }
        #expect(failed.lines.map(folder.relative) == ["topics.d/a.yaml:3: \"x\" gives nothing – expected alert"])
        #expect(failed.exitCode == 78)
    }

    @Test("check tells of examples that cannot be read or are of no topic, as warnings")
    func checkReadsExamples() throws {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: mailto:x@a.example\n",
            "sources.d/a.yaml": "sources: {a: 'https://a.example/'}\n",
            "topics.d/a.yaml": "topic: t\nwords: {en: {strong: [x]}}\n",
            "examples/t/yes/1.txt": "No head at all\n", "examples/u/no/1.txt": "Title: of another\n",
        ])
        let check = ConfigurationCheck.run(ConfigurationLocation(folder: folder.path)) { _ in [] }
        #expect(
            check.lines.map(folder.relative) == [
                "examples/t/yes/1.txt:1:1: warning: neither \"Name: value\" nor blank – a blank line parts the text from the head",
                "examples/u: warning: examples of a topic that is not configured – rename the folder, or add topics.d/u.yaml",
            ])
        #expect(check.exitCode == 0)
    }

    @Test("check marks warnings as such and exits 0, and exits 78 for errors without running the tests")
    func checkTellsWarningsFromErrors() throws {
        let folder = try ConfigurationFolder(["sources.d/a.yaml": "sources: {a: 'https://a.example/'}\n"])
        let location = ConfigurationLocation(folder: folder.path)
        let warned = ConfigurationCheck.run(location) { _ in [] }
        #expect(warned.exitCode == 0)
        #expect(
            warned.lines.map(folder.relative) == [
                "feedwatch.yaml: warning: \"contact\" is empty – write mailto:you@example.org, so that a webmaster can reach you"
            ])
        try folder.write(Array("sources: {a: x}\n".utf8), to: "sources.d/a.yaml")
        var hasRun = false
        let broken = ConfigurationCheck.run(location) { _ in
            hasRun = true
            return []
        }
        #expect(broken.exitCode == 78)
        #expect(broken.lines.count == 1)
        #expect(!hasRun)
    }
}
