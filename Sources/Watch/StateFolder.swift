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

    /// Makes the folder, mode 0750, where it is missing.
    public func create() throws(StateError) {
        guard mkdir(path, 0o750) != 0, errno != EEXIST else { return }
        throw StateError(
            code: .failed, detail: "\(path): the state folder cannot be made: \(String(cString: strerror(errno)))")
    }

    /// Takes the lock of this state for as long as the result lives. One process at a time writes.
    public func lock() throws(StateError) -> StateLock {
        let file = path + "/lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw StateError(
                code: .failed, detail: "\(file): \(String(cString: strerror(errno))) – see the folder's owner and mode")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StateError(
                code: .locked, detail: "\(path) is in use by another feedwatch – stop it or name another --state folder"
            )
        }
        return StateLock(descriptor: descriptor)
    }
}

/// Held while its process writes to the state, until it is released; the kernel frees it even after `kill -9`.
public final class StateLock: Sendable {
    private let descriptor: Mutex<CInt?>

    fileprivate init(descriptor: CInt) { self.descriptor = Mutex(descriptor) }

    public func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    deinit { release() }
}

public struct StateError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable { case locked, failed }
    public var code: Code
    public var detail: String
    public var description: String { detail }
}
