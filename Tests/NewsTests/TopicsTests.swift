import Testing

@testable import News

/// A small topic in the form of the shipped one.
enum TopicSample {
    static let entities: [Entity] = [
        entity("usfj", "U.S. Forces Japan", "US", ["en": ["USFJ"], "ja": ["在日米軍"], "zh-Hans": ["驻日美军"]]),
        entity("ufs", "Ulchi Freedom Shield", "KR", ["ko": ["을지프리덤실드"]]),
        entity("freedom-shield", "Freedom Shield", "KR", [:]),
        entity("taiwan-strait", "Taiwan Strait", "TW", ["ja": ["台湾海峡"], "zh-Hant": ["臺灣海峽"], "ko": ["대만해협"]]),
        entity("afp-military", "Armed Forces of the Philippines", "PH", [:], ambiguous: ["en": ["AFP"]]),
        entity("philippines", "Philippines", "PH", ["en": ["Manila"]]),
        entity("china", "China", "CN", ["en": ["Chinese", "Beijing"], "ja": ["中国"], "zh-Hans": ["中国"], "ko": ["중국"]]),
        entity("japan", "Japan", "JP", ["en": ["Tokyo"], "ja": ["日本"]]),
    ]

    static var topic: Topic {
        var topic = Topic(id: "deterrence", name: "Deterrence")
        let words: [(String, Topic.Strength, [String])] = [
            ("en", .strong, ["deter China", "extended deterrence"]),
            ("en", .normal, ["joint force headquarters", "live fire"]),
            ("en", .weak, ["deterrence", "missile"]), ("ja", .strong, ["台湾有事"]), ("ja", .normal, ["抑止力", "統合司令部"]),
            ("zh-Hans", .strong, ["一体化威慑"]), ("zh-Hans", .normal, ["演习"]), ("zh-Hant", .normal, ["演習"]),
            ("ko", .strong, ["확장억제"]), ("ko", .normal, ["연합훈련"]),
        ]
        topic.words = words.flatMap { language, strength, texts in
            texts.map { Topic.Phrase($0, language: language, strength: strength) }
        }
        topic.strongEntities = ["usfj", "ufs", "freedom-shield", "taiwan-strait", "afp-military"]
        topic.weakEntities = ["china", "japan", "philippines"]
        topic.require.anyStrong = 1
        var crime = Topic.Against(words: ["crime deterrent", "death penalty"])
        crime.unlessEntity = .strong
        var football = Topic.Against(words: ["Patriots", "quarterback"])
        football.unlessNear = ["missile"]
        topic.against = [crime, football]
        var alert = Topic.AlertCondition()
        alert.match = .clear
        topic.alertAnyOf = [alert]
        return topic
    }

    static let engine = TopicEngine(topics: [topic], entities: entities)

    /// The same words with names of every type.
    static let lines: TopicEngine = {
        var lines = [
            entity("median-line", "Taiwan Strait median line", "TW", [:], ambiguous: ["en": ["median line"]]),
            entity("pla", "People's Liberation Army", "CN", ["zh-Hans": ["解放军"]], ambiguous: ["en": ["PLA"]]),
            entity("pla-navy", "Chinese navy", "CN", ["en": ["China's navy"], "zh-Hans": ["解放军海军"]]),
            entity("joint-sword", "Joint Sword", "CN", [:]),
            entity("miyako", "Miyako Strait", "JP", [:]),
            entity("strait", "Taiwan Strait", "TW", [:]),
            entity("east-china-sea", "East China Sea", "CN", [:], ambiguous: ["zh-Hans": ["东海"]]),
            entity("taiwan", "Taiwan", "TW", ["zh-Hans": ["台湾"]]),
            entity("china", "China", "CN", [:]),
        ]
        let types = [
            "line", "organisation", "organisation", "exercise", "place", "place", "place", "country", "country",
        ]
        for index in lines.indices { lines[index].type = types[index] }
        lines[6].country = nil
        lines[6].notWithin = ["zh-Hans": ["以东海域"]]
        var topic = Self.topic
        topic.strongEntities = lines.prefix(7).map(\.id)
        topic.weakEntities = ["taiwan", "china"]
        return TopicEngine(topics: [topic], entities: lines)
    }()

    static func article(_ title: String, _ paragraphs: String...) -> Article {
        var article = Article()
        article.title = title
        article.paragraphs = paragraphs
        return article
    }

    private static func entity(
        _ id: String, _ name: String, _ country: String, _ aliases: [String: [String]],
        ambiguous: [String: [String]] = [:]
    ) -> Entity {
        var entity = Entity(id: id, name: name)
        entity.country = country
        entity.aliases = aliases
        entity.ambiguous = ambiguous
        return entity
    }
}

@Suite("Topics")
struct TopicEngineTests {
    private func judge(_ article: Article) -> TopicMatch? { TopicSample.engine.assess(article).topics.first }

    @Test(
        "A command upgrade to deter China is clear in four languages",
        arguments: [
            TopicSample.article(
                "Allies to build a joint force headquarters to deter China",
                "Tokyo agreed that it will be under U.S. Forces Japan."),
            TopicSample.article("日米、統合司令部を設置へ 台湾有事に備え", "在日米軍の指揮を改め、中国に対する抑止力を高める。"),
            TopicSample.article("美军在台湾海峡附近举行演习,强调一体化威慑", "驻日美军和中国军队都派出舰艇。"),
            TopicSample.article("한미, 확장억제 강화 합의", "을지프리덤실드 연합훈련에서 중국을 겨냥했다."),
        ])
    func clear(article: Article) throws {
        let match = try #require(judge(article))
        #expect(match.match == .clear, "\(match)")
    }

    @Test(
        "Look-alikes are nothing",
        arguments: [
            TopicSample.article(
                "Earthquake shakes Taiwan", "No damage was seen along the Taiwan Strait; China felt it too."),
            TopicSample.article("Pacific trade deal signed", "Japan and China cut tariffs on farm goods."),
            TopicSample.article(
                "Court weighs deterrence in sentencing", "Is the death penalty a crime deterrent, judges asked."),
            TopicSample.article("Patriots quarterback out for the season", "New England play in Tokyo next year."),
            TopicSample.article("Ceremony on the island", "Families from Japan laid flowers for the war dead."),
            Article(),
        ])
    func nothing(article: Article) {
        #expect((judge(article)?.match ?? .nothing) == .nothing)
    }

    @Test("AFP the agency is not the Armed Forces of the Philippines")
    func ambiguousNames() throws {
        let agency = TopicSample.article("Officials meet to deter China", "The talks went on, AFP reported from Tokyo.")
        let first = TopicSample.engine.assess(agency)
        #expect(!first.entities.contains("afp-military"))
        #expect(
            first.topics[0].evidence.contains {
                $0.phrase == "AFP" && $0.ignored == "ambiguous" && $0.contribution == 0
            })

        let military = TopicSample.article(
            "Manila moves to deter China", "The AFP will take part, the Philippines said.")
        #expect(TopicSample.engine.assess(military).strongEntities == ["afp-military"])
    }

    @Test("An ambiguous name that one topic settles stays ambiguous for another of the same article")
    func ambiguityIsPerTopic() throws {
        var other = TopicSample.topic
        other.id = "reef"
        other.words = [Topic.Phrase("lagoon", language: "en", strength: .strong)]
        other.strongEntities = ["afp-military"]
        let engine = TopicEngine(topics: [TopicSample.topic, other], entities: TopicSample.entities)
        func ignored(_ text: String) throws -> [TopicID: String?] {
            let topics = engine.assess(TopicSample.article("Manila and its neighbours", text)).topics
            return try Dictionary(
                uniqueKeysWithValues: topics.map { topic in
                    (topic.topic, try #require(topic.evidence.first { $0.phrase == "AFP" }).ignored)
                })
        }
        #expect(try ignored("The AFP will help to deter China.") == ["deterrence": nil, "reef": "ambiguous"])
        #expect(try ignored("The AFP went to the lagoon.") == ["deterrence": "ambiguous", "reef": nil])
        #expect(try ignored("The AFP went home.") == ["deterrence": "ambiguous", "reef": "ambiguous"])
    }

    @Test("Neither weak names, weak words nor another ambiguous name settle an ambiguous one; its own clear name does")
    func whatSettles() {
        func names(_ text: String) -> [EntityID] {
            TopicSample.engine.assess(TopicSample.article("Philippines", text)).entities
        }
        #expect(!names("The AFP spoke of deterrence and a missile in Tokyo and Beijing.").contains("afp-military"))
        #expect(names("The Armed Forces of the Philippines, or AFP, agreed.").contains("afp-military"))
    }

    @Test(
        "In a headline a second name settles an ambiguous one",
        arguments: [
            ("Taiwan: PLA planes cross the median line", "", ["taiwan", "median-line", "pla"]),
            ("CHINA'S NAVY AND PLA MEET", "", ["pla", "pla-navy"]),
            // Nobody's country is named.
            ("PLA planes cross the median line", "", []),
            // In the text below they meet by chance.
            ("Taiwan", "The PLA is a plastic. Half of the towns lie above the median line.", ["taiwan"]),
            // Countries settle nothing, nor does another word of the same sense.
            ("PLA filament from China and Taiwan", "", ["china", "taiwan"]),
            ("China sees median line near its navy", "", ["china"]),
        ])
    func headlineCompany(title: String, text: String, expected: [EntityID]) {
        let found = TopicSample.lines.assess(TopicSample.article(title, text)).entities
        #expect(found == expected.sorted())
    }

    @Test("Places alone are no match, however many; with a deed they are one, and with an actor ahead a clear one")
    func placesSupport() {
        func match(_ title: String, _ text: String) -> Topic.Match {
            TopicSample.lines.assess(TopicSample.article(title, text)).topics.first?.match ?? .nothing
        }
        #expect(match("Miyako Strait and Taiwan Strait", "Sunsets over Miyako Strait in Taiwan and China.") == .nothing)
        #expect(match("Miyako Strait, missile museum", "Taiwan Strait, China and Taiwan.") == .nothing)
        #expect(match("Live fire in the Miyako Strait", "China and Taiwan spoke.") >= .likely)
        #expect(match("China's navy holds live fire in the Miyako Strait", "The Chinese navy sailed on.") == .clear)
    }

    @Test("A place lifts no words against, an actor does")
    func placesDoNotLift() throws {
        func score(_ place: String) throws -> Double {
            let text = "\(place), China, Taiwan: extended deterrence."
            let article = TopicSample.article("Live fire, crime deterrent", text)
            return try #require(TopicSample.lines.assess(article).topics.first).score
        }
        #expect(try score("Chinese navy") > score("Miyako Strait"))
    }

    @Test("A named exercise is a deed as well as a name")
    func exercises() throws {
        let match = try #require(TopicSample.lines.assess(TopicSample.article("China begins Joint Sword")).topics.first)
        #expect(match.match == .likely)
    }

    @Test(
        "A phrase that is not the name swallows it",
        arguments: [("台湾以东海域", false), ("台湾、东海域内", true), ("台湾以及东海", true)])
    func notWithin(text: String, isNamed: Bool) {
        let found = TopicSample.lines.assess(TopicSample.article("解放军海军", text)).entities
        #expect(found.contains("east-china-sea") == isNamed)
    }

    @Test("The longest name wins, and shorter words inside it are shown as ignored")
    func longestWins() throws {
        let assessment = TopicSample.engine.assess(
            TopicSample.article("Ulchi Freedom Shield begins", "Officers spoke of extended deterrence."))
        #expect(assessment.entities == ["ufs"])
        #expect(!assessment.topics[0].evidence.contains { $0.phrase.lowercased() == "deterrence" && $0.ignored == nil })
    }

    @Test("Every piece of evidence points at its phrase in its field")
    func spansPointAtPhrases() throws {
        let article = TopicSample.article(
            "“U.S. Forces Japan” would ‘deter China’ — 台湾有事", "ＵＳＦＪ　and the\u{AD} Taiwan Strait　在日米軍、抑止力。",
            String(repeating: "Nothing here. ", count: 60), "Later: joint force headquarters, live fire, deterrence.")
        let match = try #require(judge(article))
        #expect(match.evidence.count >= 9)
        for evidence in match.evidence {
            let field = Array(article.fieldText(evidence.field).utf8)
            #expect(String(decoding: field[evidence.start..<evidence.end], as: UTF8.self) == evidence.phrase)
            #expect(String(validating: field[evidence.start..<evidence.end], as: UTF8.self) != nil)
        }
        #expect(match.evidence.contains { $0.phrase == "ＵＳＦＪ" && $0.entity == "usfj" && $0.field == .lead })
        #expect(match.evidence.contains { $0.field == .text && $0.phrase == "live fire" })
    }

    @Test("Words against hold a match back unless their exception is there")
    func against() throws {
        let plain = try #require(judge(TopicSample.article("Patriots moved to deter China", "Tokyo agreed.")))
        let lifted = try #require(
            judge(TopicSample.article("Patriots moved to deter China", "Tokyo agreed on missile units.")))
        #expect(lifted.score > plain.score)
        #expect(plain.evidence.contains { $0.phrase == "Patriots" && $0.ignored == "against" && $0.contribution < 0 })
    }

    @Test("In a headline set in capitals an acronym alone does not count")
    func capitals() {
        let assessment = TopicSample.engine.assess(
            TopicSample.article("USFJ IS A BAND NOBODY KNOWS", "They play on Friday."))
        #expect(assessment.entities.isEmpty)
    }

    @Test("Saying it a thousand times is little more than saying it eight times")
    func damped() throws {
        func score(_ times: Int) throws -> Double {
            let text = String(repeating: "live fire near the Taiwan Strait. ", count: times)
            return try #require(judge(TopicSample.article("Ships", text))).score
        }
        #expect(try score(8) == score(1000))
        #expect(try score(8) > score(1))
    }

    @Test("The same article gives the same assessment, whatever else was read before")
    func deterministic() {
        let article = TopicSample.article("Allies deter China", "U.S. Forces Japan and the Taiwan Strait, live fire.")
        let first = TopicSample.engine.assess(article)
        for _ in 0..<20 {
            #expect(TopicEngine(topics: [TopicSample.topic], entities: TopicSample.entities).assess(article) == first)
        }
    }

    @Test("A megabyte of nothing but phrases is read, and its evidence is bounded")
    func hostileSize() throws {
        let text = String(repeating: "deter China 台湾有事 USFJ Freedom Shield ", count: 20_000)
        let match = try #require(judge(TopicSample.article(String(text.prefix(1000)), text)))
        #expect(match.evidence.count <= TopicScale.evidenceMax)
        #expect(match.score < 1)
    }
}

@Suite("Alert rules")
struct AlertRulesTests {
    private let match = TopicMatch(topic: "deterrence", match: .clear, score: 0.8, evidence: [])
    private let article = TopicSample.article("Live fire in the strait")
    private let source = Source(id: "minami", url: "https://minami.example/rss")

    @Test("The first line that holds is named, all its conditions together")
    func firstLine() {
        var topic = TopicSample.topic
        var official = Topic.AlertCondition()
        official.match = .clear
        official.origin = [.official]
        var fire = Topic.AlertCondition()
        fire.match = .likely
        fire.words = ["live fire", "collision"]
        topic.alertAnyOf = [official, fire] + topic.alertAnyOf
        #expect(
            AlertRules.firstRule(of: topic, match: match, for: .init(article, of: source))
                == "match: likely, words: [live fire]")
        topic.alertAnyOf = [official]
        #expect(AlertRules.firstRule(of: topic, match: match, for: .init(article, of: source)) == nil)
    }

    @Test("A likely match does not meet the line match: clear, and no match meets no line")
    func weaker() {
        var likely = match
        likely.match = .likely
        #expect(
            AlertRules.firstRule(of: TopicSample.topic, match: match, for: .init(article, of: source))
                == "match: clear")
        #expect(AlertRules.firstRule(of: TopicSample.topic, match: likely, for: .init(article, of: source)) == nil)
        likely.match = .nothing
        var topic = TopicSample.topic
        topic.alertAnyOf[0].match = nil
        topic.alertAnyOf[0].words = ["live fire"]
        #expect(AlertRules.firstRule(of: topic, match: likely, for: .init(article, of: source)) == nil)
    }

    @Test("A source that the reader has not judged meets no line about reliability", arguments: [nil, "C", "B", "A"])
    func reliability(judged: String?) {
        var topic = TopicSample.topic
        topic.alertAnyOf[0].reliability = .b
        var source = source
        source.reliability = judged.flatMap(Source.Reliability.init)
        let rule = AlertRules.firstRule(of: topic, match: match, for: .init(article, of: source))
        #expect((rule != nil) == (judged == "A" || judged == "B"))
    }
}
