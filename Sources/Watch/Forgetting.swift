import Foundation
import News
import Publish
import Storage

/// `feedwatch forget`: an article, or a story, leaves the database for good, in the daemon or without one.
public struct Forgetting: Sendable {
    private let store: Store
    private let state: StateFolder
    private let clock: WallClock

    /// What was done.
    public struct Outcome: Sendable, Hashable, Codable {
        /// Articles, and entries that no article was made of.
        public var articles: Int
        public var entries: Int
        /// Files of readers that quote it, relative to the state folder, at most `Limits.quotingFilesMax`.
        public var quoting: [String]
    }

    init(store: Store, state: StateFolder, clock: WallClock) {
        self.store = store
        self.state = state
        self.clock = clock
    }

    /// - Parameter subject: an article's address, or a story's id.
    /// - Throws: `UnknownName`, `StoreError`.
    func forget(_ subject: String) throws -> Forgotten {
        let now = clock.now()
        let forgotten: Forgotten
        if subject.contains("://") {
            forgotten = try store.forget(at: WebURL.spellings(of: subject), at: now)
        } else {
            guard let story = try store.story(named: subject) else {
                throw try Muting.unknown(subject, among: store.shownIDs(limit: 20_000))
            }
            forgotten = try store.forget(story.id, at: now)
        }
        guard !forgotten.isEmpty else { throw Muting.unknown(subject, among: []) }
        return forgotten
    }

    /// Looks through the files of readers, which may take seconds.
    func answer(_ forgotten: Forgotten) -> ControlAnswer {
        let removal = removeExamples(forgotten)
        let quoting = quoting(forgotten)
        return ControlAnswer(
            words: words(forgotten, removal, quoting),
            forget: Outcome(
                articles: forgotten.articles.count, entries: forgotten.entries.count,
                quoting: Array(quoting.prefix(Limits.quotingFilesMax))))
    }

    /// What is forgotten is learned from no more: its texts go from the reader's examples, too. What was done, in words.
    private func removeExamples(_ forgotten: Forgotten) -> [String] {
        let folder = ExampleFolder(path: state.path + "/examples")
        let byStory = Dictionary(grouping: forgotten.articles, by: \.story)
        return byStory.keys.sorted().flatMap { story in
            let addresses = Set(byStory[story, default: []].compactMap { CleanText.shown($0.url) })
            do {
                let removed = try folder.remove(
                    of: story, from: forgotten.emptied.contains(story) ? nil : addresses)
                return removed.map { "removed: \($0.dropFirst(state.path.count + 1))" }
            } catch { return ["its examples may be there still: \(error)"] }
        }
    }

    private func words(_ forgotten: Forgotten, _ removal: [String], _ quoting: [String]) -> [String] {
        var words = forgotten.articles.map { article in
            "forgotten: \(CleanText.shown(article.title) ?? "(no headline)") (\(article.source), story \(article.story))"
        }
        words += forgotten.entries.map { "forgotten: an entry of \($0.source) that was not filed" }
        words += forgotten.emptied.map { "story \($0) has no article left" }
        if forgotten.copiesLeft > 0 {
            words.append(
                "copies of its text by other outlets stay: forget them by their addresses, or the story by its id")
        }
        words += removal
        words += forgotten.waiting.map { "\($0) quotes it and waits to be written: what was decided is written" }
        if !quoting.isEmpty {
            words.append("\(Words.count(quoting.count, "file")) of readers' quote it and stay as they are:")
        }
        let copies = copies
        if !copies.isEmpty {
            words.append("copies of the database may hold it still: \(copies.joined(separator: ", "))")
        }
        return words
    }

    /// Its address, or where it has none its story, stands in what quotes it, and its headline in a list of near misses.
    private func quoting(_ forgotten: Forgotten) -> [String] {
        guard let first = forgotten.articles.map(\.firstSeen).min() else { return [] }
        // Folders have local dates, which differ from UTC's by a day at most.
        let day = CivilDate(daysSince1970: Int(first.seconds / 86_400) - 1)
        let titles = forgotten.articles.compactMap { CleanText.shown($0.title) }.filter { $0.utf8.count >= 24 }
        let texts = Set(forgotten.articles.map { $0.url ?? $0.storyID } + titles)
        return PublishedFiles(root: state.path).quoting(texts.sorted(), since: day)
    }

    /// Those that an upgrade or an accident has left beside it.
    private var copies: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: state.path)) ?? []
        return names.filter { $0.hasPrefix("feedwatch.db.") }.sorted()
    }
}
