import Foundation
import Glibc

/// The other end of `$NOTIFY_SOCKET`.
struct NotifySocket {
    let address: String
    private let descriptor: Int32

    init(isAbstract: Bool) throws {
        address = isAbstract ? "@feedwatch-\(UUID().uuidString)" : "/tmp/feedwatch-\(UUID().uuidString.prefix(8)).sock"
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(address.utf8)
        if isAbstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw POSIXError(.EADDRINUSE) }
    }

    /// The next datagram; nil while none has come.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 200)
        let count = recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// All datagrams that have come since the last look.
    func all() -> [String] {
        var datagrams: [String] = []
        while let datagram = next() { datagrams.append(datagram) }
        return datagrams
    }

    func close() {
        _ = Glibc.close(descriptor)
        unlink(address)
    }
}
