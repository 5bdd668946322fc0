import News
import Testing

@testable import Watch

/// What topics and sources say of rules, as it is read, and the tests inside topics that hold them to it.
@Suite struct ConfigurationRulesTests {
    private static let entities = "entities: {usfj: {name: U.S. Forces Japan}, naha: {name: Naha Port}}\n"

    private func folder(_ topic: String, sources: String = "sources: {}\n") throws -> ConfigurationFolder {
        try ConfigurationFolder([
            "topics.d/t.yaml": "topic: t\nwords: {en: {strong: [berth]}}\n" + topic, "entities.d/e.yaml": Self.entities,
            "sources.d/s.yaml": sources, "feedwatch.yaml": "contact: mailto:a@b.example\n",
        ])
    }

    @Test("Every condition is read, alone or in a list")
    func conditions() throws {
        let topic = try #require(
            folder(
                """
                alert:
                  any_of:
                    - {match: clear, origin: [official, wire], affiliation: private, country: [JP, NO], language: zh,
                       newsrooms: 2, entity: usfj, words: [collision], near: [Naha], ahead: true}
                    - {entity: [usfj, naha], reliability: B}

                """
            ).load().topics.first)
        var first = Topic.AlertCondition()
        first.match = .clear
        first.origin = [.official, .wire]
        first.affiliation = [.privateOwned]
        first.country = ["JP", "NO"]
        first.language = ["zh"]
        first.newsrooms = 2
        first.entity = ["usfj"]
        (first.words, first.near, first.ahead) = (["collision"], ["Naha"], true)
        var second = Topic.AlertCondition()
        (second.entity, second.reliability) = (["usfj", "naha"], .b)
        #expect(topic.alertAnyOf == [first, second])
        #expect(
            AlertRules.text(first)
                == "match: clear, origin: [official, wire], affiliation: private, country: [JP, NO], language: zh, "
                + "newsrooms: 2, entity: usfj, words: [collision], ahead: true, near: [Naha]")
    }

    @Test(
        "A slip in a condition is told at its place, with what to do",
        arguments: [
            ("{entity: usjf}", "14: no entity \"usjf\" in any file of entities.d – did you mean \"usfj\"?"),
            ("{entity: [naha, x]}", "21: no entity \"x\" in any file of entities.d – add it there, or remove it here"),
            (
                "{near: [Naha]}",
                "6: \"near\" without \"words\" says nothing – add words: what is to stand near one of these"
            ),
            ("{country: []}", "6: \"country\" is empty, so nothing can meet it – write one, or remove it"),
            ("{words: [x], near: []}", "18: \"near\" is empty, so nothing can meet it – write words, or remove it"),
            (
                "{newsrooms: 0}",
                "17: \"newsrooms\" must be a whole number from 1 to 20, not \"0\" – write more"
            ),
            ("{country: japan}", "15: \"country\" must be a country (ISO 3166-1, two letters), not \"japan\""),
            (
                "{affiliation: [private, party]}",
                "29: an item of \"affiliation\" must be one of government, party-state, state-run, public-service, private, not \"party\""
            ),
            ("{origin: {a: b}}", "14: \"origin\" must be a list, not a mapping"),
            ("{newsroom: 2}", "6: unknown key \"newsroom\" – did you mean \"newsrooms\"?"),
        ])
    func slips(line: String, fault: String) throws {
        let faults = try folder("alert:\n  any_of:\n  - \(line)\n").faults()
        #expect(faults.count == 1 && faults[0].hasPrefix("topics.d/t.yaml:5:\(fault)"), "\(faults)")
    }

    @Test("A source says which topics its articles always and never belong to")
    func sourceTopics() throws {
        let source = try #require(
            folder(
                "", sources: "sources: {a: {feed: 'https://a.example/', topics: {always: [t]}}}\n"
            ).load().sources.first)
        #expect(source.topics == ["t": .always])
        let shared = try folder(
            "",
            sources: """
                defaults: {topics: {never: [t]}}
                sources: {a: 'https://a.example/', b: {feed: 'https://b.example/', topics: {never: []}}}

                """
        ).load().sources
        #expect(shared.map(\.topics) == [["t": .never], [:]])
    }

    @Test(
        "A slip in a source's topics is told at its place",
        arguments: [
            ("{always: [tt]}", "no topic \"tt\" in any file of topics.d – add it there, or remove it here"),
            ("{always: [t], never: [t]}", "\"a\" has topic \"t\" both always and never – keep one of them"),
            ("{never: [t, t]}", "\"a\" has topic \"t\" twice – keep one of them"),
            ("{allways: [t]}", "unknown key \"allways\" – did you mean \"always\"?"),
        ])
    func sourceSlips(topics: String, fault: String) throws {
        let faults = try folder("", sources: "sources: {a: {feed: 'https://a.example/', topics: \(topics)}}\n").faults()
        #expect(
            faults.count == 1 && faults[0].hasPrefix("sources.d/s.yaml:1:") && faults[0].hasSuffix(fault), "\(faults)")
    }

    @Test("Of a topic file that cannot be read nothing is said in the sources that name it")
    func unreadTopic() throws {
        let folder = try ConfigurationFolder([
            "topics.d/t.yaml": "topic: [\n",
            "sources.d/s.yaml": "sources: {a: {feed: 'https://a.example/', topics: {never: [t]}}}\n",
        ])
        let faults = folder.faults()
        #expect(faults.count == 1 && faults[0].hasPrefix("topics.d/t.yaml:"), "\(faults)")
    }

    private static let rules = """
        alert:
          any_of:
            - {match: clear, origin: official, country: [JP, US]}
            - {match: clear, newsrooms: 2, language: ja}
          never_on_only: [party-state]

        """

    @Test(
        "A test's source and newsrooms decide with its text",
        arguments: [
            ("{origin: official, country: JP}", "alert"), ("{origin: official, country: FR}", "digest"),
            ("{origin: newsroom}", "digest"), ("{newsrooms: 2, language: ja}", "alert"),
            ("{newsrooms: 1, language: ja}", "digest"), ("{newsrooms: 2, language: en}", "digest"),
            ("{origin: official, country: JP, affiliation: party-state}", "digest"),
            ("{id: coast}", "alert"), ("{id: coast, country: FR}", "digest"), ("{id: mute}", "nothing"),
        ])
    func topicTests(source: String, expect: String) throws {
        let sources = """
            sources:
              coast: {feed: "https://coast.example/", origin: official, country: JP}
              mute: {feed: "https://mute.example/", origin: official, country: JP, topics: {never: [t]}}

            """
        func faults(_ expect: String) throws -> [ConfigurationFault] {
            let test = "tests:\n  - {title: A berth is refused, source: \(source), expect: \(expect)}\n"
            return TopicTests.run(try folder(Self.rules + test, sources: sources).load())
        }
        #expect(try faults(expect).isEmpty)
        for other in ["alert", "digest", "nothing"] where other != expect {
            let message = try faults(other).first?.message
            #expect(message?.hasSuffix("expects \(other) and is \(expect)") == true)
        }
    }

    @Test("A test that expects an alert and gets none is told which conditions stood in the way")
    func hints() throws {
        func hint(_ source: String) throws -> String {
            let test = "tests:\n  - {title: A berth is refused, source: \(source), expect: alert}\n"
            let sources = "sources: {mute: {feed: 'https://m.example/', topics: {never: [t]}}}\n"
            return try #require(TopicTests.run(try folder(Self.rules + test, sources: sources).load()).first).hint
        }
        #expect(
            try hint("{country: FR, newsrooms: 3}")
                == "found: \"berth\"; origin: official – the source has no origin set; country: [JP, US] – the source is of FR; "
                + "language: ja – nothing says its language")
        #expect(
            try hint("{origin: official, country: JP, affiliation: party-state}")
                == "found: \"berth\"; never_on_only holds it")
        #expect(try hint("{id: mute}").hasPrefix("its source has the topic never; found: \"berth\"; "))
        let unknown = try folder("tests:\n  - {title: x, source: {id: coats}, expect: nothing}\n").faults()
        #expect(
            unknown == [
                "topics.d/t.yaml:4:29: no source \"coats\" in any file of sources.d – add it there, or write origin:, country: and so on"
            ])
    }
}
