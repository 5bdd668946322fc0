import News
import Storage

/// Why a story, an address or a page was judged as it was. The public JSON of `feedwatch explain`.
public struct Explanation: Sendable, Encodable {
    public var schema = 1
    /// As given.
    public var subject: String
    /// What was found in the state; nil for a page that was read now.
    public var story: StoryFacts?
    /// The entry by which an address that was not filed is known.
    public var known: KnownEntry?
    /// For a page that was read now: its address or file.
    public var read: String?
    /// Why it could not be read.
    public var fault: String?
    /// The source whose settings a page that was read now is judged by; nil when none fits.
    public var judgedAs: SourceID?
    public var articles: [ArticleExplanation] = []

    enum CodingKeys: String, CodingKey {
        case schema, subject, story, known, read, fault, articles
        case judgedAs = "judged_as"
    }

    public struct StoryFacts: Sendable, Encodable {
        public var id: StoryID
        public var shownID: String
        public var firstSeen: Timestamp
        public var alertedAt: Timestamp?
        /// It does, or did, not alert before.
        public var mutedUntil: Timestamp?
        /// Its file, without extension, and the lines that held for it, by topic.
        public var alertFile: String?
        public var alertRules: [AlertReason]
        /// Updates of its alert, oldest first.
        public var updates: [AlertLife.Told]
        /// What would alert and does not yet.
        public var held: Held?
        /// What was held, where it has ended because its topics were no longer configured.
        public var ended: AlertLife.Ended?
        /// Texts that came after its alert and were no reason for another; copies are not counted.
        public var folded: Int
        /// After an alert: before then it alerts for nothing.
        public var againAfter: Timestamp?
        /// What the reader said, by topic.
        public var verdicts: [TopicID: ReaderVerdict]

        public struct Held: Sendable, Encodable {
            /// `again`, `quiet`, `at-most`, `alone`
            public var by: AlertLife.Held.By
            public var since: Timestamp
            public var until: Timestamp
            public var topics: [TopicID]
            /// Of an update.
            public var why: [Topic.Again.Reason]
        }

        enum CodingKeys: String, CodingKey {
            case id
            case shownID = "shown_id"
            case firstSeen = "first_seen"
            case alertedAt = "alerted_at"
            case mutedUntil = "muted_until"
            case alertFile = "alert_file"
            case alertRules = "alert_rules"
            case updates, held, ended, folded
            case verdicts = "reader"
            case againAfter = "again_after"
        }
    }

    public struct AlertReason: Sendable, Encodable {
        public var topic: TopicID
        public var rule: String
    }
}

/// One article: where it stands, what was found in it, and what that came to.
public struct ArticleExplanation: Sendable, Encodable {
    public var source: SourceID?
    /// The source's name.
    public var outlet: String?
    public var title: String?
    public var url: String?
    public var paragraphs: Int
    public var firstSeen: Timestamp?
    public var relation: StoryMember.Relation?
    /// Why the desk put it there, in words.
    public var grouping: String?
    public var copyOf: MemberKey?
    public var versions: [Version]
    /// When its text was dropped, as `keep.text` wants it.
    public var textExpiredAt: Timestamp?
    public var faults: [MarkupFault]
    public var topics: [TopicExplanation]
    /// Topics that match by the configuration as it is now and were not found when it was filed.
    public var alsoNow: [TopicID]
    let article: Article

    enum CodingKeys: String, CodingKey {
        case source, outlet, title, url, paragraphs, relation, grouping, versions, faults, topics
        case firstSeen = "first_seen"
        case copyOf = "copy_of"
        case textExpiredAt = "text_expired_at"
        case alsoNow = "also_now"
    }

    public struct Version: Sendable, Encodable {
        public var version: Int
        public var at: Timestamp
        public var correction: Bool
        public var withdrawn: Bool?
    }
}

/// What a topic made of an article: the object of alerts and digests (`PublishedTopic`), and what only the text at hand tells.
public struct TopicExplanation: Sendable, Encodable {
    /// As it was filed, or for a page as it is now.
    public var found: PublishedTopic
    /// Every place that counted or was ignored; of an article that the configuration would judge otherwise now only the
    /// first place of each piece of evidence.
    public var places: [TopicTrace.Place]
    /// The match by the configuration as it is now, where it differs.
    public var now: Topic.Match?

    private enum CodingKeys: String, CodingKey { case topic, places, now }

    public func encode(to encoder: any Encoder) throws {
        try found.encode(to: encoder)
        var more = encoder.container(keyedBy: CodingKeys.self)
        try more.encode(found.id, forKey: .topic)
        try more.encode(places, forKey: .places)
        try more.encodeIfPresent(now, forKey: .now)
    }
}
