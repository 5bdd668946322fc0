import Foundation
import Glibc
import News

/// A damaged database that was moved out of the way, whole.
public struct SetAside: Sendable, Hashable {
    /// `…/feedwatch.db.damaged-20261125T220000Z`; its log lies beside it.
    public var path: String
    /// When it was written to last.
    public var lastWritten: Timestamp
}

extension Store {
    /// Notes that damage was met while the database was in use: the next start examines it all, and sets it aside if need be.
    public static func suspect(_ path: String) {
        let file = open(path + ".suspect", O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        if file >= 0 { _ = Glibc.close(file) }
    }

    /// Moves a database with its log out of the way; no byte of it is changed. Only under the lock of the state.
    /// - Throws: `StoreError` when it cannot be moved.
    public static func setAside(_ path: String, at now: Timestamp) throws(StoreError) -> SetAside {
        let stamp = now.description.filter { $0 != "-" && $0 != ":" }
        var place = "\(path).damaged-\(stamp)"
        for number in 2...1000 where access(place, F_OK) == 0 { place = "\(path).damaged-\(stamp)-\(number)" }
        let written = ["", "-wal"].map { lastWritten(path + $0) }.max() ?? now
        // The log first: beside another database it would do harm.
        for suffix in ["-wal", "-shm", ""] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, place + suffix) == 0 else {
                throw StoreError(
                    code: "sqlite",
                    detail: "\(path + suffix) is damaged and cannot be set aside: \(String(cString: strerror(errno)))")
            }
        }
        unlink(path + ".suspect")
        return SetAside(path: place, lastWritten: min(written, now))
    }

    /// Databases that were set aside and lie there still, oldest first, as names.
    public static func setAside(of path: String) -> [String] {
        let folder = (path as NSString).deletingLastPathComponent
        let start = (path as NSString).lastPathComponent + ".damaged-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.filter { $0.hasPrefix(start) && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted()
    }

    /// A database that takes the place of a lost one: its sources were in sight until `since`. What is dated after `issued`
    /// is news though they are read for the first time, and each is on record as not seen until it is read.
    /// - Parameter issued: until when readers have issues: what was published after it was seen and is in none.
    public func noteLoss(since: Timestamp, issued: Timestamp) throws(StoreError) {
        try write { db in
            for (name, time) in [("lost", since), ("lost_news", issued)] {
                try db.execute(
                    sql: "INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                    arguments: [name, time.seconds])
            }
        }
    }

    private static func lastWritten(_ path: String) -> Timestamp {
        var status = stat()
        return Timestamp(seconds: stat(path, &status) == 0 ? Int64(status.st_mtim.tv_sec) : .min)
    }
}
