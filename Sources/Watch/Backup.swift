import Foundation
import Glibc
import News
import Publish
import Storage

/// `feedwatch backup`: a folder with all that a state cannot do without, made beside a running service: there whole, looked
/// through, and on the disk, or not there at all.
public struct Backup: Sendable {
    private let state: StateFolder
    private let path: String
    private let replaces: Bool
    /// For tests: called when the database is copied and its files are not.
    private let beforeListing: @Sendable () -> Void

    /// Beside the database: what readers have, and what they taught.
    private static let folders = ["alerts", "digests", "feeds", "examples"]

    /// - Parameters:
    ///   - path: of the folder to be made.
    ///   - replaces: an earlier backup of that name gives way, once the new one is whole.
    public init(of state: StateFolder, to path: String, replaces: Bool) {
        self.init(of: state, to: path, replaces: replaces, beforeListing: {})
    }

    init(of state: StateFolder, to path: String, replaces: Bool, beforeListing: @escaping @Sendable () -> Void) {
        self.beforeListing = beforeListing
        self.state = state
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.replaces = replaces
    }

    /// - Returns: what was made, in words.
    /// - Throws: `StateError`, `StoreError`.
    public func make() throws -> String {
        guard let store = try Store.reading(ofStateIn: state) else {
            throw failure("\(state.database) does not exist yet: there is nothing to keep")
        }
        defer { store.close() }
        try judgeTarget()
        let part = path + ".part"
        try removePart(part)
        let sizes = try Self.folders.flatMap(files).reduce(0) { $0 + $1.size }
        try judgeRoom(fileSize(state.database) + fileSize(state.database + "-wal") + sizes)
        guard mkdir(part, 0o750) == 0 else { throw failure("cannot make \(part): \(String(cString: strerror(errno)))") }
        do {
            let copy = try store.copy(to: "\(part)/feedwatch.db")
            // Listed after it: what the copy has as delivered is there, and what it does not know it takes over.
            beforeListing()
            let files = try Self.folders.flatMap(files)
            let copied = try files.count { try copyFile($0.path, into: part) }
            try syncAll(part)
            try putInPlace(part)
            return "\(path): database of \(Words.count(copy.articles, "article")) and "
                + "\(Words.count(copy.sources, "source")) in \(max(1, copy.bytes >> 20)) MB, looked through, and "
                + Words.count(copied, "file")
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw error
        }
    }

    private func failure(_ words: String) -> StateError { StateError(code: .failed, detail: words) }
}

extension Backup {
    private func judgeTarget() throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard replaces else {
            throw failure("\(path) is there already, and nothing was done – name another, or say --replace")
        }
        guard status.st_mode & S_IFMT == S_IFDIR, access("\(path)/feedwatch.db", F_OK) == 0, !isState else {
            throw failure("\(path) is no backup, and nothing was done – name another place")
        }
    }

    /// What a backup that was cut off has left.
    private func removePart(_ part: String) throws {
        var status = stat()
        guard lstat(part, &status) == 0 else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: part)) ?? []
        let own = Set(Self.folders + ["feedwatch.db", "feedwatch.db-journal"])
        guard status.st_mode & S_IFMT == S_IFDIR, own.isSuperset(of: names) else {
            throw failure("\(part) is in the way, and is not what a backup leaves – move it")
        }
        try FileManager.default.removeItem(atPath: part)
    }

    /// A state has a lock beside its database; a backup has none.
    private var isState: Bool { access("\(path)/lock", F_OK) == 0 }

    private func judgeRoom(_ needed: Int) throws {
        let folder = (path as NSString).deletingLastPathComponent
        guard let space = DiskSpace.of(folder.isEmpty ? "." : folder) else {
            throw failure("\(path): the folder above it is not there – make it")
        }
        guard space.free > needed + needed / 20 + (1 << 20) else {
            throw failure(
                "\(path): the backup takes \(needed >> 20 + 1) MB and its disk has \(space.free >> 20) MB free – make room; "
                    + "nothing was written")
        }
    }

    /// Regular files, as paths within the state; what is being written now, whose names begin with a dot, is passed over.
    private func files(in folder: String) throws -> [(path: String, size: Int)] {
        // With the slash also where it is a link to another place.
        let base = "\(state.path)/\(folder)/"
        guard access(base, F_OK) == 0 else {
            var status = stat()
            guard lstat("\(state.path)/\(folder)", &status) != 0 else {
                throw failure(
                    "\(state.path)/\(folder) is a link to a folder that is not there or cannot be entered, and nothing was "
                        + "kept – mount or make that folder, or see digest.folder")
            }
            return []
        }
        return try FileManager.default.subpathsOfDirectory(atPath: base).sorted().compactMap { name in
            var status = stat()
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                lstat(base + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG
            else { return nil }
            return ("\(folder)/\(name)", Int(status.st_size))
        }
    }

    private func fileSize(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// - Returns: whether it was still there: readers move what they have read.
    private func copyFile(_ name: String, into part: String) throws -> Bool {
        let target = "\(part)/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
            // Its time stays, too: tools that prune by age look at it.
            try FileManager.default.copyItem(atPath: "\(state.path)/\(name)", toPath: target)
            chmod(target, 0o640)
            return true
        } catch {
            var status = stat()
            if lstat("\(state.path)/\(name)", &status) != 0, errno == ENOENT || errno == ENOTDIR { return false }
            throw failure("\(target) cannot be written: \(error.localizedDescription)")
        }
    }

    /// All of it in one call in place of one for each of ten thousand files; the database's own call tells of a fault.
    private func syncAll(_ folder: String) throws {
        sync()
        for place in ["\(folder)/feedwatch.db", folder] {
            let file = open(place, O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            guard file >= 0, fsync(file) == 0 else {
                throw failure("\(place) cannot be brought to the disk: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// An earlier one stands until its successor is whole; cut off between the two renames it lies beside, as `PATH.old`.
    private func putInPlace(_ part: String) throws {
        let old = path + ".old"
        let isThere = access(path, F_OK) == 0
        if isThere { try? FileManager.default.removeItem(atPath: old) }
        guard !isThere || rename(path, old) == 0, rename(part, path) == 0 else {
            let reason = String(cString: strerror(errno))
            if isThere { rename(old, path) }
            throw failure("\(path) cannot be put in place: \(reason)")
        }
        try syncAll(path)
        if isThere { try FileManager.default.removeItem(atPath: old) }
    }
}
