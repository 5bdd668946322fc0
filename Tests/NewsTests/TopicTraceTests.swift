import News
import Testing

@Suite struct TopicTraceTests {
    private static let engine: TopicEngine = {
        var topic = Topic(id: "ports", name: "Ports")
        topic.words = [
            Topic.Phrase("port access", language: "en", strength: .strong),
            Topic.Phrase("berth", language: "en", strength: .normal),
            Topic.Phrase("defense minister", language: "en", strength: .weak),
            Topic.Phrase("寄港", language: "ja", strength: .normal),
        ]
        topic.strongEntities = ["naha", "minister"]
        topic.against = [Topic.Against(words: ["cruise"])]
        var naha = Entity(id: "naha", name: "Port of Naha")
        naha.aliases = ["ja": ["那覇港"]]
        let minister = Entity(id: "minister", name: "Japanese defense minister")
        return TopicEngine(topics: [topic], entities: [naha, minister])
    }()

    private static let article: Article = {
        var article = Article()
        article.title = "Port access for all: 那覇港に寄港"
        article.standfirst = "A berth, a berth."
        article.paragraphs = [
            String(repeating: "Ships went by. ", count: 40), "The Japanese defense minister spoke of a cruise.",
            "No hit.", "那覇港、寄港。 A Port of Naha berth.",
        ]
        return article
    }()

    @Test("A trace has every place, the evidence only the first of each, and both judge alike")
    func everyPlace() throws {
        let trace = try #require(Self.engine.trace(Self.article).first)
        #expect(trace.match == Self.engine.assess(Self.article).topics[0])
        let found = trace.places.map { place in
            let field = Array(Self.article.fieldText(place.field).utf8)
            let words = String(decoding: field[place.start..<place.end], as: UTF8.self)
            return "\(place.field) \(words) \(place.ignored ?? place.strength.rawValue)"
        }
        #expect(
            found == [
                "title Port access strong", "title 那覇港 strong", "title 寄港 normal", "lead berth normal",
                "lead berth normal", "text Japanese defense minister strong",
                "text defense minister part of a longer name", "text cruise against", "text 那覇港 strong",
                "text 寄港 normal", "text Port of Naha strong", "text berth normal",
            ])
        for evidence in trace.match.evidence {
            #expect(trace.places.contains { $0.field == evidence.field && $0.start == evidence.start })
        }
    }

    @Test("Paragraphs of a field, joined by blank lines, are the field, and begin where they say")
    func paragraphs() {
        for field in [Evidence.Field.title, .lead, .text] {
            let text = Self.article.fieldText(field)
            let paragraphs = Self.article.fieldParagraphs(field)
            #expect(paragraphs.map(\.text).joined(separator: "\n\n") == text)
            for (start, paragraph) in paragraphs {
                #expect(Array(text.utf8)[start...].starts(with: Array(paragraph.utf8)))
            }
        }
    }

    @Test("Every line of an alert says which of its conditions failed and what is there instead")
    func verdicts() {
        var topic = Topic(id: "ports", name: "Ports")
        var official = Topic.AlertCondition()
        (official.match, official.origin) = (.clear, [.official])
        var reliable = Topic.AlertCondition()
        (reliable.reliability, reliable.words) = (.b, ["live fire"])
        topic.alertAnyOf = [official, reliable, Topic.AlertCondition()]
        var source = Source(id: "harbour", url: "https://harbour.example/rss")
        source.origin = .newsroom
        let likely = TopicMatch(topic: "ports", match: .likely, score: 0.5, evidence: [])
        let verdicts = AlertRules.verdicts(of: topic, match: likely, for: .init(Self.article, of: source))
        #expect(
            verdicts == [
                AlertRules.Verdict(
                    rule: "match: clear, origin: official",
                    unmet: ["match: clear – it is likely", "origin: official – the source is newsroom"]),
                AlertRules.Verdict(
                    rule: "reliability: B, words: [live fire]",
                    unmet: [
                        "reliability: B – the source is not judged",
                        "words: [live fire] – none of them is in the article",
                    ]),
                AlertRules.Verdict(rule: "", unmet: ["the line is empty"]),
            ])
        #expect(AlertRules.firstRule(of: topic, match: likely, for: .init(Self.article, of: source)) == nil)
        let clear = TopicMatch(topic: "ports", match: .clear, score: 0.8, evidence: [])
        source.origin = .official
        let held = AlertRules.verdicts(of: topic, match: clear, for: .init(Self.article, of: source))
        #expect(held[0].unmet.isEmpty)
        #expect(
            AlertRules.firstRule(of: topic, match: clear, for: .init(Self.article, of: source)) == held[0].rule)
    }

    @Test("An address is looked for under all its spellings, as given and canonical among them")
    func spellings() {
        let spellings = WebURL.spellings(of: "http://www.harbour.example/a/?utm_source=x#top")
        #expect(spellings.first == "http://www.harbour.example/a/")
        for expected in [
            "http://www.harbour.example/a/?utm_source=x#top", "https://harbour.example/a", "http://harbour.example/a/",
            "https://www.harbour.example/a",
        ] { #expect(spellings.contains(expected), "\(spellings)") }
        #expect(Set(spellings).count == spellings.count && spellings.count <= 10)
        #expect(WebURL.spellings(of: "urn:x") == ["urn:x"])
        #expect(WebURL.spellings(of: "https://h.example").contains("https://h.example/"))
    }
}
