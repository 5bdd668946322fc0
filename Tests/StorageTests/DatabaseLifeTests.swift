import Foundation
import GRDB
import Glibc
import News
import Testing

@testable import Storage

/// Upgrades, accidents, and files that are not ours.
@Suite struct DatabaseLifeTests {
    private static let newest = Schema.number

    /// A database as the first version made it, with so many bytes in it.
    private func firstVersion(in folder: String? = nil, ballast: Int = 1000) throws -> String {
        let path = try folder.map { $0 + "/feedwatch.db" } ?? temporaryDatabase()
        let pool = try DatabasePool(path: path)
        try Schema.migrator.migrate(pool, upTo: "1: first tables")
        try pool.write { db in
            try db.execute(
                sql: "INSERT INTO meta VALUES ('created', 17), ('ballast', zeroblob(?))", arguments: [ballast])
        }
        try pool.close()
        return path
    }

    private func created(_ path: String) throws -> Int? {
        try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT value FROM meta WHERE name = 'created'")
        }
    }

    private func applied(_ path: String) throws -> Int? {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations") }
    }

    @Test(
        "An upgrade copies the database first, whole, in one file of the same mode; a new one and a second start do not"
    )
    func copy() throws {
        let path = try firstVersion()
        chmod(path, 0o600)
        try Store(path: path).close()
        let copy = "\(path).before-\(Self.newest)"
        #expect(try created(copy) == 17 && applied(copy) == 1 && applied(path) == Self.newest)
        var status = stat()
        #expect(stat(copy, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let folder = (path as NSString).deletingLastPathComponent
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("before") }
        #expect(names == [(copy as NSString).lastPathComponent])

        unlink(copy)
        try Store(path: path).close()
        #expect(access(copy, F_OK) != 0)
        let fresh = try temporaryDatabase()
        try Store(path: fresh).close()
        #expect(DatabaseLife.copies(of: fresh).isEmpty)
    }

    @Test(
        "After a way back to the earlier version the next upgrade copies what is there now; half a copy is no hindrance"
    )
    func secondUpgrade() throws {
        let path = try firstVersion()
        let copy = "\(path).before-\(Self.newest)"
        for leftover in [copy, copy + ".part", copy + ".part-journal"] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: leftover))
        }
        try Store(path: path).close()
        #expect(try created(copy) == 17)
        #expect(access(copy + ".part", F_OK) != 0 && access(copy + ".part-journal", F_OK) != 0)
    }

    @Test("Without a copy there is no upgrade: the database stays at its schema and works with the earlier version")
    func noCopy() throws {
        let path = try firstVersion()
        let copy = "\(path).before-\(Self.newest)"
        try FileManager.default.createDirectory(atPath: copy + "/full", withIntermediateDirectories: true)
        let error = #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(error?.detail.contains("\(path) was not upgraded and is as it was") == true, "\(error?.detail ?? "")")
        #expect(try applied(path) == 1 && access(copy + ".part", F_OK) != 0)
    }

    @Test("A database that is damaged is not upgraded, and its copy is not kept for a good one")
    func damagedBeforeUpgrade() throws {
        let path = try firstVersion(ballast: 200_000)
        let root = try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'article_url'")
        }
        var bytes = try #require(FileManager.default.contents(atPath: path))
        let start = (try #require(root) - 1) * 4096
        bytes.replaceSubrange(start..<start + 4096, with: [UInt8](repeating: 0xA5, count: 4096))
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: StoreError.self) { try Store(path: path) }
        #expect(error.code == "damaged" && error.detail.contains("mv '\(path)' '\(path).aside'"), "\(error.detail)")
        #expect(DatabaseLife.copies(of: path).isEmpty && FileManager.default.contents(atPath: path) == bytes)
    }

    private static let canMount: Bool = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)").path
        guard mkdir(folder, 0o700) == 0, mount("tmpfs", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
        umount2(folder, Int32(MNT_DETACH))
        return true
    }()

    @Test(
        "On a disk without room for the copy nothing is upgraded; with room it is",
        .enabled(if: canMount, "only a root that may mount can make a small disk"))
    func fullDisk() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)").path
        try #require(mkdir(folder, 0o700) == 0 && mount("tmpfs", folder, "tmpfs", 0, "size=3m") == 0)
        defer { umount2(folder, Int32(MNT_DETACH)) }
        let path = try firstVersion(in: folder, ballast: 1_600_000)
        let error = #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(error?.code == "full" && error?.detail.contains("free some space") == true, "\(error?.detail ?? "")")
        #expect(try applied(path) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.contains("before") })
        _ = mount("tmpfs", folder, "tmpfs", UInt(MS_REMOUNT), "size=8m")
        try Store(path: path).close()
        #expect(try applied(path) == Self.newest && created("\(path).before-\(Self.newest)") == 17)
    }

    @Test("A database of a later version is left whole, and the copy before its upgrade is named with the commands")
    func newer() throws {
        let path = try temporaryDatabase()
        try Store(path: path).close()
        try DatabaseQueue(path: path).write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999: later')") }
        let bytes = FileManager.default.contents(atPath: path)
        let alone = #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(alone?.code == "newer" && alone?.detail.hasSuffix("install that version") == true)
        for schema in [Self.newest - 1, Self.newest + 3, Self.newest + 5] {
            try Data().write(to: URL(fileURLWithPath: "\(path).before-\(schema)"))
        }
        let error = #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(error?.detail.contains("cp -p '\(path).before-\(Self.newest + 3)' '\(path)'") == true)
        #expect(error?.detail.contains("mv '\(path)' '\(path).aside'") == true)
        #expect(FileManager.default.contents(atPath: path) == bytes)
    }

    @Test("A reader does not upgrade: it says what will")
    func older() throws {
        let path = try firstVersion()
        let error = #expect(throws: StoreError.self) { try Store(path: path, readOnly: true) }
        #expect(error?.code == "older" && error?.detail.contains("feedwatch once") == true)
        #expect(try applied(path) == 1)
    }

    @Test("After an unclean stop a damaged page is found before anything is written; the commands that are told work")
    func damaged() throws {
        let path = try firstVersion(ballast: 200_000)
        try Store(path: path).close()
        // A word written after the last clean stop, as by a process that was killed: its log is not empty.
        let killed = try DatabasePool(path: path)
        try killed.write { try $0.execute(sql: "INSERT INTO meta VALUES ('later', 1)") }
        let log = FileManager.default.contents(atPath: path + "-wal")
        try killed.close()
        // An interior page of a table is overwritten; the first pages, which every start reads, are sound.
        let root = try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'outage'")
        }
        var bytes = try #require(FileManager.default.contents(atPath: path))
        let start = (try #require(root) - 1) * 4096
        bytes.replaceSubrange(start..<start + 4096, with: [UInt8](repeating: 0xA5, count: 4096))
        try bytes.write(to: URL(fileURLWithPath: path))

        // After a clean stop it is not looked for.
        unlink(path + "-wal")
        try Store(path: path).close()
        try bytes.write(to: URL(fileURLWithPath: path))
        try #require(log).write(to: URL(fileURLWithPath: path + "-wal"))
        let error = try #require(throws: StoreError.self) { try Store(path: path) }
        #expect(error.code == "damaged", "\(error.detail)")
        #expect(FileManager.default.contents(atPath: path) == bytes)

        let commands = error.detail.split(separator: "\n").filter { $0.hasPrefix("  ") }.joined(separator: "\n")
        #expect(commands.contains("cp -p"))
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-ec", commands]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0, "\(commands)")
        #expect(FileManager.default.contents(atPath: path + ".aside") == bytes)
        try Store(path: path).close()
        #expect(try created(path) == 17 && applied(path) == Self.newest)
    }

    @Test(
        "While another process holds the database nothing is kept and nothing lost: it is told, and works when that has gone"
    )
    func lockedByAnother() throws {
        let path = try temporaryDatabase()
        let store = try Store(path: path, patience: 0)
        let other = try DatabaseQueue(path: path)
        func commit() throws -> PollTally {
            var entry = Entry()
            (entry.id, entry.title) = ("a", "Ferries run")
            let at = Timestamp(seconds: 1_743_300_000)
            return try store.commit(
                PollResult(
                    source: Source(id: "harbour", url: "https://harbour.example/rss"), at: at, nextDue: at,
                    validators: Validators(etag: "x"),
                    outcome: .read(entries: [ListedEntry(entry)], bodyHash: "x", faults: [])))
        }
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN EXCLUSIVE")
            let error = #expect(throws: StoreError.self) { try commit() }
            #expect(error?.code == "locked" && error?.detail.contains("another process holds the database") == true)
            #expect(try store.dueJobs().isEmpty, "readers go on")
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try commit().baseline == 1)
    }

    @Test("A file of another program is left byte for byte, and no earlier file is overwritten by the commands")
    func foreign() throws {
        let path = try temporaryDatabase()
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE theirs(x)") }
        let bytes = FileManager.default.contents(atPath: path)
        try Data("kept".utf8).write(to: URL(fileURLWithPath: path + ".aside"))
        let error = try #require(throws: StoreError.self) { try Store(path: path) }
        #expect(error.code == "foreign" && error.detail.contains("mv '\(path)' '\(path).aside-2'"), "\(error.detail)")
        #expect(FileManager.default.contents(atPath: path) == bytes)
    }

    @Test("A database whose making was cut off before any table of ours is gone on with")
    func cutOffWhileMade() throws {
        let path = try temporaryDatabase()
        let pool = try DatabasePool(path: path)
        try pool.write { db in
            try Schema.claim(db)
            // The library's own first step, which commits by itself.
            try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try pool.close()
        try Store(path: path).close()
        #expect(try applied(path) == Self.newest)
    }

    @Test("A database whose making was cut off in its first commit is begun anew")
    func cutOffInFirstCommit() throws {
        let path = try temporaryDatabase()
        try DatabasePool(path: path).close()
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        #expect(DatabaseLife.size(path) > 0)
        // A journal of no pages, by which the file had none before (SQLite's file format, "The Rollback Journal").
        let numbers: [UInt32] = [0xD9D5_05F9, 0x20A1_63D7, 0, 1, 0, 512, 4096]
        let header = numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
        try Data(header + [UInt8](repeating: 0, count: 512 - header.count))
            .write(to: URL(fileURLWithPath: path + "-journal"))
        try Store(path: path).close()
        #expect(try applied(path) == Self.newest)
    }
}
