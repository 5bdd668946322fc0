import News
import Publish

/// What became of a story that was seen elsewhere, and what would change it. The public JSON of `feedwatch missed`.
public struct Missed: Sendable, Encodable {
    public enum Fate: String, Sendable, Encodable {
        // Filed.
        case alerted, told, held, muted, refused, folded
        case belowTheLine = "below-the-line"
        case noTopic = "no-topic"
        // Listed and not filed.
        case waiting
        case firstRead = "first-read"
        // Not listed, though its outlet is configured.
        case unread
        case blind
        case gap
        case rolledOver = "rolled-over"
        case switchedOff = "switched-off"
        case notListed = "not-listed"
        /// No source is of that outlet.
        case notCarried = "not-carried"
    }

    public var schema = 1
    public var url: String
    public var fate: Fate
    /// What happened, in sentences.
    public var words: [String]
    /// The shown id.
    public var story: String?
    public var title: String?
    public var source: SourceID?
    public var change: Change?

    init(_ url: String, _ fate: Fate, _ words: [String], story: Story? = nil, source: SourceID? = nil) {
        self.url = CleanText.line(url)
        self.fate = fate
        self.words = words
        self.source = source
        self.story = story?.shownID
        title = story?.members.lazy.compactMap { CleanText.shown($0.article.title) }.first
    }

    /// What the reader can write or say so that it comes the next time.
    public struct Change: Sendable, Encodable {
        /// `topics.d, topic deterrence`
        public var place: String
        /// As it is to stand there.
        public var line: String
        public var effect: Effect?
        /// Why its effect is not known.
        public var unknown: String?
    }

    /// What the line would have made of the stored stories of the last days, beside the configuration as it is.
    public struct Effect: Sendable, Encodable {
        public var days: Int
        public var storiesAdded: Int
        public var storiesDropped: Int
        public var alertsAdded: Int
        public var alertsDropped: Int
        /// Headlines of stories that it would have added, the first of them.
        public var examples: [String]

        enum CodingKeys: String, CodingKey {
            case days, examples
            case storiesAdded = "stories_added"
            case storiesDropped = "stories_dropped"
            case alertsAdded = "alerts_added"
            case alertsDropped = "alerts_dropped"
        }

        static let examplesMax = 5

        init(_ report: BacktestReport) {
            func count(_ kind: BacktestReport.Change.Kind, added: Bool) -> Int {
                report.changes.count { $0.kind == kind && $0.isAdded == added }
            }
            days = report.days
            storiesAdded = count(.story, added: true)
            storiesDropped = count(.story, added: false)
            alertsAdded = count(.alert, added: true)
            alertsDropped = count(.alert, added: false)
            examples = report.changes.filter { $0.kind == .story && $0.isAdded }.prefix(Self.examplesMax).map {
                "\($0.story) \($0.title)"
            }
        }

        var words: String {
            var parts = [
                "\(Words.count(storiesAdded, "story", "stories")) and \(Words.count(alertsAdded, "alert")) more"
            ]
            if storiesDropped + alertsDropped > 0 {
                parts.append(
                    "\(Words.count(storiesDropped, "story", "stories")) and \(Words.count(alertsDropped, "alert")) fewer"
                )
            }
            return "In the last \(days) days it would have given \(parts.joined(separator: ", "))."
        }
    }

    public var lines: [StyledLine] {
        let head = [story, title].compactMap { $0 }.joined(separator: " ")
        var lines = [StyledLine(head.isEmpty ? url : head, .heading)]
        lines += words.map { StyledLine($0).asRunningText }
        guard let change else { return lines }
        lines += [
            StyledLine(), StyledLine("What would change it: \(change.place)"), StyledLine("  \(change.line)"),
        ]
        if let effect = change.effect {
            lines.append(StyledLine(effect.words))
            lines += effect.examples.map { StyledLine("  \($0)", .faint) }
        }
        if let unknown = change.unknown { lines.append(StyledLine(unknown).asRunningText) }
        return lines
    }
}
