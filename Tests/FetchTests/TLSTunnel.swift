import Foundation
import Glibc
import NewsTesting

/// openssl as the TLS half of a mail server: it speaks TLS on one socket and plainly on another.
enum TLSTunnel {
    /// One connection's; nil where openssl cannot be run.
    static func open(_ identity: TLSIdentity) -> SMTPServer.Tunnel? {
        // With -quiet, which keeps it from talking to the client, it does not tell which port it was given.
        guard let free = try? LoopbackServer(handler: { _ in .init() }) else { return nil }
        free.stop()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TLSServer.openssl)
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:\(free.port)", "-quiet", "-naccept", "1", "-cert", identity.certificate,
            "-key", identity.key,
        ]
        // No pipes: a write to one that is closed is a signal.
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return nil
        }
        let theirs = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        process.standardInput = theirs
        process.standardOutput = theirs
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        try? theirs.close()
        return SMTPServer.Tunnel(encrypted: connected(free.port), plain: ends[0])
    }

    /// Tries until somebody listens there.
    private static func connected(_ port: Int) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        for _ in 0..<1000 {
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if result == 0 { break }
            usleep(10_000)
        }
        return file
    }
}
