import Foundation
import GRDB
import News

/// How things stand, read at one moment: what `status` is made of.
public struct StateReading: Sendable {
    public var createdAt: Timestamp?
    /// In a database that took the place of a damaged one: what could not be saved from that, in words.
    public var loss: String?
    /// Of every source that was ever polled, by id; counts are of the last 24 hours.
    public var health: [SourceHealth]
    /// Due times of the other jobs.
    public var digestDue: Timestamp?
    public var lastDigest: PublishedDigest?
    /// Alerts decided in the last 24 hours.
    public var alerts: Int
    /// Stories of which an alert or update is held, and when the first of them is looked at again.
    public var heldAlerts = 0
    public var heldUntil: Timestamp?
    /// Alerts of indicators of the last week, by indicator, newest first; at most `Limits.faultsMax`.
    public var indicatorsTold: [(id: String, told: IndicatorRise.Told)] = []
    /// Entries in the queue, by source id.
    public var pending: [PendingCount]
    /// How many parcels wait, and the oldest of them; at most `Limits.faultsMax`.
    public var waiting: Int
    public var parcels: [WaitingParcel]
    /// How many of those that wait could not be written when it was tried.
    public var failing: Int
    /// Why `alerts.atom` could not be written.
    public var feedFault: FeedFault?
    /// What was to leave the machine and failed; given up ones of the last week.
    public var sendings: [FailedSending] = []
    /// Bytes of the database, without its log.
    public var bytes: Int

    /// A state in which nothing has happened yet.
    public init() {
        (health, parcels, pending, alerts, waiting, failing, bytes) = ([], [], [], 0, 0, 0, 0)
    }
}

/// The entries of one source that wait to be filed.
public struct PendingCount: Sendable, Hashable {
    public var source: SourceID
    public var count: Int
    /// When the oldest of them was seen.
    public var oldest: Timestamp

    public init(source: SourceID, count: Int, oldest: Timestamp) {
        self.source = source
        self.count = count
        self.oldest = oldest
    }
}

/// A parcel in the outbox.
public struct WaitingParcel: Sendable, Hashable, Codable {
    public var stem: String
    public var decided: Timestamp
    public var attempts: Int
    /// Why the last attempt failed.
    public var fault: String?

    public init(stem: String, decided: Timestamp, attempts: Int, fault: String?) {
        self.stem = stem
        self.decided = decided
        self.attempts = attempts
        self.fault = fault
    }
}

/// What is kept of one source.
public struct SourceRecord: Sendable {
    public var health: SourceHealth
    /// The address that was read last; another one in the configuration is read anew.
    public var url: String
    public var validators: Validators
    public var baselineAt: Timestamp?
    /// Its ids change from document to document, or are used again.
    public var changesIDs: Bool
    /// Entries ever listed.
    public var entries: Int
    /// First seen last first; at most `Limits.recentEntriesMax`.
    public var recent: [KnownEntry]
}

extension Store {
    private static let day = Duration.seconds(86_400)

    /// One snapshot; its cost grows with the sources and with what is new of the last day, not with what is kept.
    public func reading(at now: Timestamp) throws(StoreError) -> StateReading {
        try read { db in
            var reading = StateReading()
            reading.createdAt = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'created'")
                .map(Timestamp.init(seconds:))
            reading.loss = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'lost_words'")
            reading.health = try Store.health(from: now - Store.day, to: now, db)
            reading.digestDue = try Int64.fetchOne(db, sql: "SELECT at FROM due WHERE kind = 'digest' AND key = ''")
                .map(Timestamp.init(seconds:))
            reading.lastDigest = try PublishedDigest.fetch(db, "ORDER BY number DESC LIMIT 1")
            reading.alerts =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM outbox WHERE kind <> 'digest' AND decided > ? AND decided <= ?",
                    arguments: [(now - Store.day).seconds, now.seconds]) ?? 0
            let held = try Row.fetchOne(
                db, sql: "SELECT count(held_at) AS n, min(held_at) AS at FROM alert_life WHERE held_at IS NOT NULL")
            reading.heldAlerts = held?["n"] ?? 0
            reading.heldUntil = (held?["at"] as Int64?).map(Timestamp.init(seconds:))
            reading.indicatorsTold = try Store.indicatorsTold(since: now - .seconds(7 * 86_400), to: now, db)
            reading.pending = try Row.fetchAll(
                db,
                sql: """
                    SELECT source, count(*) AS n, min(seen) AS oldest FROM entry WHERE state = 'pending'
                    GROUP BY source ORDER BY source
                    """
            ).map { PendingCount(source: $0["source"], count: $0["n"], oldest: Timestamp(seconds: $0["oldest"])) }
            reading.waiting = try Int.fetchOne(db, sql: "SELECT count(*) FROM outbox WHERE delivered IS NULL") ?? 0
            reading.failing =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM outbox WHERE delivered IS NULL AND fault IS NOT NULL") ?? 0
            reading.feedFault = try Store.feedFault(db)
            reading.sendings = try Store.failedSendings(since: now - .seconds(7 * 86_400), db)
            reading.parcels = try Row.fetchAll(
                db,
                sql: """
                    SELECT stem, decided, attempts, fault FROM outbox WHERE delivered IS NULL ORDER BY decided, stem LIMIT ?
                    """, arguments: [Limits.faultsMax]
            ).map {
                WaitingParcel(
                    stem: $0["stem"], decided: Timestamp(seconds: $0["decided"]), attempts: $0["attempts"],
                    fault: $0["fault"])
            }
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            reading.bytes = pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
            return reading
        }
    }

    /// What is kept of a source; nil when it was never polled.
    public func record(of source: SourceID, at now: Timestamp) throws(StoreError) -> SourceRecord? {
        try read { db in
            guard
                let health = try Store.health(from: now - Store.day, to: now, db).first(where: { $0.source == source }),
                let row = try Row.fetchOne(
                    db, sql: "SELECT url, etag, last_modified, baseline_at, ids_changed FROM source WHERE id = ?",
                    arguments: [source])
            else { return nil }
            return SourceRecord(
                health: health, url: row["url"],
                validators: Validators(etag: row["etag"], lastModified: row["last_modified"]),
                baselineAt: (row["baseline_at"] as Int64?).map(Timestamp.init(seconds:)),
                changesIDs: row["ids_changed"] as Int >= Limits.changedIDsDocuments,
                entries: try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM entry WHERE source = ?", arguments: [source]) ?? 0,
                recent: try Store.recentEntries(of: source, db))
        }
    }

    private static func recentEntries(of source: SourceID, _ db: Database) throws -> [KnownEntry] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT entry.source, entry.key, state, entry.first_seen, last_listed, payload, member, shown_id FROM entry
                LEFT JOIN article ON article.source = entry.source AND article.key = entry.key
                LEFT JOIN story ON story.id = article.story
                WHERE entry.source = ? ORDER BY entry.first_seen DESC, entry.key LIMIT ?
                """, arguments: [source, Limits.recentEntriesMax]
        ).compactMap { row in
            guard var entry = KnownEntry(row) else { return nil }
            let payload: Data? = row["payload"]
            let member: Data? = row["member"]
            entry.story = row["shown_id"]
            entry.title =
                try member.map { try JSONColumn.decode(StoryMember.self, from: $0).article.title }
                ?? payload.map { try JSONColumn.decode(Entry.self, from: $0).title } ?? nil
            return entry
        }
    }
}
