import Foundation
import GRDB
import News

extension Store {
    /// The durable queue, in the order in which the desk files: by the time of the poll, source id, entry key.
    ///
    /// Row by row: the texts are read of those entries only that are returned.
    /// - Parameters:
    ///   - source: only this source's entries; nil for all.
    ///   - sources: entries of others are passed over; nil for all.
    ///   - expected: entries that are being read already; passed over, and counted among their source's.
    ///   - most: entries returned at most.
    ///   - mostPerSource: entries of one source at most, the expected ones counted.
    ///   - unreadable: told of each entry whose stored text cannot be read back; it is passed over.
    public func pendingEntries(
        of source: SourceID? = nil, in sources: Set<SourceID>? = nil, except expected: Set<MemberKey> = [],
        most: Int = .max, mostPerSource: Int = .max, unreadable: (MemberKey) -> Void = { _ in }
    ) throws(StoreError) -> [PendingEntry] {
        try read { db in
            var entries: [PendingEntry] = []
            var counts: [SourceID: Int] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT source, key, coalesce(name, key) AS name FROM entry
                    WHERE state = 'pending' AND (?1 IS NULL OR source = ?1) ORDER BY seen, source, key
                    """, arguments: [source])
            while entries.count < most, let row = try rows.next() {
                let key = MemberKey(source: row["source"], key: row["name"])
                guard sources?.contains(key.source) ?? true, counts[key.source, default: 0] < mostPerSource else {
                    continue
                }
                counts[key.source, default: 0] += 1
                guard !expected.contains(key) else { continue }
                if let entry = try Store.pendingEntry(key, at: row["key"], db) {
                    entries.append(entry)
                } else {
                    unreadable(key)
                }
            }
            return entries
        }
    }

    /// Whether an entry waits to be filed, or a parcel to be delivered.
    public func hasWaiting() throws(StoreError) -> Bool {
        try read { db in
            try Bool.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT EXISTS(SELECT 1 FROM entry WHERE state = 'pending')
                        OR EXISTS(SELECT 1 FROM outbox WHERE delivered IS NULL)
                        """)) ?? false
        }
    }

    private static func pendingEntry(_ key: MemberKey, at place: String, _ db: Database) throws -> PendingEntry? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql:
                    "SELECT first_seen, seen, version, content_hash, payload FROM entry WHERE source = ? AND key = ?"),
            arguments: [key.source, place])
        guard let row, let payload = row["payload"] as Data?,
            let entry = try? JSONColumn.decode(Entry.self, from: payload)
        else { return nil }
        return PendingEntry(
            source: key.source, key: key.key, entry: entry, firstSeen: Timestamp(seconds: row["first_seen"]),
            seen: Timestamp(seconds: row["seen"]), version: row["version"], contentHash: row["content_hash"])
    }

    /// Forgets an entry whose stored text cannot be read back, and what would keep its feed from being read anew: as long
    /// as the feed lists it, it comes again.
    public func forget(_ key: MemberKey) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: "DELETE FROM entry WHERE source = ?1 AND (key = ?2 AND name IS NULL OR name = ?2)",
                arguments: [key.source, key.key])
            try db.execute(
                sql: "UPDATE source SET etag = NULL, last_modified = NULL, body_hash = NULL WHERE id = ?",
                arguments: [key.source])
        }
    }
}
