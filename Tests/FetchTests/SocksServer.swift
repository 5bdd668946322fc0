import Glibc
import Synchronization

@testable import Fetch

/// A SOCKS 5 proxy on loopback (RFC 1928) that leads every connection to one port, whatever was asked for.
final class SocksServer: Sendable {
    let port: Int
    private let listener: Int32
    private let target: Int
    private let asked = Mutex<[String]>([])

    /// What the clients asked for: `name outlet.test:80`, `address 127.0.0.1:80`.
    var requests: [String] { asked.withLock { $0 } }

    init(target: Int) throws {
        self.target = target
        (listener, port) = try LoopbackRelay.listen()
        _ = WorkThread.start(name: "socks") { [self] in serve() }
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
        LoopbackRelay.write(client, [5, 0])
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
        let server = LoopbackRelay.connect(to: target)
        LoopbackRelay.write(client, [5, server == nil ? 5 : 0, 0, 1, 0, 0, 0, 0, 0, 0])
        guard let server else { return }
        LoopbackRelay.pump(client, server)
        close(server)
    }

    private func read(_ socket: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return count == 0 || recv(socket, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }
}
