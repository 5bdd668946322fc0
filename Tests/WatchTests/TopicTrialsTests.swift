import Foundation
import News
import Testing

@testable import Watch

@Suite("feedwatch topic")
struct TopicTrialsTests {
    private static func folder(_ examples: [(verdict: String, name: String, text: String)]) throws
        -> ConfigurationFolder
    {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: mailto:desk@reader.example\n",
            "topics.d/arms.yaml": """
            topic: arms
            words: {en: {strong: [missile], weak: [talks]}}
            tests:
              - title: A missile is fired
                expect: digest
            """,
        ])
        for example in examples {
            try folder.write(Array(example.text.utf8), to: "examples/arms/\(example.verdict)/\(example.name).txt")
        }
        return folder
    }

    private static func examples(_ count: Int) -> [(verdict: String, name: String, text: String)] {
        (0..<count).flatMap { index in
            [
                ("yes", "y\(index)", "Title: A missile is fired, no. \(index)\n\nIt was a missile.\n"),
                ("no", "n\(index)", "Title: A missile is dismantled, no. \(index)\n\nIt was a missile.\n"),
            ]
        }
    }

    @Test("test says what the rules and the model make of each answer, and names what is judged otherwise")
    func report() throws {
        let folder = try Self.folder(Self.examples(12))
        let trials = try TopicTrials(folder.load(), topic: "arms", state: nil)
        let report = trials.report()
        #expect(report[0].hasPrefix("arms: 24 examples, 12 yes and 12 no; a model of 24"))
        #expect(report.contains { $0.hasPrefix("rules alone, likely") && $0.contains("12 of 12") })
        #expect(report.contains("Tests in its file: 1 of 1 as expected"))
    }

    @Test("tune ends in the line for the topic's file")
    func tuning() throws {
        let folder = try Self.folder(Self.examples(12))
        let lines = try TopicTrials(folder.load(), topic: "arms", state: nil).tuning()
        let line = try #require(lines.last)
        #expect(line.wholeMatch(of: /thresholds: \{likely: \d+, clear: \d+\}/) != nil, "\(line)")
    }

    @Test("the thresholds of the file decide, and clear may not be less than likely")
    func thresholds() throws {
        func match(_ thresholds: String) throws -> Topic.Match? {
            let folder = try ConfigurationFolder([
                "topics.d/arms.yaml": """
                topic: arms
                words: {en: {strong: [missile]}}
                thresholds: \(thresholds)
                """
            ])
            let configuration = try folder.load()
            var article = Article()
            article.title = "A missile is fired"
            return TopicEngine(configuration, state: nil).assess(article).topics.first?.match
        }
        #expect(try match("{}") == .clear)
        #expect(try match("{clear: 99}") == .likely)
        #expect(try match("{likely: 98, clear: 99}") == .nothing)
        #expect(throws: ConfigurationErrors.self) { try match("{likely: 70, clear: 60}") }
        #expect(throws: ConfigurationErrors.self) { try match("{likely: 0}") }
    }

    @Test("the reader's own examples are learned beside those of the configuration, and bad files are told")
    func ownExamples() throws {
        let shipped = try Self.folder(Self.examples(6))
        let own = try Self.folder(Self.examples(6) + [("yes", "bad", "no head\n")])
        let configuration = try shipped.load()
        var faults: [String] = []
        let engine = TopicEngine(configuration, state: own.path) { faults.append("\($0)") }
        #expect(faults.count == 1 && faults[0].contains("bad.txt:1: "))
        var article = Article()
        article.title = "A missile is fired"
        #expect(engine.assess(article).topics.first?.learned?.examples == 24)
        #expect(TopicEngine(configuration, state: nil).assess(article).topics.first?.learned == nil)
    }

    @Test("a topic without examples of both answers, and one that is not there, are told what to do")
    func nothingToTest() throws {
        let folder = try Self.folder(Self.examples(3).filter { $0.verdict == "yes" })
        let configuration = try folder.load()
        #expect(throws: TopicTrials.TooFewExamples.self) { try TopicTrials(configuration, topic: "arms", state: nil) }
        #expect(throws: UnknownName.self) { try TopicTrials(configuration, topic: "amrs", state: nil) }
    }
}
