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

    /// Whether readers have it already: by its place alone, for files know no ids.
    static func isPublished(_ listed: ListedEntry, _ db: Database) throws -> Bool {
        for mark in listed.placeMarks {
            let found = try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM mark WHERE mark = ? AND why = 'published')"),
                arguments: [mark])
            if found == true { return true }
        }
        return false
    }

    private static func isMarked(_ mark: String, _ sketch: EntrySketch, _ db: Database) throws -> Bool {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT sketch FROM mark WHERE mark = ? AND why = 'forgotten'"), arguments: [mark])
        guard let row else { return false }
        let kept = (row["sketch"] as Data?).flatMap { EntrySketch(bytes: [UInt8]($0)) }
        return kept.map { !sketch.isAnotherText(than: $0) } ?? true
    }
}
