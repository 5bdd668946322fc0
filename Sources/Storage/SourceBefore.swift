import Foundation
import GRDB
import News

/// What is known of a source before a poll of it is committed: all that the commit asks for, in one look.
struct SourceBefore {
    /// When the poll was due.
    var due: Int64?
    var lastRead: Int64?
    var isBlind: Bool
    /// It was told that it is blind.
    var isToldBlind: Bool
    /// It was put off when it was due last.
    var rest: Rest?
    private var firstRead: Int64?
    private var listed: Int64
    private var hasBaseline: Bool
    private var expiredTo: Int64?

    /// Of a source that has no row it makes one.
    static func fetch(_ source: Source, _ db: Database) throws -> SourceBefore {
        if let before = try fetch(source.id, db) { return before }
        let insert = try Prepared("INSERT INTO source(id, url) VALUES (?, ?)", db)
        insert.bind(1, source.id)
        insert.bind(2, source.url)
        try insert.run()
        guard let before = try fetch(source.id, db) else {
            throw DatabaseError(message: "the row of source \(source.id) is not where it was put")
        }
        return before
    }

    private static func fetch(_ id: SourceID, _ db: Database) throws -> SourceBefore? {
        let select = try Prepared(
            """
            SELECT last_read, blind_since, first_read, listed, baseline_at, expired_to, rest,
            (SELECT at FROM due WHERE kind = 'poll' AND key = ?1), EXISTS(SELECT 1 FROM blind_told WHERE source = ?1)
            FROM source WHERE id = ?1
            """, db)
        select.bind(1, id)
        return try select.first { row in
            SourceBefore(
                due: row.number(7), lastRead: row.number(0), isBlind: !row.isNull(1), isToldBlind: row.flag(8),
                rest: try row.bytes(6).map { try JSONColumn.decode(Rest.self, from: Data($0)) },
                firstRead: row.number(2), listed: row.number(3) ?? 0, hasBaseline: !row.isNull(4),
                expiredTo: row.number(5))
        }
    }

    /// Its last document listed something, and it was no first one.
    var hasListed: Bool { hasBaseline && listed > 0 }

    func baseline(_ db: Database) throws -> Baseline {
        Baseline(
            openedAt: firstRead.map(Timestamp.init(seconds:)), isEmpty: listed == 0, isComplete: hasBaseline,
            expiredTo: expiredTo.map(Timestamp.init(seconds:)), lostAt: hasBaseline ? nil : try Baseline.lostAt(db))
    }
}
