import Foundation
import GRDB
import News

extension Schema {
    /// When an article first named each thing of the gazetteer, of all that were ever filed: a name is kept when the articles
    /// have expired. Filled from what is stored; what no program can read any more names nothing.
    static let knownNames = """
        CREATE TABLE known_name(entity TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO known_name
            SELECT name.value, min(article.first_seen) FROM article, json_each(CASE json_valid(CAST(member AS TEXT))
                WHEN 1 THEN CAST(member AS TEXT) ELSE '{}' END, '$.entities') AS name
            WHERE name.type = 'text' GROUP BY name.value;
        """
}

extension Store {
    /// An article of this time names these.
    static func note(names: [EntityID], at time: Timestamp, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO known_name(entity, since) VALUES (?1, ?2)
                ON CONFLICT DO UPDATE SET since = excluded.since WHERE excluded.since < since
                """)
        for name in names { try statement.execute(arguments: [name, time.seconds]) }
    }

    static func knownNames(_ db: Database) throws -> [EntityID: Timestamp] {
        try Row.fetchAll(db, sql: "SELECT entity, since FROM known_name").reduce(into: [:]) {
            $0[$1["entity"]] = Timestamp(seconds: $1["since"])
        }
    }
}
