import GRDB
import News

/// Something that has a next time.
public struct DueJob: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// `key` is the source's id.
        case poll
        /// `key` is empty: the daily digest. Or it is `again`: when that issue, which is due already, is looked at once more.
        case digest
        /// `key` is empty: deliveries that failed are tried again.
        case outbox
        /// `key` is empty: entries that are pending and not being read are taken up again.
        case pending
        /// `key` is empty: what waits at the desk for an earlier entry has waited long enough.
        case desk
        /// `key` is empty, never in the table: the clock was set back.
        case clock
        /// `key` is empty: what was kept for long enough is dropped.
        case retention
        /// `key` is empty: something that an alert rule held is to be looked at.
        case held
        /// `key` is empty: a source may have been blind for long enough to be told.
        case blind
        /// `key` is empty: counts of indicators that alert have changed.
        case indicator
        /// `key` is empty: `alerts.atom` is to be made anew, for an alert was decided or an embargo ends.
        case feed
        /// `key` is empty, never in the table: something is to leave the machine.
        case sending
        /// `key` is empty: pages of an issue's articles are to be read again.
        case reread
    }

    public var kind: Kind
    public var key: String
    public var at: Timestamp

    public init(kind: Kind, key: String = "", at: Timestamp) {
        self.kind = kind
        self.key = key
        self.at = at
    }
}

extension Store {
    /// All due times, soonest first.
    public func dueJobs() throws(StoreError) -> [DueJob] {
        try read { try Store.dueJobs($0) }
    }

    static func dueJobs(_ db: Database) throws -> [DueJob] {
        try Row.fetchAll(db, sql: "SELECT kind, key, at FROM due ORDER BY at, kind, key").compactMap { row in
            DueJob.Kind(rawValue: row["kind"]).map {
                DueJob(kind: $0, key: row["key"], at: Timestamp(seconds: row["at"]))
            }
        }
    }

    /// When this is due; nil when it has no time.
    public func dueTime(of kind: DueJob.Kind, _ key: String = "") throws(StoreError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT at FROM due WHERE kind = ? AND key = ?"),
                arguments: [kind.rawValue, key]
            ).map(Timestamp.init(seconds:))
        }
    }

    /// What is held, blind sources, indicators and the feed of alerts, each where it has a time: looked at after every poll.
    public func dueAlertJobs() throws(StoreError) -> [DueJob] {
        try readAlone { db in
            try Prepared(
                "SELECT kind, at FROM due WHERE kind IN ('held', 'blind', 'indicator', 'feed') AND key = ''", db
            ).all {
                row in
                row.text(0).flatMap(DueJob.Kind.init).map {
                    DueJob(kind: $0, at: Timestamp(seconds: row.number(1) ?? 0))
                }
            }.compactMap(\.self)
        }
    }

    public func setDue(_ jobs: [DueJob]) throws(StoreError) {
        try write { db in for job in jobs { try Store.setDue(job, db) } }
    }

    /// Gives the one job of a kind its time, or none.
    public func setDue(_ kind: DueJob.Kind, _ time: Timestamp?) throws(StoreError) {
        try write { db in
            guard let time else {
                return try db.execute(sql: "DELETE FROM due WHERE kind = ?", arguments: [kind.rawValue])
            }
            try Store.setDue(DueJob(kind: kind, at: time), db)
        }
    }

    static func setDue(_ job: DueJob, _ db: Database) throws {
        let upsert = try Prepared(
            "INSERT INTO due(kind, key, at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at", db)
        upsert.bind(1, job.kind.rawValue)
        upsert.bind(2, job.key)
        upsert.bind(3, job.at.seconds)
        try upsert.run()
    }

    /// When this state was created; nil before its first pass.
    public func createdAt() throws(StoreError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'created'").map(Timestamp.init(seconds:))
        }
    }

    /// When this state was created: the first digest's window begins there. Set once.
    public func createdAt(orNow now: Timestamp) throws(StoreError) -> Timestamp {
        try write { try Store.create($0, at: now) }
    }

    static func create(_ db: Database, at now: Timestamp) throws -> Timestamp {
        try db.execute(
            sql: "INSERT INTO meta(name, value) VALUES ('created', ?) ON CONFLICT DO NOTHING", arguments: [now.seconds])
        let seconds = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'created'")
        return Timestamp(seconds: seconds ?? now.seconds)
    }
}
