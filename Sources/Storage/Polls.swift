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
}

/// What one poll found, as it is committed.
public struct PollResult: Sendable {
    public enum Outcome: Sendable {
        /// 304, or the same bytes as before.
        case unchanged
        case read(entries: [ListedEntry], bodyHash: String, faults: [MarkupFault])
        case failed(Fault)
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

/// An entry of a feed document under its identity.
public struct ListedEntry: Sendable {
    public var key: String
    public var contentHash: String
    public var entry: Entry

    public init(key: String, contentHash: String, entry: Entry) {
        self.key = key
        self.contentHash = contentHash
        self.entry = entry
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
                            "SELECT url, etag, last_modified, body_hash, baseline_at, failures FROM source WHERE id = ?"
                    ),
                    arguments: [source.id])
            else {
                return PollState(
                    url: source.feed, validators: Validators(), bodyHash: nil, hasBaseline: false, failures: 0)
            }
            // Another address in the configuration: its validators are its own.
            let same = row["url"] == source.feed
            return PollState(
                url: source.feed,
                validators: same ? Validators(etag: row["etag"], lastModified: row["last_modified"]) : Validators(),
                bodyHash: same ? row["body_hash"] : nil,
                hasBaseline: row["baseline_at"] != nil,
                failures: row["failures"])
        }
    }

    /// Commits a poll: unseen and changed entries as pending, the validators, the next due time, how the source fared.
    /// All or nothing: validators saved without their entries would lose news (crash, then 304).
    public func commit(_ result: PollResult) throws(StoreError) -> PollTally {
        try write { db in
            let id = result.source.id
            try db.cachedStatement(sql: "INSERT INTO source(id, url) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .execute(arguments: [id, result.source.feed])
            try Store.setDue(DueJob(kind: .poll, key: id, at: result.nextDue), db)
            switch result.outcome {
            case .unchanged:
                try Store.markRead(result, db)
                return PollTally()
            case .failed(let fault):
                try db.cachedStatement(
                    sql: """
                        UPDATE source SET last_tried = ?1, failures = failures + 1, fault = ?2,
                        blind_since = coalesce(blind_since, ?1) WHERE id = ?3
                        """
                ).execute(arguments: [result.at.seconds, JSONColumn.encode(fault), id])
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
                failures = 0, fault = NULL, blind_since = NULL WHERE id = ?5
                """
        ).execute(arguments: [
            result.source.feed, result.validators.etag, result.validators.lastModified, result.at.seconds,
            result.source.id,
        ])
    }

    private static func list(
        _ entries: [ListedEntry], of result: PollResult, bodyHash: String, faults: [MarkupFault], _ db: Database
    ) throws -> PollTally {
        let id = result.source.id
        let hasBaseline =
            try Bool.fetchOne(db, sql: "SELECT baseline_at IS NOT NULL FROM source WHERE id = ?", arguments: [id])
            ?? false
        var tally = PollTally()
        tally.listed = entries.count
        var newest: Int64?
        for listed in entries {
            newest = max(newest ?? .min, (listed.entry.published ?? listed.entry.updated ?? result.at).seconds)
            try take(listed, of: result, isFirstRead: !hasBaseline, into: &tally, db)
        }
        try db.cachedStatement(
            sql: """
                UPDATE source SET body_hash = ?1, baseline_at = coalesce(baseline_at, ?2), listed = ?3,
                newest_entry = max(coalesce(newest_entry, ?4), ?4), markup_faults = ?5 WHERE id = ?6
                """
        ).execute(arguments: [
            bodyHash, result.at.seconds, entries.count, min(newest ?? result.at.seconds, result.at.seconds),
            faults.isEmpty ? nil : JSONColumn.encode(faults), id,
        ])
        return tally
    }

    private static func take(
        _ listed: ListedEntry, of result: PollResult, isFirstRead: Bool, into tally: inout PollTally, _ db: Database
    ) throws {
        let id = result.source.id
        let known = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT state, content_hash, last_listed FROM entry WHERE source = ? AND key = ?"),
            arguments: [id, listed.key])
        guard let known else {
            let silent = isFirstRead && !isRecent(listed.entry, for: result)
            try db.cachedStatement(
                sql: """
                    INSERT INTO entry(source, key, state, version, first_seen, seen, last_listed, content_hash, payload)
                    VALUES (?1, ?2, ?3, 1, ?4, ?4, ?4, ?5, ?6)
                    """
            ).execute(arguments: [
                id, listed.key, silent ? "baseline" : "pending", result.at.seconds, listed.contentHash,
                silent ? nil : JSONColumn.encode(listed.entry),
            ])
            if silent { tally.baseline += 1 } else { tally.new += 1 }
            return
        }
        let state: String = known["state"]
        let hash: String = known["content_hash"]
        let lastListed: Int64 = known["last_listed"]
        if hash != listed.contentHash, state != "baseline" {
            // Not yet filed: the newer text is the one to file. Filed: a new version waits.
            try db.cachedStatement(
                sql: """
                    UPDATE entry SET version = version + (state = 'filed'), seen = CASE state WHEN 'filed' THEN ?1 ELSE seen END,
                    state = 'pending', last_listed = ?1, content_hash = ?2, payload = ?3 WHERE source = ?4 AND key = ?5
                    """
            ).execute(arguments: [
                result.at.seconds, listed.contentHash, JSONColumn.encode(listed.entry), id, listed.key,
            ])
            if state == "filed" { tally.changed += 1 }
        } else if lastListed + 86_400 < result.at.seconds || hash != listed.contentHash {
            try db.cachedStatement(
                sql: "UPDATE entry SET last_listed = ?, content_hash = ? WHERE source = ? AND key = ?"
            ).execute(arguments: [result.at.seconds, listed.contentHash, id, listed.key])
        }
    }

    private static func isRecent(_ entry: Entry, for result: PollResult) -> Bool {
        guard result.source.firstRead == .last24h, let time = entry.published ?? entry.updated else { return false }
        return time + .seconds(86_400) >= result.at
    }

    /// The durable queue, in the order in which the desk files: by the time of the poll, source id, entry key.
    /// - Parameter source: only this source's entries; nil for all.
    public func pendingEntries(of source: SourceID? = nil) throws(StoreError) -> [PendingEntry] {
        try read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT source, key, first_seen, seen, version, payload FROM entry
                        WHERE state = 'pending' AND (?1 IS NULL OR source = ?1) ORDER BY seen, source, key
                        """), arguments: [source]
            ).map { row in
                PendingEntry(
                    source: row["source"], key: row["key"],
                    entry: try JSONColumn.decode(Entry.self, from: row["payload"]),
                    firstSeen: Timestamp(seconds: row["first_seen"]), seen: Timestamp(seconds: row["seen"]),
                    version: row["version"])
            }
        }
    }
}
