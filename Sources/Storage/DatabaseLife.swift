import Foundation
import GRDB
import Glibc
import News

/// What keeps a database through upgrades and accidents: a copy before each migration, and a look after an unclean stop.
enum DatabaseLife {
    /// The last process was killed, or the power failed: after a clean stop the log is empty.
    static func wasCutOff(_ path: String) -> Bool { size(path + "-wal") > 0 }

    /// The process that made it died before the first commit: no more than two pages, and a rollback journal beside them,
    /// which only a writer can play back. There are none later (WAL).
    static func wasCutOffWhileMade(_ path: String) -> Bool {
        (1...8192).contains(size(path)) && size(path + "-journal") > 0
    }

    static func rollBack(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        try queue.close()
    }

    /// Looks at the structure of every page (`PRAGMA quick_check`) of a database of at most `Limits.lookedThroughBytesMax`.
    /// - Throws: `StoreError` with the code `damaged`.
    static func lookThrough(_ database: any DatabaseReader, _ path: String) throws {
        guard size(path) <= Limits.lookedThroughBytesMax else { return }
        if let fault = try fault(in: database) { throw StoreError.damaged(path, fault) }
    }

    /// Damage was met while it was in use: the next start looks at every page and index, however the last stop was.
    static func isSuspect(_ path: String) -> Bool { access(path + ".suspect", F_OK) == 0 }

    /// Looks at everything (`PRAGMA integrity_check`); what is sound is suspect no more.
    /// - Throws: `StoreError` with the code `damaged`.
    static func examine(_ database: any DatabaseReader, _ path: String) throws {
        let word = try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
        guard word == "ok" else { throw StoreError.damaged(path, word ?? "no answer") }
        unlink(path + ".suspect")
    }

    /// Copies a database that migrations are going to change to `PATH.before-N`, N being the schema that they lead to.
    /// - Throws: `StoreError`; then the database is as it was, and there is no half copy.
    static func copyBeforeMigration(_ database: any DatabaseReader, _ path: String) throws {
        guard try database.read(Schema.isBehind) else { return }
        let copy = copyPath(path, before: Schema.number)
        let part = copy + ".part"
        do {
            removeAll(part)
            try write(database, path, to: part)
            guard rename(part, copy) == 0, sync(folderOf: copy) else {
                throw StoreError(code: "sqlite", detail: "\(copy): \(String(cString: strerror(errno)))")
            }
        } catch {
            removeAll(part)
            // What is damaged is read from the original.
            if let error = error as? DatabaseError, StoreError.meansDamage(error) { throw error }
            let reason = StoreError(reading: error, path: copy)
            if reason.code == "damaged" { throw reason }
            let megabytes = (size(path) + size(path + "-wal")) >> 20 + 1
            throw StoreError(
                code: reason.code,
                detail: "\(path) was not upgraded and is as it was, for the copy that is made first cannot be: "
                    + "\(reason.detail) (it takes \(megabytes) MB)")
        }
    }

    /// The copies that are there, by the schema that they were made before, oldest first.
    static func copies(of path: String) -> [Int] {
        let folder = (path as NSString).deletingLastPathComponent
        let start = (path as NSString).lastPathComponent + ".before-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.filter { $0.hasPrefix(start) }.compactMap { Int($0.dropFirst(start.count)) }.sorted()
    }

    static func copyPath(_ path: String, before schema: Int) -> String { "\(path).before-\(schema)" }

    /// One file, whole and on the disk, of the mode of the original.
    private static func write(_ database: any DatabaseReader, _ original: String, to path: String) throws {
        let copy = try DatabaseQueue(path: path)
        defer { try? copy.close() }
        try database.backup(to: copy)
        // Else a reader of the copy would make two files more beside it.
        try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        let applied = try database.read { try Schema.migrator.appliedIdentifiers($0) }
        if let fault = try fault(in: database) { throw StoreError.damaged(original, fault) }
        guard try fault(in: copy) == nil, try copy.read({ try Schema.migrator.appliedIdentifiers($0) }) == applied
        else {
            throw StoreError(code: "sqlite", detail: "\(path): the copy is not as the original – look at the disk")
        }
        var status = stat()
        if stat(original, &status) == 0 { chmod(path, status.st_mode & 0o777) }
    }

    /// What the first look finds wrong; nil when all is well.
    private static func fault(in database: any DatabaseReader) throws -> String? {
        let word = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        return word == "ok" ? nil : word ?? "no answer"
    }

    private static func removeAll(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
    }

    private static func sync(folderOf path: String) -> Bool {
        let folder = (path as NSString).deletingLastPathComponent
        let file = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return fsync(file) == 0
    }

    static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

extension StoreError {
    static func foreign(_ path: String) -> StoreError {
        StoreError(
            code: "foreign",
            detail:
                "\(path) is a database of another program and was left as it is – name another --state folder, or set "
                + "it aside:\n" + aside(path))
    }

    /// A reader cannot upgrade it.
    static func older(_ path: String) -> StoreError {
        StoreError(
            code: "older",
            detail:
                "\(path) is of an earlier version of feedwatch – start the service, or run \"feedwatch once\": it is "
                + "upgraded then")
    }

    static func newer(_ path: String) -> StoreError {
        let detail = "\(path) was written by a later version of feedwatch and was left as it is – install that version"
        guard let copy = DatabaseLife.copies(of: path).first(where: { $0 > Schema.number }) else {
            return StoreError(code: "newer", detail: detail)
        }
        return StoreError(
            code: "newer",
            detail: detail
                + ", or stop feedwatch and go back to the copy that was made before the upgrade; what came since "
                + "is not in it:\n" + aside(path) + "\n" + restore(path, copy))
    }

    public static func damaged(_ path: String, _ what: String) -> StoreError {
        let copy = DatabaseLife.copies(of: path).last
        let back = copy.map {
            "\nand, to go back to the copy that was made before the last upgrade:\n" + restore(path, $0)
        }
        var error = StoreError(
            code: "damaged",
            detail: "\(path) is damaged (\(what)) and was left as it is – stop feedwatch and restore a backup, or set "
                + "it aside; feedwatch then begins anew and alerts of nothing that is old:\n" + aside(path)
                + (back ?? ""))
        error.damage = what
        return error
    }

    /// Commands of a shell, one a line, for the files that are there. The log belongs to its database: beside another one
    /// it would do harm.
    private static func aside(_ path: String) -> String {
        var place = "\(path).aside"
        for number in 2...1000 where access(place, F_OK) == 0 { place = "\(path).aside-\(number)" }
        return ["", "-wal", "-shm"].filter { access(path + $0, F_OK) == 0 }
            .map { "  mv \(quoted(path + $0)) \(quoted(place + $0))" }.joined(separator: "\n")
    }

    private static func restore(_ path: String, _ copy: Int) -> String {
        "  cp -p \(quoted(DatabaseLife.copyPath(path, before: copy))) \(quoted(path))"
    }

    private static func quoted(_ path: String) -> String { "'" + path.replacing("'", with: "'\\''") + "'" }
}
