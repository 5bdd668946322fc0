import Glibc
import Synchronization

/// The sockets that libcurl has open, and how much was read from each: so that another thread can cut one off while libcurl is busy
/// with it.
final class OpenSockets: Sendable {
    private struct State {
        var sockets: Set<Int32> = []
        /// Ports on our side of connections that were cut off.
        var cut: Set<Int> = []
    }

    private let state = Mutex(State())

    func insert(_ socket: Int32) { state.withLock { _ = $0.sockets.insert(socket) } }

    /// Under the lock: the number may belong to another socket at once.
    func close(_ socket: Int32) -> Int32 {
        state.withLock { state in
            state.sockets.remove(socket)
            return Glibc.close(socket)
        }
    }

    /// Bytes that were taken from each socket since it was opened.
    func bytesRead() -> [Int32: UInt64] {
        state.withLock { state in
            Dictionary(uniqueKeysWithValues: state.sockets.map { ($0, Self.bytesRead(from: $0)) })
        }
    }

    /// Those of them that are still open.
    func cutOff(_ suspects: Set<Int32>) {
        state.withLock { state in
            for socket in suspects.intersection(state.sockets) {
                if let port = Self.localPort(of: socket) { state.cut.insert(port) }
                shutdown(socket, Int32(SHUT_RDWR))
            }
        }
    }

    /// Whether the connection with this port on our side was cut off; told once.
    func takesCut(localPort: Int) -> Bool { state.withLock { $0.cut.remove(localPort) != nil } }

    private static func bytesRead(from socket: Int32) -> UInt64 {
        // `tcpi_bytes_received` of Linux's `struct tcp_info`, which glibc's is too old to have.
        let offset = 128
        return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { info in
            var length = socklen_t(info.count)
            var unread: Int32 = 0
            guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length) == 0,
                Int(length) >= offset + 8, ioctl(socket, UInt(FIONREAD), &unread) == 0
            else { return 0 }
            return info.load(fromByteOffset: offset, as: UInt64.self) &- UInt64(max(0, unread))
        }
    }

    private static func localPort(of socket: Int32) -> Int? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Int? in
                guard getsockname(socket, pointer, &length) == 0 else { return nil }
                // Both families have the port in the same place.
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(in_port_t(bigEndian: $0.pointee.sin_port))
                }
            }
        }
    }
}
