import News
import Publish

/// One line of the configuration that might have let a story through, and the configuration with it.
struct Remedy {
    /// `topics.d, topic deterrence`
    var place: String
    /// As it is to stand there.
    var line: String
    /// Why what it would have done is not known.
    var unknown: String?
    private var change: ((inout Configuration) -> Void)?

    init(place: String, line: String, unknown: String? = nil) {
        self.place = place
        self.line = line
        self.unknown = unknown
    }

    /// With the line in it; nil where there is nothing to try.
    func configuration(_ configuration: Configuration) -> Configuration? {
        guard let change else { return nil }
        var changed = configuration
        change(&changed)
        return changed
    }

    private static func of(_ topic: Topic, _ line: String, _ change: @escaping (inout Topic) -> Void) -> Remedy {
        var remedy = Remedy(place: "topics.d, topic \(topic.id)", line: line)
        remedy.change = { configuration in
            guard let index = configuration.topics.firstIndex(where: { $0.id == topic.id }) else { return }
            change(&configuration.topics[index])
        }
        return remedy
    }

    private static func of(_ source: Source, _ line: String, _ change: @escaping (inout Source) -> Void) -> Remedy {
        var remedy = Remedy(place: "sources.d, source \(source.id)", line: line)
        remedy.change = { configuration in
            guard let index = configuration.sources.firstIndex(where: { $0.id == source.id }) else { return }
            change(&configuration.sources[index])
        }
        return remedy
    }
}

extension Remedy {
    /// What may let a story above the line of a topic, the mildest first: a phrase of the reader's, then what held it back, then
    /// the threshold, and last that its source decides.
    static func candidates(
        _ topic: Topic, _ match: TopicMatch?, _ source: Source?, phrase: String?, language: String?
    ) -> [Remedy] {
        var remedies: [Remedy] = []
        if let phrase = CleanText.shown(phrase) {
            let language = language?.split(separator: "-").first.map(String.init) ?? "en"
            let quoted = YAMLText.quoted(phrase)
            remedies.append(
                .of(topic, "words: {\(language): {strong: [\(quoted)]}}") { topic in
                    topic.words.append(.init(phrase, language: language, strength: .strong))
                })
        }
        if let source, source.topics[topic.id] == .never {
            remedies.append(
                .of(source, "topics: {never: []} – without \(topic.id)") { $0.topics[topic.id] = nil })
        }
        if let match {
            remedies += matched(topic, match)
        }
        if let source {
            remedies.append(.of(source, "topics: {always: [\(topic.id)]}") { $0.topics[topic.id] = .always })
        }
        return remedies
    }

    private static func matched(_ topic: Topic, _ match: TopicMatch) -> [Remedy] {
        var remedies: [Remedy] = []
        if match.match >= .likely, match.match < topic.digestFrom {
            remedies.append(.of(topic, "digest: {from: \(match.match.rawValue)}") { $0.digestFrom = match.match })
        }
        let phrases = match.evidence.filter { $0.ignored?.hasPrefix("against") == true }.map { $0.phrase.lowercased() }
        let against = topic.against.flatMap(\.words).filter { phrases.contains($0.lowercased()) }
        if !against.isEmpty {
            let words = against.prefix(3).map { YAMLText.quoted(CleanText.line($0)) }.joined(separator: ", ")
            remedies.append(
                .of(topic, "against: – without \(words)") { topic in
                    for index in topic.against.indices { topic.against[index].words.removeAll(where: against.contains) }
                    topic.against.removeAll(where: \.words.isEmpty)
                })
        }
        if topic.require != Topic.Require() {
            remedies.append(.of(topic, "require: []") { $0.require = Topic.Require() })
        }
        let hundredths = Int(match.score * 100)
        if match.match == .nothing, hundredths >= 1 {
            remedies.append(
                .of(topic, "thresholds: {likely: \(hundredths)}") { topic in
                    topic.likelyFrom = hundredths
                    topic.clearFrom = topic.clearFrom.map { max($0, hundredths) }
                })
        }
        return remedies
    }

    /// What lets a story alert that stands in issues only.
    static func alert(_ topic: Topic, _ match: TopicMatch) -> Remedy {
        var condition = Topic.AlertCondition()
        condition.match = match.match
        return .of(topic, "alert: {any_of: [{match: \(match.match.rawValue)}]} – one more line of any_of") {
            $0.alertAnyOf.append(condition)
        }
    }

    /// What lets go of a held story. A back-test replays neither caps nor hours.
    static func release(_ held: AlertLife.Held, _ configuration: Configuration) -> Remedy? {
        let id = held.reasons.first?.topic
        guard let topic = configuration.topics.first(where: { $0.id == id }) else { return nil }
        func unreplayed(_ line: String) -> Remedy {
            Remedy(
                place: "topics.d, topic \(topic.id)", line: line,
                unknown: "Caps and quiet hours are not replayed: they change when alerts come, not which.")
        }
        switch held.by {
        case .alone: return .of(topic, "alert: {never_on_only: []}") { $0.alertNeverOnOnly = [] }
        case .quiet: return unreplayed("alert: {quiet: {unless: [a word of it]}}")
        case .atMost:
            let count = topic.alertAtMost?.count ?? 1
            return unreplayed("alert: {at_most: {count: \(count * 2), …}}")
        case .again: return unreplayed("alert: {again: {after: 1h}}")
        }
    }
}

/// A plain word, or one in double quotes, as YAML reads it.
private enum YAMLText {
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
