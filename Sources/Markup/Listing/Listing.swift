import News

/// The links of a listing page that are taken for stories, and why.
public struct Listing: Sendable {
    /// Taken, in the order of the page, each address once; at most `Limits.entriesMax`.
    public var links: [Link] = []
    /// What the page's links were sorted into, in the order of the page; one group per selector where there is one.
    public var groups: [Group] = []
    /// Feeds that the page itself names (`rel=alternate`), absolute.
    public var feeds: [String] = []
    public var faults: [MarkupFault] = []

    public struct Link: Sendable, Hashable {
        /// Absolute and canonical: the entry's identity.
        public var url: String
        /// On one line; nil where the page has no words for it.
        public var title: String?
        public var published: ListedDate?
    }

    /// Links that stand in the same kind of place.
    public struct Group: Sendable {
        /// A CSS selector for its place, to copy and mend.
        public var selector: String
        public var isTaken: Bool
        /// What spoke for it and against it, for people, the heaviest first.
        public var reasons: [String]
        public var links: [Link]
    }

    /// When a link was published, as its page says.
    public struct ListedDate: Sendable, Hashable {
        /// Midnight UTC where the page gives a day only.
        public var time: Timestamp
        /// `2025-03-30`: the day that the page writes, in its own zone.
        public var day: String

        init(day: Timestamp) {
            time = day
            self.day = String(day.rfc3339.prefix(10))
        }

        /// A `datetime` attribute or the like; nil when it is no date.
        init?(machineReadable value: String) {
            guard let time = FeedDate.parse(value) else { return nil }
            self.init(day: time)
            let written = value.trimming(\.isWhitespace).prefix(10)
            if Timestamp(rfc3339: written + "T00:00:00Z") != nil { day = String(written) }
        }
    }

    /// As a feed: addresses as links, and nothing that the page does not say.
    public var feed: Feed {
        var feed = Feed(format: .page)
        feed.faults = faults
        feed.entries = links.map { link in
            var entry = Entry()
            entry.link = link.url
            entry.title = link.title
            entry.published = link.published?.time
            return entry
        }
        return feed
    }
}
