import Foundation
import GRDB
import News

/// How the sources fare and what was told of it, in one transaction with what is told now.
public struct BlindnessTransaction {
    let db: Database

    /// Of every source that was ever polled.
    public func health() throws -> [SourceHealth] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT source.*, due.at AS next_due FROM source
                LEFT JOIN due ON due.kind = 'poll' AND due.key = source.id ORDER BY id
                """
        ).map { try SourceHealth(row: $0, new: 0, from: .init(seconds: .max)) }
    }

    public func told() throws -> [Blindness.Told] {
        try Row.fetchAll(db, sql: "SELECT source, since, file, back_at FROM blind_told ORDER BY source").map { row in
            Blindness.Told(
                source: row["source"], since: Timestamp(seconds: row["since"]), file: row["file"],
                backAt: (row["back_at"] as Int64?).map(Timestamp.init(seconds:)))
        }
    }

    public func note(_ told: Blindness.Told) throws {
        try db.cachedStatement(
            sql: "INSERT INTO blind_told(source, since, file) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        ).execute(arguments: [told.source, told.since.seconds, told.file])
    }

    public func noteFirstBack(of file: String, at now: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE blind_told SET back_at = ? WHERE file = ?")
            .execute(arguments: [now.seconds, file])
    }

    public func forget(_ source: SourceID) throws {
        try db.cachedStatement(sql: "DELETE FROM blind_told WHERE source = ?").execute(arguments: [source])
    }

    /// Those of a group that are not back are waited for each for itself from now on.
    public func part(_ file: String) throws {
        try db.cachedStatement(
            sql: "UPDATE blind_told SET file = file || '#' || source, back_at = NULL WHERE file = ?"
        ).execute(arguments: [file])
    }

    public func put(_ parcel: Parcel) throws { try Store.put(parcel, db) }

    public func isTaken(stem: String) throws -> Bool { try Store.isTaken(stem: stem, db) }

    public func schedule(_ next: Timestamp?) throws {
        guard let next else { return try db.execute(sql: "DELETE FROM due WHERE kind = 'blind'") }
        try Store.setDue(DueJob(kind: .blind, at: next), db)
    }
}

extension Store {
    public func tellBlindness(_ body: (BlindnessTransaction) throws -> Void) throws(StoreError) {
        try writeDurably { db in try body(BlindnessTransaction(db: db)) }
    }

    /// After a poll: a source that goes blind is looked at when it may be told, one that was told and is back at once.
    static func scheduleBlindness(after result: PollResult, isTold: Bool, _ db: Database) throws {
        let at: Timestamp
        switch result.outcome {
        case .postponed, .resting: return
        case .failed: at = result.at + Blindness.criticalAfter
        case .unchanged, .read:
            guard isTold else { return }
            at = result.at
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO due(kind, key, at) VALUES ('blind', '', ?)
                ON CONFLICT DO UPDATE SET at = min(at, excluded.at)
                """
        ).execute(arguments: [at.seconds])
    }
}
