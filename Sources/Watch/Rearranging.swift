import News
import Publish
import Storage

/// `feedwatch story split` and `join`: what the reader knows better of what belongs together, in the daemon or without one.
public struct Rearranging: Sendable {
    private let store: Store

    /// What stands now.
    public struct Outcome: Sendable, Hashable, Codable {
        /// The story that the articles are in, and the one that they were in, by their shown ids.
        public var story: String
        public var from: String
        /// How many were moved.
        public var articles: Int
    }

    init(store: Store) { self.store = store }

    /// - Parameter article: its address.
    /// - Throws: `UnknownName`, `StoreError`.
    func split(_ article: String) throws -> ControlAnswer {
        guard let story = try store.story(at: WebURL.spellings(of: article)) else {
            throw UnknownName(
                "article", article, among: [],
                hint: "give the address of an article that was filed; \"feedwatch story\" lists them")
        }
        let done = try store.part(
            at: WebURL.spellings(of: article), reason: "the reader took it out of \(story.shownID)",
            reserved: AlertPlace.reserved)
        guard let done else {
            return ControlAnswer(exit: 1, words: ["\(story.shownID) is this text alone – there is nothing to split"])
        }
        let count = Words.count(done.articles, "article")
        return ControlAnswer(
            words: ["\(count) of \(done.from) \(done.articles == 1 ? "is" : "are") story \(done.story) now"],
            rearranged: Outcome(done))
    }

    /// - Parameters: each a story's id, or the address of an article that was filed.
    /// - Throws: `UnknownName`, `StoreError`.
    func join(_ name: String, _ other: String) throws -> ControlAnswer {
        let (story, joined) = (try self.story(name), try self.story(other))
        let done = try store.join(joined.id, into: story.id, reason: "the reader put \(joined.shownID) here")
        guard let done else {
            return ControlAnswer(exit: 1, words: ["\(story.shownID) is one story already – give two"])
        }
        return ControlAnswer(
            words: [
                "\(Words.count(done.articles, "article")) of \(done.from) \(done.articles == 1 ? "is" : "are") in \(done.story) now; \(done.from) leads there"
            ], rearranged: Outcome(done))
    }

    private func story(_ subject: String) throws -> Story {
        let found =
            try subject.contains("://")
            ? store.story(at: WebURL.spellings(of: subject)) : store.story(named: subject)
        guard let found else { throw try Muting.unknown(subject, among: store.shownIDs(limit: 20_000)) }
        return found
    }
}

extension Rearranging.Outcome {
    fileprivate init(_ done: Rearranged) {
        self.init(story: done.story, from: done.from, articles: done.articles)
    }
}
