import Foundation
import GRDB
import News

/// What one retention has dropped.
public struct RetentionTally: Sendable, Hashable {
    public var texts = 0
    public var versions = 0
    public var entries = 0
    public var articles = 0
    public var stories = 0
    public var parcels = 0
    /// Sources that are no longer read.
    public var sources = 0
    /// Entries that waited for a source that is no longer configured.
    public var waiting = 0

    public init() {}

    public static func += (a: inout RetentionTally, b: RetentionTally) {
        a.texts += b.texts
        a.versions += b.versions
        a.entries += b.entries
        a.articles += b.articles
        a.stories += b.stories
        a.parcels += b.parcels
        a.sources += b.sources
        a.waiting += b.waiting
    }
}

/// What is dropped in one retention: small transactions one after the other, each of which may be the last. What was not
/// come to is taken up by the next retention.
public struct Retention: Sendable {
    let store: Store
    let keep: Keep
    let now: Timestamp
    private var stages = Stage.allCases[...]
    private var sources: [SourceID]?

    private enum Stage: CaseIterable {
        case texts, changedTexts, versions, fingerprints, waiting, entries, sources, articles, parcels
    }

    /// - Parameter now: believed only up to `Limits.retentionStepSeconds` after the last retention's.
    /// - Throws: `StoreError`.
    public init(_ store: Store, keep: Keep, now: Timestamp) throws(StoreError) {
        self.store = store
        self.keep = keep
        // A clock that once stood at the epoch says nothing.
        let last = try store.read { db in
            try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'retention' AND value > 1577836800")
        }
        self.now = last.map { min(now, Timestamp(seconds: $0 + Limits.retentionStepSeconds)) } ?? now
    }

    /// One transaction of at most `Limits.retentionBatchMax` rows.
    /// - Returns: what it dropped; nil when all is done.
    public mutating func step() throws(StoreError) -> RetentionTally? {
        guard let stage = stages.first else { return nil }
        let step: Step
        switch stage {
        case .texts: step = try sweep("first_seen", "texts", before: keep.text, \.texts, dropText)
        case .changedTexts: step = try sweep("changed_at", "changed-texts", before: keep.text, \.texts, dropText)
        case .versions: step = try sweep("changed_at", "versions", before: keep.versions, \.versions, dropVersions)
        case .fingerprints: step = try store.write(dropFingerprints)
        case .waiting: step = try store.write(dropWaiting)
        case .entries: step = try expireEntries()
        case .sources: step = try store.write(dropSource)
        case .articles: step = try store.write(dropArticles)
        case .parcels: step = try store.write(dropParcels)
        }
        if step.isLast { stages.removeFirst() }
        if stages.isEmpty { try store.write(noteDone) }
        return step.tally
    }

    private struct Step {
        var tally = RetentionTally()
        var isLast = true
    }

    private func noteDone(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO meta(name, value) VALUES ('retention', ?1)
                ON CONFLICT DO UPDATE SET value = max(value, excluded.value)
                """, arguments: [now.seconds])
    }
}

// MARK: - Texts and versions

extension Retention {
    /// Goes through the articles in the order of `column`, from where the last one ended up to the horizon.
    private func sweep(
        _ column: String, _ name: String, before kept: Duration, _ count: WritableKeyPath<RetentionTally, Int>,
        _ drop: (StoryMember) -> StoryMember?
    ) throws(StoreError) -> Step {
        let horizon = now - kept
        return try store.write { db in
            let done = try Row.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: ["kept-\(name)"])
            let place = (done?["value"] as String?)?.split(separator: " ").compactMap { Int64($0) } ?? []
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT position, \(column) AS time, changed_at, member FROM article
                    WHERE (\(column), position) > (?, ?) AND \(column) <= ? ORDER BY \(column), position LIMIT ?
                    """,
                arguments: [place.first ?? .min, place.last ?? 0, horizon.seconds, Limits.retentionBatchMax])
            var step = Step()
            for row in rows where (row["changed_at"] as Int64?).map({ $0 <= horizon.seconds }) ?? true {
                // One that cannot be read back is left for its story to complain of.
                guard let member = try? JSONColumn.decode(StoryMember.self, from: row["member"]),
                    let smaller = drop(member)
                else { continue }
                try write(smaller, at: row["position"], db)
                step.tally[keyPath: count] += 1
            }
            guard let last = rows.last else { return step }
            try db.execute(
                sql: "INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                arguments: ["kept-\(name)", "\(last["time"] as Int64) \(last["position"] as Int64)"])
            step.isLast = rows.count < Limits.retentionBatchMax
            return step
        }
    }

    private func dropText(_ member: StoryMember) -> StoryMember? {
        member.textExpiredAt == nil ? member.withoutText(at: now) : nil
    }

    private func dropVersions(_ member: StoryMember) -> StoryMember? {
        member.changes.allSatisfy(\.isExpired) ? nil : member.withoutVersionTexts
    }

    private func write(_ member: StoryMember, at position: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE article SET member = ? WHERE position = ?")
            .execute(arguments: [JSONColumn.encode(member), position])
    }
}

// MARK: - Entries and sources

extension Retention {
    /// The desk looks no further back than its window: by these no text is placed again.
    private func dropFingerprints(_ db: Database) throws -> Step {
        try db.execute(
            sql: """
                DELETE FROM fingerprint WHERE turn IN (SELECT turn FROM fingerprint WHERE first_seen < ? LIMIT ?)
                """, arguments: [(now - StoryIndex.window).seconds, Limits.retentionBatchMax])
        return Step(isLast: db.changesCount < Limits.retentionBatchMax)
    }

    /// Entries of a source that is no longer configured: what has waited for longer than a text is kept is no news any more.
    private func dropWaiting(_ db: Database) throws -> Step {
        try db.execute(
            sql: """
                UPDATE entry SET payload = NULL, state = CASE WHEN version > 1 THEN 'filed' ELSE 'baseline' END
                WHERE (source, key) IN (SELECT source, key FROM entry WHERE state = 'pending' AND seen <= ?
                    AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'poll' AND due.key = entry.source) LIMIT ?)
                """, arguments: [(now - keep.text).seconds, Limits.retentionBatchMax])
        var step = Step()
        step.tally.waiting = db.changesCount
        step.isLast = db.changesCount < Limits.retentionBatchMax
        return step
    }

    /// Source by source, what its own documents have not listed for long enough.
    private mutating func expireEntries() throws(StoreError) -> Step {
        if sources == nil { sources = try store.read { try String.fetchAll($0, sql: "SELECT id FROM source") } }
        var step = Step()
        guard let source = sources?.last else { return step }
        step.isLast = false
        let limit = try store.read { try expiry(of: source, $0) }
        var count = 0
        if let limit { count = try store.write { try expireEntries(of: source, lastListedBefore: limit, $0) } }
        step.tally.entries = count
        if count < Limits.retentionBatchMax { sources?.removeLast() }
        return step
    }

    /// Entries listed last before this time have expired; nil when none has.
    ///
    /// It is measured by the source's sight, never by the calendar. What its last document listed is listed for as long as
    /// the source answers that nothing has changed; while it is blind, off or gone nobody knows, and nothing expires; and
    /// after a long time without sight the count begins anew.
    private func expiry(of source: SourceID, _ db: Database) throws -> Timestamp? {
        guard
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT last_read, resumed_at, (SELECT max(last_listed) FROM entry WHERE source = source.id) AS listed
                    FROM source WHERE id = ?
                    """, arguments: [source]),
            let read = (row["last_read"] as Int64?).map(Timestamp.init(seconds:)),
            let listed = (row["listed"] as Int64?).map(Timestamp.init(seconds:))
        else { return nil }
        let limit = read - keep.metadata
        if let resumed = row["resumed_at"] as Int64?, resumed >= limit.seconds { return nil }
        // `last_listed` is noted once a day.
        return min(limit, listed - .seconds(86_400))
    }

    private func expireEntries(of source: SourceID, lastListedBefore limit: Timestamp, _ db: Database) throws -> Int {
        let gone = try Row.fetchAll(
            db,
            sql: """
                SELECT key, first_seen FROM entry WHERE source = ? AND last_listed < ? AND state <> 'pending' LIMIT ?
                """, arguments: [source, limit.seconds, Limits.retentionBatchMax])
        guard let newest = gone.map({ $0["first_seen"] as Int64 }).max() else { return 0 }
        for row in gone {
            try db.cachedStatement(sql: "DELETE FROM entry WHERE source = ? AND key = ?")
                .execute(arguments: [source, row["key"] as String])
        }
        try db.execute(
            sql: "UPDATE source SET expired_to = max(coalesce(expired_to, ?1), ?1) WHERE id = ?2",
            arguments: [newest, source])
        return gone.count
    }

    /// A source that was not read for as long as metadata are kept, because nobody wants it read: should it come back, its
    /// first read is silent again.
    private func dropSource(_ db: Database) throws -> Step {
        var step = Step()
        let source = try String.fetchOne(
            db,
            sql: """
                SELECT id FROM source WHERE coalesce(last_tried, 0) <= ?
                AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'poll' AND key = source.id) LIMIT 1
                """, arguments: [(now - keep.metadata).seconds])
        guard let source else { return step }
        step.isLast = false
        try db.execute(
            sql: """
                DELETE FROM entry WHERE source = ?1 AND key IN (SELECT key FROM entry WHERE source = ?1 LIMIT ?2)
                """, arguments: [source, Limits.retentionBatchMax])
        step.tally.entries = db.changesCount
        if step.tally.entries < Limits.retentionBatchMax {
            try db.execute(sql: "DELETE FROM source WHERE id = ?", arguments: [source])
            step.tally.sources = 1
        }
        return step
    }
}

// MARK: - Articles, stories, parcels

extension Retention {
    /// An article outlives its age while its entry is known: should its text change, that is a version and no news.
    /// A story that readers may have seen keeps its row, and with it the id that no other is to get.
    private func dropArticles(_ db: Database) throws -> Step {
        let horizon = (now - keep.metadata).seconds
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT position, story FROM article
                WHERE first_seen <= ?1 AND coalesce(changed_at, first_seen) <= ?1
                AND NOT EXISTS (SELECT 1 FROM entry WHERE source = article.source AND key = article.key AND name IS NULL)
                AND NOT EXISTS (SELECT 1 FROM entry WHERE source = article.source AND name = article.key)
                ORDER BY first_seen LIMIT ?2
                """, arguments: [horizon, Limits.retentionBatchMax])
        var step = Step()
        for row in rows {
            try db.cachedStatement(sql: "DELETE FROM article WHERE position = ?")
                .execute(arguments: [row["position"] as Int64])
        }
        for story in Set(rows.map { $0["story"] as String }) {
            try db.cachedStatement(
                sql: """
                    DELETE FROM story WHERE id = ? AND alerted_at IS NULL AND NOT matched AND score = 0
                    AND NOT EXISTS (SELECT 1 FROM article WHERE story = story.id)
                    """
            ).execute(arguments: [story])
            step.tally.stories += db.changesCount
        }
        step.tally.articles = rows.count
        step.isLast = rows.count < Limits.retentionBatchMax
        return step
    }

    /// Alerts that were delivered long ago, for issues are the record and stay; found by the day in their names, so that no other parcel is read.
    private func dropParcels(_ db: Database) throws -> Step {
        let horizon = now - keep.metadata
        let day = CivilDate(daysSince1970: Int((horizon.seconds / 86_400)))
        var step = Step()
        try db.execute(
            sql: """
                DELETE FROM outbox WHERE stem IN (SELECT stem FROM outbox
                    WHERE stem >= 'alerts/' AND stem < ?1 AND delivered <= ?2 LIMIT ?3)
                """,
            arguments: ["alerts/\(day)", horizon.seconds, Limits.retentionBatchMax])
        step.tally.parcels += db.changesCount
        if db.changesCount == Limits.retentionBatchMax { step.isLast = false }
        if step.isLast {
            try db.execute(sql: "DELETE FROM outage WHERE until <= ?", arguments: [horizon.seconds])
            try db.execute(sql: "DELETE FROM indicator_told WHERE at <= ?", arguments: [horizon.seconds])
            // What is still listed has long become an entry.
            try db.execute(
                sql: "DELETE FROM mark WHERE why = 'published' AND at <= ?", arguments: [horizon.seconds])
        }
        return step
    }
}

extension Store {
    /// Writes a database anew of which a quarter is free, so that the disk gets back what it does not need. The writer is
    /// held for that time: two seconds for each 100 MB that are left.
    ///
    /// From day to day what is freed is used again, and the file does not grow: this is for after `keep` was shortened.
    /// - Parameter room: bytes that are free on its disk.
    /// - Returns: the bytes given back; nil where it was not worth it, or had no room.
    public func shrink(room: Int) throws(StoreError) -> Int? {
        guard let pool else { return nil }
        let sizes = try read { db in
            let page = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
            let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return (total: try (Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0) * page, free: free * page)
        }
        let left = sizes.total - sizes.free
        // What is left is written into the log, and from there into the file.
        guard sizes.free >= Limits.vacuumedBytesMin, sizes.free * 4 >= sizes.total, room > left * 3 else { return nil }
        do { try pool.vacuum() } catch { throw StoreError(reading: error, path: pool.path) }
        return sizes.free
    }
}
