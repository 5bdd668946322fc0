import Foundation
import GRDB
import News

/// What is remembered of a source between its polls.
public struct PollState: Sendable, Hashable {
    /// The address that the validators and the hash belong to.
    public var url: String
    public var validators: Validators
    public var bodyHash: String?
    /// The first good read has been made; later unseen entries are news.
    public var hasBaseline: Bool
    /// Failed polls since the last good one.
    public var failures: Int
    /// Entries of the last document that could be read.
    public var listed: Int
    /// What the last poll of this address failed with, and since when it cannot be read; nil when it was read.
    public var fault: Fault?
    public var blindSince: Timestamp?
}

extension PollState {
    /// Of a source that was never polled.
    public static func unknown(_ source: Source) -> PollState {
        PollState(
            url: source.url, validators: Validators(), bodyHash: nil, hasBaseline: false, failures: 0, listed: 0)
    }
}

/// What one poll found, as it is committed.
public struct PollResult: Sendable {
    public enum Outcome: Sendable {
        /// 304, or the same bytes as before.
        case unchanged
        case read(entries: [ListedEntry], bodyHash: String, faults: [MarkupFault])
        case failed(Fault)
        /// Not asked, or not to the end, for want of room here: how the source fares is not known, and stays as it was.
        case postponed
    }

    public var source: Source
    public var at: Timestamp
    public var nextDue: Timestamp
    /// As the server sent them; kept as they were when the poll failed.
    public var validators: Validators
    public var outcome: Outcome

    public init(source: Source, at: Timestamp, nextDue: Timestamp, validators: Validators, outcome: Outcome) {
        self.source = source
        self.at = at
        self.nextDue = nextDue
        self.validators = validators
        self.outcome = outcome
    }
}

/// What a committed poll brought.
public struct PollTally: Sendable, Hashable {
    public var listed = 0
    /// Unseen entries, now pending.
    public var new = 0
    /// Known entries whose text has changed, now pending again.
    public var changed = 0
    /// Unseen entries of a first, silent read.
    public var baseline = 0

    public init() {}
}

extension Store {
    public func pollState(of source: Source) throws(StoreError) -> PollState {
        try read { db in
            guard
                let row = try Row.fetchOne(
                    db.cachedStatement(
                        sql:
                            """
                            SELECT url, etag, last_modified, body_hash, baseline_at, failures, listed, fault, blind_since
                            FROM source WHERE id = ?
                            """
                    ),
                    arguments: [source.id])
            else {
                return .unknown(source)
            }
            // Another address in the configuration: its validators are its own.
            let same = row["url"] == source.url
            return PollState(
                url: source.url,
                validators: same ? Validators(etag: row["etag"], lastModified: row["last_modified"]) : Validators(),
                bodyHash: same ? row["body_hash"] : nil,
                hasBaseline: row["baseline_at"] != nil,
                failures: row["failures"], listed: same ? row["listed"] : 0,
                fault: try same ? (row["fault"] as Data?).map { try JSONColumn.decode(Fault.self, from: $0) } : nil,
                blindSince: same ? (row["blind_since"] as Int64?).map(Timestamp.init(seconds:)) : nil)
        }
    }

    /// Commits a poll: unseen and changed entries as pending, the validators, the next due time, how the source fared.
    /// All or nothing: validators saved without their entries would lose news (crash, then 304).
    public func commit(_ result: PollResult) throws(StoreError) -> PollTally {
        try write { db in
            let id = result.source.id
            try db.cachedStatement(sql: "INSERT INTO source(id, url) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .execute(arguments: [id, result.source.url])
            try Store.noteOutage(before: result, db)
            try Store.setDue(DueJob(kind: .poll, key: id, at: result.nextDue), db)
            try Store.scheduleBlindness(after: result, db)
            switch result.outcome {
            case .postponed: return PollTally()
            case .unchanged:
                try Store.markRead(result, db)
                return PollTally()
            case .failed(let fault):
                try db.cachedStatement(
                    sql: """
                        UPDATE source SET last_tried = ?1, failures = failures + ?4, fault = ?2,
                        blind_since = coalesce(blind_since, ?1) WHERE id = ?3
                        """
                ).execute(arguments: [result.at.seconds, JSONColumn.encode(fault), id, fault.isOfNetwork ? 0 : 1])
                return PollTally()
            case .read(let entries, let bodyHash, let faults):
                try Store.markRead(result, db)
                return try Store.list(entries, of: result, bodyHash: bodyHash, faults: faults, db)
            }
        }
    }

    private static func markRead(_ result: PollResult, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE source SET url = ?1, etag = ?2, last_modified = ?3, last_tried = ?4, last_read = ?4,
                resumed_at = CASE WHEN ?4 - last_read > ?6 THEN ?4 ELSE resumed_at END, failures = 0, fault = NULL, blind_since = NULL WHERE id = ?5
                """
        ).execute(arguments: [
            result.source.url, result.validators.etag, result.validators.lastModified, result.at.seconds,
            result.source.id, Limits.sightGapSeconds,
        ])
    }

    private static func list(
        _ entries: [ListedEntry], of result: PollResult, bodyHash: String, faults: [MarkupFault], _ db: Database
    ) throws -> PollTally {
        let id = result.source.id
        var listing = try EntryListing(
            db: db, result: result, entries: entries, baseline: try Baseline.fetch(id, db))
        for entry in entries { try listing.take(entry) }
        let isCut = faults.contains { $0.code == "truncated" }
        let closes = listing.baseline.closes(isEmpty: entries.isEmpty, isCut: isCut)
        try db.cachedStatement(
            sql: """
                UPDATE source SET body_hash = ?1, first_read = coalesce(first_read, ?2),
                baseline_at = CASE WHEN ?3 THEN coalesce(baseline_at, ?2) ELSE baseline_at END, listed = ?4,
                newest_entry = max(coalesce(newest_entry, ?5), ?5), markup_faults = ?6 WHERE id = ?7
                """
        ).execute(arguments: [
            bodyHash, result.at.seconds, closes, entries.count, listing.newestEntry.seconds,
            faults.isEmpty ? nil : JSONColumn.encode(faults), id,
        ])
        return listing.tally
    }
}
