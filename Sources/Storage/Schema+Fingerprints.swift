import Foundation
import GRDB
import News

extension Schema {
    /// Fingerprints leave their articles' rows, which are long: to look one up is to read a page, and to read all is to read
    /// no texts.
    static func moveFingerprints(_ db: Database) throws {
        try db.execute(
            sql: """
                -- `turn` is that of an article's newest version, or was of the first and of the last before it. `name` and `original` stand for the keys of the article and of the first one with
                -- its text, `addresses` for where it is found.
                CREATE TABLE fingerprint(
                    turn INTEGER PRIMARY KEY, first_seen INTEGER NOT NULL, source TEXT NOT NULL,
                    name INTEGER NOT NULL, original INTEGER NOT NULL, addresses BLOB NOT NULL, text BLOB NOT NULL);
                CREATE INDEX fingerprint_name ON fingerprint(name, turn);
                CREATE INDEX fingerprint_first_seen ON fingerprint(first_seen);
                CREATE TRIGGER fingerprint_gone AFTER DELETE ON article
                BEGIN
                    DELETE FROM fingerprint WHERE name IN (SELECT name FROM fingerprint WHERE turn = OLD.turn);
                END;
                """)
        // What is older is placed by no more.
        let newest = try Int64.fetchOne(db, sql: "SELECT max(first_seen) FROM article") ?? 0
        let rows = try Row.fetchCursor(
            db, sql: "SELECT turn, member, fingerprint FROM article WHERE first_seen >= ?",
            arguments: [newest - StoryIndex.window.components.seconds])
        while let row = try rows.next() {
            // One that cannot be read back is left for its story to complain of.
            guard let member = try? JSONColumn.decode(StoryMember.self, from: row["member"]),
                let old = try? JSONColumn.decode(StoredFingerprint.self, from: row["fingerprint"])
            else { continue }
            try Fingerprints.put(IndexedArticle(member, fingerprint: old.fingerprint), turn: row["turn"], db)
        }
        try db.execute(sql: "ALTER TABLE article DROP COLUMN fingerprint")
    }

    /// As it was stored until then; before places and numbers were kept, with eight times as many hashes.
    private struct StoredFingerprint: Decodable {
        var hashes: [UInt32]
        var places: [UInt8]?
        var shingleCount: Int
        var figures: [UInt64]?

        var fingerprint: Fingerprint {
            Fingerprint(
                hashes: Array(hashes.prefix(Fingerprint.sizeMax)), places: places ?? [], shingleCount: shingleCount,
                figures: figures ?? [])
        }
    }
}
