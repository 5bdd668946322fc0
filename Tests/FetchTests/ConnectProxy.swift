import Glibc
import Synchronization

@testable import Fetch

/// An HTTP proxy on loopback that opens a tunnel to one port for each CONNECT (RFC 9110 §9.3.6), whatever was asked for.
final class ConnectProxy: Sendable {
    let port: Int
    private let listener: Int32
    private let target: Int
    private let heads = Mutex<[String]>([])

    /// The `Proxy-Authorization` of each CONNECT, in order; "-" of one without.
    var logins: [String] {
        heads.withLock { $0 }.map { head in
            let name = "Proxy-Authorization: "
            return head.split(separator: "\r\n").first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
                ?? "-"
        }
    }

    init(target: Int) throws {
        self.target = target
        (listener, port) = try LoopbackRelay.listen()
        _ = WorkThread.start(name: "proxy") { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { break }
                _ = WorkThread.start(name: "tunnel") { [self] in
                    serve(client)
                    close(client)
                }
            }
            close(listener)
        }
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ client: Int32) {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard head.count < 10_000, recv(client, &byte, 1, 0) == 1 else { return }
            head.append(byte)
        }
        heads.withLock { $0.append(String(decoding: head, as: UTF8.self)) }
        guard let server = LoopbackRelay.connect(to: target) else { return }
        defer { close(server) }
        LoopbackRelay.write(client, Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
        LoopbackRelay.pump(client, server)
    }
}
