import Foundation
import GRDB
import News

extension Store {
    /// Before a poll's result is written: whether it ends a span in which the source was not seen.
    ///
    /// Failed polls, when this one was good; or none at all for more than `Limits.lateSeconds` after the due time, when this
    /// program did not run or was late.
    static func noteOutage(before result: PollResult, _ before: SourceBefore, _ db: Database) throws {
        let id = result.source.id
        if let due = before.due, due + Limits.lateSeconds < result.at.seconds {
            try insert(SourceOutage(source: id, since: Timestamp(seconds: due), until: result.at, why: "not tried"), db)
        }
        try noteRestEnd(before: result, before, db)
        switch result.outcome {
        case .failed, .postponed, .resting: return
        case .unchanged, .read: break
        }
        if before.lastRead == nil { try noteLoss(before: result, db) }
        if before.isBlind { try noteOutageEnd(of: id, at: result.at, db) }
    }

    /// It was put off and is asked again. While it was blind that was told of it, and a short rest is no gap.
    private static func noteRestEnd(before result: PollResult, _ before: SourceBefore, _ db: Database) throws {
        switch result.outcome {
        case .postponed, .resting: return
        case .failed, .unchanged, .read: break
        }
        guard let rest = before.rest, !before.isBlind, result.at - rest.since > .seconds(Limits.lateSeconds) else {
            return
        }
        try insert(
            SourceOutage(source: result.source.id, since: rest.since, until: result.at, why: rest.words), db)
    }

    /// A good read that lists nothing of what was there at the last. A list of one entry always does that.
    static func noteRollover(_ result: PollResult, _ before: SourceBefore, _ tally: PollTally, _ db: Database) throws {
        guard let last = before.lastRead, before.hasListed, tally.listed > 1, tally.new == tally.listed else { return }
        try insert(
            SourceOutage(
                source: result.source.id, since: Timestamp(seconds: last), until: result.at,
                why: SourceOutage.rolledOver),
            db)
    }

    /// Failed polls of a source are over.
    static func noteOutageEnd(of id: SourceID, at end: Timestamp, _ db: Database) throws {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT blind_since, fault FROM source WHERE id = ? AND blind_since IS NOT NULL"),
                arguments: [id])
        else { return }
        let fault = try (row["fault"] as Data?).map { try JSONColumn.decode(Fault.self, from: $0) }
        let since = Timestamp(seconds: row["blind_since"])
        try insert(SourceOutage(source: id, since: since, until: end, why: fault?.words ?? "no answer"), db)
    }

    /// The first good read after the database was lost: what was listed meanwhile and carries no date passed unseen.
    private static func noteLoss(before result: PollResult, _ db: Database) throws {
        guard
            let since = try Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT value FROM meta WHERE name = 'lost'")), since < result.at.seconds
        else { return }
        try insert(
            SourceOutage(
                source: result.source.id, since: Timestamp(seconds: since), until: result.at, why: "database lost"), db)
    }

    private static func insert(_ outage: SourceOutage, _ db: Database) throws {
        try db.cachedStatement(
            sql:
                "INSERT INTO outage(source, since, until, why) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET until = excluded.until"
        ).execute(arguments: [outage.source, outage.since.seconds, outage.until.seconds, outage.why])
    }

    /// Those of one source that were over in a span, by time.
    public func outages(of source: SourceID, from: Timestamp, to: Timestamp) throws(StoreError) -> [SourceOutage] {
        try read { db in try Store.outages(from: from, to: to, db).filter { $0.source == source } }
    }

    /// The sources that have listed texts of a host, `harbour.example` or `www.harbour.example`.
    public func sources(ofHost host: String) throws(StoreError) -> Set<SourceID> {
        let beginnings = ["https://", "http://", "https://www.", "http://www."].map { $0 + host + "/" }
        return try read { db in
            var sources: Set<SourceID> = []
            for beginning in beginnings {
                // `0` follows `/`: one range of the index.
                sources.formUnion(
                    try String.fetchAll(
                        db, sql: "SELECT DISTINCT source FROM article WHERE url >= ? AND url < ?",
                        arguments: [beginning, String(beginning.dropLast()) + "0"]))
            }
            return sources
        }
    }

    /// Those that were over in a window, by source and time.
    static func outages(from: Timestamp, to: Timestamp, _ db: Database) throws -> [SourceOutage] {
        try Row.fetchAll(
            db,
            sql: "SELECT source, since, until, why FROM outage WHERE until > ? AND since < ? ORDER BY source, since",
            arguments: [from.seconds, to.seconds]
        ).map { row in
            SourceOutage(
                source: row["source"], since: Timestamp(seconds: row["since"]), until: Timestamp(seconds: row["until"]),
                why: row["why"])
        }
    }
}
