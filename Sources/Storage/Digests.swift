import Foundation
import GRDB
import News

/// A published issue, for the windows of the next ones.
public struct PublishedDigest: Sendable, Hashable {
    /// Local date, `2026-11-22`.
    public var day: String
    public var from: Timestamp
    public var to: Timestamp
    public var stem: String
    /// The last position that the desk had filed when it was composed: what was first seen in its window and filed
    /// later stands in the next issue.
    public var filedTo: Int64
    /// The same for changes, which have positions of their own (`turn`).
    public var turnTo: Int64

    public init(
        day: String, from: Timestamp, to: Timestamp, stem: String, filedTo: Int64, turnTo: Int64 = 0
    ) {
        self.day = day
        self.from = from
        self.to = to
        self.stem = stem
        self.filedTo = filedTo
        self.turnTo = turnTo
    }
}

/// What an issue is composed from, as one moment of the database has it.
public struct IssueMaterial: Sendable {
    /// `PublishedDigest.filedTo` of the issue.
    public var filedTo: Int64
    public var turnTo: Int64
    public var stories: [Story]
    /// Nearest first.
    public var nearMisses: [Story]
    /// Of which an alert or update is held, those first whose hold ends first.
    public var held: [Story]
    /// What was held and told in the window.
    public var heldTold: [HeldAlerts]
    public var health: [SourceHealth]
    public var outages: [SourceOutage]
    public var pageFaults: [PageFaultCount]
    /// When an article first named each thing of the gazetteer.
    public var knownSince: [EntityID: Timestamp]
    public var indicators: [String: PublishedIndicators.Record]
    public var indicatorSight: IndicatorSight
    /// Earlier issues, newest first, at most `Limits.earlierIssuesMax`.
    public var issues: [PublishedDigest]
    /// The earliest of the changes that no issue has told though their time lies before the window: the clock was set back.
    public var lateChanges: Timestamp?
    /// In the span of which it is told what was seen.
    public var rereads: RereadCount
}

extension Store {
    /// - Parameters:
    ///   - seen: the span of which it is told what was and was not seen; nil for the window.
    ///   - filedAfter: `filedTo` of the last issue.
    ///   - turnAfter: `turnTo` of the last issue.
    ///   - filedUpTo: of what was first seen before the window only what was filed up to here; all, while an issue is new.
    ///   - limit: of near misses.
    public func issueMaterial(
        from: Timestamp, to: Timestamp, seen: Range<Timestamp>? = nil, filedAfter: Int64, turnAfter: Int64 = .max,
        filedUpTo: Int64 = .max, limit: Int
    ) throws(StoreError) -> IssueMaterial {
        let seen = seen ?? from..<to
        return try read { db in
            IssueMaterial(
                filedTo: try Int64.fetchOne(db, sql: "SELECT max(position) FROM article") ?? 0,
                turnTo: try Int64.fetchOne(db, sql: "SELECT max(turn) FROM article") ?? 0,
                stories: try Store.stories(
                    from: from, to: to, filedAfter: filedAfter, turnAfter: turnAfter, filedUpTo: filedUpTo, db),
                nearMisses: try Store.nearMisses(from: from, to: to, limit: limit, db),
                held: try Store.held(db), heldTold: try Store.heldTold(from: from, to: to, db),
                health: try Store.health(from: seen.lowerBound, to: seen.upperBound, db),
                outages: try Store.outages(from: seen.lowerBound, to: seen.upperBound, db),
                pageFaults: try Store.pageFaults(from: seen.lowerBound, to: seen.upperBound, db),
                knownSince: try Store.knownNames(db),
                indicators: try Store.indicatorRecords(to: to, db),
                indicatorSight: try Store.indicatorSight(to: to, db),
                issues: try PublishedDigest.fetchAll(
                    db, "ORDER BY number DESC LIMIT \(Limits.earlierIssuesMax)"),
                lateChanges: try Int64.fetchOne(
                    db, sql: "SELECT min(changed_at) FROM article WHERE turn > ? AND changed_at <= ?",
                    arguments: [turnAfter, from.seconds]
                ).map(Timestamp.init(seconds:)),
                rereads: try Store.rereads(from: seen.lowerBound, to: seen.upperBound, db))
        }
    }

    private static func pageFaults(from: Timestamp, to: Timestamp, _ db: Database) throws -> [PageFaultCount] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT source, page_fault, count(*) AS n FROM article
                WHERE page_fault IS NOT NULL AND first_seen > ? AND first_seen <= ?
                GROUP BY source, page_fault ORDER BY source, page_fault
                """, arguments: [from.seconds, to.seconds]
        ).map { PageFaultCount(source: $0["source"], code: $0["page_fault"], count: $0["n"]) }
    }

    /// The issue that was published last.
    public func lastDigest() throws(StoreError) -> PublishedDigest? {
        try read { db in try PublishedDigest.fetch(db, "ORDER BY number DESC LIMIT 1") }
    }

    /// The days that have an issue, from this one on.
    public func issueDays(from day: String) throws(StoreError) -> Set<String> {
        try read { db in try String.fetchSet(db, sql: "SELECT day FROM digest WHERE day >= ?", arguments: [day]) }
    }

    /// The issue that was published before another one.
    public func digest(before other: PublishedDigest) throws(StoreError) -> PublishedDigest? {
        try read { db in
            try PublishedDigest.fetch(
                db, "WHERE number < (SELECT number FROM digest WHERE day = ?) ORDER BY number DESC LIMIT 1", [other.day]
            )
        }
    }

    public func digest(day: String) throws(StoreError) -> PublishedDigest? {
        try read { db in try PublishedDigest.fetch(db, "WHERE day = ?", [day]) }
    }

    /// Whether a day's issue came after another day's, whatever the clock showed; by their names where one is not on record.
    public func issue(of day: String, cameAfter other: String) throws(StoreError) -> Bool {
        try read { db in
            let numbers = try [day, other].map {
                try Int64.fetchOne(db, sql: "SELECT number FROM digest WHERE day = ?", arguments: [$0])
            }
            guard let first = numbers[0], let second = numbers[1] else { return day > other }
            return first > second
        }
    }

    /// When the last issue that the clock can still vouch for was written: what it could not see is told up to then.
    public func lastWritten(before time: Timestamp) throws(StoreError) -> Timestamp? {
        try read { db in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT min(window_to, coalesce(decided, window_to)) FROM digest
                    LEFT JOIN outbox ON outbox.stem = digest.stem
                    WHERE min(window_to, coalesce(decided, window_to)) < ? ORDER BY number DESC LIMIT 1
                    """, arguments: [time.seconds]
            ).map(Timestamp.init(seconds:))
        }
    }

    /// Publishes an issue: its parcel, its window and the next issue's due time, together.
    /// An issue of the same day stays as it is and nothing changes.
    public func publish(
        _ digest: PublishedDigest, as parcel: Parcel, nextDue: Timestamp, rereading pages: [IssuePage] = []
    ) throws(StoreError) {
        try writeDurably { db in
            try db.execute(
                sql: """
                    INSERT INTO digest(day, window_from, window_to, stem, filed_to, turn_to, number)
                    VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM digest)) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    digest.day, digest.from.seconds, digest.to.seconds, digest.stem, digest.filedTo, digest.turnTo,
                ])
            if db.changesCount > 0 {
                try Store.put(parcel, db)
                try Store.reread(pages, after: parcel.decided, db)
                try Store.record([PublishedFile(name: digest.stem + ".json", bytes: parcel.json)], of: digest.day, db)
            }
            try db.execute(sql: "DELETE FROM due WHERE kind = 'digest'")
            try Store.setDue(DueJob(kind: .digest, at: nextDue), db)
        }
    }

    /// Stories that match a topic and have an article that belongs to an issue: first seen after `from` and up to `to`,
    /// or first seen earlier and filed after the last issue was composed, or changed in the window (or by a clock that was
    /// set back).
    public func stories(from: Timestamp, to: Timestamp, filedAfter: Int64) throws(StoreError) -> [Story] {
        try read { db in
            try Store.stories(from: from, to: to, filedAfter: filedAfter, turnAfter: .max, filedUpTo: .max, db)
        }
    }

    private static func stories(
        from: Timestamp, to: Timestamp, filedAfter: Int64, turnAfter: Int64, filedUpTo: Int64, _ db: Database
    ) throws -> [Story] {
        try String.fetchAll(
            db,
            sql: """
                SELECT DISTINCT story.id FROM article JOIN story ON story.id = article.story
                WHERE story.matched AND (article.first_seen > ?1 AND article.first_seen <= ?2
                    OR article.first_seen <= ?1 AND article.position > ?3 AND article.position <= ?5
                    OR article.changed_at > ?1 AND article.changed_at <= ?2
                    OR article.changed_at <= ?1 AND article.turn > ?4)
                ORDER BY story.first_seen, story.id
                """, arguments: [from.seconds, to.seconds, filedAfter, turnAfter, filedUpTo]
        ).compactMap { try Story.fetch($0, db) }
    }

    /// Stories of the window that match no topic and came nearest to one, nearest first.
    private static func nearMisses(from: Timestamp, to: Timestamp, limit: Int, _ db: Database) throws -> [Story] {
        try String.fetchAll(
            db,
            sql: """
                SELECT DISTINCT story.id, story.score FROM article JOIN story ON story.id = article.story
                WHERE NOT story.matched AND story.score > 0 AND article.first_seen > ? AND article.first_seen <= ?
                ORDER BY story.score DESC, story.id LIMIT ?
                """, arguments: [from.seconds, to.seconds, limit]
        ).compactMap { try Story.fetch($0, db) }
    }

    private static func held(_ db: Database) throws -> [Story] {
        try String.fetchAll(
            db, sql: "SELECT story FROM alert_life WHERE held_at IS NOT NULL ORDER BY held_at, story LIMIT ?",
            arguments: [Limits.heldWholeMax]
        ).compactMap { try Story.fetch($0, db) }
    }

    private static func heldTold(from: Timestamp, to: Timestamp, _ db: Database) throws -> [HeldAlerts] {
        try Data.fetchAll(
            db,
            sql: """
                SELECT json FROM outbox WHERE kind = 'more' AND kind <> 'digest' AND decided > ? AND decided <= ?
                ORDER BY decided
                """, arguments: [from.seconds, to.seconds]
        ).compactMap { try? JSONColumn.decode(HeldAlerts.self, from: $0) }
    }

    /// Whether any source was asked yet.
    public func hasAsked() throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM source WHERE last_tried IS NOT NULL)") ?? false
        }
    }

    /// How every source that was ever polled has fared, by id; counts are of the window.
    public func health(from: Timestamp, to: Timestamp) throws(StoreError) -> [SourceHealth] {
        try read { db in try Store.health(from: from, to: to, db) }
    }

    static func health(from: Timestamp, to: Timestamp, _ db: Database) throws -> [SourceHealth] {
        let new = try Row.fetchAll(
            db,
            sql: """
                SELECT source, count(*) AS n FROM entry
                WHERE first_seen > ? AND first_seen <= ? AND state <> 'baseline' GROUP BY source
                """, arguments: [from.seconds, to.seconds]
        ).reduce(into: [String: Int]()) { $0[$1["source"]] = $1["n"] }
        return try Row.fetchAll(
            db,
            sql: """
                SELECT source.*, due.at AS next_due FROM source
                LEFT JOIN due ON due.kind = 'poll' AND due.key = source.id ORDER BY id
                """
        ).map { row in try SourceHealth(row: row, new: new[row["id"]] ?? 0, from: from) }
    }
}

extension PublishedDigest {
    static func fetch(
        _ db: Database, _ clause: String, _ arguments: StatementArguments = []
    ) throws -> PublishedDigest? {
        try fetchAll(db, clause, arguments).first
    }

    fileprivate static func fetchAll(
        _ db: Database, _ clause: String, _ arguments: StatementArguments = []
    ) throws -> [PublishedDigest] {
        try Row.fetchAll(
            db, sql: "SELECT day, window_from, window_to, stem, filed_to, turn_to FROM digest \(clause)",
            arguments: arguments
        ).map { row in
            PublishedDigest(
                day: row["day"], from: Timestamp(seconds: row["window_from"]), to: Timestamp(seconds: row["window_to"]),
                stem: row["stem"], filedTo: row["filed_to"], turnTo: row["turn_to"])
        }
    }
}

extension SourceHealth {
    init(row: Row, new: Int, from: Timestamp) throws {
        func time(_ column: String) -> Timestamp? { (row[column] as Int64?).map(Timestamp.init(seconds:)) }
        let fault: Data? = row["fault"]
        let markupFaults: Data? = row["markup_faults"]
        let rest: Data? = row["rest"]
        let lastRead = time("last_read")
        self.init(
            source: row["id"], lastTried: time("last_tried"), lastRead: lastRead, blindSince: time("blind_since"),
            failures: row["failures"], fault: try fault.map { try JSONColumn.decode(Fault.self, from: $0) },
            newestEntry: time("newest_entry"),
            listedInWindow: lastRead.map { $0 > from } == true ? row["listed"] : 0, newInWindow: new,
            nextDue: time("next_due"),
            markupFaults: try markupFaults.map { try JSONColumn.decode([MarkupFault].self, from: $0) } ?? [],
            rest: try rest.map { try JSONColumn.decode(Rest.self, from: $0) })
    }
}
