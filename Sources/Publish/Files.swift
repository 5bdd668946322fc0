import Glibc
import News

/// Files that are there whole or not at all (POSIX `rename`), and that are on the disk when the call returns.
struct Files: Sendable {
    /// Called before each change, with the step's name.
    let beforeStep: @Sendable (String) throws -> Void

    /// Writes a file unless it is there.
    func place(_ bytes: [UInt8], at path: String) throws { try place(at: path) { bytes } }

    /// Writes a file unless it is there; `bytes` is called only then.
    func place(at path: String, bytes: () -> [UInt8]) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw DeliveryError(doing: "look at", path: path, code: errno) }
            return try replace(path, with: bytes())
        }
        // A reader may have put a link to where the file was moved.
        guard stat(path, &status) == 0 else { throw DeliveryError(doing: "look at", path: path, code: errno) }
        try Self.requireFile(status, doing: "place", path)
        // Renamed before a crash, perhaps, but not yet known to be on the disk.
        try syncFolder(Self.split(path).folder)
    }

    /// Temporary file in the same folder, write, fsync, rename, fsync of the folder.
    func replace(_ path: String, with bytes: [UInt8]) throws {
        let (folder, name) = Self.split(path)
        let temporary = "\(folder)/.\(name).tmp"
        try beforeStep("create \(name)")
        let file = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        do {
            defer { close(file) }
            try beforeStep("write \(name)")
            try write(bytes, to: file, temporary)
            try beforeStep("fsync \(name)")
            try sync(file, temporary)
        } catch let error as DeliveryError {
            unlink(temporary)
            throw error
        }
        try beforeStep("rename \(name)")
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw DeliveryError(doing: "rename to", path: path, code: code)
        }
        try beforeStep("fsync folder of \(name)")
        try syncFolder(folder)
    }

    /// Appends a line whose second word is `id`, unless it is there or in the log that was moved away last; a last line
    /// without its end is cut off first.
    func append(line: String, id: String, to path: String) throws {
        let (folder, name) = Self.split(path)
        let file = try open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW)
        defer { close(file) }
        let tail = try logTail(of: file, path)
        guard let end = tail.endOfLines else {
            throw DeliveryError(
                doing: "append to", path: path, code: EFBIG, detail: "its last line is longer than any of feedwatch's")
        }
        if end < tail.end {
            try beforeStep("truncate \(name)")
            guard retried({ ftruncate(file, off_t(end)) }) == 0 else {
                throw DeliveryError(doing: "cut the torn last line of", path: path, code: errno)
            }
        }
        let isThere = try tail.hasLine(of: id) || tail.start == 0 && movedLog(besides: name, in: folder, has: id)
        try beforeStep("append \(name)")
        do {
            if !isThere { try write(Array((line + "\n").utf8), to: file, path) }
            try beforeStep("fsync \(name)")
            try sync(file, path)
        } catch let error as DeliveryError {
            // What could not be written counts as written from then on (fsync(2)): the line has to be written anew.
            if !isThere { _ = retried { ftruncate(file, off_t(end)) } }
            throw error
        }
        try syncFolder(folder)
    }

    private func logTail(of file: Int32, _ path: String) throws -> LogTail {
        let size = try size(of: file, doing: "append to", path)
        let start = max(0, size - Limits.logTailBytes)
        return LogTail(start: start, bytes: try read(file, path, from: start, count: size - start))
    }

    /// Whether the log that `logrotate` moved away last (`alerts.log.1`, `alerts.log-20250330`) has a line of this id: it was
    /// moved between the append and the note of it. A compressed one is not looked into.
    private func movedLog(besides name: String, in folder: String, has id: String) throws -> Bool {
        var newest: (path: String, time: timespec)?
        for other in try names(in: folder, max: Limits.folderNamesMax)
        where other.hasPrefix(name + ".") || other.hasPrefix(name + "-") {
            let path = "\(folder)/\(other)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { continue }
            let time = status.st_mtim
            if let last = newest?.time, (last.tv_sec, last.tv_nsec) >= (time.tv_sec, time.tv_nsec) { continue }
            newest = (path, time)
        }
        guard let path = newest?.path else { return false }
        let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        defer { close(file) }
        return try logTail(of: file, path).hasLine(of: id)
    }

    /// The whole file, of at most `Limits.publishedFileBytesMax` bytes; nil when there is none.
    func read(_ path: String) throws -> [UInt8]? {
        // Non-blocking, for a named pipe would wait for its writer; files do not care.
        let file = retried { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw DeliveryError(doing: "read", path: path, code: errno)
        }
        defer { close(file) }
        let size = try size(of: file, doing: "read", path)
        guard size <= Limits.publishedFileBytesMax else { throw DeliveryError(doing: "read", path: path, code: EFBIG) }
        return try read(file, path, from: 0, count: size)
    }

    /// A whole file of at most `bytesMax` bytes; nil for a longer one, a folder, a pipe, a link, one that may not be read, or
    /// none.
    func readSmall(_ path: String, bytesMax: Int) throws -> [UInt8]? {
        let file = retried { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        guard file >= 0 else {
            if [ENOENT, ELOOP, EACCES, ENXIO].contains(errno) { return nil }
            throw DeliveryError(doing: "read", path: path, code: errno)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= bytesMax
        else { return nil }
        return try read(file, path, from: 0, count: Int(status.st_size))
    }

    /// Names in a folder, in no order, `.` and `..` among them; at most `max`.
    func names(in folder: String, max: Int) throws -> [String] {
        guard let listing = opendir(folder) else {
            throw DeliveryError(doing: "list", path: folder, code: errno)
        }
        defer { closedir(listing) }
        var names: [String] = []
        while names.count < max, let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    /// Has the folders of these files on the disk.
    func syncFolders(of paths: String...) throws { for path in paths { try syncFolder(Self.split(path).folder) } }

    /// Makes the folders of a path below `root`, 0750; all are on the disk when this returns, also those that a crash has
    /// left in memory only. `root` itself is not made: without it there is no state.
    func makeFolders(_ names: some Sequence<some StringProtocol>, below root: String) throws {
        var above = root
        for name in names {
            let folder = "\(above)/\(name)"
            var status = stat()
            if stat(folder, &status) != 0 {
                try beforeStep("mkdir \(name)")
                guard mkdir(folder, 0o750) == 0 || errno == EEXIST else {
                    throw DeliveryError(doing: "make the folder", path: folder, code: errno)
                }
                chmod(folder, 0o750)
            }
            try syncFolder(above)
            above = folder
        }
    }

    /// Makes a folder and those above it, 0750, each on the disk when this returns.
    func makeFolder(_ path: String) throws {
        if path.isEmpty || Self.isFolder(path) { return }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for count in 1...parts.count {
            let folder = parts[..<count].joined(separator: "/")
            if folder.isEmpty || access(folder, F_OK) == 0 { continue }
            try beforeStep("mkdir \(parts[count - 1])")
            guard mkdir(folder, 0o750) == 0 || errno == EEXIST else {
                throw DeliveryError(doing: "make the folder", path: folder, code: errno)
            }
            chmod(folder, 0o750)
            let above = parts[..<(count - 1)].joined(separator: "/")
            try syncFolder(above.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : above)
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Gone from the disk when this returns; one that is not there is no error.
    func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw DeliveryError(doing: "remove", path: path, code: errno)
        }
        try syncFolder(Self.split(path).folder)
    }

    /// Removes temporary files that a crash left behind.
    func removeLeftovers(in folder: String) throws {
        for name in try names(in: folder, max: Limits.folderNamesMax)
        where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            unlink("\(folder)/\(name)")
        }
    }
}

extension Files {
    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// Only a file has a size that may be asked for: a folder's end is at 2^63 - 1.
    private func size(of file: Int32, doing: String, _ path: String) throws -> Int {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw DeliveryError(doing: doing, path: path, code: errno) }
        try Self.requireFile(status, doing: doing, path)
        return Int(status.st_size)
    }

    private static func requireFile(_ status: stat, doing: String, _ path: String) throws {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw DeliveryError(doing: doing, path: path, code: EISDIR, detail: "it is a folder")
        default: throw DeliveryError(doing: doing, path: path, code: EEXIST, detail: "it is no regular file")
        }
    }

    private func open(_ path: String, _ flags: Int32) throws -> Int32 {
        let file = retried { Glibc.open(path, flags | O_CLOEXEC, 0o640) }
        guard file >= 0 else { throw DeliveryError(doing: "open", path: path, code: errno) }
        return file
    }

    private func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
        try bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                let count = Glibc.write(file, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw DeliveryError(doing: "write", path: path, code: count == 0 ? ENOSPC : errno)
                }
                written += count
            }
        }
    }

    func read(_ file: Int32, _ path: String, from start: Int, count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var done = 0
        while done < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(file, buffer.baseAddress! + done, buffer.count - done, off_t(start + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw DeliveryError(doing: "read", path: path, code: errno) }
            if got == 0 { break }
            done += got
        }
        return Array(bytes.prefix(done))
    }

    private func sync(_ file: Int32, _ path: String) throws {
        guard retried({ fsync(file) }) == 0 else { throw DeliveryError(doing: "fsync", path: path, code: errno) }
    }

    private func syncFolder(_ folder: String) throws {
        let file = retried { Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard file >= 0 else { throw DeliveryError(doing: "open the folder", path: folder, code: errno) }
        defer { close(file) }
        try sync(file, folder)
    }

    /// Calls again while a signal interrupts (POSIX `EINTR`).
    private func retried(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }
}
