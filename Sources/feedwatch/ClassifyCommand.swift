import ArgumentParser
import Foundation
import News
import Watch

/// `feedwatch classify`: what the topics of a configuration make of articles in a file.
struct ClassifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Scores articles on topics, one JSON line each.",
        discussion: """
            Reads lines {"id", "title", "text"} and prints {"id", "topics": {TOPIC: {"score", "decision", "match"}}} in the \
            same order, by the same functions as the daemon. decision is true from a likely match on.
            """)

    @Option(help: ArgumentHelp("The configuration's folder.", valueName: "dir"))
    var config: String?

    @Option(help: ArgumentHelp("A topic file to use instead of the folder's topics.", valueName: "file"))
    var topicFile: String?

    @Flag(help: "Add the evidence: phrases, where they stand and what they count.")
    var explain = false

    @Argument(help: ArgumentHelp("JSON lines, or - for standard input.", valueName: "input.jsonl"))
    var input: String

    func run() throws {
        let engine = try engine()
        try DocumentLines.forEach(in: input) { document in
            let topics = engine.assess(document.article).topics
            try DocumentLines.write(Line(id: document.id, topics: topics, explain: explain))
        }
    }

    private func engine() throws -> TopicEngine {
        let location = ConfigurationLocation.resolve(
            flag: config, environment: ProcessInfo.processInfo.environment,
            exists: { FileManager.default.fileExists(atPath: $0) })
        do {
            let loaded = try Configuration.load(location, topicFile: topicFile)
            return TopicEngine(loaded, state: nil) { Terminal.say("\($0)") }
        } catch {
            Terminal.say("\(error)")
            throw ExitCode(78)
        }
    }

    private struct Line: Encodable {
        struct Result: Encodable {
            var score: Double
            var decision: Bool
            var match: Topic.Match
            var evidence: [Evidence]?
            var learned: TopicMatch.Learned?
        }

        var id: String
        var topics: [TopicID: Result] = [:]

        init(id: String, topics: [TopicMatch], explain: Bool) {
            self.id = id
            for match in topics {
                self.topics[match.topic] = Result(
                    score: match.score, decision: match.match >= .likely, match: match.match,
                    evidence: explain ? match.evidence : nil, learned: explain ? match.learned : nil)
            }
        }
    }
}
