import Glibc

/// Tells systemd how the service is (sd_notify(3)): one datagram to `$NOTIFY_SOCKET`, no library.
public struct ServiceNotifier: Sendable {
    private let address: String?

    /// - Parameter address: `NOTIFY_SOCKET`, a path or an abstract `@name`; nil outside systemd.
    public init(address: String?) { self.address = address.flatMap { $0.isEmpty ? nil : $0 } }

    /// Sends newline-separated assignments, `READY=1`. Nothing is thrown: a service that cannot tell still works.
    @discardableResult
    public func send(_ state: String) -> Bool {
        guard let address else { return false }
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        var name = Array(address.utf8)
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        guard name.count < MemoryLayout.size(ofValue: target.sun_path) else { return false }
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        return Array(state.utf8).withUnsafeBytes { bytes in
            withUnsafePointer(to: &target) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL), $0, length) == bytes.count
                }
            }
        }
    }

    /// Microseconds on the monotonic clock, as `RELOADING=1` wants it.
    public static var monotonicMicroseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }
}
