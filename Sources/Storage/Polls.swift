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
    /// It was put off when it was due last.
    public var rest: Rest?
    /// Its ids change from document to document, or are used again.
    public var changesIDs = false
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
        /// Not asked, for a domain rests.
        case resting(Rest)
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
        // One statement sees one state of the database: it needs no transaction.
        try readAlone { db in
            let select = try Prepared(
                """
                SELECT url, etag, last_modified, body_hash, baseline_at, failures, listed, fault, blind_since, rest,
                ids_changed FROM source WHERE id = ?
                """, db)
            select.bind(1, source.id)
            return try select.first { row in
                // Another address in the configuration: its validators are its own.
                let same = row.isText(0, source.url)
                return PollState(
                    url: source.url,
                    validators: same
                        ? Validators(etag: row.text(1), lastModified: row.text(2)) : Validators(),
                    bodyHash: same ? row.text(3) : nil,
                    hasBaseline: !row.isNull(4),
                    failures: Int(row.number(5) ?? 0), listed: same ? Int(row.number(6) ?? 0) : 0,
                    fault: try same ? row.bytes(7).map { try JSONColumn.decode(Fault.self, from: Data($0)) } : nil,
                    blindSince: same ? row.number(8).map(Timestamp.init(seconds:)) : nil,
                    rest: try row.bytes(9).map { try JSONColumn.decode(Rest.self, from: Data($0)) },
                    changesIDs: (row.number(10) ?? 0) >= Limits.changedIDsDocuments)
            } ?? .unknown(source)
        }
    }

    /// Commits a poll: unseen and changed entries as pending, the validators, the next due time, how the source fared.
    /// All or nothing: validators saved without their entries would lose news (crash, then 304).
    public func commit(_ result: PollResult) throws(StoreError) -> PollTally {
        try write { db in try Store.commit(result, db) }
    }

    /// Commits polls that ended at about the same time in one transaction, for a transaction costs more than a poll that
    /// brought nothing new. Where it fails each poll is committed by itself, so that what is wrong with one stays its own;
    /// what is wrong with the database itself is met, and waited for, once.
    public func commit(_ results: [PollResult]) -> [Result<PollTally, StoreError>] {
        if results.count > 1 {
            do {
                return try write { db in try results.map { try Store.commit($0, db) } }.map { .success($0) }
            } catch {
                if ["locked", "damaged", "missing", "read-only"].contains(error.code) {
                    return results.map { _ in .failure(error) }
                }
            }
        }
        return results.map { result in Result { () throws(StoreError) in try commit(result) } }
    }

    private static func commit(_ result: PollResult, _ db: Database) throws -> PollTally {
        let before = try SourceBefore.fetch(result.source, db)
        try noteOutage(before: result, before, db)
        try setDue(DueJob(kind: .poll, key: result.source.id, at: result.nextDue), db)
        try scheduleBlindness(after: result, isTold: before.isToldBlind, db)
        switch result.outcome {
        case .postponed: break
        case .resting(let rest): try markResting(result, rest, db)
        case .unchanged: try markRead(result, db)
        case .failed(let fault): try markFailed(result, fault, db)
        case .read(let entries, let bodyHash, let faults):
            try markRead(result, db)
            return try list(entries, of: result, before, bodyHash: bodyHash, faults: faults, db)
        }
        return PollTally()
    }

    private static func markRead(_ result: PollResult, _ db: Database) throws {
        let update = try Prepared(
            """
            UPDATE source SET url = ?1, etag = ?2, last_modified = ?3, last_tried = ?4, last_read = ?4,
            resumed_at = CASE WHEN ?4 - last_read > ?6 THEN ?4 ELSE resumed_at END, failures = 0, fault = NULL, blind_since = NULL, rest = NULL WHERE id = ?5
            """, db)
        update.bind(1, result.source.url)
        update.bind(2, result.validators.etag)
        update.bind(3, result.validators.lastModified)
        update.bind(4, result.at.seconds)
        update.bind(5, result.source.id)
        update.bind(6, Int64(Limits.sightGapSeconds))
        try update.run()
    }

    private static func markFailed(_ result: PollResult, _ fault: Fault, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE source SET last_tried = ?1, failures = failures + ?4, fault = ?2,
                blind_since = coalesce(blind_since, ?1), rest = NULL WHERE id = ?3
                """
        ).execute(arguments: [
            result.at.seconds, JSONColumn.encode(fault), result.source.id, fault.isOfNetwork ? 0 : 1,
        ])
    }

    private static func markResting(_ result: PollResult, _ rest: Rest, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE source SET rest = ? WHERE id = ?")
            .execute(arguments: [JSONColumn.encode(rest), result.source.id])
    }

    private static func list(
        _ entries: [ListedEntry], of result: PollResult, _ before: SourceBefore, bodyHash: String,
        faults: [MarkupFault],
        _ db: Database
    ) throws -> PollTally {
        var listing = try EntryListing(
            db: db, result: result, entries: entries, baseline: before.baseline(db))
        for entry in entries { try listing.take(entry) }
        if listing.hasOtherIDs {
            try db.execute(
                sql: "UPDATE source SET ids_changed = min(ids_changed + 1, ?) WHERE id = ?",
                arguments: [Limits.changedIDsDocuments, result.source.id])
        }
        let isCut = faults.contains { $0.code == "truncated" }
        let closes = listing.baseline.closes(isEmpty: entries.isEmpty, isCut: isCut)
        let update = try Prepared(
            """
            UPDATE source SET body_hash = ?1, first_read = coalesce(first_read, ?2),
            baseline_at = CASE WHEN ?3 THEN coalesce(baseline_at, ?2) ELSE baseline_at END, listed = ?4,
            newest_entry = max(coalesce(newest_entry, ?5), ?5), markup_faults = ?6 WHERE id = ?7
            """, db)
        update.bind(1, bodyHash)
        update.bind(2, result.at.seconds)
        update.bind(3, closes ? 1 : 0)
        update.bind(4, Int64(entries.count))
        update.bind(5, listing.newestEntry.seconds)
        update.bind(6, bytes: faults.isEmpty ? nil : [UInt8](try JSONColumn.encode(faults)))
        update.bind(7, result.source.id)
        try update.run()
        try noteRollover(result, before, listing.tally, db)
        return listing.tally
    }
}
