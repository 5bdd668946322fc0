import Glibc

/// What proxies on loopback have in common: a port to listen on, a way to the one they lead to, and bytes both ways.
enum LoopbackRelay {
    static func listen() throws -> (socket: Int32, port: Int) {
        let listener = newSocket()
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw CancellationError() }
        return (listener, Int(in_port_t(bigEndian: address.sin_port)))
    }

    /// Nil where nobody listens.
    static func connect(to port: Int) -> Int32? {
        let server = newSocket()
        var address = loopback(port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return server }
        close(server)
        return nil
    }

    /// Until one of the two closes.
    static func pump(_ client: Int32, _ server: Int32) {
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

    static func write(_ socket: Int32, _ bytes: [UInt8]) {
        _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func newSocket() -> Int32 {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
