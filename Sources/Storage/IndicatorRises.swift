import Foundation
import GRDB
import News

extension Schema {
    /// How far the alerts of indicators have come (`IndicatorRise`), and those that were given, by the end of the window that
    /// each told of. They outlive the counts, which are made anew where an indicator changes.
    static let indicatorRises = """
        CREATE TABLE indicator_rise(
            indicator TEXT PRIMARY KEY, judged_to INTEGER NOT NULL, unusual_at INTEGER, is_told INTEGER NOT NULL
            ) WITHOUT ROWID;
        CREATE TABLE indicator_told(
            indicator TEXT NOT NULL, at INTEGER NOT NULL, decided INTEGER NOT NULL, file TEXT NOT NULL,
            PRIMARY KEY(indicator, at)) WITHOUT ROWID;
        """
}

/// What indicators count and what was told of it, in one transaction with what is told now.
public struct IndicatorTransaction {
    let db: Database

    /// What these indicators count, as far as a baseline reaches back from moments of a week ago.
    public func records(of ids: [String], to now: Timestamp) throws -> [String: PublishedIndicators.Record] {
        try Store.indicatorRecords(from: reach(from: now), to: now, only: Set(ids), db)
    }

    private func reach(from now: Timestamp) -> Timestamp {
        now - IndicatorRise.reach - .seconds(Store.indicatorReachSeconds)
    }

    public func sight(at now: Timestamp) throws -> IndicatorSight {
        try Store.indicatorSight(from: reach(from: now), to: now, db)
    }

    /// Those that cannot be read now.
    public func blind() throws -> Set<SourceID> {
        try String.fetchSet(db, sql: "SELECT id FROM source WHERE blind_since IS NOT NULL")
    }

    /// The ids by which readers know stories, in this order.
    public func shownIDs(of stories: some Sequence<StoryID>) throws -> [String] {
        try stories.compactMap { story in
            try String.fetchOne(
                db.cachedStatement(sql: "SELECT shown_id FROM story WHERE id = ?"), arguments: [story])
        }
    }

    public func keep(_ rise: IndicatorRise, of indicator: String) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO indicator_rise(indicator, judged_to, unusual_at, is_told) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET judged_to = ?2, unusual_at = ?3, is_told = ?4
                """
        ).execute(arguments: [indicator, rise.judgedTo.seconds, rise.unusualAt?.seconds, rise.isTold])
    }

    public func put(_ parcel: Parcel, telling told: IndicatorRise.Told, of indicator: String) throws {
        try Store.put(parcel, db)
        try Store.note(told, of: indicator, db)
    }

    public func isTaken(stem: String) throws -> Bool { try Store.isTaken(stem: stem, db) }
}

extension Store {
    /// How sources were seen in the baseline of indicators and the longest window before `now`.
    public func indicatorSight(at now: Timestamp) throws(StoreError) -> IndicatorSight {
        try read { db in try Store.indicatorSight(to: now, db) }
    }

    /// How sources were seen in a span.
    static func indicatorSight(from: Timestamp? = nil, to: Timestamp, _ db: Database) throws -> IndicatorSight {
        let from = from ?? to - .seconds(indicatorReachSeconds)
        let rows = try Row.fetchAll(db, sql: "SELECT id, first_read, blind_since FROM source")
        let blind = rows.compactMap { row in
            (row["blind_since"] as Int64?).map {
                SourceOutage(source: row["id"], since: Timestamp(seconds: $0), until: to, why: "")
            }
        }
        let firstRead = rows.compactMap { row in
            (row["first_read"] as Int64?).map { (row["id"] as String, Timestamp(seconds: $0)) }
        }
        return IndicatorSight(
            outages: try outages(from: from, to: to, db) + blind,
            firstRead: Dictionary(firstRead, uniquingKeysWith: { first, _ in first }))
    }

    /// Judges indicators, and has them looked at no more until their counts change again.
    public func tellIndicators(_ body: (IndicatorTransaction) throws -> Void) throws(StoreError) {
        try writeDurably { db in
            try body(IndicatorTransaction(db: db))
            try db.execute(sql: "DELETE FROM due WHERE kind = 'indicator'")
        }
    }

    static func note(_ told: IndicatorRise.Told, of indicator: String, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO indicator_told(indicator, at, decided, file) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, arguments: [indicator, told.at.seconds, told.decided.seconds, told.file])
    }

    /// What was told of an indicator, by the windows it told of.
    static func indicatorTold(_ indicator: String, _ db: Database) throws -> [IndicatorRise.Told] {
        try Row.fetchAll(
            db, sql: "SELECT at, decided, file FROM indicator_told WHERE indicator = ? ORDER BY at",
            arguments: [indicator]
        ).map(IndicatorRise.Told.init)
    }

    /// What was decided after `since` and up to `to`, newest first.
    static func indicatorsTold(
        since: Timestamp, to: Timestamp, _ db: Database
    ) throws -> [(id: String, told: IndicatorRise.Told)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT indicator, at, decided, file FROM indicator_told WHERE decided > ? AND decided <= ?
                ORDER BY decided DESC, indicator LIMIT ?
                """, arguments: [since.seconds, to.seconds, Limits.faultsMax]
        ).map { ($0["indicator"], IndicatorRise.Told($0)) }
    }

    static func indicatorRise(_ indicator: String, _ db: Database) throws -> IndicatorRise? {
        try Row.fetchOne(
            db, sql: "SELECT judged_to, unusual_at, is_told FROM indicator_rise WHERE indicator = ?",
            arguments: [indicator]
        ).map {
            IndicatorRise(
                judgedTo: Timestamp(seconds: $0["judged_to"]),
                unusualAt: ($0["unusual_at"] as Int64?).map(Timestamp.init(seconds:)), isTold: $0["is_told"])
        }
    }
}

extension IndicatorRise.Told {
    fileprivate init(_ row: Row) {
        self.init(at: Timestamp(seconds: row["at"]), decided: Timestamp(seconds: row["decided"]), file: row["file"])
    }
}

extension DeskTransaction {
    /// Has indicators judged a little later, so that what comes together is told together; no later for what comes meanwhile.
    public func scheduleIndicators(at time: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO due(kind, key, at) VALUES ('indicator', '', ?)
                ON CONFLICT DO UPDATE SET at = min(at, excluded.at)
                """
        ).execute(arguments: [time.seconds])
    }
}
