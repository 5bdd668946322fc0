import Foundation
import GRDB
import Glibc
import News

/// What a copy of the database holds.
public struct DatabaseCopy: Sendable, Hashable {
    public var bytes: Int
    public var articles: Int
    public var sources: Int
}

extension Store {
    /// Copies the database as it is at one moment into a new file, mode 0640, beside whoever writes to it, and looks whether
    /// the copy is whole: every page and index, whose it is, and each table's rows.
    ///
    /// SQLite's backup API inside one read transaction: the rows are counted in the very state that is copied
    /// (docs/decisions/0005). What it writes is not yet synced to the disk.
    /// - Throws: `StoreError`; there may be half a file then, for the caller to remove.
    public func copy(to path: String) throws(StoreError) -> DatabaseCopy {
        do {
            let copy = try DatabaseQueue(path: path)
            defer { try? copy.close() }
            let counts = try database.read { db in
                let counts = try Store.rowCounts(db)
                try copy.writeWithoutTransaction { try db.backup(to: $0) }
                return counts
            }
            // Else a reader of the copy would make two files more beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.read { db in
                let word = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
                guard word == "ok" else { throw StoreError.damaged(database.path, word ?? "no answer") }
                let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
                guard application == Schema.applicationID, try Store.rowCounts(db) == counts else {
                    throw StoreError(
                        code: "sqlite", detail: "\(path): the copy is not as the original – look at the disk")
                }
            }
            chmod(path, 0o640)
            return DatabaseCopy(
                bytes: DatabaseLife.size(path), articles: counts["article"] ?? 0, sources: counts["source"] ?? 0)
        } catch {
            // Damage was read from the original; everything else befell the copy.
            throw StoreError(
                reading: error,
                path: (error as? DatabaseError).map(StoreError.meansDamage) == true ? database.path : path)
        }
    }

    private static func rowCounts(_ db: Database) throws -> [String: Int] {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return try tables.reduce(into: [:]) { counts, table in
            counts[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \"\(table)\"")
        }
    }
}
