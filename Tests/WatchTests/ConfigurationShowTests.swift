import Foundation
import News
import Testing

@testable import Watch

@Suite struct ConfigurationShowTests {
    private static func show(_ files: [String: String], _ keys: [String]) throws -> String {
        let folder = try ConfigurationFolder(files)
        let show = try ConfigurationShow(ConfigurationLocation(folder: folder.path))
        return folder.relative(Printing.plain.text(ConfigurationShow.lines(try show.items(keys))))
    }

    private static let files = [
        "feedwatch.yaml": "# ours\ntimezone: Europe/Paris\ndigest:\n  at: \"07:15\"\n",
        "sources.d/10-a.yaml": """
        defaults: {language: ja, tags: [japan, "a: b"]}
        sources:
          kazami:
            feed: https://kazami.example/rss
            interval: 90m

        """,
        "sources.d/20-b.yaml": "sources:\n  kazami: {interval: 2h, expect: {every: 7d}}\n",
        "topics.d/ports.yaml": """
        topic: ports
        words: {en: {strong: [berth]}, ja: {normal: [寄港]}}
        alert:
          any_of:
            - {match: clear, origin: official}
            - {words: ["live fire"]}

        """,
    ]

    @Test("The main file's values stand with the line that gives them, and defaults as such")
    func main() throws {
        let text = try Self.show(Self.files, [])
        #expect(
            text == """
                contact: ""                # default
                timezone: Europe/Paris     # feedwatch.yaml:2
                digest.at: "07:15"         # feedwatch.yaml:4
                digest.cutoff: 10m         # default
                digest.folder: ""          # default
                digest.below_the_line: 10  # default
                excerpt: 240               # default
                polling.interval: 60m      # default
                polling.transfers: 256     # default
                polling.in_flight: 64MB    # default
                polling.robots: obey       # default
                keep.text: 90d             # default
                keep.versions: 30d         # default
                keep.metadata: 400d        # default
                packs: [starter]           # default
                metrics: ""                # default

                """)
    }

    @Test(
        "A source's values come from three places: its own file, per-file defaults, and a later file that changes one")
    func source() throws {
        let text = try Self.show(Self.files, ["sources.kazami"])
        for line in [
            "sources.kazami.feed: https://kazami.example/rss  # sources.d/10-a.yaml:4",
            "sources.kazami.interval: 2h                      # sources.d/20-b.yaml:2",
            "sources.kazami.tags: [japan, \"a: b\"]             # sources.d/10-a.yaml:1",
            "sources.kazami.expect.every: 7d                  # sources.d/20-b.yaml:2",
            "sources.kazami.first_read: silent                # default",
        ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    }

    @Test("Keys name one value, a group, or an item of a topic")
    func keys() throws {
        let text = try Self.show(Self.files, ["digest.at", "topics.ports.alert", "topics.ports.words.ja"])
        #expect(
            text == """
                digest.at: "07:15"                                 # feedwatch.yaml:4
                topics.ports.alert.any_of.1: {match: clear, origin: official}  # topics.d/ports.yaml:5
                topics.ports.alert.any_of.2: {words: [live fire]}  # topics.d/ports.yaml:6
                topics.ports.alert.never_on_only: []               # default
                topics.ports.alert.again.after: 6h                 # default
                topics.ports.alert.again.when: [correction, new-strong-entity, number-in-headline]  # default
                topics.ports.words.ja.strong: []                   # default
                topics.ports.words.ja.normal: [寄港]               # topics.d/ports.yaml:2
                topics.ports.words.ja.weak: []                     # default

                """)
    }

    @Test(
        "A name that is not there is answered with the nearest that is",
        arguments: [
            ("digest.att", "no key is known as \"digest.att\" – did you mean \"digest.at\"?"),
            ("sources.kazamy", "no source is known as \"kazamy\" – did you mean \"kazami\"?"),
            ("topics.port", "no topic is known as \"port\" – did you mean \"ports\"?"),
            (
                "sources.kazami.intervall",
                "no key is known as \"sources.kazami.intervall\" – did you mean \"sources.kazami.interval\"?"
            ),
            ("zzz", "no key is known as \"zzz\" – \"feedwatch config keys\" prints all of them"),
            ("", "no key is known as \"\" – \"feedwatch config keys\" prints all of them"),
        ])
    func unknown(key: String, said: String) {
        #expect { try Self.show(Self.files, [key]) } throws: { "\($0)" == said }
    }

    @Test("What is shown of the main file and a source, written into files, is the same configuration")
    func readsBack() throws {
        let folder = try ConfigurationFolder(Self.files)
        let show = try ConfigurationShow(ConfigurationLocation(folder: folder.path))
        let source = try show.items(["sources.kazami"]).map { item in
            let key = item.key.replacing("sources.kazami.", with: "")
            return key == "expect.every" ? "    expect: {every: \(item.value)}\n" : "    \(key): \(item.value)\n"
        }
        let again = try ConfigurationFolder(["sources.d/a.yaml": "sources:\n  kazami:\n" + source.joined()])
        #expect(try again.load().sources == folder.load().sources)
    }

    @Test(
        "Texts are quoted where YAML would read them otherwise",
        arguments: [
            ("plain words", "plain words"), ("那覇港", "那覇港"), ("a: b", "\"a: b\""), ("ends:", "\"ends:\""), ("", "\"\""),
            ("- x", "\"- x\""), ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("a\u{1B}[2J\u{202E}", "\"a\\U0000001b[2J\\U0000202e\""),
            ("two\nlines", "\"two\\nlines\""), ("#x", "\"#x\""), ("a, b", "\"a, b\""),
        ])
    func quoting(text: String, expected: String) { #expect(ConfigurationType.quoted(text) == expected) }

    @Test("A faulty configuration is not shown: its faults are")
    func faulty() throws {
        #expect(throws: ConfigurationErrors.self) { try Self.show(["feedwatch.yaml": "timezon: UTC\n"], []) }
    }

    @Test("A topic file stands in for the folder's topics, and its faults are told at its lines")
    func topicFile() throws {
        let folder = try ConfigurationFolder(Self.files)
        try folder.write(Array("topic: cyber\nwords: {en: {strong: [ransomware]}}\n".utf8), to: "mine/cyber.yaml")
        let location = ConfigurationLocation(folder: folder.path)
        let loaded = try Configuration.load(location, topicFile: folder.path + "/mine/cyber.yaml")
        #expect(loaded.topics.map(\.id) == ["cyber"] && loaded.sources.map(\.id) == ["kazami"])
        try folder.write(Array("topic: cyber\nwordz: {}\n".utf8), to: "mine/bad.yaml")
        for (file, said) in [
            ("mine/bad.yaml", "mine/bad.yaml:2:1: unknown key \"wordz\" – did you mean \"words\"?"),
            ("mine/none.yaml", "mine/none.yaml: there is no such file – name a topic file"),
        ] {
            #expect { try Configuration.load(location, topicFile: folder.path + "/" + file) } throws: {
                folder.relative("\($0)").contains(said)
            }
        }
    }
}
