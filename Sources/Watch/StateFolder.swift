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
    /// device there. Nil where there is no such list.
    public func isInUse() -> Bool? {
        var status = stat()
        guard stat(path + "/lock", &status) == 0 else { return false }
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
    /// - Parameter advice: what to do when another process has it.
    public func lock(
        advice: String = "stop it or name another --state folder"
    ) throws(StateError) -> StateLock {
        let file = path + "/lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw StateError(
                code: .failed, detail: "\(file): \(String(cString: strerror(errno))) – see the folder's owner and mode")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            let process = note("process").map { " (process \($0))" } ?? ""
            throw StateError(
                code: .locked, detail: "\(path) is in use by another feedwatch\(process) – \(advice)")
        }
        let lock = StateLock(descriptor: descriptor)
        lock.note()
        return lock
    }

    /// The control socket that the process with the lock has named there, else where it is by default.
    var servedSocket: String {
        note("socket") ?? RuntimeFolder(of: self, environment: [:]).controlSocket
    }

    /// What the holder of the lock has written into it, or has left there when it was killed.
    private func note(_ name: String) -> String? {
        guard let file = fopen(path + "/lock", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
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

    fileprivate init(descriptor: CInt) { self.descriptor = Mutex(descriptor) }

    /// Writes down who has the lock, and where it takes commands: for the words of those who are turned away, and for
    /// commands, which do not know this process's environment.
    func note(socket: String? = nil) {
        descriptor.withLock { descriptor in
            guard let descriptor else { return }
            let text = Array(("process \(getpid())\n" + (socket.map { "socket \($0)\n" } ?? "")).utf8)
            // Nothing hangs on it: on a full disk it is left out.
            if ftruncate(descriptor, 0) == 0 { pwrite(descriptor, text, text.count, 0) }
        }
    }

    public func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            ftruncate(open, 0)
            // A child that is being started has a copy for a moment, and closing ours alone would leave it locked.
            flock(open, LOCK_UN)
            close(open)
            descriptor = nil
        }
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
