import Foundation
import Testing

@testable import News

/// What keeps a topic from its neighbours: other regions, longer phrases, words against by strength, and what is required.
@Suite("The boundary of a topic")
struct TopicBoundaryTests {
    /// Weapons of an invented country, beside its diplomacy.
    private static func engine(
        entities: [Entity] = [], _ change: (inout Topic) -> Void = { _ in }
    ) -> TopicEngine {
        var country = Entity(id: "norland", name: "Norland")
        country.type = "country"
        country.country = "KP"
        var topic = Topic(id: "arms", name: "Arms of Norland")
        topic.words = [
            Topic.Phrase("missile test", language: "en", strength: .strong),
            Topic.Phrase("war", language: "en", strength: .normal),
            Topic.Phrase("troops", language: "en", strength: .normal),
            Topic.Phrase("threat", language: "en", strength: .weak),
        ]
        topic.strongEntities = ["norland"]
        topic.elsewhere = ["Southland", "Far Gulf"]
        topic.notWithin = ["trade war"]
        change(&topic)
        return TopicEngine(topics: [topic], entities: [country] + entities)
    }

    private static func match(_ engine: TopicEngine, _ title: String, _ text: String...) -> TopicMatch? {
        var article = Article()
        article.title = title
        article.paragraphs = text
        return engine.assess(article).topics.first
    }

    @Test("another region takes away what it weighs more than what says where it is, and nothing before that")
    func anchored() throws {
        let engine = Self.engine()
        let own = try #require(Self.match(engine, "Norland moves troops after a missile test"))
        let watched = try #require(
            Self.match(engine, "Norland moves troops after a missile test", "Norland is calm, and Southland watches."))
        let both = try #require(Self.match(engine, "Norland moves troops after a missile test, Southland watches"))
        let sent = try #require(Self.match(engine, "Norland moves troops to Southland after a missile test"))
        let other = try #require(
            Self.match(
                engine, "Southland moves troops after a missile test in the Far Gulf", "Norland watches.",
                "The Far Gulf is shallow."))
        #expect(own.match == .clear && watched.match == .clear && watched.score >= own.score)
        #expect(both.match == .clear && both.score < own.score && sent.score < both.score)
        #expect(other.match == .nothing)
        #expect(
            other.evidence.contains { $0.phrase == "Southland" && $0.ignored == "elsewhere" && $0.contribution < 0 })
    }

    @Test("a region may be an entity, by all its names; a weapon says no place")
    func regionByEntity() throws {
        var region = Entity(id: "southland", name: "Southland")
        region.aliases = ["ja": ["南国"], "en": ["Southlander"]]
        var rocket = Entity(id: "rocket", name: "Longbow")
        rocket.type = "weapon-system"
        let titles = [
            "Southlander troops begin a war with Norland", "Longbow in war: 南国へ", "Longbow and troops in the war",
            "Norland at war, troops move",
        ]
        func scores(_ elsewhere: [String]) throws -> [Double] {
            let engine = Self.engine(entities: [region, rocket]) {
                $0.strongEntities.append("rocket")
                $0.elsewhere = elsewhere
            }
            return try titles.map { try #require(Self.match(engine, $0)).score }
        }
        let (plain, anchored) = (try scores([]), try scores(["southland"]))
        #expect(anchored[0] < plain[0] && anchored[1] == 0 && plain[1] > 0.4)
        #expect(anchored[2] == plain[2] && anchored[3] == plain[3])
    }

    @Test(
        "Where a headline says that something goes or happens, in five languages",
        arguments: [
            ("Carrier sails to the Red Sea", "Red Sea", true), ("War in Ukraine", "Ukraine", true),
            ("Iran's missiles", "Iran", false),
            ("Leaves Middle East for home", "Middle East", false), ("空母、中東へ", "中東", true), ("航母赴中东", "中东", true),
            ("미군, 중동으로", "중동", true), ("중동 정세", "중동", false), ("Iran", "Iran", false),
        ])
    func goals(headline: String, name: String, expected: Bool) throws {
        let place = try #require(headline.range(of: name))
        let start = headline.utf8.distance(from: headline.startIndex, to: place.lowerBound)
        let range = start..<start + name.utf8.count
        #expect(Destination.isNamed(at: range, in: Array(headline.utf8)) == expected)
    }

    @Test("a deed in another region alone comes to nothing")
    func elsewhereOnly() {
        let found = Self.match(Self.engine(), "Southland readies a missile test and moves troops")
        #expect(found?.match == .nothing && found?.score == 0)
    }

    @Test("a word does not count in a longer phrase in which it means something else")
    func longerPhrase() throws {
        let engine = Self.engine()
        let deed = try #require(Self.match(engine, "Norland speaks of war", "Its war plans are old."))
        let trade = try #require(Self.match(engine, "Norland speaks of trade war", "The trade war is old."))
        #expect(deed.evidence.contains { $0.phrase == "war" && $0.field == .title })
        #expect(!trade.evidence.contains { $0.phrase.hasSuffix("war") })
        #expect(trade.score < deed.score)
    }

    @Test("what speaks against takes away by its strength, and more where it is said again")
    func strengths() throws {
        let scores = try [Topic.Strength.weak, .normal, .strong].map { strength in
            let engine = Self.engine {
                $0.against = [Topic.Against(words: ["talks"])]
                $0.against[0].strength = strength
            }
            return try #require(Self.match(engine, "Norland offers talks after a missile test")).score
        }
        #expect(scores[0] > scores[1] && scores[1] > scores[2])
        let engine = Self.engine {
            $0.against = [Topic.Against(words: ["talks", "summit"])]
            $0.against[0].strength = .normal
        }
        let once = try #require(Self.match(engine, "Norland offers talks after a missile test"))
        let twice = try #require(Self.match(engine, "Norland offers talks and a summit after a missile test"))
        #expect(twice.score < once.score)
    }

    @Test(
        "an exception in the headline or the lead lifts all, one in the text what stands there",
        arguments: [
            (["Norland plans talks after a missile test", "A parade was held."], true),
            (["Norland plans talks", "A parade followed a missile test."], true),
            (
                ["Norland plans talks", String(repeating: "Weather. ", count: 70), "A missile test, and a parade."],
                false
            ),
        ])
    func exceptions(texts: [String], isLifted: Bool) throws {
        let engine = Self.engine {
            $0.against = [Topic.Against(words: ["talks"])]
            $0.against[0].unlessNear = ["parade"]
        }
        var article = Article()
        article.title = texts[0]
        article.paragraphs = Array(texts.dropFirst())
        let match = try #require(engine.assess(article).topics.first)
        #expect(match.evidence.contains { $0.ignored == "against" } == !isLifted)
    }

    @Test("what is required in the headline or ahead does not count further down")
    func required() throws {
        let below = [
            "Norland in the snow", String(repeating: "Weather. ", count: 70), "A missile test and troops in war.",
        ]
        func score(_ change: @escaping (inout Topic) -> Void) throws -> Double {
            var article = Article()
            article.title = below[0]
            article.paragraphs = Array(below.dropFirst())
            return try #require(Self.engine(change).assess(article).topics.first).score
        }
        let free = try score { _ in }
        #expect(try score { $0.require.strongAhead = 1 } < free)
        #expect(try score { $0.require.inTitle = 1 } == free, "a strong name stands in the title")
        #expect(try score { $0.require.inTitle = 2 } < free)
    }

    @Test(
        "a hyphen may be a space or left out, and an acronym's may be left out",
        arguments: ["war-fighting at SM-6 range", "war fighting at SM6 range", "warfighting at SM-6 range"])
    func hyphens(title: String) throws {
        let engine = Self.engine {
            $0.words = ["war-fighting", "SM-6"].map { Topic.Phrase($0, language: "en", strength: .strong) }
        }
        let evidence = try #require(Self.match(engine, title)).evidence
        #expect(evidence.count == 2 && evidence.allSatisfy { $0.count == 1 }, "\(evidence)")
    }

    @Test("a strong country says who, and without a deed comes to nothing")
    func countryAlone() {
        let engine = Self.engine()
        #expect(Self.match(engine, "Norland wins at skating", "Norland's team sang. Norland!")?.match == .nothing)
    }
}
