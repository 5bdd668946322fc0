import Foundation
import Markup
import News
import Testing

@testable import Watch

/// What the shipped topics make of the reference story: the page of seeds/, and where it is at hand the one of the yardstick.
@Suite("The reference story on the shipped topics")
struct ReferenceStoryTests {
    private static let path = "web/2/newsbasin.example/story/61034-hegseth-tokyo-headquarters.html"
    private static let yardstick = ShippedTests.root + "/../shared/seed/reference-article.txt"
    /// Those that the story is about; a fuller list would be as right.
    private static let alerting: Set<TopicID> = ["indo-pacific-deterrence", "us-japan-alliance"]

    private static func configuration() throws -> Configuration {
        try Configuration.load(ConfigurationLocation(folder: ShippedTests.root + "/Config"))
    }

    private static func page() throws -> Article {
        let file = URL(fileURLWithPath: "\(ShippedTests.root)/seeds/\(path)")
        let page = Array(try Data(contentsOf: file))
        return try ArticleReader.read(
            page: page, contentType: "text/html",
            url: "http://newsbasin.example/story/61034-hegseth-tokyo-headquarters.html")
    }

    /// `clear, alerts`
    private static func decisions(_ article: Article, _ configuration: Configuration) -> [TopicID: String] {
        let assessment = TopicEngine(configuration, state: nil).assess(article)
        let subject = AlertRules.Subject(
            article, of: Source(id: "newsbasin", url: "http://newsbasin.example/rss"), entities: assessment.entities)
        var decisions: [TopicID: String] = [:]
        for topic in configuration.topics {
            guard let match = assessment.topics.first(where: { $0.topic == topic.id }), match.match > .nothing else {
                continue
            }
            let alerts = AlertRules.firstRule(of: topic, match: match, for: subject) != nil
            decisions[topic.id] = match.match.rawValue + (alerts ? ", alerts" : "")
        }
        return decisions
    }

    /// Without what a topic file could have taken from the story itself: each phrase of three words or more that stands in it.
    private static func withoutVerbatim(_ article: Article, _ configuration: Configuration) -> (Configuration, Int) {
        let text = ([article.title ?? ""] + article.paragraphs).joined(separator: " ").lowercased()
        var changed = configuration
        var removed = 0
        func isVerbatim(_ phrase: String) -> Bool {
            let words = phrase.split { $0 == " " || $0 == "-" }
            guard words.count >= 3, text.contains(phrase.lowercased()) else { return false }
            removed += 1
            return true
        }
        for index in changed.topics.indices {
            changed.topics[index].words.removeAll { isVerbatim($0.text) }
            changed.topics[index].notWithin.removeAll(where: isVerbatim)
            for line in changed.topics[index].alertAnyOf.indices {
                changed.topics[index].alertAnyOf[line].words.removeAll(where: isVerbatim)
            }
            for group in changed.topics[index].against.indices {
                changed.topics[index].against[group].words.removeAll(where: isVerbatim)
                changed.topics[index].against[group].unlessNear.removeAll(where: isVerbatim)
            }
        }
        return (changed, removed)
    }

    private static let teasers = [
        "Goalkeeper saves three penalties and a cat", "Pharmacy burglar returns for a receipt",
        "Crypto founder sells the superyacht after a divorce", "Recall petition smudged by rain, clerk says",
        "A tuba, a ferret and the missing biscuit tin", "Opioid settlement reaches its last county",
    ]

    @Test("its page alone alerts, on the topics that it is about")
    func clear() throws {
        let configuration = try Self.configuration()
        let article = try Self.page()
        let decisions = Self.decisions(article, configuration)
        #expect(Self.alerting.allSatisfy { decisions[$0] == "clear, alerts" }, "\(decisions)")
    }

    @Test("scores and evidence on all six topics are those of the golden file")
    func golden() throws {
        struct Line: Encodable {
            var topic: TopicID
            var match: Topic.Match
            var score: Int
            var evidence: [String]
        }
        let topics = TopicEngine(try Self.configuration(), state: nil).assess(try Self.page()).topics
        let lines = topics.map { match in
            Line(
                topic: match.topic, match: match.match, score: Int((match.score * 100).rounded()),
                evidence: match.evidence.map { item in
                    let name = item.entity.map { " = \($0)" } ?? ""
                    let why = item.ignored.map { " (\($0))" } ?? ""
                    return "\(item.field.rawValue) \(item.strength.rawValue) \(item.phrase)\(name) ×\(item.count)\(why)"
                })
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(lines), as: UTF8.self) + "\n"
        let file = URL(fileURLWithPath: ShippedTests.root + "/Tests/Leads/reference.json")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(
            try String(contentsOf: file, encoding: .utf8) == text, "UPDATE_GOLDEN=1 rewrites it, then read the diff")
        #expect(lines.count == 6)
    }

    @Test("the decisions stay without the phrases that stand in it word for word, and with teasers below it")
    func robust() throws {
        let configuration = try Self.configuration()
        var article = try Self.page()
        let decisions = Self.decisions(article, configuration)
        let (without, removed) = Self.withoutVerbatim(article, configuration)
        #expect(removed > 0)
        #expect(Self.decisions(article, without) == decisions)
        article.paragraphs += Self.teasers
        #expect(Self.decisions(article, configuration) == decisions)
    }

    @Test(
        "so do those on the story of the yardstick, with all that stands below it there",
        .enabled(if: FileManager.default.fileExists(atPath: yardstick), "no ../shared/seed"))
    func yardstickStory() throws {
        let lines = try String(contentsOfFile: Self.yardstick, encoding: .utf8).split(separator: "\n").map(String.init)
        var article = Article()
        article.title = lines[0]
        article.paragraphs = Array(lines.dropFirst(2).prefix { !$0.hasPrefix("Share this") })
        var whole = article
        whole.paragraphs = Array(lines.dropFirst())
        let configuration = try Self.configuration()
        let decisions = Self.decisions(article, configuration)
        #expect(Self.alerting.allSatisfy { decisions[$0] == "clear, alerts" }, "\(decisions)")
        let (without, removed) = Self.withoutVerbatim(article, configuration)
        #expect(removed > 0)
        #expect(Self.decisions(article, without) == decisions)
        #expect(Self.decisions(whole, configuration) == decisions)
    }
}
