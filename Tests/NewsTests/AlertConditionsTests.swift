import Testing

@testable import News

/// What each condition of a line of `any_of` looks at.
@Suite("Alert conditions")
struct AlertConditionsTests {
    private static let match = TopicMatch(topic: "ports", match: .clear, score: 0.8, evidence: [])

    private static func subject(_ change: (inout AlertRules.Subject) -> Void = { _ in }) -> AlertRules.Subject {
        var article = Article()
        article.title = "Collision off Naha, two hurt"
        article.paragraphs = [
            "The coast office opened an inquiry. " + String(repeating: "It will take its time over that. ", count: 5)
                + "In Taiwan the ferries run.",
            String(repeating: "The two ships are old. ", count: 20), "One of them was boarded in 2019.",
        ]
        article.language = "en-GB"
        var source = Source(id: "harbour", url: "https://harbour.example/rss")
        (source.origin, source.affiliation, source.country) = (.newsroom, .privateOwned, "JP")
        var subject = AlertRules.Subject(article, of: source, entities: ["naha-port"], newsrooms: 2)
        change(&subject)
        return subject
    }

    private static func line(_ change: (inout Topic.AlertCondition) -> Void) -> Topic.AlertCondition {
        var line = Topic.AlertCondition()
        change(&line)
        return line
    }

    static let lines: [(Topic.AlertCondition, String?)] = [
        (line { $0.affiliation = [.privateOwned, .publicService] }, nil),
        (
            line { $0.affiliation = [.government, .partyState] },
            "affiliation: [government, party-state] – the source is private"
        ),
        (line { $0.country = ["US", "JP"] }, nil),
        (line { $0.country = ["US"] }, "country: US – the source is of JP"),
        (line { $0.language = ["en"] }, nil),
        (line { $0.language = ["EN-gb"] }, nil),
        (line { $0.language = ["e", "ja"] }, "language: [e, ja] – the article is in en-GB"),
        (line { $0.newsrooms = 2 }, nil),
        (line { $0.newsrooms = 3 }, "newsrooms: 3 – 2 known so far"),
        (line { $0.entity = ["usfj", "naha-port"] }, nil),
        (line { $0.entity = ["usfj"] }, "entity: usfj – none of them is in the article"),
        (line { $0.origin = [.official, .newsroom] }, nil),
        (line { $0.origin = [.official] }, "origin: official – the source is newsroom"),
        // In the headline, on either side.
        (line { ($0.words, $0.near) = (["collision"], ["Naha"]) }, nil),
        (line { ($0.words, $0.near) = (["Naha"], ["collision"]) }, nil),
        // The same text, a headline or 190 bytes away.
        (
            line { ($0.words, $0.near) = (["collision"], ["ferries"]) },
            "near: [ferries] – none of the words stands near one of these"
        ),
        (
            line { ($0.words, $0.near) = (["inquiry"], ["Taiwan"]) },
            "near: [Taiwan] – none of the words stands near one of these"
        ),
        (line { ($0.words, $0.near) = (["ferries"], ["Taiwan"]) }, nil),
        // What articles add further down is no reason where the line asks for headline or lead.
        (line { $0.words = ["boarded"] }, nil),
        (
            line { ($0.words, $0.ahead) = (["boarded"], true) },
            "words: [boarded], ahead: true – none of them is in headline or lead"
        ),
        (line { ($0.words, $0.ahead) = (["inquiry"], true) }, nil),
        (
            line { ($0.words, $0.near, $0.ahead) = (["boarded"], ["2019"], true) },
            "words: [boarded], ahead: true – none of them is in headline or lead"
        ),
        // A word is not near itself, nor a part of itself.
        (
            line { ($0.words, $0.near) = (["coast office"], ["office"]) },
            "near: [office] – none of the words stands near one of these"
        ),
        // Where there is no word, nearness is not spoken of.
        (
            line { ($0.words, $0.near) = (["live fire"], ["Naha"]) },
            "words: [live fire] – none of them is in the article"
        ),
    ]

    @Test("A condition holds, or says what is there instead", arguments: lines)
    func conditions(line: Topic.AlertCondition, unmet: String?) {
        var topic = Topic(id: "ports", name: "Ports")
        topic.alertAnyOf = [line]
        let verdict = AlertRules.verdicts(of: topic, match: Self.match, for: Self.subject())[0]
        #expect(verdict.unmet == [unmet].compactMap { $0 })
        #expect((AlertRules.firstRule(of: topic, match: Self.match, for: Self.subject()) != nil) == (unmet == nil))
    }

    @Test("What a source or an article does not say meets no condition on it")
    func unsaid() {
        let silent = Self.subject {
            $0.source = Source(id: "x", url: "https://x.example/")
            $0.article.language = nil
        }
        var topic = Topic(id: "ports", name: "Ports")
        topic.alertAnyOf = [
            Self.line { $0.affiliation = [.privateOwned] }, Self.line { $0.country = ["JP"] },
            Self.line { $0.language = ["en"] },
        ]
        #expect(
            AlertRules.verdicts(of: topic, match: Self.match, for: silent).flatMap(\.unmet) == [
                "affiliation: private – the source has no affiliation set",
                "country: JP – the source has no country set",
                "language: en – nothing says its language",
            ])
    }

    @Test("The rule names the words that are near, and only those")
    func shownWords() {
        var topic = Topic(id: "ports", name: "Ports")
        topic.alertAnyOf = [Self.line { ($0.words, $0.near) = (["inquiry", "collision", "two hurt"], ["Naha"]) }]
        #expect(
            AlertRules.firstRule(of: topic, match: Self.match, for: Self.subject())
                == "words: [collision, two hurt], near: [Naha]")
    }

    @Test("Lines that differ only beyond what is shown of them have keys of their own")
    func keys() {
        var topic = Topic(id: "ports", name: "Ports")
        let countries = ["AA", "AB", "AC", "JP"]
        topic.alertAnyOf = [
            Self.line { $0.country = countries + ["AD"] }, Self.line { $0.country = countries + ["AE"] },
            Self.line { ($0.words, $0.near) = (["collision"], ["Naha"]) }, Self.line { $0.words = ["collision"] },
        ]
        let keys = AlertRules.linesThatHold(of: topic, match: Self.match, for: Self.subject()).map(\.key)
        #expect(keys.count == 4 && Set(keys).count == 4)
    }

    @Test("Nearness in a text of two hundred thousand hits is judged in one sweep")
    func hostile() {
        let subject = Self.subject {
            $0.article.paragraphs = [
                String(repeating: "fire ", count: 100_000) + String(repeating: "strait ", count: 100_000)
            ]
        }
        var topic = Topic(id: "ports", name: "Ports")
        topic.alertAnyOf = [Self.line { ($0.words, $0.near) = (["fire"], ["strait"]) }]
        // Pair by pair it would not end.
        #expect(AlertRules.firstRule(of: topic, match: Self.match, for: subject) != nil)
    }

    @Test("A source rules that its articles always or never belong to a topic; the evidence stays")
    func bySource() {
        var source = Source(id: "coast", url: "https://coast.example/")
        source.topics = ["ports": .never, "ships": .always, "drills": .always]
        let evidence = Evidence(phrase: "berth", field: .title, strength: .strong, contribution: 20, start: 0, end: 5)
        let assessment = Assessment(
            topics: [
                TopicMatch(topic: "ports", match: .clear, score: 0.9, evidence: [evidence]),
                TopicMatch(topic: "drills", match: .clear, score: 0.7, evidence: []),
            ], entities: [], strongEntities: [])
        let ruled = assessment.ruled(by: source).topics
        #expect(ruled.map(\.topic) == ["drills", "ships", "ports"])
        #expect(ruled.map(\.match) == [.clear, .likely, .nothing])
        #expect(ruled.map(\.score) == [0.7, 0.5, 0])
        #expect(ruled.map(\.bySource) == [.always, .always, .never])
        #expect(ruled[2].evidence == [evidence])
        #expect(assessment.ruled(by: Source(id: "x", url: "https://x.example/")) == assessment)
    }
}
