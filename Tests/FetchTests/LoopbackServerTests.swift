import CLibcurl
import Glibc
import NewsTesting
import Testing

@Suite struct LoopbackServerTests {
    @Test("The loopback server keeps connections, counts requests and stops while clients hang on it")
    func servesAndStops() throws {
        let server = try LoopbackServer { request in
            request.path == "/stall"
                ? .init(behaviour: .stall) : .text("\(request.method) \(request.header("x-a") ?? "")")
        }
        let socket = connectTo(port: server.port)
        defer { close(socket) }
        #expect(exchange(socket, "GET /a?b HTTP/1.1\r\nX-A: 1\r\n\r\n").hasSuffix("\r\nContent-Length: 5\r\n\r\nGET 1"))
        let head = exchange(socket, "HEAD /a?b HTTP/1.1\r\nX-A: 1\r\n\r\n")
        #expect(head.hasSuffix("\r\nContent-Length: 6\r\n\r\n"))
        #expect(exchange(socket, "GET /stall HTTP/1.1\r\n\r\n").hasSuffix("\r\n\r\n"))
        #expect(server.hits("/a?b") == 2)
        #expect(server.requests.map(\.path) == ["/a?b", "/a?b", "/stall"])
        server.stop()
        server.stop()
        var byte: UInt8 = 0
        #expect(recv(socket, &byte, 1, 0) == 0)
        #expect(connectTo(port: server.port) == -1)
    }

    private func exchange(_ socket: Int32, _ request: String) -> String {
        let bytes = Array(request.utf8)
        send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    private func connectTo(port: Int) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return socket }
        close(socket)
        return -1
    }
}
