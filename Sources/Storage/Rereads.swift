import Foundation
import GRDB
import News

/// An article of an issue whose page is to be looked at once more.
public struct Reread: Sendable {
    public var member: StoryMember
    /// Of its page, when that was read last.
    public var validators: Validators
    public var at: Timestamp

    public var key: MemberKey { MemberKey(member) }
}

/// An article's page as an issue names it.
public struct IssuePage: Sendable, Hashable {
    public var source: SourceID
    public var url: String

    public init(source: SourceID, url: String) {
        self.source = source
        self.url = url
    }
}

extension Store {
    /// The articles that are to be re-read by now, each once: of several times that have passed the last one counts, the
    /// others were missed. At most `Limits.rereadsTakenMax`.
    public func dueRereads(at now: Timestamp) throws(StoreError) -> [Reread] {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE reread SET outcome = 'missed' WHERE outcome IS NULL AND at <= ?1 AND EXISTS(
                        SELECT 1 FROM reread AS later WHERE later.source = reread.source AND later.key = reread.key
                        AND later.at > reread.at AND later.at <= ?1)
                    """, arguments: [now.seconds])
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT at, member, etag, last_modified FROM reread JOIN article USING (source, key)
                    WHERE outcome IS NULL AND at <= ? ORDER BY at, source, key LIMIT ?
                    """, arguments: [now.seconds, Limits.rereadsTakenMax])
            if rows.isEmpty {
                // Their articles are gone.
                try db.execute(
                    sql: "UPDATE reread SET outcome = 'missed' WHERE outcome IS NULL AND at <= ?",
                    arguments: [now.seconds])
            }
            return try rows.map { row in
                Reread(
                    member: try JSONColumn.decode(StoryMember.self, from: row["member"]),
                    validators: Validators(etag: row["etag"], lastModified: row["last_modified"]),
                    at: Timestamp(seconds: row["at"]))
            }
        }
    }

    /// Keeps whether the page was there, and the validators that it was told with; gives the next re-read its due time.
    /// - Returns: that.
    @discardableResult
    public func note(_ reread: Reread, isRead: Bool, validators: Validators?) throws(StoreError) -> Timestamp? {
        try write { db in
            try db.execute(
                sql: "UPDATE reread SET outcome = ? WHERE source = ? AND key = ? AND at = ?",
                arguments: [isRead ? "read" : "failed", reread.key.source, reread.key.key, reread.at.seconds])
            if let validators {
                try db.execute(
                    sql: "UPDATE article SET etag = ?, last_modified = ? WHERE source = ? AND key = ?",
                    arguments: [validators.etag, validators.lastModified, reread.key.source, reread.key.key])
            }
            return try Store.scheduleReread(db)
        }
    }

    /// Has the pages of an issue read again after one, six and twenty-four hours.
    static func reread(_ pages: [IssuePage], after issued: Timestamp, _ db: Database) throws {
        let kept = issued - .seconds(Limits.rereadsKeptSeconds)
        try db.execute(sql: "DELETE FROM reread WHERE at < ?", arguments: [kept.seconds])
        for page in pages {
            for hours in Limits.rereadHours {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO reread(source, key, at) SELECT source, key, ? FROM article
                        WHERE source = ? AND url = ? ON CONFLICT DO NOTHING
                        """
                ).execute(arguments: [issued.seconds + Int64(hours) * 3600, page.source, page.url])
            }
        }
        try scheduleReread(db)
    }

    @discardableResult
    private static func scheduleReread(_ db: Database) throws -> Timestamp? {
        let at = try Int64.fetchOne(db, sql: "SELECT min(at) FROM reread WHERE outcome IS NULL")
        guard let at else {
            try db.execute(sql: "DELETE FROM due WHERE kind = ?", arguments: [DueJob.Kind.reread.rawValue])
            return nil
        }
        try setDue(DueJob(kind: .reread, at: Timestamp(seconds: at)), db)
        return Timestamp(seconds: at)
    }

    /// How many pages were to be re-read after `from` and up to `to`, and how many of them were.
    static func rereads(from: Timestamp, to: Timestamp, _ db: Database) throws -> RereadCount {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*) AS due, total(outcome = 'read') AS made FROM reread
                WHERE at > ? AND at <= ? AND outcome IS NOT NULL
                """, arguments: [from.seconds, to.seconds])
        return RereadCount(read: Int(row?["made"] ?? 0.0), due: row?["due"] ?? 0)
    }
}

extension Schema {
    static let rereads = """
        -- Of the page behind the article, when it was read last.
        ALTER TABLE article ADD COLUMN etag TEXT;
        ALTER TABLE article ADD COLUMN last_modified TEXT;

        -- When the pages of an issue's articles are read again. outcome: read (changed or not), failed, missed.
        CREATE TABLE reread(
            source TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT,
            PRIMARY KEY(source, key, at)) WITHOUT ROWID;
        CREATE INDEX reread_at ON reread(at);

        -- Documents in which most of the entries stood under other ids than before.
        ALTER TABLE source ADD COLUMN ids_changed INTEGER NOT NULL DEFAULT 0;
        """
}
