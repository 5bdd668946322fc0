/// In one word and two numbers, how far an issue can be trusted to have seen everything.
public struct Sight: Sendable, Hashable, Codable {
    /// `idle`: no source was due, so nothing could be missed.
    public enum Grade: String, Sendable, Hashable, Codable { case full, impaired, blind, idle }

    public var grade: Grade
    /// Sources that were due in the window and were read, and are not blind now.
    public var read: Int
    public var due: Int
    /// All of `read` were read at this time or later.
    public var readSince: Timestamp?

    enum CodingKeys: String, CodingKey {
        case grade, read, due
        case readSince = "read_since"
    }
}

/// What was and was not seen.
public struct Coverage: Sendable, Hashable, Codable {
    /// Sources read, by language, most first; `und` where the configuration gives none (BCP 47).
    public var languages: [LanguageCount]
    public var entriesListed: Int
    public var entriesNew: Int
    public var storiesKept: Int
    /// Longest blind first.
    public var blind: [Blind]
    /// Not seen for a time, and read again since; longest first.
    public var interrupted: [Interrupted]
    /// Between two reads all that was listed was replaced; nil where that happened nowhere. By source and time.
    public var maybeMissed: [Interrupted]?
    /// Entries whose pages could not be read; most first.
    public var headlineOnly: [HeadlineOnly]
    /// Put off and not asked since, for a domain has asked for rest; nil where none is. By source.
    public var resting: [Resting]?
    /// Due and not tried in the window: feedwatch was late or not running.
    public var overdue: [String]
    /// Their interval is longer than the window.
    public var notDue: [String]
    public var neverRead: [String]
    public var silent: [Silent]
    public var faulty: [Faulty]
    /// Documents that have another address for good; nil where none has, and in files of earlier versions.
    public var moved: [Faulty]?
    public var disabled: [Disabled]
    /// Pages of articles of earlier issues; nil where none was to be read again.
    public var rereads: RereadCount?

    enum CodingKeys: String, CodingKey {
        case languages, blind, interrupted, resting, overdue, silent, faulty, moved, disabled
        case maybeMissed = "maybe_missed"
        case headlineOnly = "headline_only"
        case entriesListed = "entries_listed"
        case entriesNew = "entries_new"
        case storiesKept = "stories_kept"
        case notDue = "not_due"
        case neverRead = "never_read"
        case rereads = "re_read"
    }

    public struct LanguageCount: Sendable, Hashable, Codable {
        public var language: String
        public var count: Int
    }

    public struct Blind: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        public var since: Timestamp
        /// `timed out`
        public var why: String
        public var detail: String?
    }

    public struct Interrupted: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        public var since: Timestamp
        public var until: Timestamp
        /// `timed out`; `not tried` when feedwatch was not running.
        public var why: String
    }

    public struct Resting: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        /// `outlet.example`
        public var domain: String
        public var since: Timestamp
        public var until: Timestamp
    }

    /// Entries of which only the feed's own words were read.
    public struct HeadlineOnly: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        public var count: Int
        /// Why their pages could not be read, most often first: `challenge`, `not found`.
        public var reasons: [String]
    }

    /// Read, but without anything new for longer than expected.
    public struct Silent: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        /// Nil when it never listed an entry.
        public var newestEntry: Timestamp?
        public var expectEverySeconds: Int

        enum CodingKeys: String, CodingKey {
            case source, name
            case newestEntry = "newest_entry"
            case expectEverySeconds = "expect_every_seconds"
        }
    }

    /// Read, though its document was not well made.
    public struct Faulty: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        /// Different faults, in words.
        public var faults: [String]
    }

    public struct Disabled: Sendable, Hashable, Codable {
        public var source: SourceID
        public var name: String
        public var because: String?
    }
}
