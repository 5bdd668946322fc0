import Glibc

/// Tells systemd how the service is (sd_notify(3)): one datagram to `$NOTIFY_SOCKET`, no library.
public struct ServiceNotifier: Sendable {
    /// How long it waits for room in systemd's queue, which is every service's: less than a stop may take.
    private static let patienceSeconds = 10

    private let address: String?

    /// - Parameter address: `NOTIFY_SOCKET`, a path or an abstract `@name`; nil outside systemd.
    public init(address: String?) { self.address = address.flatMap { $0.isEmpty ? nil : $0 } }

    /// Sends newline-separated assignments, `READY=1`, and waits ten seconds at most while systemd does not read.
    /// Nothing is thrown: a service that cannot tell still works.
    @discardableResult
    public func send(_ state: String) -> Bool { send(state, waits: true) }

    /// Pets the watchdog. It never waits: a pet for which there is no room is left out, and the next comes before the
    /// watchdog bites.
    @discardableResult
    func pet() -> Bool { send("WATCHDOG=1", waits: false) }

    private func send(_ state: String, waits: Bool) -> Bool {
        guard let address else { return false }
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let flags = CInt(MSG_NOSIGNAL) | (waits ? 0 : CInt(MSG_DONTWAIT))
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
                    sendto(descriptor, bytes.baseAddress, bytes.count, flags, $0, length) == bytes.count
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
