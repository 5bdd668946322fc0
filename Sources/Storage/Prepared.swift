import GRDB
import GRDBSQLite

/// A prepared statement of the polls' hot path, bound and read by position.
///
/// GRDB prepares and keeps it. Its own arguments and rows box every value, which costs several times what SQLite itself
/// takes for a row that is found by its key.
struct Prepared {
    private let statement: Statement
    private let database: Database

    init(_ sql: String, _ database: Database) throws {
        statement = try database.cachedStatement(sql: sql)
        self.database = database
    }

    private var handle: OpaquePointer { statement.sqliteStatement }

    /// Places count from 1; all of a statement's are bound before each run.
    func bind(_ place: CInt, _ number: Int64?) {
        guard let number else { return bindNull(place) }
        sqlite3_bind_int64(handle, place, number)
    }

    /// Up to the first NUL, if there is one, as GRDB binds and reads texts.
    func bind(_ place: CInt, _ text: String?) {
        guard let text else { return bindNull(place) }
        _ = text.withCString { sqlite3_bind_text(handle, place, $0, -1, Self.copied) }
    }

    func bind(_ place: CInt, bytes: [UInt8]?) {
        guard let bytes else { return bindNull(place) }
        guard !bytes.isEmpty else { return _ = sqlite3_bind_zeroblob(handle, place, 0) }
        bytes.withUnsafeBytes { _ = sqlite3_bind_blob(handle, place, $0.baseAddress, CInt($0.count), Self.copied) }
    }

    private func bindNull(_ place: CInt) { sqlite3_bind_null(handle, place) }

    /// Runs a statement that gives no rows.
    func run() throws {
        let code = sqlite3_step(handle)
        defer { sqlite3_reset(handle) }
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    }

    /// What `body` makes of the first row; nil where there is none.
    func first<Value>(_ body: (PreparedRow) throws -> Value) throws -> Value? {
        let code = sqlite3_step(handle)
        defer { sqlite3_reset(handle) }
        guard code == SQLITE_ROW else {
            guard code == SQLITE_DONE else { throw failure(code) }
            return nil
        }
        return try body(PreparedRow(handle: handle))
    }

    /// What `body` makes of each row.
    func all<Value>(_ body: (PreparedRow) throws -> Value) throws -> [Value] {
        defer { sqlite3_reset(handle) }
        var values: [Value] = []
        while true {
            let code = sqlite3_step(handle)
            guard code == SQLITE_ROW else {
                guard code == SQLITE_DONE else { throw failure(code) }
                return values
            }
            values.append(try body(PreparedRow(handle: handle)))
        }
    }

    private func failure(_ code: CInt) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(database.sqliteConnection)),
            sql: statement.sql)
    }

    /// `SQLITE_TRANSIENT`: SQLite copies what it is given.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// A row under a statement; valid until the statement goes on. Columns count from 0.
struct PreparedRow {
    fileprivate let handle: OpaquePointer

    func isNull(_ column: CInt) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// Nil for NULL.
    func number(_ column: CInt) -> Int64? { isNull(column) ? nil : sqlite3_column_int64(handle, column) }

    func flag(_ column: CInt) -> Bool { sqlite3_column_int64(handle, column) != 0 }

    /// Nil for NULL.
    func text(_ column: CInt) -> String? {
        guard let text = sqlite3_column_text(handle, column) else { return nil }
        return String(
            decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
    }

    /// Nil for NULL, and for no bytes.
    func bytes(_ column: CInt) -> [UInt8]? {
        guard let bytes = sqlite3_column_blob(handle, column) else { return nil }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// Whether the column has this text, without making a string of it.
    func isText(_ column: CInt, _ text: String) -> Bool {
        guard let bytes = sqlite3_column_text(handle, column) else { return false }
        return UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))
            .elementsEqual(text.utf8)
    }
}
