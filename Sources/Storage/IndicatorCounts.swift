import Foundation
import GRDB
import News

extension Schema {
    /// Which indicators are counted, as they are declared, and the articles that each counts.
    static let indicators = """
        CREATE TABLE indicator(id TEXT PRIMARY KEY, definition TEXT NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE indicator_hit(
            indicator TEXT NOT NULL REFERENCES indicator(id) ON DELETE CASCADE, source TEXT NOT NULL, key TEXT NOT NULL,
            sets INTEGER NOT NULL, first_seen INTEGER NOT NULL, PRIMARY KEY(indicator, source, key),
            FOREIGN KEY(source, key) REFERENCES article(source, key) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE INDEX indicator_hit_article ON indicator_hit(source, key);
        CREATE INDEX indicator_hit_seen ON indicator_hit(indicator, first_seen);
        """
}

extension DeskTransaction {
    /// An article that was filed, or whose text was replaced. What it was counted for before stays counted.
    public func note(_ hits: [IndicatorHit], of key: MemberKey, firstSeen: Timestamp) throws {
        for hit in hits { try Store.note(hit, of: key, firstSeen: firstSeen, db) }
    }
}

extension Store {
    fileprivate static func note(_ hit: IndicatorHit, of key: MemberKey, firstSeen: Timestamp, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO indicator_hit(indicator, source, key, sets, first_seen) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET sets = sets | excluded.sets
                """
        ).execute(arguments: [hit.indicator, key.source, key.key, hit.sets, firstSeen.seconds])
    }

    /// Counts by these indicators from now on. One that is new, or looks for something else than before, is counted in the
    /// articles that are there as well, read one by one; what is no longer declared is forgotten.
    /// - Parameters:
    ///   - now: articles first seen more than five weeks before are out of reach: a baseline, and the longest window.
    ///   - hits: what of the indicators it is given an article counts for.
    /// - Returns: the ids of those that were counted anew.
    @discardableResult
    public func declare(
        _ indicators: [Indicator], now: Timestamp, hits: ([Indicator], StoryMember) -> [IndicatorHit]
    ) throws(StoreError) -> [String] {
        let known = try read { db in
            try Row.fetchAll(db, sql: "SELECT id, definition FROM indicator").reduce(into: [String: String]()) {
                $0[$1["id"]] = $1["definition"]
            }
        }
        let new = indicators.filter { known[$0.id] != $0.definition }
        let gone = Set(known.keys).subtracting(indicators.map(\.id))
        if new.isEmpty, gone.isEmpty { return [] }
        return try write { db in
            for id in gone.union(new.map(\.id)).sorted() {
                try db.execute(sql: "DELETE FROM indicator WHERE id = ?", arguments: [id])
            }
            guard !new.isEmpty else { return [] }
            let from = now - .seconds(Store.indicatorReachSeconds)
            let created = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'created'") ?? now.seconds
            for indicator in new {
                try db.execute(
                    sql: "INSERT INTO indicator(id, definition, since) VALUES (?, ?, ?)",
                    arguments: [indicator.id, indicator.definition, max(created, from.seconds)])
            }
            let rows = try Row.fetchCursor(
                db, sql: "SELECT member FROM article WHERE first_seen >= ? ORDER BY position",
                arguments: [from.seconds])
            while let row = try rows.next() {
                // What cannot be read any more counts for nothing.
                guard let member = try? JSONColumn.decode(StoryMember.self, from: row["member"]) else { continue }
                let key = MemberKey(source: member.source, key: member.key)
                for hit in hits(new, member) { try Store.note(hit, of: key, firstSeen: member.firstSeen, db) }
            }
            return new.map(\.id)
        }
    }

    static let indicatorReachSeconds: Int64 = 36 * 86_400

    /// What is counted, by indicator, of articles first seen after `from` and up to `to`, and what was told of it.
    /// - Parameters:
    ///   - from: nil for a baseline and the longest window before `to`.
    ///   - wanted: ids; nil for all.
    static func indicatorRecords(
        from: Timestamp? = nil, to: Timestamp, only wanted: Set<String>? = nil, _ db: Database
    ) throws -> [String: PublishedIndicators.Record] {
        let from = from ?? to - .seconds(indicatorReachSeconds)
        var records: [String: PublishedIndicators.Record] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, definition, since FROM indicator")
        where wanted?.contains(row["id"]) ?? true {
            let hits = try Row.fetchAll(
                db,
                sql: """
                    SELECT article.story, source, sets, indicator_hit.first_seen FROM indicator_hit
                    JOIN article USING (source, key)
                    WHERE indicator = ? AND indicator_hit.first_seen > ? AND indicator_hit.first_seen <= ?
                    """, arguments: [row["id"] as String, from.seconds, to.seconds])
            records[row["id"]] = PublishedIndicators.Record(
                definition: row["definition"], since: Timestamp(seconds: row["since"]),
                hits: hits.map {
                    .init(
                        story: $0["story"], source: $0["source"], sets: $0["sets"],
                        firstSeen: Timestamp(seconds: $0["first_seen"]))
                }, told: try indicatorTold(row["id"], db), rise: try indicatorRise(row["id"], db))
        }
        return records
    }
}
