import Foundation
import News
import Publish
import Storage

/// `feedwatch yes` and `no`, in the daemon or without one: what the reader says of a story and a topic holds at once, for its
/// alerts and for issues, and its own texts become an example: files under `STATE/examples`, which topics learn from.
public struct Judging: Sendable {
    private let configuration: Configuration
    private let store: Store
    private let state: StateFolder
    private let clock: WallClock

    /// What stands now.
    public struct Outcome: Sendable, Hashable, Codable {
        public enum Change: String, Sendable, Hashable, Codable {
            case stored
            /// The other word was said before.
            case moved
            /// It was said before, word for word.
            case unchanged
        }

        /// The shown id.
        public var story: String
        public var topic: TopicID
        public var verdict: ReaderVerdict.Word
        public var change: Change
        public var title: String
        /// The story's example files of that topic; none where its texts are no longer kept.
        public var files: [String]
    }

    /// A topic has to be named: exit code 64.
    public struct TopicNeeded: Error, Sendable, CustomStringConvertible {
        public var description: String
    }

    init(_ configuration: Configuration, store: Store, state: StateFolder, clock: WallClock) {
        self.configuration = configuration
        self.store = store
        self.state = state
        self.clock = clock
    }

    /// - Parameters:
    ///   - subject: a story's id, or the address of an article that was filed.
    ///   - topic: its id; nil where the story matches exactly one.
    ///   - note: the reader's words; nil keeps those of an earlier judgement.
    /// - Throws: `UnknownName`, `TopicNeeded`, `StoreError`, `DeliveryError`.
    func answer(
        _ subject: String, _ verdict: ReaderVerdict.Word, topic: TopicID?, note: String?
    ) throws -> ControlAnswer {
        let found =
            try subject.contains("://")
            ? store.story(at: WebURL.spellings(of: subject)) : store.story(named: subject)
        guard let story = found else { throw try Muting.unknown(subject, among: store.shownIDs(limit: 20_000)) }
        let topic = try chosenTopic(topic, for: story)
        let note = CleanText.shown(note)
        let texts = texts(of: story, note: note)
        // The files first: cut off between the two, the same command does the rest.
        let files = try ExampleFolder(path: state.path + "/examples").store(
            texts, as: verdict, of: topic.id, id: story.shownID)
        let before = try store.learn(
            ReaderVerdict(verdict, note: note, at: clock.now()), of: topic.id, on: story.id)
        var change = Outcome.Change.stored
        if let before, before.verdict != verdict {
            change = .moved
        } else if before != nil, files.outcome == .unchanged, note == nil || note == before?.note {
            change = .unchanged
        }
        let outcome = Outcome(
            story: story.shownID, topic: topic.id, verdict: verdict, change: change,
            title: texts.first?.title ?? CleanText.shown(story.members.first?.article.title) ?? "(no headline)",
            files: files.files)
        return ControlAnswer(words: words(outcome, story), judged: outcome)
    }

    private func words(_ outcome: Outcome, _ story: Story) -> [String] {
        let word =
            switch outcome.change {
            case .stored: "stored"
            case .moved: "moved"
            case .unchanged: "already there"
            }
        var words = ["\(outcome.verdict.rawValue) to \(outcome.topic), \(word): \(outcome.title)"]
        if outcome.files.isEmpty {
            words.append(
                "its texts are no longer kept (keep.text), or their publishers ask for it: it counts for the story, and is no example"
            )
        }
        if outcome.verdict == .no, let held = story.alerts.held,
            held.reasons.contains(where: { $0.topic == outcome.topic })
        {
            words.append("what is held of it for \(outcome.topic) is not told")
        }
        return words
    }

    private func chosenTopic(_ id: TopicID?, for story: Story) throws -> Topic {
        let known = configuration.topics.map(\.id)
        if let id {
            guard let topic = configuration.topics.first(where: { $0.id == id }) else {
                throw UnknownName("topic", id, among: known, hint: "known are \(known.joined(separator: ", "))")
            }
            return topic
        }
        // What was judged by itself is judged anew by itself.
        let matched = Set(story.members.flatMap(\.topics).filter { $0.match >= .likely }.map(\.topic))
            .union(story.verdicts.keys)
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
            // A standfirst often stands as the first paragraph once more.
            let standfirst = article.standfirst.map { article.paragraphs.first == $0 ? [] : [$0] } ?? []
            return TopicExample(
                title: article.title, language: article.language ?? sources[member.source]?.language,
                source: sources[member.source]?.name ?? member.source, url: member.url,
                date: article.published ?? member.firstSeen, note: note, paragraphs: standfirst + article.paragraphs)
        }
    }
}
