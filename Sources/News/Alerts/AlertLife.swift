/// How far the alerts of a story have come: what it was alerted for, what is held, what was folded in silence.
/// Changed only in the transaction that decides.
public struct AlertLife: Sendable, Hashable, Codable {
    /// A file that told the story.
    public struct Told: Sendable, Hashable, Codable {
        /// Relative to the state folder, without extension.
        public var file: String
        public var at: Timestamp
        /// Of an update; empty for the first.
        public var why: [Topic.Again.Reason]

        public init(file: String, at: Timestamp, why: [Topic.Again.Reason]) {
            self.file = file
            self.at = at
            self.why = why
        }
    }

    /// An article, or a version of one, that was folded in.
    public struct Folded: Sendable, Hashable, Codable {
        public var text: MemberKey
        /// When that was decided.
        public var at: Timestamp

        public init(text: MemberKey, at: Timestamp) {
            self.text = text
            self.at = at
        }
    }

    /// Something that would alert and does not yet.
    public struct Held: Sendable, Hashable, Codable {
        public enum By: String, Sendable, Hashable, Codable {
            /// Only affiliations of `never_on_only` carry it.
            case alone
            /// `again.after` of the last alert is not over.
            case again
            case quiet
            case atMost = "at-most"
        }

        public struct Reason: Sendable, Hashable, Codable {
            public var topic: TopicID
            /// The line that held, as written; empty for an update whose article meets none.
            public var rule: String

            public init(topic: TopicID, rule: String) {
                self.topic = topic
                self.rule = rule
            }
        }

        public var by: By
        public var since: Timestamp
        /// When it is looked at again: then it passes, but for what is held as `alone`, which ends in silence.
        public var until: Timestamp
        public var reasons: [Reason]
        /// Of an update; nil for a first alert.
        public var news: AlertNews?
        /// An article of the story was forgotten since: the reasons are judged again by those that are left.
        public var isThinned: Bool?

        public init(by: By, since: Timestamp, until: Timestamp, reasons: [Reason], news: AlertNews?) {
            self.by = by
            self.since = since
            self.until = until
            self.reasons = reasons
            self.news = news
        }
    }

    /// A hold that ended in silence.
    public struct Ended: Sendable, Hashable, Codable {
        public var at: Timestamp
        public var topics: [TopicID]

        public init(at: Timestamp, topics: [TopicID]) {
            self.at = at
            self.topics = topics
        }
    }

    /// The first, then updates; of many the first and the newest (`Limits.alertFilesKept`).
    public var told: [Told] = []
    /// For which topics it has alerted, sorted.
    public var topics: [TopicID] = []
    /// At the last alert.
    public var said = AlertFacts()
    public var held: Held?
    /// The last hold, where it ended because its topics were no longer configured.
    public var ended: Ended?
    /// Texts that came after its alert and were no reason for another, the newest `Limits.foldedKept`; no copies.
    public var folded: [Folded] = []

    public init() {}

    public var isEmpty: Bool { self == AlertLife() }

    public mutating func note(_ file: Told, topics: [TopicID]) {
        told.append(file)
        if told.count > Limits.alertFilesKept { told.remove(at: 1) }
        self.topics = Set(self.topics).union(topics).sorted()
        held = nil
        ended = nil
    }

    public mutating func fold(_ texts: [MemberKey], at time: Timestamp) {
        folded = (folded + texts.map { Folded(text: $0, at: time) }).suffix(Limits.foldedKept)
    }

    /// Brings times that a clock set back has left in the future to now: nothing is held for ever.
    public mutating func believe(_ now: Timestamp) {
        for index in told.indices { told[index].at = min(told[index].at, now) }
    }
}
