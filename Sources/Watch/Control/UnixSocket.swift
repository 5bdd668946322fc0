import Glibc

/// Who is at the other end of a connection (unix(7), `SO_PEERCRED`), as the kernel says it.
struct ControlPeer: Sendable, Hashable {
    var process: Int32
    var user: UInt32

    /// Of a connected socket; nil where the kernel does not tell.
    init?(of socket: CInt) {
        // `struct ucred`, which glibc hides: process, user and group, four bytes each.
        var words: (Int32, UInt32, UInt32) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: words))
        guard getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &words, &length) == 0 else { return nil }
        process = words.0
        user = words.1
    }
}

/// Which socket stands at a path.
struct SocketFile: Equatable {
    private var device: dev_t
    private var inode: ino_t

    /// Nil where there is none.
    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        (device, inode) = (status.st_dev, status.st_ino)
    }
}

/// Stream sockets in the file system (unix(7)).
enum UnixSocket {
    /// Listens at a path, mode 0660, without blocking. The socket of a process that has died is removed: whoever calls this
    /// holds the lock of the state.
    /// - Throws: `StateError` for a path that is too long, taken by something else, or served by another process.
    static func listen(at path: String) throws(StateError) -> CInt {
        var address = try address(path)
        try removeStale(path, &address)
        let file = open(isBlocking: false)
        guard file >= 0 else { throw failure(path, "cannot be made") }
        // Nobody may connect between bind and chmod.
        fchmod(file, 0o600)
        guard with(&address, { bind(file, $0, $1) }) == 0, chmod(path, 0o660) == 0, Glibc.listen(file, 64) == 0 else {
            let error = failure(path, "cannot be served")
            close(file)
            throw error
        }
        return file
    }

    /// - Parameter seconds: for which connecting, sending and receiving wait.
    /// - Returns: nil where nobody serves the path.
    static func connect(to path: String, seconds: Int) throws(StateError) -> CInt? {
        var address = try address(path)
        let file = open(isBlocking: true)
        guard file >= 0 else { throw failure(path, "cannot be connected to") }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            setsockopt(file, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        if with(&address, { Glibc.connect(file, $0, $1) }) == 0 { return file }
        let error = errno
        close(file)
        if error == ENOENT || error == ECONNREFUSED { return nil }
        errno = error
        throw failure(path, "cannot be connected to")
    }

    /// The next connection of a listener, without blocking; negative, with `errno`, when there is none.
    static func accept(_ listener: CInt) -> CInt {
        let file = Glibc.accept(listener, nil, nil)
        guard file >= 0 else { return file }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        return file
    }

    private static func removeStale(_ path: String, _ address: inout sockaddr_un) throws(StateError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw StateError(code: .failed, detail: "\(path): there is something that is no socket – move it away")
        }
        let probe = open(isBlocking: false)
        defer { close(probe) }
        // A full queue is answered with EAGAIN: somebody is there.
        if with(&address, { Glibc.connect(probe, $0, $1) }) == 0 || errno == EAGAIN {
            throw StateError(
                code: .failed,
                detail: "\(path) is served by a feedwatch with another state – give each a RUNTIME_DIRECTORY of its own"
            )
        }
        unlink(path)
    }

    private static func open(isBlocking: Bool) -> CInt {
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        return socket(AF_UNIX, isBlocking ? kind : kind | CInt(SOCK_NONBLOCK.rawValue), 0)
    }

    private static func address(_ path: String) throws(StateError) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let most = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard bytes.count <= most else {
            throw StateError(
                code: .failed,
                detail:
                    "\(path): a socket's path has at most \(most) bytes, and this one \(bytes.count) – name a shorter "
                    + "--state folder, or one for the socket in RUNTIME_DIRECTORY")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func with(
        _ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func failure(_ path: String, _ what: String) -> StateError {
        StateError(
            code: .failed,
            detail: "\(path): the control socket \(what): \(String(cString: strerror(errno))) – "
                + (errno == EACCES
                    ? "members of the group may: \"sudo adduser NAME feedwatch\", then log in again; or use sudo"
                    : "see the folder's owner and mode"))
    }
}
