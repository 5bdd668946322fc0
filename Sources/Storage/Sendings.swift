import Foundation
import GRDB
import News

extension Schema {
    /// What leaves the machine: each parcel once for each way that wanted it when it was delivered. `next` is when it is tried;
    /// without it it was sent, or given up for `fault`.
    static let sendings = """
        CREATE TABLE sending(
            way TEXT NOT NULL, stem TEXT NOT NULL REFERENCES outbox(stem) ON DELETE CASCADE, since INTEGER NOT NULL,
            next INTEGER, attempts INTEGER NOT NULL DEFAULT 0, sent INTEGER, fault TEXT,
            PRIMARY KEY(stem, way)) WITHOUT ROWID;
        CREATE INDEX sending_next ON sending(next) WHERE next IS NOT NULL;
        """
}

/// A parcel on its way out of the machine.
public struct PendingSending: Sendable, Hashable {
    public var way: String
    public var parcel: Parcel
    /// When it was to be sent first.
    public var since: Timestamp
    public var attempts: Int
}

/// One that is tried again, or was given up.
public struct FailedSending: Sendable, Hashable {
    public var way: String
    public var stem: String
    public var since: Timestamp
    public var attempts: Int
    public var fault: String
    /// Nil where it was given up.
    public var next: Timestamp?
}

extension Store {
    static func send(_ stem: String, by ways: [String], at time: Timestamp, _ db: Database) throws {
        for way in ways {
            try db.execute(
                sql: "INSERT INTO sending(way, stem, since, next) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [way, stem, time.seconds, time.seconds])
        }
    }

    /// What is to be sent now, the oldest first.
    public func dueSendings(at now: Timestamp, limit: Int) throws(StoreError) -> [PendingSending] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT way, since, sending.attempts AS tries, kind, sending.stem AS stem, json, decided FROM sending
                    JOIN outbox ON outbox.stem = sending.stem
                    WHERE next IS NOT NULL AND next <= ? ORDER BY decided, sending.stem, way LIMIT ?
                    """, arguments: [now.seconds, limit]
            ).compactMap { row in
                Parcel(row).map {
                    PendingSending(
                        way: row["way"], parcel: $0, since: Timestamp(seconds: row["since"]), attempts: row["tries"])
                }
            }
        }
    }

    /// When the next is to be sent; nil where nothing waits.
    public func nextSending() throws(StoreError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT min(next) FROM sending WHERE next IS NOT NULL")
                .map(Timestamp.init(seconds:))
        }
    }

    public func markSent(_ sending: PendingSending, at now: Timestamp) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: "UPDATE sending SET sent = ?, next = NULL, fault = NULL WHERE stem = ? AND way = ?",
                arguments: [now.seconds, sending.parcel.stem, sending.way])
        }
    }

    /// - Parameter next: when it is tried again; nil gives it up.
    public func noteFailure(
        of sending: PendingSending, because fault: String, next: Timestamp?
    ) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: "UPDATE sending SET attempts = attempts + 1, next = ?, fault = ? WHERE stem = ? AND way = ?",
                arguments: [next?.seconds, fault, sending.parcel.stem, sending.way])
        }
    }

    /// What was given up since then is tried once more: the configuration may have been mended. What waits for a way that is no
    /// longer configured is given up.
    public func reviveSendings(since: Timestamp, ways: [String], at now: Timestamp) throws(StoreError) {
        let list = Result { try JSONColumn.text(ways) }
        try write { db in
            let known = try list.get()
            try db.execute(
                sql: """
                    UPDATE sending SET next = ? WHERE sent IS NULL AND next IS NULL AND since >= ?
                    AND way IN (SELECT value FROM json_each(?))
                    """, arguments: [now.seconds, since.seconds, known])
            try db.execute(
                sql: """
                    UPDATE sending SET next = NULL, fault = 'no longer configured' WHERE next IS NOT NULL
                    AND way NOT IN (SELECT value FROM json_each(?))
                    """, arguments: [known])
        }
    }

    /// Those that failed and were not sent yet, the newest first; given up ones of the last days only.
    static func failedSendings(since: Timestamp, _ db: Database) throws -> [FailedSending] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT way, stem, since, next, attempts, fault FROM sending
                WHERE sent IS NULL AND fault IS NOT NULL AND (next IS NOT NULL OR since >= ?)
                ORDER BY since DESC, stem, way LIMIT \(Limits.faultsMax)
                """, arguments: [since.seconds]
        ).map { row in
            FailedSending(
                way: row["way"], stem: row["stem"], since: Timestamp(seconds: row["since"]), attempts: row["attempts"],
                fault: row["fault"], next: (row["next"] as Int64?).map(Timestamp.init(seconds:)))
        }
    }
}
