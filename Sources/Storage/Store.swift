import GRDB
import GRDBSQLite
import News

/// What feedwatch knows, in one SQLite file: sources, entries, articles, stories, due times, the outbox.
///
/// One writer; readers beside it and in other processes (WAL, kept beside the file after a clean stop so that a reader
/// without write permission can still open it). Every operation is one transaction. Calls block: make them on a worker.
public final class Store: Sendable {
    let database: any DatabaseReader
    let pool: DatabasePool?

    /// Opens the database, creating and migrating it as needed.
    /// - Parameter patience: seconds for which a lock of another process is waited for.
    /// - Throws: `StoreError` when the file is not ours, newer than this program, damaged or cannot be opened.
    public init(path: String, readOnly: Bool = false, patience: Double = 10) throws(StoreError) {
        do {
            let writing = Store.configuration(patience: patience)
            var reading = writing
            reading.readonly = true
            // Judged before it is opened for writing: a file that is not ours stays as it is, byte for byte.
            if readOnly {
                let queue = try DatabaseQueue(path: path, configuration: reading)
                try Store.judge(queue, path)
                if try queue.read(Schema.isBehind) { throw StoreError.older(path) }
                database = queue
                pool = nil
            } else {
                if DatabaseLife.wasCutOffWhileMade(path) { try DatabaseLife.rollBack(path) }
                if DatabaseLife.size(path) > 0 {
                    let queue = try DatabaseQueue(path: path, configuration: reading)
                    try Store.judge(queue, path)
                    if DatabaseLife.isSuspect(path) {
                        try DatabaseLife.examine(queue, path)
                    } else if DatabaseLife.wasCutOff(path) {
                        try DatabaseLife.lookThrough(queue, path)
                    }
                    try DatabaseLife.copyBeforeMigration(queue, path)
                } else if DatabaseLife.wasCutOff(path) {
                    // SQLite would throw the log away.
                    throw StoreError.damaged(path, "it is empty, and its log is not")
                }
                let pool = try DatabasePool(path: path, configuration: writing)
                if try pool.read(Schema.isEmpty) { try pool.write(Schema.claim) }
                try Schema.migrator.migrate(pool)
                self.pool = pool
                database = pool
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(reading: error, path: path)
        }
    }

    /// Checkpoints and closes. Later calls fail.
    public func close() {
        _ = try? pool?.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? database.close()
    }

    /// SQLite's `synchronous=NORMAL`: a power cut may take the last of these back, never half of one.
    func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        guard let pool else { throw StoreError(code: "read-only", detail: "the database is open for reading only") }
        do { return try pool.write(body) } catch { throw StoreError(reading: error, path: pool.path) }
    }

    /// On the disk before it returns (`synchronous=FULL`): for what readers will have seen.
    func writeDurably(_ body: (Database) throws -> Void) throws(StoreError) {
        guard let pool else { throw StoreError(code: "read-only", detail: "the database is open for reading only") }
        do {
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous=FULL")
                defer { try? db.execute(sql: "PRAGMA synchronous=NORMAL") }
                try db.inTransaction(.immediate) {
                    try body(db)
                    return .commit
                }
            }
        } catch { throw StoreError(reading: error, path: pool.path) }
    }

    func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do { return try database.read(body) } catch { throw StoreError(reading: error, path: database.path) }
    }

    /// For a single statement, which sees one state of the database without a transaction around it.
    func readAlone<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do { return try database.unsafeRead(body) } catch { throw StoreError(reading: error, path: database.path) }
    }

    private static func configuration(patience: Double) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 4
        configuration.label = "feedwatch.db"
        configuration.prepareDatabase { db in
            guard !db.configuration.readonly else { return }
            // A reader in the group can open the file only while -wal and -shm exist: keep them.
            var keep: CInt = 1
            sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &keep)
            try db.execute(sql: "PRAGMA synchronous=NORMAL")
            try db.execute(sql: "PRAGMA journal_size_limit=67108864")
            // Pages of the log that are carried over at a time, 16 MB, and KiB of pages held: with SQLite's 4 and 2 MB the upper
            // pages of the indexes are written and read over and over while thousands of sources are polled.
            try db.execute(sql: "PRAGMA wal_autocheckpoint=4000")
            try db.execute(sql: "PRAGMA cache_size=-8192")
        }
        return configuration
    }

    /// Refuses a database that another program made or a later version of this one changed.
    private static func judge(_ database: any DatabaseReader, _ path: String) throws {
        try database.read { db in
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            guard tables > 0 else { return }
            let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            guard application == Schema.applicationID else { throw StoreError.foreign(path) }
            if try Schema.migrator.hasBeenSuperseded(db) { throw StoreError.newer(path) }
        }
    }
}

/// Why the database could not do what was asked.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// `foreign`, `newer`, `older`, `damaged`, `full`, `read-only`, `locked`, `missing`, `sqlite`.
    public var code: String
    public var detail: String
    /// Of a damaged database: what was found.
    public var damage: String?

    public init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }

    init(reading error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(code: "sqlite", detail: "\(path): \(error)")
            return
        }
        if StoreError.meansDamage(error) {
            self = .damaged(path, error.message ?? "\(error.resultCode)")
            return
        }
        let (code, advice) =
            switch error.resultCode {
            case .SQLITE_FULL: ("full", "free some space on the disk; nothing is lost, it is tried again")
            case .SQLITE_BUSY, .SQLITE_LOCKED: ("locked", "another process holds the database")
            case .SQLITE_CANTOPEN: ("missing", "the file cannot be opened; see the folder's owner and mode")
            case .SQLITE_READONLY, .SQLITE_PERM: ("read-only", "the file may not be written; see its owner and mode")
            default: ("sqlite", "see the message")
            }
        self.init(code: code, detail: "\(path): \(error.message ?? "\(error.resultCode)") – \(advice)")
    }

    static func meansDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
    }

    public var description: String { detail }
}
