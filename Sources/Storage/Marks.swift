import Foundation
import GRDB
import News

/// What is no news though no entry says so (`EntryMark`).
enum Marks {
    enum Why: String {
        /// The administrator had it forgotten.
        case forgotten
        /// Readers have it in a file, from before this database.
        case published
    }

    static func add(_ marks: [String], _ why: Why, sketch: Data? = nil, at time: Timestamp, _ db: Database) throws {
        for mark in marks {
            try db.cachedStatement(
                sql: "INSERT INTO mark(mark, why, sketch, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [mark, why.rawValue, sketch, time.seconds])
        }
    }

    /// Nearly always there are none, and nothing more is asked.
    static func exist(_ why: Why, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM mark WHERE why = ?)"), arguments: [why.rawValue])
            ?? false
    }

    /// Whether an entry is one that was forgotten.
    ///
    /// An id that is used again, and a link that many entries share, must not silence what is another text.
    /// - Parameter url: a further address of it, as its page has it.
    static func isForgotten(
        _ listed: ListedEntry, names: [String] = [], url: String? = nil, of source: SourceID, _ db: Database
    ) throws -> Bool {
        let own = listed.keyMarks(in: source) + names.map { EntryMark.key(source, $0) }
        if let mark = EntryMark.url(url), try isMarked(mark, listed.sketch.placeless, db) { return true }
        return try (own + listed.placeMarks).contains { try isMarked($0, listed.sketch, db) }
    }

    /// What readers have of a text, from before this database.
    struct PublishedText: Codable, Hashable {
        /// `EntrySketch` of its headline.
        var sketch: Data
        /// The story that only the file of an alert names; nil where an issue has it.
        var story: StoryID?

        init(title: String?, story: StoryID?) {
            var entry = Entry()
            entry.title = title
            sketch = Data(ListedEntry(entry).sketch.bytes)
            self.story = story
        }
    }

    /// Adds a text to those that readers have from one place: of a feed whose entries share one link these are many.
    static func add(_ text: PublishedText, at mark: String, _ time: Timestamp, _ db: Database) throws {
        let texts = try published(mark, db) ?? []
        guard !texts.contains(text), texts.count < Limits.publishedTextsMax else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO mark(mark, why, sketch, at) VALUES (?, 'published', ?, ?)
                ON CONFLICT DO UPDATE SET sketch = excluded.sketch, at = excluded.at
                """
        ).execute(arguments: [mark, JSONColumn.encode(texts + [text]), time.seconds])
    }

    /// Whether readers have it in an issue: by its place and its headline, for files know no ids.
    static func isPublished(_ listed: ListedEntry, _ db: Database) throws -> Bool {
        try matches(listed.placeMarks, listed.sketch, db).contains { $0.story == nil }
    }

    /// The story as which readers have it in the file of an alert.
    static func toldStory(_ listed: ListedEntry, _ marks: [String], _ db: Database) throws -> StoryID? {
        try matches(listed.placeMarks + marks, listed.sketch, db).lazy.compactMap(\.story).first
    }

    private static func matches(_ marks: [String], _ sketch: EntrySketch, _ db: Database) throws -> [PublishedText] {
        try marks.flatMap { try published($0, db) ?? [] }.filter { text in
            EntrySketch(bytes: [UInt8](text.sketch)).map { !sketch.hasAnotherHeadline(than: $0) } ?? true
        }
    }

    /// Nil where nothing is from this place. Marks of earlier versions say nothing of the text: it is any.
    private static func published(_ mark: String, _ db: Database) throws -> [PublishedText]? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT sketch FROM mark WHERE mark = ? AND why = 'published'"), arguments: [mark])
        guard let row else { return nil }
        guard let data = row["sketch"] as Data? else { return [PublishedText(title: nil, story: nil)] }
        return try JSONColumn.decode([PublishedText].self, from: data)
    }

    private static func isMarked(_ mark: String, _ sketch: EntrySketch, _ db: Database) throws -> Bool {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT sketch FROM mark WHERE mark = ? AND why = 'forgotten'"), arguments: [mark])
        guard let row else { return false }
        let kept = (row["sketch"] as Data?).flatMap { EntrySketch(bytes: [UInt8]($0)) }
        return kept.map { !sketch.isAnotherText(than: $0) } ?? true
    }
}
