/// An issue as readers get it: what was seen in its window, and what could not be seen. The public JSON.
public struct Digest: Sendable, Hashable, Codable {
    public static let currentSchema = 1

    public var schema: Int
    /// `digest`
    public var kind: String
    /// The local day whose issue it is.
    public var day: CivilDate
    public var issued: Timestamp
    public var nextIssue: Timestamp
    public var window: Window
    public var zone: ZoneSpans
    public var sight: Sight
    /// By match, newsrooms, then first seen.
    public var stories: [DigestStory]
    /// Topics without a story.
    public var quietTopics: [TopicName]
    public var nearMisses: [NearMiss]
    /// What caps and quiet hours hold, or held until it was told in the window; nil without any, and in files of earlier
    /// versions.
    public var held: [HeldStory]?
    /// Stories into which texts were folded without an alert; nil without any, and in files of earlier versions.
    public var folded: [FoldedStory]?
    /// Of stories that earlier issues told.
    public var corrections: [Correction]
    /// Nil where none is declared, and in files of earlier versions.
    public var indicators: PublishedIndicators?
    public var coverage: Coverage
    /// Of feedwatch.
    public var version: String
    public var configuration: String

    enum CodingKeys: String, CodingKey {
        case schema, kind, day, issued, window, zone, sight, stories, held, folded, corrections, indicators, coverage,
            version, configuration
        case nextIssue = "next_issue"
        case quietTopics = "quiet_topics"
        case nearMisses = "near_misses"
    }

    /// What was first seen after `from` and up to `to`.
    public struct Window: Sendable, Hashable, Codable {
        public var from: Timestamp
        public var to: Timestamp
        /// The end of the last issue's window; nil for the first issue.
        public var previousTo: Timestamp?

        enum CodingKeys: String, CodingKey {
            case from, to
            case previousTo = "previous_to"
        }
    }

    public struct TopicName: Sendable, Hashable, Codable {
        public var id: TopicID
        public var name: String
    }

    /// A story that came near a topic.
    public struct NearMiss: Sendable, Hashable, Codable {
        public var shownID: String
        public var title: String
        /// BCP 47, of the headline; nil in files of earlier versions.
        public var language: String?
        /// Where the headline is from, and http or https to read it; nil in files of earlier versions.
        public var outlet: String?
        public var url: String?
        public var topic: String
        /// `"fleet", held back by "tariff"`
        public var reason: String
        /// The article's words in the reason, in their order; nil in files of earlier versions.
        public var quotes: [String]?
        /// The article asks not to be published before a time.
        public var embargo: Embargo?

        enum CodingKeys: String, CodingKey {
            case title, language, outlet, url, topic, reason, quotes, embargo
            case shownID = "shown_id"
        }
    }

    public struct Correction: Sendable, Hashable, Codable {
        public var shownID: String
        public var title: String
        /// BCP 47, of the headline and what changed; nil in files of earlier versions.
        public var language: String?
        public var outlet: String
        public var url: String?
        public var storyFirstSeen: Timestamp
        /// The local day of the issue that the story was first in; nil when none is on record.
        public var issueDay: CivilDate?
        public var change: PublishedChange

        enum CodingKeys: String, CodingKey {
            case title, language, outlet, url, change
            case shownID = "shown_id"
            case storyFirstSeen = "story_first_seen"
            case issueDay = "issue_day"
        }
    }

    /// `digests/2026-11-22`
    public var stem: String { "digests/\(day)" }
}

/// A story in an issue, and what is new about it since the last one.
public struct DigestStory: Sendable, Hashable, Codable {
    public enum Status: String, Sendable, Hashable, Codable {
        case new
        /// It goes on from an earlier issue.
        case day
        /// No new article, but a changed one.
        case updated
        /// First seen in an earlier window and filed after that issue was composed.
        case late
    }

    public var status: Status
    /// The local day of its life, 1 for the day on which it was first seen.
    public var dayNumber: Int
    /// One of its articles was corrected in the window.
    public var isCorrected: Bool
    /// Articles first seen in the window.
    public var newArticles: Int
    /// Changes in the window.
    public var changes: Int
    /// Updates of its alert; nil without any.
    public var updates: [AlertedAgain]?
    /// Texts that were filed in the window after its alert and were no reason for another, the newest of them; nil without any.
    public var folded: [Folded]?
    /// An alert, or an update of one, is decided and held.
    public var held: Held?
    public var story: PublishedStory

    enum CodingKeys: String, CodingKey {
        case status, changes, updates, folded, held, story
        case dayNumber = "day_number"
        case isCorrected = "corrected"
        case newArticles = "new_articles"
    }

    public struct AlertedAgain: Sendable, Hashable, Codable {
        /// Relative to the state folder, without extension.
        public var file: String
        public var at: Timestamp
        public var why: [Topic.Again.Reason]
    }

    public struct Folded: Sendable, Hashable, Codable {
        public var outlet: String
        /// The headline as it is now.
        public var title: String?
        public var at: Timestamp
    }

    public struct Held: Sendable, Hashable, Codable {
        public var by: AlertLife.Held.By
        public var until: Timestamp
    }
}
