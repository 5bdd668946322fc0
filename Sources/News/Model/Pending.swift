/// An entry that is committed and waits to be filed: a row of the one durable queue.
public struct PendingEntry: Sendable, Hashable, Codable {
    public var source: SourceID
    /// What the desk knows it by within the source: its first identity (`EntryIdentity`).
    public var key: String
    public var entry: Entry
    /// When the poll that saw it first was made.
    public var firstSeen: Timestamp
    /// When the poll that saw this text of it was made.
    public var seen: Timestamp
    /// 1 for the entry as first seen; counts up when its text is seen again and changed.
    public var version: Int
    /// `EntryIdentity.contentHash` of the text that waits; a poll may have brought another one since.
    public var contentHash: String

    public init(
        source: SourceID, key: String, entry: Entry, firstSeen: Timestamp, seen: Timestamp, version: Int = 1,
        contentHash: String? = nil
    ) {
        self.source = source
        self.key = key
        self.entry = entry
        self.firstSeen = firstSeen
        self.seen = seen
        self.version = version
        self.contentHash = contentHash ?? EntryIdentity.contentHash(of: entry)
    }
}

/// All that is known of one article before the desk decides: pure results, made in parallel.
public struct Reading: Sendable {
    public var pending: PendingEntry
    public var article: Article
    /// When its text was read.
    public var readAt: Timestamp
    /// Matches of at least `likely`, and misses with any evidence, strongest first.
    public var topics: [TopicMatch]
    /// Entities found, each once, sorted.
    public var entities: [EntityID]
    /// The ids among `entities` that a matched topic names strong, sorted.
    public var strongEntities: [EntityID]
    public var fingerprint: Fingerprint
    /// Of the page that was read; none where only the feed's words were.
    public var validators = Validators.none

    public init(
        pending: PendingEntry, article: Article, readAt: Timestamp, topics: [TopicMatch], entities: [EntityID],
        strongEntities: [EntityID], fingerprint: Fingerprint
    ) {
        self.pending = pending
        self.article = article
        self.readAt = readAt
        self.topics = topics
        self.entities = entities
        self.strongEntities = strongEntities
        self.fingerprint = fingerprint
    }
}

/// What went wrong with a source, in the terms of the pipeline.
public struct Fault: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The stage of `Pipeline` that failed: `fetch`, `parse`, …
    public var stage: String
    /// A stable word: `timed-out`, `not-a-feed`, `private-address`.
    public var code: String
    /// For people: what, where, what to do.
    public var detail: String

    public init(stage: String, code: String, detail: String) {
        self.stage = stage
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(stage): \(detail)" }

    /// Its code for readers: `timed out`.
    public var words: String { code.split(separator: "-").joined(separator: " ") }

    /// No name or no way to the server was found: as likely the own network's fault as the source's.
    public var isOfNetwork: Bool { stage == "fetch" && (code == "unresolved" || code == "unreachable") }
}
