import News
import Publish

/// What a changed configuration would add and drop. The public JSON of `feedwatch backtest`.
public struct BacktestReport: Sendable, Encodable {
    public var schema = 1
    public var from: Timestamp
    public var to: Timestamp
    public var days: Int
    /// What the changed configuration is set beside: `record`, or `configuration`.
    public var against: String
    public var zone: String
    /// Stories that began in the span, and their articles that were judged.
    public var stories = 0
    public var articles = 0
    /// Of their articles those that could not be judged, for their texts are no longer kept.
    public var withoutText = 0
    /// Stories of which something could be said only with the texts that are no longer kept: they are not among the changes.
    public var unknownStories = 0
    /// Stories with an article whose text has changed since it was first judged.
    public var changedTexts = 0
    /// Sources of the changed configuration of which nothing is stored in the span: what they would have brought is not known.
    public var newSources: [SourceID] = []
    /// Both sides' topics, by id. An alert or story that nobody can judge counts as it was.
    public private(set) var topics: [Topic] = []
    /// By topic, alerts before stories, added before dropped, then as the stories began; at most
    /// `Limits.backtestChangesMax`.
    public private(set) var changes: [Change] = []
    public private(set) var changesLeftOut = 0
    private let localZone: Zone
    private var byTopic: [TopicID: Topic] = [:]

    public struct Topic: Sendable, Hashable, Encodable {
        public var topic: TopicID
        public var name: String
        public var alertsThen = 0
        public var alertsNow = 0
        public var storiesThen = 0
        public var storiesNow = 0

        enum CodingKeys: String, CodingKey {
            case topic, name
            case alertsThen = "alerts_then"
            case alertsNow = "alerts_now"
            case storiesThen = "stories_then"
            case storiesNow = "stories_now"
        }
    }

    public struct Change: Sendable, Hashable, Encodable {
        public enum Kind: String, Sendable, Hashable, Encodable { case alert, story }

        public var topic: TopicID
        public var kind: Kind
        /// It would come; else it would go.
        public var isAdded: Bool
        /// The shown id.
        public var story: String
        public var title: String
        public var firstSeen: Timestamp
        public var why: String

        enum CodingKeys: String, CodingKey {
            case topic, kind, story, title, why
            case isAdded = "added"
            case firstSeen = "first_seen"
        }
    }

    enum CodingKeys: String, CodingKey {
        case schema, from, to, days, against, zone, stories, articles, topics, changes
        case withoutText = "without_text"
        case unknownStories = "unknown_stories"
        case changedTexts = "changed_texts"
        case newSources = "new_sources"
        case changesLeftOut = "changes_left_out"
    }

    init(from: Timestamp, to: Timestamp, days: Int, isAgainstRecord: Bool, zone: Zone) {
        self.from = from
        self.to = to
        self.days = days
        against = isAgainstRecord ? "record" : "configuration"
        self.zone = zone.name
        localZone = zone
    }
}

extension BacktestReport {
    mutating func name(_ topic: TopicID, _ name: String) {
        byTopic[topic, default: Topic(topic: topic, name: name)].name = CleanText.shown(name) ?? topic
    }

    /// A story that was looked at.
    mutating func count(_ story: Story, _ view: HindsightView) {
        stories += 1
        articles += view.judged
        withoutText += view.textless
        if story.members.contains(where: { !$0.changes.isEmpty }) { changedTexts += 1 }
    }

    mutating func count(_ topic: TopicID, _ kind: Change.Kind, then: Bool, now: Bool) {
        var counts = byTopic[topic] ?? Topic(topic: topic, name: topic)
        switch kind {
        case .alert:
            counts.alertsThen += then ? 1 : 0
            counts.alertsNow += now ? 1 : 0
        case .story:
            counts.storiesThen += then ? 1 : 0
            counts.storiesNow += now ? 1 : 0
        }
        byTopic[topic] = counts
    }

    mutating func add(_ change: Change) {
        if changes.count < Limits.backtestChangesMax { changes.append(change) } else { changesLeftOut += 1 }
    }

    mutating func sort() {
        topics = byTopic.values.sorted { $0.topic < $1.topic }
        changes.sort {
            ($0.topic, $0.kind == .alert ? 0 : 1, $0.isAdded ? 0 : 1, $0.firstSeen, $0.story)
                < ($1.topic, $1.kind == .alert ? 0 : 1, $1.isAdded ? 0 : 1, $1.firstSeen, $1.story)
        }
    }

    /// For people: counts, then each change with its reason, then what is not known.
    public var lines: [StyledLine] {
        let ages = Ages(now: to, zone: localZone)
        func span(_ time: Timestamp) -> String { "\(localZone.local(time).date) \(localZone.local(time).clock)" }
        let beside = against == "record" ? "what was alerted and published" : "the second configuration"
        var lines = [
            StyledLine("\(span(from)) – \(span(to))", .heading)
                + StyledLine(
                    ": \(Words.count(stories, "story", "stories")) began, \(Words.count(articles, "article")) judged, beside \(beside)"
                )
        ]
        var table = TextTable(["topic", "alerts", "stories"], rightAligned: [1, 2])
        table.rows = topics.map { topic in
            [
                .init(topic.name), .init("\(topic.alertsThen) → \(topic.alertsNow)"),
                .init("\(topic.storiesThen) → \(topic.storiesNow)"),
            ]
        }
        lines += [StyledLine()] + table.lines
        if changes.isEmpty { lines += [StyledLine(), StyledLine("Nothing would be added or dropped.")] }
        var heading = ""
        for change in changes {
            let name = byTopic[change.topic]?.name ?? change.topic
            let next =
                "\(name): \(change.kind == .alert ? "alerts" : "stories") \(change.isAdded ? "added" : "dropped")"
            if next != heading { lines += [StyledLine(), StyledLine(next, .heading)] }
            heading = next
            lines.append(
                StyledLine("  \(change.story)  \(ages.dayAndTime(change.firstSeen))  \(change.title)"))
            lines.append(StyledLine("        \(change.why)", .faint))
        }
        if changesLeftOut > 0 { lines.append(StyledLine("and \(changesLeftOut) more")) }
        return lines + unknowns
    }

    private var unknowns: [StyledLine] {
        var words: [String] = []
        if withoutText > 0 {
            words.append(
                "\(Words.count(withoutText, "article")) could not be judged: their texts are no longer kept (keep.text), or their publishers ask for it"
            )
        }
        if unknownStories > 0 {
            words.append(
                "\(Words.count(unknownStories, "story", "stories")) might go or stay with such an article, and count as they were"
            )
        }
        if changedTexts > 0 {
            words.append(
                "of \(Words.count(changedTexts, "story", "stories")) a text has changed: it is judged as it is now")
        }
        if !newSources.isEmpty {
            let shown = newSources.prefix(Self.sourcesShown).joined(separator: ", ")
            let more = newSources.count > Self.sourcesShown ? " and \(newSources.count - Self.sourcesShown) more" : ""
            words.append("nothing is stored of \(shown)\(more): what they would have brought is not known")
        }
        if words.isEmpty { return [] }
        return [StyledLine(), StyledLine("Not known", .heading)] + words.map { StyledLine("  \($0)") }
    }

    private static let sourcesShown = 8
}
