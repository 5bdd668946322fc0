import Foundation
import Glibc
import News

/// What a state takes of its disk, and what that has left; bytes.
public struct DiskUse: Sendable, Hashable, Codable {
    public var database: Int
    /// The database's log, which is emptied into it now and then.
    public var log: Int
    public var alerts: Int
    public var digests: Int
    public var examples: Int
    /// Copies made before upgrades, and databases that were set aside.
    public var copies: Int
    /// For who is not root.
    public var free: Int?
    /// Files that can still be made; nil without a limit.
    public var freeFiles: Int?

    enum CodingKeys: String, CodingKey {
        case database = "database_bytes"
        case log = "log_bytes"
        case alerts = "alerts_bytes"
        case digests = "digests_bytes"
        case examples = "examples_bytes"
        case copies = "copies_bytes"
        case free = "free_bytes"
        case freeFiles = "free_files"
    }

    /// Looks at every file of the state once: 20 ms for ten thousand.
    static func measure(_ state: StateFolder) -> DiskUse {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: state.path)) ?? []
        let copies = names.filter { $0.hasPrefix("feedwatch.db.") }
        return DiskUse(
            database: size(state.database), log: size(state.database + "-wal"), alerts: size(folder: "alerts", state),
            digests: size(folder: "digests", state), examples: size(folder: "examples", state),
            copies: copies.reduce(0) { $0 + size("\(state.path)/\($1)") }
        ).withSpace(of: state)
    }

    /// The same with what is free now.
    func withSpace(of state: StateFolder) -> DiskUse {
        let space = DiskSpace.of(state.path)
        var use = self
        (use.free, use.freeFiles) = (space?.free, space?.files)
        return use
    }

    private static func size(folder: String, _ state: StateFolder) -> Int {
        var total = 0
        guard let names = FileManager.default.enumerator(atPath: "\(state.path)/\(folder)/.") else { return 0 }
        var count = 0
        while count < Limits.folderNamesMax, let name = names.nextObject() as? String {
            total += size("\(state.path)/\(folder)/\(name)")
            count += 1
        }
        return total
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    }
}

extension DiskUse {
    /// Below this nothing can be stored and delivered for much longer, or the next upgrade has no room for its copy.
    var neededFree: Int { max(256 << 20, database + log) }

    var isLow: Bool { free.map { $0 < neededFree } ?? false || freeFiles.map { $0 < 1000 } ?? false }
}
