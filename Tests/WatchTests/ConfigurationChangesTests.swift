import Foundation
import News
import Testing

@testable import Watch

@Suite struct ConfigurationChangesTests {
    private static let before = [
        "feedwatch.yaml": "digest: {at: 06:30}\n",
        "sources.d/a.yaml": """
        sources:
          one: {feed: "https://one.example/rss", interval: 1h}
          two: https://two.example/rss
          three: {feed: "https://three.example/rss", enabled: false}

        """,
        "entities.d/a.yaml": "entities:\n  naha: {name: Naha}\n  guam: {name: Guam}\n",
        "topics.d/a.yaml": "topic: ports\nwords: {en: {strong: [berth, pier]}}\nalert: {any_of: [{match: clear}]}\n",
    ]

    private static func lines(_ changed: [String: String]) throws -> [String] {
        let old = try ConfigurationFolder(before).load()
        let new = try ConfigurationFolder(before.merging(changed) { $1 }).load()
        return ConfigurationChanges.between(old, new).lines
    }

    @Test("A reload without a change says so, and so does one that changed only comments")
    func nothing() throws {
        #expect(try Self.lines([:]) == ["nothing has changed"])
        #expect(
            try Self.lines(["feedwatch.yaml": "# new\ndigest: {at: 06:30}\n"])
                == ["the files have changed, and nothing in effect has"])
    }

    @Test("Settings are told from and to, and those that wait for the next start as such")
    func settings() throws {
        let text = "contact: \"mailto:a@b.example\"\ndigest: {at: 07:00}\npolling: {interval: 2h, in_flight: 32MB}\n"
        #expect(
            try Self.lines(["feedwatch.yaml": text]) == [
                "digest.at 06:30 → 07:00", "polling.interval 1h → 2h",
                "contact  → mailto:a@b.example, at the next start",
                "polling.in_flight 64MB → 32MB, at the next start",
            ])
    }

    @Test("Sources added, removed, switched on and off, and changed are told by id with what changed")
    func sources() throws {
        let text = """
            sources:
              one: {feed: "https://one.example/rss", interval: 2h, tags: [a], enabled: false, because: asked}
              three: https://three.example/rss
              four: https://four.example/rss
              five: {feed: "https://five.example/rss", enabled: false}

            """
        #expect(
            try Self.lines(["sources.d/a.yaml": text]) == [
                "sources added: 2 (five (off), four)", "sources removed: 1 (two)", "sources switched on: 1 (three)",
                "sources switched off: 1 (one (asked))", "source one: interval 1h → 2h, tags [] → [a]",
            ])
    }

    @Test("Topics are told by their parts, entities by id; a test that only moved is no change")
    func topics() throws {
        let topic = """
            # a comment more
            topic: ports
            name: Port access
            words: {en: {strong: [berth], weak: [quay, dock]}}
            alert: {any_of: [{match: likely}]}

            """
        #expect(
            try Self.lines([
                "topics.d/a.yaml": topic, "topics.d/b.yaml": "topic: ships\nwords: {en: {weak: [ship]}}\n",
                "entities.d/a.yaml": "entities:\n  naha: {name: Naha, country: JP}\n  wake: {name: Wake}\n",
            ]) == [
                "topics added: 1 (ships)",
                "topic ports: name ports → Port access, words (2 added, 1 removed), alert", "entities added: 1 (wake)",
                "entities removed: 1 (guam)", "entities changed: 1 (naha)",
            ])
    }

    @Test("A change of everything is a bounded number of lines")
    func bounded() throws {
        let sources = (0..<500).map { "  s\($0): {feed: \"https://s\($0).example/rss\", interval: \($0 + 60)m}\n" }
        let old = try ConfigurationFolder(["sources.d/a.yaml": "sources:\n" + sources.joined()]).load()
        var new = old
        for index in new.sources.indices { new.sources[index].interval = .seconds(7) }
        let lines = ConfigurationChanges.between(old, new).lines
        #expect(lines.count == Limits.reloadLinesMax)
        #expect(lines.last == "and \(500 - Limits.reloadLinesMax + 1) changes more")
        new.sources = []
        #expect(
            ConfigurationChanges.between(old, new).lines[0].hasPrefix("sources removed: 500 (s0, s1, s10, "))
    }
}
