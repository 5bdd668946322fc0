import Foundation
import GRDB
import News

/// A source as its due time depends on it.
public struct PollPlan: Sendable, Hashable {
    public var source: SourceID
    public var url: String
    public var interval: Duration

    public init(source: SourceID, url: String, interval: Duration) {
        self.source = source
        self.url = url
        self.interval = interval
    }
}

extension Store {
    /// Fits the due times to a configuration, in one transaction: sources that are new or have another address are due now,
    /// a shorter interval pulls a time in, polls of other sources have no time any more.
    /// - Parameter digest: when the next issue is due by the configuration; one that is overdue stays due.
    /// - Returns: all jobs that have a time.
    public func schedule(_ plans: [PollPlan], digest: Timestamp, at now: Timestamp) throws(StoreError) -> [DueJob] {
        try write { db in
            _ = try Store.create(db, at: now)
            try Store.mendAskedLater(than: now, db)
            var gone = Set(try String.fetchAll(db, sql: "SELECT key FROM due WHERE kind = 'poll'"))
            for plan in plans {
                gone.remove(plan.source)
                try Store.fit(plan, at: now, db)
            }
            for key in gone { try db.execute(sql: "DELETE FROM due WHERE kind = 'poll' AND key = ?", arguments: [key]) }
            let issue = try Int64.fetchOne(db, sql: "SELECT at FROM due WHERE kind = 'digest' AND key = ''")
            if issue.map({ $0 > now.seconds }) ?? true { try Store.setDue(DueJob(kind: .digest, at: digest), db) }
            return try Store.dueJobs(db)
        }
    }

    /// Makes a source due now, where it may be asked: in the table, so that the wish outlives the process.
    /// - Parameter rest: what its domain has asked for as far as is known elsewhere.
    public func hasten(
        _ source: Source, resting rest: Rest? = nil, at now: Timestamp
    ) throws(StoreError) -> PollSchedule.Wish {
        try write { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT at, last_tried, fault, rest FROM due LEFT JOIN source ON id = key WHERE kind = 'poll' AND key = ?
                    """, arguments: [source.id])
            let fault = try (row?["fault"] as Data?).map { try JSONColumn.decode(Fault.self, from: $0) }
            let kept = try (row?["rest"] as Data?).map { try JSONColumn.decode(Rest.self, from: $0) }
            let wish = PollSchedule.wish(
                due: (row?["at"]).map(Timestamp.init(seconds:)),
                tried: (row?["last_tried"] as Int64?).map(Timestamp.init(seconds:)), fault: fault?.code,
                rest: PollSchedule.rest(kept, rest, at: now), now: now)
            if wish == .due { try Store.setDue(DueJob(kind: .poll, key: source.id, at: now), db) }
            return wish
        }
    }

    /// What was asked later than now was asked before the clock was set back: it waits as long as it was to wait, from now on.
    private static func mendAskedLater(than now: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE due SET at = ?1 + max(at - last_tried, 0) FROM source
                WHERE kind = 'poll' AND id = key AND last_tried > ?1 AND at > ?1
                """, arguments: [now.seconds])
        try db.execute(
            sql: """
                UPDATE due SET at = ?1 WHERE kind = 'poll' AND at > ?1 + ?2
                AND NOT EXISTS (SELECT 1 FROM source WHERE id = key AND last_tried IS NOT NULL)
                """, arguments: [now.seconds, Limits.congestedRetrySeconds])
        try db.execute(
            sql: "UPDATE source SET last_tried = ?1, blind_since = min(blind_since, ?1) WHERE last_tried > ?1",
            arguments: [now.seconds])
    }

    private static func fit(_ plan: PollPlan, at now: Timestamp, _ db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT at, due.url, interval, last_tried FROM due LEFT JOIN source ON id = key
                    WHERE kind = 'poll' AND key = ?
                    """), arguments: [plan.source])
        var at = (row?["at"]).map(Timestamp.init(seconds:)) ?? now
        let url: String? = row?["url"]
        let interval = (row?["interval"] as Int64?).map { Duration.seconds($0) }
        if url == plan.url, interval == plan.interval { return }
        if let url, url != plan.url {
            // What went wrong at the old address says nothing of this one.
            at = now
            try db.execute(sql: "UPDATE source SET failures = 0, rest = NULL WHERE id = ?", arguments: [plan.source])
        } else if let interval, let tried = (row?["last_tried"] as Int64?).map(Timestamp.init(seconds:)) {
            at = PollSchedule.pulledIn(at, tried: tried, from: interval, to: plan.interval)
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO due(kind, key, at, url, interval) VALUES ('poll', ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET at = excluded.at, url = excluded.url, interval = excluded.interval
                """
        ).execute(arguments: [plan.source, at.seconds, plan.url, plan.interval.components.seconds])
    }
}
