import Foundation
import GRDB
import News

/// A site that something is remembered of.
public struct KnownSite: Sendable, Hashable, Codable {
    public var site: String
    /// When a page of it was read last.
    public var read: Timestamp
    public var memory: SiteMemory
}

extension Schema {
    /// What reading the pages of a site has taught (`SiteMemory`).
    static let siteMemory = """
        CREATE TABLE site_memory(site TEXT PRIMARY KEY, memory BLOB NOT NULL, read INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX site_memory_read ON site_memory(read);
        """
}

extension Store {
    /// Empty for a site of which nothing is known.
    public func memory(of site: String) throws(StoreError) -> SiteMemory {
        try read { db in try Self.memory(of: site, in: db) }
    }

    /// Changes what is remembered of a site, and lets go of sites of which no page was read for `Limits.siteKeptDays`.
    public func learn(
        of site: String, at now: Timestamp, _ learn: (inout SiteMemory) -> Void
    ) throws(StoreError) {
        try write { db in
            let before = try Self.memory(of: site, in: db)
            var memory = before
            learn(&memory)
            guard memory != before else { return }
            try db.cachedStatement(
                sql: """
                    INSERT INTO site_memory(site, memory, read) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET memory = excluded.memory, read = excluded.read
                    """
            ).execute(arguments: [site, try JSONColumn.encode(memory), now.seconds])
            try db.cachedStatement(sql: "DELETE FROM site_memory WHERE read < ?")
                .execute(arguments: [now.seconds - Int64(Limits.siteKeptDays) * 86_400])
        }
    }

    /// By name.
    public func knownSites() throws(StoreError) -> [KnownSite] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT site, memory, read FROM site_memory ORDER BY site").map { row in
                KnownSite(
                    site: row["site"], read: Timestamp(seconds: row["read"]), memory: Self.decoded(row["memory"]))
            }
        }
    }

    /// - Parameter site: nil forgets all.
    /// - Returns: how many sites were known.
    public func forgetMemory(of site: String?) throws(StoreError) -> Int {
        try write { db in
            try db.execute(
                sql: "DELETE FROM site_memory WHERE site = ? OR ?", arguments: [site, site == nil])
            return db.changesCount
        }
    }

    private static func memory(of site: String, in db: Database) throws -> SiteMemory {
        let data = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT memory FROM site_memory WHERE site = ?"), arguments: [site])
        return data.map(decoded) ?? SiteMemory()
    }

    /// Nothing that news depend on: what cannot be read is learned anew.
    private static func decoded(_ data: Data) -> SiteMemory {
        (try? JSONColumn.decode(SiteMemory.self, from: data)) ?? SiteMemory()
    }
}
