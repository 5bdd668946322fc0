import News
import Publish

/// `feedwatch topic test` and `tune`: how a topic judges the examples that it has, and which thresholds fit them.
public struct TopicTrials: Sendable {
    private let topic: Topic
    private let trial: TopicTrial
    /// Of the examples, in their order.
    private let files: [String]
    private let labels: [TopicLabel]
    /// Tests of the topic's file that fail, and all of them.
    private let failedTests: [ConfigurationFault]

    /// - Parameter state: the state folder; nil where nobody has judged anything.
    /// - Throws: `UnknownName` for the topic, `TooFewExamples`.
    public init(_ configuration: Configuration, topic id: TopicID, state: String?) throws {
        let known = configuration.topics.map(\.id)
        guard let topic = configuration.topics.first(where: { $0.id == id }) else {
            throw UnknownName("topic", id, among: known, hint: "known are \(known.joined(separator: ", "))")
        }
        self.topic = topic
        let folders = configuration.folders + [state].compactMap(\.self)
        let read = folders.flatMap { ExampleFolder(path: $0 + "/examples").read().examples }.filter { $0.topic == id }
        files = read.map(\.file)
        labels = read.map { TopicLabel($0.example, belongs: $0.verdict == .yes, story: $0.story) }
        guard labels.contains(where: \.belongs), labels.contains(where: { !$0.belongs }) else {
            throw TooFewExamples(topic: id, folder: folders.last ?? ".")
        }
        let engine = TopicEngine(topics: [topic], entities: configuration.entities)
        guard let trial = engine.trial(labels, of: id) else {
            throw UnknownName("topic", id, among: known, hint: "known are \(known.joined(separator: ", "))")
        }
        self.trial = trial
        var alone = configuration
        alone.topics = [topic]
        failedTests = TopicTests.run(alone)
    }

    /// Nothing can be measured without an example of either answer.
    public struct TooFewExamples: Error, CustomStringConvertible {
        var topic: TopicID
        var folder: String
        public var description: String {
            "topic \"\(topic)\" has no examples of both answers – say yes and no to stories, or write some into \(folder)/examples/\(topic)/yes and no, docs/formats.md says how"
        }
    }

    /// What `feedwatch topic test` prints.
    public func report() -> [String] {
        var lines = heading
        lines.append("")
        lines.append(Self.row("", "yes found", "no let through", "F1"))
        for (name, alone, match) in [
            ("rules alone, likely", true, Topic.Match.likely), ("with the model, likely", false, .likely),
            ("rules alone, clear", true, .clear), ("with the model, clear", false, .clear),
        ] { lines.append(Self.row(name, trial.count(byRulesAlone: alone, atLeast: match))) }
        lines.append("")
        let tests = topic.tests.count
        lines.append("Tests in its file: \(tests - failedTests.count) of \(tests) as expected")
        lines += failedTests.map { "  \($0)" }
        return lines + misjudged
    }

    /// What `feedwatch topic tune` prints.
    public func tuning() -> [String] {
        var lines = heading
        lines.append("")
        lines.append(Self.row("score from", "yes found", "no let through", "F1"))
        for hundredths in stride(from: 20, through: 80, by: 5) {
            lines.append(Self.row("\(hundredths)", trial.count(from: hundredths)))
        }
        guard let tuned = trial.tuned() else {
            return lines + [
                "", "No thresholds fit: it takes examples of both answers, and one that finds half of what belongs.",
            ]
        }
        lines.append("")
        let count = trial.count(from: tuned.likely)
        let clear = trial.count(from: tuned.clear)
        lines.append(
            "Likely from \(tuned.likely): \(Self.words(count)); clear from \(tuned.clear): \(Self.words(clear)).")
        lines.append(
            "Now likely is from \(topic.likelyFrom ?? 50) and clear from \(topic.clearFrom ?? 60). To change it, write into its file:"
        )
        lines.append("")
        lines.append("thresholds: {likely: \(tuned.likely), clear: \(tuned.clear)}")
        return lines
    }

    private var heading: [String] {
        let yes = labels.count(where: \.belongs)
        let model =
            if let model = trial.model {
                "a model of \(model.exampleCount), its terms worth \(Int((model.worth * 100).rounded())) % on unseen examples"
            } else {
                "no model: it takes \(TopicModel.examplesLeast) of each answer"
            }
        return [
            "\(topic.id): \(labels.count) examples, \(yes) yes and \(labels.count - yes) no; \(model)",
            "Each example is judged by what the other four fifths teach.",
        ]
    }

    private static let misjudgedMax = 20

    private var misjudged: [String] {
        let wrong = labels.indices.filter { (trial.outcomes[$0].match.match >= .likely) != labels[$0].belongs }
        guard !wrong.isEmpty else { return [] }
        var lines = ["", "Judged otherwise than the examples say:"]
        for index in wrong.prefix(Self.misjudgedMax) {
            let score = Int((trial.outcomes[index].match.score * 100).rounded())
            lines.append("  \(labels[index].belongs ? "yes" : "no "), score \(score): \(files[index])")
        }
        if wrong.count > Self.misjudgedMax { lines.append("  and \(wrong.count - Self.misjudgedMax) more") }
        return lines
    }

    private static func words(_ count: TopicTrial.Count) -> String {
        "\(count.yesFound) of \(count.yes) yes, \(count.noFound) of \(count.no) no"
    }

    private static func row(_ name: String, _ count: TopicTrial.Count) -> String {
        row(
            name, "\(count.yesFound) of \(count.yes)", "\(count.noFound) of \(count.no)",
            "\(Int((count.f1 * 100).rounded()))")
    }

    private static func row(_ name: String, _ cells: String...) -> String {
        name.padded(24) + cells.map { $0.padded(16) }.joined().trimmingEnd
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }

    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
