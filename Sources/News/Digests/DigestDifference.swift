/// A published issue beside what is known of its window now. The public JSON of `feedwatch digest --again`.
public struct DigestDifference: Sendable, Hashable, Codable {
    public var schema = 1
    public var day: CivilDate
    public var published: Timestamp
    public var window: Digest.Window
    /// Stories of the record, and of the same window now.
    public var storiesThen: Int
    public var storiesNow: Int
    /// In the order of the issue as it would be now.
    public var added: [Item]
    /// In the order of the record.
    public var removed: [Item]
    public var changed: [Changed]

    enum CodingKeys: String, CodingKey {
        case schema, day, published, window, added, removed, changed
        case storiesThen = "stories_then"
        case storiesNow = "stories_now"
    }

    public struct Item: Sendable, Hashable, Codable {
        public var shownID: String
        public var title: String
        public var firstSeen: Timestamp

        enum CodingKeys: String, CodingKey {
            case title
            case shownID = "shown_id"
            case firstSeen = "first_seen"
        }
    }

    public struct Changed: Sendable, Hashable, Codable {
        public var shownID: String
        public var title: String
        public var changes: [Change]

        enum CodingKeys: String, CodingKey {
            case title, changes
            case shownID = "shown_id"
        }
    }

    /// One thing that reads otherwise now.
    public struct Change: Sendable, Hashable, Codable {
        public enum What: String, Sendable, Hashable, Codable {
            case headline, topics, articles, texts, newsrooms
        }

        public var what: What
        public var then: String
        public var now: String
    }

    /// - Parameter again: composed for the same window from what is known now.
    public init(record: Digest, again: Digest) {
        day = record.day
        published = record.issued
        window = record.window
        storiesThen = record.stories.count
        storiesNow = again.stories.count
        let then = Dictionary(record.stories.map { ($0.story.id, $0.story) }, uniquingKeysWith: { first, _ in first })
        let now = Set(again.stories.map(\.story.id))
        added = again.stories.filter { then[$0.story.id] == nil }.map { Item($0.story) }
        removed = record.stories.filter { !now.contains($0.story.id) }.map { Item($0.story) }
        changed = again.stories.compactMap { item in
            guard let old = then[item.story.id] else { return nil }
            let changes = Change.between(old, item.story)
            return changes.isEmpty
                ? nil : Changed(shownID: item.story.shownID, title: item.story.title, changes: changes)
        }
    }

    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
}

extension DigestDifference.Item {
    init(_ story: PublishedStory) {
        self.init(shownID: story.shownID, title: story.title, firstSeen: story.firstSeen)
    }
}

extension DigestDifference.Change {
    static func between(_ then: PublishedStory, _ now: PublishedStory) -> [DigestDifference.Change] {
        let sides: [(What, String, String)] = [
            (.headline, then.title, now.title),
            (.topics, topics(then), topics(now)),
            (.articles, count(then), count(now)),
            (.texts, versions(then), versions(now)),
            (.newsrooms, "at least \(then.newsroomsAtLeast)", "at least \(now.newsroomsAtLeast)"),
        ]
        return sides.filter { $0.1 != $0.2 }.map { DigestDifference.Change(what: $0.0, then: $0.1, now: $0.2) }
    }

    /// `deterrence clear, korean-peninsula likely`
    private static func topics(_ story: PublishedStory) -> String {
        story.topics.map { "\($0.id) \($0.match.rawValue)" }.joined(separator: ", ")
    }

    private static func count(_ story: PublishedStory) -> String { "\(story.members.count + story.membersLeftOut)" }

    /// `version 3 at harbour`; of texts that have not changed nothing.
    private static func versions(_ story: PublishedStory) -> String {
        let changed = story.members.filter { $0.version > 1 }.map { "version \($0.version) at \($0.source)" }
        return changed.isEmpty ? "unchanged" : changed.joined(separator: ", ")
    }
}
