/// base32 (RFC 4648 §6, lower case, no padding) of a hash of the first member's identity.
public typealias StoryID = String

/// The articles on one event, as stored: what alerts and digests are composed from.
public struct Story: Sendable, Hashable, Codable {
    public var id: StoryID
    /// The prefix that readers see; never changes.
    public var shownID: String
    /// When its first member was first seen.
    public var firstSeen: Timestamp
    /// In the order in which they were filed; the first is the one that opened it.
    public var members: [StoryMember]
    public var alertedAt: Timestamp?
    /// Until when the reader wants no alert of it, past or to come.
    public var mutedUntil: Timestamp?
    /// How far its alerts have come.
    public var alerts: AlertLife
    /// What the reader said of it, by topic.
    public var verdicts: [TopicID: ReaderVerdict] = [:]

    public init(
        id: StoryID, shownID: String, firstSeen: Timestamp, members: [StoryMember], alertedAt: Timestamp? = nil,
        mutedUntil: Timestamp? = nil, alerts: AlertLife = AlertLife()
    ) {
        self.id = id
        self.shownID = shownID
        self.firstSeen = firstSeen
        self.members = members
        self.alertedAt = alertedAt
        self.mutedUntil = mutedUntil
        self.alerts = alerts
    }

    /// Whether it is muted by this end, which lies no further off than a story can be muted for unless the clock was set back.
    public static func isMuted(until end: Timestamp, at now: Timestamp) -> Bool {
        end > now && end <= now + .seconds(Limits.muteSecondsMax)
    }
}

/// One article of a story.
public struct StoryMember: Sendable, Hashable, Codable {
    public enum Relation: String, Sendable, Hashable, Codable {
        /// It opened the story.
        case first
        /// The same text as another member.
        case copy
        /// A text of its own on the same event.
        case followUp = "follow-up"
    }

    public var source: SourceID
    public var key: String
    /// Where a reader finds it, absolute; nil when the entry has no link.
    public var url: String?
    public var article: Article
    public var firstSeen: Timestamp
    public var readAt: Timestamp
    public var relation: Relation
    /// For a copy: the member that it copies, as `source` and `key`.
    public var copyOf: MemberKey?
    public var topics: [TopicMatch]
    public var entities: [EntityID]
    public var strongEntities: [EntityID]
    /// Why the desk put it here, in words.
    public var reason: String
    /// Later versions of its text, oldest first, at most `Limits.changesMax`; `article` is the newest.
    public var changes: [ArticleChange]
    /// When its text was dropped, because it was kept for long enough; nil while it is there.
    public var textExpiredAt: Timestamp?

    /// The first member with its text: itself where it is no copy.
    public var original: MemberKey { copyOf ?? MemberKey(source: source, key: key) }

    /// Whether its whole text is there: neither dropped nor, as its publisher asks, never kept.
    public var hasText: Bool { textExpiredAt == nil && article.terms?.keepsText ?? true }

    public init(
        source: SourceID, key: String, url: String?, article: Article, firstSeen: Timestamp, readAt: Timestamp,
        relation: Relation, copyOf: MemberKey? = nil, topics: [TopicMatch], entities: [EntityID],
        strongEntities: [EntityID], reason: String = "", changes: [ArticleChange] = []
    ) {
        self.source = source
        self.key = key
        self.url = url
        self.article = article
        self.firstSeen = firstSeen
        self.readAt = readAt
        self.relation = relation
        self.copyOf = copyOf
        self.topics = topics
        self.entities = entities
        self.strongEntities = strongEntities
        self.reason = reason
        self.changes = changes
    }
}

extension StoryMember {
    /// The member that a reading makes, first of its story until the desk says otherwise.
    public init(_ reading: Reading) {
        self.init(
            source: reading.pending.source, key: reading.pending.key,
            url: EntryIdentity.url(for: reading.pending.entry) ?? reading.article.canonicalURL,
            article: reading.article.kept,
            firstSeen: reading.pending.firstSeen, readAt: reading.readAt, relation: .first, topics: reading.topics,
            entities: reading.entities, strongEntities: reading.strongEntities)
    }
}

public struct MemberKey: Sendable, Hashable, Codable {
    public var source: SourceID
    public var key: String
    public init(source: SourceID, key: String) {
        self.source = source
        self.key = key
    }
}

/// The text of an article seen again and changed.
public struct ArticleChange: Sendable, Hashable, Codable {
    /// 2 or more.
    public var version: Int
    public var at: Timestamp
    /// The headline before, when it changed.
    public var titleBefore: String?
    /// A correction or withdrawal notice stands in the new text.
    public var correction: Bool
    /// True: it says that it is withdrawn.
    public var isWithdrawn: Bool?
    /// Sentences of the old text that are gone, verbatim; at most `Limits.changedSentencesMax`, each cut to
    /// `Limits.shownTextBytesMax`.
    public var removed: [String]
    /// Sentences that are new, in the same limits.
    public var added: [String]
    /// How many more on the side that has more of them; nil for none.
    public var more: Int?

    public init(
        version: Int, at: Timestamp, titleBefore: String? = nil, correction: Bool = false, isWithdrawn: Bool? = nil,
        removed: [String] = [], added: [String] = [], more: Int? = nil
    ) {
        self.version = version
        self.at = at
        self.titleBefore = titleBefore
        self.correction = correction
        self.isWithdrawn = isWithdrawn
        self.removed = removed
        self.added = added
        self.more = more
    }
}

/// A span in which a source was not seen, and which is over.
public struct SourceOutage: Sendable, Hashable, Codable {
    public var source: SourceID
    /// The first failed poll, or the time at which one was due.
    public var since: Timestamp
    public var until: Timestamp
    /// `timed out`, `not tried`.
    public var why: String

    /// Between two good reads everything that a source lists was replaced: what stood there in between was not seen.
    public static let rolledOver = "list rolled over"

    public init(source: SourceID, since: Timestamp, until: Timestamp, why: String) {
        self.source = source
        self.since = since
        self.until = until
        self.why = why
    }
}

/// Entries of a source of which only the feed's words were read, because their pages could not be.
public struct PageFaultCount: Sendable, Hashable, Codable {
    public var source: SourceID
    /// `page-challenge`, `page-not-found`.
    public var code: String
    public var count: Int

    public init(source: SourceID, code: String, count: Int) {
        self.source = source
        self.code = code
        self.count = count
    }
}

/// Pages of articles of issues that were to be read again, and those of them that were.
public struct RereadCount: Sendable, Hashable, Codable {
    public var read: Int
    public var due: Int

    public init(read: Int = 0, due: Int = 0) {
        self.read = read
        self.due = due
    }
}

/// How a source has fared, for coverage.
public struct SourceHealth: Sendable, Hashable, Codable {
    public var source: SourceID
    public var lastTried: Timestamp?
    /// The last poll that was answered well: unchanged or parsed.
    public var lastRead: Timestamp?
    /// The first failed poll since the last good one; nil when it can be read.
    public var blindSince: Timestamp?
    /// Failed polls since the last good one.
    public var failures: Int
    public var fault: Fault?
    /// Times of `published` (else first seen) of the newest entry ever listed.
    public var newestEntry: Timestamp?
    /// Entries listed in the window's polls, and those of them that were new (baseline not counted).
    public var listedInWindow: Int
    public var newInWindow: Int
    public var nextDue: Timestamp?
    /// Oddities of the last document that were read all the same.
    public var markupFaults: [MarkupFault]
    /// It was put off when it was due last.
    public var rest: Rest?

    public init(
        source: SourceID, lastTried: Timestamp? = nil, lastRead: Timestamp? = nil, blindSince: Timestamp? = nil,
        failures: Int = 0, fault: Fault? = nil, newestEntry: Timestamp? = nil, listedInWindow: Int = 0,
        newInWindow: Int = 0,
        nextDue: Timestamp? = nil, markupFaults: [MarkupFault] = [], rest: Rest? = nil
    ) {
        self.source = source
        self.lastTried = lastTried
        self.lastRead = lastRead
        self.blindSince = blindSince
        self.failures = failures
        self.fault = fault
        self.newestEntry = newestEntry
        self.listedInWindow = listedInWindow
        self.newInWindow = newInWindow
        self.nextDue = nextDue
        self.markupFaults = markupFaults
        self.rest = rest
    }
}
