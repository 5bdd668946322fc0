import Glibc
import News
import Synchronization

/// Where feedwatch keeps what it knows and writes: `--state`, else `FEEDWATCH_STATE`, else `/var/lib/feedwatch` where it
/// exists, else `./state`.
public struct StateFolder: Sendable, Hashable {
    public var path: String

    public init(path: String) { self.path = path }

    public static func resolve(
        option: String?, environment: [String: String], exists: (String) -> Bool
    ) -> StateFolder {
        if let path = option ?? environment["FEEDWATCH_STATE"], !path.isEmpty { return StateFolder(path: path) }
        return StateFolder(path: exists("/var/lib/feedwatch") ? "/var/lib/feedwatch" : "state")
    }

    public var database: String { path + "/feedwatch.db" }

    /// Whether a process holds the lock, without touching it: a look that took it could turn a starting daemon away.
    ///
    /// From the kernel's list of locks (proc(5), `/proc/locks`), by inode alone, for layered file systems show another
    /// device there. Nil where there is no such list, or the folder may not be searched.
    public func isInUse() -> Bool? {
        var status = stat()
        guard stat(path + "/lock", &status) == 0 else { return errno == ENOENT ? false : nil }
        guard let list = ProcessLocks.list() else { return nil }
        return ProcessLocks.isHeld(inode: UInt64(status.st_ino), in: list)
    }

    /// Makes the folder, mode 0750, where it is missing, and has its name on the disk.
    public func create() throws(StateError) {
        if mkdir(path, 0o750) == 0 {
            let above = open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            fsync(above)
            close(above)
            return
        }
        guard errno != EEXIST else { return }
        throw StateError(
            code: .failed, detail: "\(path): the state folder cannot be made: \(String(cString: strerror(errno)))")
    }

    /// Takes the lock of this state for as long as the result lives. One process at a time writes.
    ///
    /// The locked file is its owner's alone: flock(2) needs no right to write, so whoever may open it could hold it, and keep
    /// the service from starting.
    /// - Parameter advice: what to do when another process has it.
    public func lock(
        advice: String = "stop it or name another --state folder"
    ) throws(StateError) -> StateLock {
        let file = path + "/lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard descriptor >= 0, fchmod(descriptor, 0o600) == 0 else {
            let advice =
                errno == EACCES ? "only the folder's owner writes there: use sudo" : "see the folder's owner and mode"
            throw StateError(code: .failed, detail: "\(file): \(String(cString: strerror(errno))) – \(advice)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let process = note("process").map { " (process \($0))" } ?? ""
            throw StateError(
                code: .locked, detail: "\(path) is in use by another feedwatch\(process) – \(advice)")
        }
        // It would keep the words of an older version, which wrote them there.
        ftruncate(descriptor, 0)
        let lock = StateLock(descriptor: descriptor, notes: notes)
        lock.note()
        return lock
    }

    /// The control socket that the process with the lock has named there, else where it is by default.
    var servedSocket: String {
        note("socket") ?? RuntimeFolder(of: self, environment: [:]).controlSocket
    }

    /// Beside the lock, for the group to read.
    private var notes: String { path + "/holder" }

    /// When the holder of the lock has last written down who it is.
    var heldSince: Timestamp? {
        var status = stat()
        return stat(notes, &status) == 0 ? Timestamp(seconds: Int64(status.st_mtim.tv_sec)) : nil
    }

    /// What the holder of the lock has written down, or has left there when it was killed.
    private func note(_ name: String) -> String? {
        guard let bytes = SmallFile.read(notes, bytesMax: Limits.lockNotesBytesMax) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }
}

/// The kernel's list of file locks.
enum ProcessLocks {
    static func list() -> String? {
        guard let file = fopen("/proc/locks", "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// `3: FLOCK  ADVISORY  WRITE 21401 fe:00:16532159 0 EOF`; a line with `->` only waits.
    static func isHeld(inode: UInt64, in list: String) -> Bool {
        list.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", words[3] == "WRITE" else { return false }
            return words[5].split(separator: ":").last.flatMap { UInt64($0) } == inode
        }
    }
}

/// Held while its process writes to the state, until it is released; the kernel frees it even after `kill -9`.
public final class StateLock: Sendable {
    private let descriptor: Mutex<CInt?>
    private let notes: String

    fileprivate init(descriptor: CInt, notes: String) {
        self.descriptor = Mutex(descriptor)
        self.notes = notes
    }

    /// Writes down who has the lock, and where it takes commands: for the words of those who are turned away, and for
    /// commands, which do not know this process's environment.
    func note(socket: String? = nil) {
        descriptor.withLock { descriptor in
            guard descriptor != nil else { return }
            write("process \(getpid())\n" + (socket.map { "socket \($0)\n" } ?? ""))
        }
    }

    public func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            write("")
            // A child that is being started has a copy for a moment, and closing ours alone would leave it locked.
            flock(open, LOCK_UN)
            close(open)
            descriptor = nil
        }
    }

    /// Nothing hangs on it: on a full disk it is left out.
    private func write(_ text: String) {
        let file = open(notes, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o640)
        guard file >= 0 else { return }
        defer { close(file) }
        let bytes = Array(text.utf8)
        if ftruncate(file, 0) == 0 { pwrite(file, bytes, bytes.count, 0) }
    }

    deinit { release() }
}

public struct StateError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        /// Another process has the state: try again.
        case locked
        /// No process is there to be told, or it does not answer.
        case notRunning
        case failed
    }
    public var code: Code
    public var detail: String
    public var description: String { detail }
}
