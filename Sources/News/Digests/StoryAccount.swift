/// All that is known of how a story came together: its texts and their origins, and every article in the order of time with
/// its versions and why it belongs. The public JSON of `feedwatch story`.
public struct StoryAccount: Sendable, Encodable {
    public var schema = 1
    public var id: StoryID
    public var shownID: String
    public var firstSeen: Timestamp
    public var alertedAt: Timestamp?
    public var newsroomsAtLeast: Int
    public var texts: [PublishedText]
    /// By first seen.
    public var articles: [Item]

    enum CodingKeys: String, CodingKey {
        case schema, id, texts, articles
        case shownID = "shown_id"
        case firstSeen = "first_seen"
        case alertedAt = "alerted_at"
        case newsroomsAtLeast = "newsrooms_at_least"
    }

    public struct Item: Sendable, Encodable {
        public var member: PublishedMember
        /// Which of `texts` it carries; nil beyond `Limits.shownPerStoryMax`.
        public var text: Int?
        /// For a copy: the first article with its text.
        public var copyOf: MemberKey?
        /// Why the desk, or the reader, put it here.
        public var why: String

        enum CodingKeys: String, CodingKey {
            case text, why
            case copyOf = "copy_of"
        }

        public func encode(to encoder: any Encoder) throws {
            try member.encode(to: encoder)
            var more = encoder.container(keyedBy: CodingKeys.self)
            try more.encodeIfPresent(text, forKey: .text)
            try more.encodeIfPresent(copyOf, forKey: .copyOf)
            try more.encode(why, forKey: .why)
        }
    }

    public init(_ story: Story, sources: [SourceID: Source]) {
        let texts = Texts(members: story.members, sources: sources)
        id = story.id
        shownID = story.shownID
        firstSeen = story.firstSeen
        alertedAt = story.alertedAt
        newsroomsAtLeast = texts.newsroomsAtLeast
        self.texts = texts.list
        let ordered = story.members.enumerated().sorted {
            ($0.element.firstSeen, $0.offset) < ($1.element.firstSeen, $1.offset)
        }
        articles = ordered.map { _, member in
            Item(
                member: PublishedMember(member, source: sources[member.source], until: nil),
                text: texts.places[MemberKey(member)], copyOf: member.copyOf, why: member.reason)
        }
    }
}
