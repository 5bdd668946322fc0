import Glibc
import Synchronization

/// A SOCKS 5 proxy on loopback (RFC 1928) that leads every connection to one port, whatever was asked for.
final class SocksServer: Sendable {
    let port: Int
    private let listener: Int32
    private let target: Int
    private let asked = Mutex<[String]>([])

    /// What the clients asked for: `name outlet.test:80`, `address 127.0.0.1:80`.
    var requests: [String] { asked.withLock { $0 } }

    init(target: Int) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw CancellationError() }
        self.target = target
        self.listener = listener
        port = Int(in_port_t(bigEndian: address.sin_port))
        let retained = Unmanaged.passRetained(self)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                Unmanaged<SocksServer>.fromOpaque(context!).takeRetainedValue().serve()
                return nil
            }, retained.toOpaque())
        pthread_detach(thread)
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// One connection after the other: each carries one request of a test.
    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            relay(client)
            close(client)
        }
        close(listener)
    }

    private func relay(_ client: Int32) {
        guard let greeting = read(client, 2), read(client, Int(greeting[1])) != nil else { return }
        write(client, [5, 0])
        guard let head = read(client, 4) else { return }
        let host: String
        switch head[3] {
        case 1: host = "address " + (read(client, 4) ?? []).map { "\($0)" }.joined(separator: ".")
        case 3:
            guard let count = read(client, 1) else { return }
            host = "name " + String(decoding: read(client, Int(count[0])) ?? [], as: UTF8.self)
        default: return
        }
        guard let port = read(client, 2) else { return }
        asked.withLock { $0.append("\(host):\(Int(port[0]) << 8 | Int(port[1]))") }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = Self.loopback(target)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        write(client, [5, code == 0 ? 0 : 5, 0, 1, 0, 0, 0, 0, 0, 0])
        if code == 0 { pump(client, server) }
    }

    /// Until one of the two closes.
    private func pump(_ client: Int32, _ server: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var both = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&both, 2, -1) > 0 else { return }
            for (from, to) in [(both[0], server), (both[1], client)] where from.revents != 0 {
                let count = recv(from.fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                write(to, Array(buffer[..<count]))
            }
        }
    }

    private func read(_ socket: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return count == 0 || recv(socket, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private func write(_ socket: Int32, _ bytes: [UInt8]) {
        _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
