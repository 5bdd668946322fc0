import Foundation
import News
import Publish
import Storage

/// `feedwatch yes` and `no`: a story's own texts become an example of a topic, as files under `STATE/examples`.
///
/// The database is only read, so that it works beside a running daemon and without one.
public struct Judging: Sendable {
    private let configuration: Configuration
    private let state: StateFolder

    /// What was stored.
    public struct Judged: Sendable {
        public var topic: Topic
        public var title: String
        public var outcome: ExampleFolder.Outcome
        /// The story's files of that topic.
        public var files: [String]
    }

    /// A topic has to be named: exit code 64.
    public struct TopicNeeded: Error, Sendable, CustomStringConvertible {
        public var description: String
    }

    /// There is nothing left to make an example of.
    struct TextExpired: Error, CustomStringConvertible {
        var story: String
        var description: String {
            "the texts of \(story) are no longer kept (keep.text), or their publishers ask for it – an example can be written by hand, docs/formats.md says how"
        }
    }

    public init(_ configuration: Configuration, state: StateFolder) {
        self.configuration = configuration
        self.state = state
    }

    /// - Parameters:
    ///   - subject: a story's id, or the address of an article that was filed.
    ///   - topic: its id; nil where the story matches exactly one.
    ///   - note: the reader's words; nil keeps those of an earlier judgement.
    /// - Throws: `UnknownName`, `TopicNeeded`, `StoreError`, `DeliveryError`.
    public func judge(
        _ subject: String, _ verdict: ExampleFolder.Verdict, topic: TopicID?, note: String?
    ) throws -> Judged {
        let store = try Store.reading(ofStateIn: state)
        let story =
            try subject.contains("://")
            ? store?.story(at: WebURL.spellings(of: subject)) : store?.story(named: subject)
        guard let story else {
            throw UnknownName(
                "story", subject, among: try store?.shownIDs(limit: 20_000) ?? [],
                hint: "give an id as alerts and digests show it, or the address of an article that was filed")
        }
        guard story.members.contains(where: \.hasText) else {
            throw TextExpired(story: story.shownID)
        }
        let chosen = try chosenTopic(topic, for: story)
        let texts = texts(of: story, note: note)
        let folder = ExampleFolder(path: state.path + "/examples")
        let (outcome, files) = try folder.store(texts, as: verdict, of: chosen.id, id: story.shownID)
        return Judged(topic: chosen, title: texts[0].title, outcome: outcome, files: files)
    }

    private func chosenTopic(_ id: TopicID?, for story: Story) throws -> Topic {
        let known = configuration.topics.map(\.id)
        if let id {
            guard let topic = configuration.topics.first(where: { $0.id == id }) else {
                throw UnknownName("topic", id, among: known, hint: "known are \(known.joined(separator: ", "))")
            }
            return topic
        }
        let matched = Set(story.members.flatMap(\.topics).filter { $0.match >= .likely }.map(\.topic))
        let topics = configuration.topics.filter { matched.contains($0.id) }
        if topics.count == 1 { return topics[0] }
        throw TopicNeeded(
            description: topics.isEmpty
                ? "\(story.shownID) matches no topic – name one with --topic: \(known.joined(separator: ", "))"
                : "\(story.shownID) matches several topics – name one with --topic: "
                    + topics.map(\.id).joined(separator: ", "))
    }

    /// Copies are the same text: one of each is enough.
    private func texts(of story: Story, note: String?) -> [TopicExample] {
        let sources = configuration.sourcesByID
        let kept = story.members.filter(\.hasText)
        let own = kept.filter { $0.relation != .copy }
        return (own.isEmpty ? kept : own).prefix(Limits.examplesPerStoryMax).map { member in
            let article = member.article
            return TopicExample(
                title: article.title, language: article.language ?? sources[member.source]?.language,
                source: sources[member.source]?.name ?? member.source, url: member.url,
                date: article.published ?? member.firstSeen, note: note,
                // A standfirst often stands as the first paragraph once more.
                paragraphs: (article.standfirst.map { article.paragraphs.first == $0 ? [] : [$0] } ?? [])
                    + article.paragraphs)
        }
    }
}
