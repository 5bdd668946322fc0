import Glibc

/// One connection of the loopback server: reads requests and writes answers, blocking.
struct LoopbackSocket {
    typealias Request = LoopbackServer.Request
    typealias Response = LoopbackServer.Response

    private static let headBytesMax = 1 << 20
    private static let bodyBytesMax = 16 << 20
    /// `POLLRDHUP`, which glibc declares for `_GNU_SOURCE` only.
    private static let peerClosed: Int16 = 0x2000

    private let socket: Int32
    /// Bytes read and not used yet.
    private var pending: [UInt8] = []

    init(_ socket: Int32) {
        self.socket = socket
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A listening socket and its port.
    static func listen(host: String, port: Int) throws -> (socket: Int32, port: Int) {
        func failure(_ call: String) -> LoopbackServer.SocketError { .init(call: call, code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1, UInt32(bigEndian: address.sin_addr.s_addr) >> 24 == 127
        else { throw LoopbackServer.SocketError(call: "not a loopback address: \(host)", code: EINVAL) }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_INET, type, 0)
        guard socket >= 0 else { throw failure("socket") }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && Glibc.listen(socket, 1024) == 0
                    && getsockname(socket, $0, &length) == 0
            }
        }
        guard result else {
            let error = failure("bind \(host):\(port)")
            close(socket)
            throw error
        }
        return (socket, Int(in_port_t(bigEndian: address.sin_port)))
    }

    static func connects(to port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    // MARK: - Reading

    /// The next request; nil when the client has closed or does not speak HTTP.
    mutating func readRequest() -> Request? {
        guard let head = readHead() else { return nil }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
        guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
        var request = Request(method: String(words[0]), path: String(words[1]), headers: [], body: [])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            request.headers.append((String(line[..<colon]), String(value)))
        }
        let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
        guard (0...Self.bodyBytesMax).contains(length) else { return nil }
        while pending.count < length { guard readMore() else { return nil } }
        request.body = Array(pending.prefix(length))
        pending.removeFirst(length)
        return request
    }

    private mutating func readHead() -> [UInt8]? {
        var searched = 0
        while true {
            while searched + 4 <= pending.count {
                if pending[searched] == 13, pending[searched + 1] == 10, pending[searched + 2] == 13,
                    pending[searched + 3] == 10
                {
                    let head = Array(pending[..<searched])
                    pending.removeFirst(searched + 4)
                    return head
                }
                searched += 1
            }
            guard pending.count < Self.headBytesMax, readMore() else { return nil }
        }
    }

    private mutating func readMore() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return false }
            pending.append(contentsOf: UnsafeRawBufferPointer(buffer)[..<count])
            return true
        }
    }

    // MARK: - Writing

    /// Sends an answer. False when the connection is at its end.
    func write(_ response: Response, to request: Request) -> Bool {
        let hasBody =
            request.method != "HEAD" && response.status >= 200 && response.status != 204 && response.status != 304
        let body = hasBody ? response.body : []
        switch response.behaviour {
        case .raw:
            _ = send(response.body[...])
            return false
        case .rawDrip(let bytesPerSecond):
            _ = drip(response.body, max(1, bytesPerSecond))
            return false
        case .rawStall:
            if send(response.body[...]) { _ = clientCloses(within: -1) }
            return false
        case .rawEndless(let start):
            guard send(start[...]) else { return false }
            while !response.body.isEmpty, send(response.body[...]) {}
            return false
        case .close:
            return false
        case .normal:
            return send((head(of: response, to: request) + body)[...]) && keepsAlive(response, request)
        case .drip(let bytesPerSecond):
            return send(head(of: response, to: request)[...]) && drip(body, max(1, bytesPerSecond))
                && keepsAlive(response, request)
        case .stall:
            if send(head(of: response, to: request)[...]) { _ = clientCloses(within: -1) }
            return false
        case .truncate(let count):
            _ = send((head(of: response, to: request) + body.prefix(count))[...])
            return false
        case .endless:
            guard send(head(of: response, to: request)[...]) else { return false }
            while !body.isEmpty, send(body[...]) {}
            return false
        }
    }

    private func keepsAlive(_ response: Response, _ request: Request) -> Bool {
        request.header("Connection")?.lowercased() != "close"
            && !response.headers.contains { $0.0.lowercased() == "connection" && $0.1.lowercased() == "close" }
    }

    private func head(of response: Response, to request: Request) -> [UInt8] {
        var head = "HTTP/1.1 \(response.status) \(Self.reasons[response.status] ?? "Status")\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        let hasLength = response.status >= 200 && response.status != 204 && response.status != 304
        if case .endless = response.behaviour {
            head += "Connection: close\r\n"
        } else if hasLength, !response.headers.contains(where: { $0.0.lowercased() == "content-length" }) {
            head += "Content-Length: \(response.body.count)\r\n"
        }
        return Array((head + "\r\n").utf8)
    }

    private static let reasons = [
        200: "OK", 204: "No Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
        410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
    ]

    private func drip(_ body: [UInt8], _ bytesPerSecond: Int) -> Bool {
        let step = max(1, bytesPerSecond / 20)
        var start = 0
        while start < body.count {
            let end = min(start + step, body.count)
            guard send(body[start..<end]), !clientCloses(within: Int32(1000 * step / bytesPerSecond)) else {
                return false
            }
            start = end
        }
        return true
    }

    /// Waits so many milliseconds, for ever when negative. True when the client or `stop` has closed.
    private func clientCloses(within milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: socket, events: Self.peerClosed, revents: 0)
        while true {
            let count = poll(&descriptor, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count != 0 }
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = Glibc.send(
                    socket, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                sent += count
            }
            return true
        }
    }
}
