import News

/// A file that readers have, with what it says, for a database that does not know it.
public struct PublishedRecord: Sendable, Hashable {
    public struct Article: Sendable, Hashable {
        public var url: String
        public var title: String?

        public init(url: String, title: String?) {
            self.url = url
            self.title = title
        }
    }

    public struct Story: Sendable, Hashable {
        public var id: StoryID
        public var shownID: String
        public var title: String?
        public var firstSeen: Timestamp
        public var articles: [Article]
        public var topics: [TopicID] = []
        /// Strong ones that were found in it.
        public var entities: [EntityID] = []
        /// Of an update: its first alert, and why it came.
        public var first: AlertLife.Told?
        public var why: [Topic.Again.Reason] = []

        public init(id: StoryID, shownID: String, title: String?, firstSeen: Timestamp, articles: [Article]) {
            self.id = id
            self.shownID = shownID
            self.title = title
            self.firstSeen = firstSeen
            self.articles = articles
        }
    }

    /// A source that could not be read.
    public struct BlindSource: Sendable, Hashable {
        public var id: SourceID
        public var since: Timestamp
        /// When it could be read again; nil while it cannot.
        public var until: Timestamp?

        public init(id: SourceID, since: Timestamp, until: Timestamp?) {
            self.id = id
            self.since = since
            self.until = until
        }
    }

    public enum Content: Sendable, Hashable {
        /// One story, or what was held: several.
        case alert([Story], decided: Timestamp)
        case blind([BlindSource])
        case indicator(String, IndicatorRise.Told)
        /// The stories of a day, and its window.
        case issue([Story], day: String, from: Timestamp, to: Timestamp)
    }

    public var stem: String
    public var content: Content

    public init(stem: String, content: Content) {
        self.stem = stem
        self.content = content
    }
}
