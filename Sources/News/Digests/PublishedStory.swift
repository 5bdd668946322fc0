/// A story as readers get it in alerts and digests: the public JSON.
public struct PublishedStory: Sendable, Hashable, Codable {
    public var id: StoryID
    public var shownID: String
    /// The headline in its own language, as it stands now.
    public var title: String
    /// BCP 47, of the headline.
    public var language: String?
    public var firstSeen: Timestamp
    public var alertedAt: Timestamp?
    /// Best first; an alert's are those that it was given for.
    public var topics: [PublishedTopic]
    public var excerpt: Excerpt?
    /// Things of the gazetteer, the headline's first; nil in files of earlier versions.
    public var names: [PublishedName]?
    /// Each text once, with the outlets that carry it; official ones first.
    public var texts: [PublishedText]
    /// How many newsrooms are known to have written for themselves; unknown origins and copies are not counted.
    public var newsroomsAtLeast: Int
    /// The country whose government, party or state outlets are the only ones that carry it.
    public var onlySide: String?
    /// It asks not to be published before a time.
    public var embargo: Embargo?
    /// Originating texts first; at most `Limits.shownPerStoryMax`.
    public var members: [PublishedMember]
    /// Members that are not listed.
    public var membersLeftOut: Int

    enum CodingKeys: String, CodingKey {
        case id, title, language, topics, excerpt, names, texts, embargo, members
        case shownID = "shown_id"
        case firstSeen = "first_seen"
        case alertedAt = "alerted_at"
        case newsroomsAtLeast = "newsrooms_at_least"
        case onlySide = "only_side"
        case membersLeftOut = "members_left_out"
    }

    /// One verbatim sentence.
    public struct Excerpt: Sendable, Hashable, Codable {
        public var text: String
        /// Shortened, which the text's own `…` shows.
        public var isCut: Bool
        /// The member that it stands in, by its place in `members`.
        public var member: Int

        enum CodingKeys: String, CodingKey {
            case text, member
            case isCut = "cut"
        }
    }
}

/// How a story fits a topic, and why: what `feedwatch explain`, alerts and digests say in JSON.
public struct PublishedTopic: Sendable, Hashable, Codable {
    public var id: TopicID
    public var name: String
    public var match: Topic.Match
    /// 0 to 1, for ranking; not a probability.
    public var score: Double
    /// The line of the topic's `alert.any_of` that held; alerts only.
    public var rule: String?
    /// Each line of the topic's alert beside the article, with what stands in its way; nil in files of earlier versions, and
    /// where the text that they look at is no longer kept.
    public var alert: [AlertRules.Verdict]?
    /// A line holds, and this holds the alert.
    public var blocked: String?
    /// The article that it was found in, by its place in `members`; nil where that is not listed.
    public var member: Int?
    /// Strongest first, then what was found and ignored; at most `Limits.shownPerStoryMax`.
    public var evidence: [PublishedEvidence]
    /// What a model of examples added; nil where there is none.
    public var learned: TopicMatch.Learned?
    /// The source decides, whatever the article says.
    public var bySource: Source.TopicRuling?
    /// What the reader said of the story.
    public var reader: ReaderVerdict?

    enum CodingKeys: String, CodingKey {
        case id, name, match, score, rule, alert, blocked, member, evidence, learned, reader
        case bySource = "by_source"
    }
}

/// A phrase or name that was found.
public struct PublishedEvidence: Sendable, Hashable, Codable {
    /// As it stands in the article.
    public var phrase: String
    public var field: Evidence.Field
    public var strength: Topic.Strength
    public var entity: EntityID?
    public var count: Int
    public var contribution: Double
    /// Why it did not count.
    public var ignored: String?
    /// UTF-8 offsets of the first place in the field; nil in files of earlier versions.
    public var start: Int?
    public var end: Int?
}

/// One text and the outlets that carry it.
public struct PublishedText: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A ministry's, army's or company's own statement.
        case official
        /// By a newsroom that is known.
        case report
        case analysis
        /// Nobody says who wrote it.
        case unknown
    }

    public var kind: Kind
    /// The wire or newsroom that it comes from; nil when that is not known.
    public var origin: String?
    /// The outlet's own report, found nowhere else.
    public var isOwn: Bool
    /// The newsroom whose report it passes on, as the text names it; nil for none. It is no second confirmation.
    public var relays: String?
    /// Names of the outlets that carry it, in the order in which they were seen.
    public var outlets: [String]
    /// How many of them do not credit its origin, where the others do.
    public var uncredited: Int
    public var language: String?

    enum CodingKeys: String, CodingKey {
        case kind, origin, relays, outlets, uncredited, language
        case isOwn = "own"
    }
}

/// One article of a story.
public struct PublishedMember: Sendable, Hashable, Codable {
    public var source: SourceID
    public var outlet: String
    public var affiliation: Source.Affiliation?
    public var country: String?
    public var language: String?
    public var origin: Source.Origin?
    /// The reader's own judgement of the source.
    public var reliability: Source.Reliability?
    /// Read over a connection on which it could have been changed.
    public var isPlainHTTP: Bool
    public var title: String?
    /// http or https.
    public var url: String?
    public var relation: StoryMember.Relation
    public var dateline: String?
    public var credit: String?
    public var published: Timestamp?
    public var firstSeen: Timestamp
    public var read: Timestamp
    /// 1, or the version of its newest change.
    public var version: Int
    public var changes: [PublishedChange]

    enum CodingKeys: String, CodingKey {
        case source, outlet, affiliation, country, language, origin, reliability, title, url, relation, dateline, credit
        case published, read, version, changes
        case isPlainHTTP = "plain_http"
        case firstSeen = "first_seen"
    }
}

/// A change of an article's text.
public struct PublishedChange: Sendable, Hashable, Codable {
    public var version: Int
    public var at: Timestamp
    /// The text says itself that it was corrected or withdrawn.
    public var isCorrection: Bool
    /// True: that it is withdrawn.
    public var isWithdrawn: Bool?
    public var title: WordChange?
    public var words: [WordChange]
    /// How many more sentences have changed; nil for none.
    public var more: Int?

    enum CodingKeys: String, CodingKey {
        case version, at, title, words, more
        case isCorrection = "correction"
        case isWithdrawn = "withdrawn"
    }
}
