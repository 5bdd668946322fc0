import Glibc
import Synchronization

/// A small real HTTP/1.1 server on loopback, for tests and the demo: raw sockets, a thread per connection, keep-alive.
///
/// Handlers run on connection threads, several at a time, and may block. At most `connectionsMax` connections are
/// served; further ones are closed at once. Never installed, never reachable from another machine.
public final class LoopbackServer: Sendable {
    public typealias Handler = @Sendable (Request) -> Response

    /// Connections served at a time.
    public static let connectionsMax = 1024

    /// Every answer is held back for so long after it was made (`make late`): the environment's `FEEDWATCH_LATE`, in milliseconds.
    private static let lateMilliseconds =
        min(getenv("FEEDWATCH_LATE").flatMap { UInt32(String(cString: $0)) } ?? 0, 1000)

    public let port: Int
    /// The loopback address that it listens on.
    public let host: String

    private let listener: Int32
    private let handler: Handler
    private let state = Mutex(State())

    private struct State {
        var stopping = false
        var requests: [Request] = []
        var hits: [String: Int] = [:]
        /// Sockets that connection threads own. A thread closes its own under the lock, so `stop` never meets a reused number.
        var open: Set<Int32> = []
        var running: [pthread_t] = []
        var finished: [pthread_t] = []
        var acceptor: pthread_t?
    }

    /// Starts to serve. Port 0 is any free port; `host` is a literal in 127.0.0.0/8. Throws `SocketError`.
    public init(port: Int = 0, host: String = "127.0.0.1", handler: @escaping Handler) throws {
        (listener, self.port) = try LoopbackSocket.listen(host: host, port: port)
        self.host = host
        self.handler = handler
        let acceptor = Self.spawn { [self] in acceptConnections() }
        state.withLock { $0.acceptor = acceptor }
    }

    /// `http://127.0.0.1:PORT` and the path, which starts with a slash.
    public func url(_ path: String) -> String { "http://\(host):\(port)\(path)" }

    /// Every request so far, in the order of arrival.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// How often a path (with its query) was asked for.
    public func hits(_ path: String) -> Int { state.withLock { $0.hits[path] ?? 0 } }

    /// Whether somebody listens at 127.0.0.1.
    public static func isServed(port: Int) -> Bool { LoopbackSocket.connects(to: port) }

    /// Closes everything and waits for its threads; returns when the port is free. A second call does nothing.
    /// A handler that blocks is waited for.
    public func stop() {
        let acceptor: pthread_t? = state.withLock { state in
            guard !state.stopping else { return nil }
            state.stopping = true
            shutdown(listener, Int32(SHUT_RDWR))
            for socket in state.open { shutdown(socket, Int32(SHUT_RDWR)) }
            return state.acceptor
        }
        guard let acceptor else { return }
        pthread_join(acceptor, nil)
        let rest = state.withLock { state in
            defer { (state.running, state.finished) = ([], []) }
            return state.running + state.finished
        }
        for thread in rest { pthread_join(thread, nil) }
        close(listener)
    }
}

extension LoopbackServer {
    private func acceptConnections() {
        while true {
            let socket = accept(listener, nil, nil)
            if socket < 0 {
                if state.withLock({ $0.stopping }) { return }
                if errno != EINTR { usleep(10_000) }  // out of descriptors: the client waits in the backlog
                continue
            }
            // The thread is started under the lock, so that it cannot end before it is in the list.
            let reap: [pthread_t]? = state.withLock { state in
                guard !state.stopping else { return nil }
                defer { state.finished = [] }
                guard state.open.count < Self.connectionsMax else {
                    close(socket)
                    return state.finished
                }
                state.open.insert(socket)
                state.running.append(Self.spawn { [self] in serve(socket) })
                return state.finished
            }
            guard let reap else {
                close(socket)
                return
            }
            for thread in reap { pthread_join(thread, nil) }
        }
    }

    private func serve(_ socket: Int32) {
        var connection = LoopbackSocket(socket)
        while let request = connection.readRequest() {
            state.withLock { state in
                state.requests.append(request)
                state.hits[request.path, default: 0] += 1
            }
            let answer = handler(request)
            if Self.lateMilliseconds > 0 { usleep(Self.lateMilliseconds * 1000) }
            guard connection.write(answer, to: request) else { break }
        }
        state.withLock { state in
            state.open.remove(socket)
            close(socket)
            let own = pthread_self()
            if let index = state.running.firstIndex(of: own) {
                state.running.swapAt(index, state.running.count - 1)
                state.finished.append(state.running.removeLast())
            }
        }
    }

    static func spawn(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 512 << 10)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { context in
                Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(Box(body)).toOpaque())
        precondition(code == 0, "pthread_create failed: \(code)")
        return thread
    }
}

extension LoopbackServer {
    /// A request as it came.
    public struct Request: Sendable {
        public var method: String
        /// With its query.
        public var path: String
        /// In the order sent, names as sent.
        public var headers: [(String, String)]
        public var body: [UInt8]

        /// The first header of that name, case ignored.
        public func header(_ name: String) -> String? {
            let lowered = name.lowercased()
            return headers.first { $0.0.lowercased() == lowered }?.1
        }
    }

    /// What is answered. `Content-Length` is added where it is missing and allowed (RFC 9110 §8.6).
    public struct Response: Sendable {
        public var status: Int
        public var headers: [(String, String)]
        public var body: [UInt8]
        public var behaviour: Behaviour

        public init(
            status: Int = 200, headers: [(String, String)] = [], body: [UInt8] = [], behaviour: Behaviour = .normal
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.behaviour = behaviour
        }

        /// UTF-8 text with a type.
        public static func text(
            _ text: String, type: String = "text/plain; charset=utf-8", status: Int = 200,
            headers: [(String, String)] = []
        ) -> Response {
            Response(status: status, headers: [("Content-Type", type)] + headers, body: Array(text.utf8))
        }

        /// A redirect to `location`, which is sent as it stands.
        public static func redirect(_ location: String, status: Int = 302) -> Response {
            Response(status: status, headers: [("Location", location)])
        }
    }

    /// How an answer is sent.
    public enum Behaviour: Sendable {
        case normal
        /// The body comes slowly.
        case drip(bytesPerSecond: Int)
        /// The head, then nothing until the client or `stop` closes.
        case stall
        /// The whole length is promised, the connection closed after so many bytes of the body.
        case truncate(afterBytes: Int)
        /// The body again and again until the client closes.
        case endless
        /// The body is written as it is instead of a response, then the connection is closed.
        case raw
        /// As `raw`, slowly.
        case rawDrip(bytesPerSecond: Int)
        /// As `raw`, then nothing until the client or `stop` closes.
        case rawStall
        /// This, then the body again and again until the client closes.
        case rawEndless(after: [UInt8])
        /// The connection is closed without an answer.
        case close
    }

    /// A system call on a socket failed.
    public struct SocketError: Error, CustomStringConvertible {
        public let call: String
        public let code: Int32
        public var description: String { "\(call): \(String(cString: strerror(code)))" }
    }
}
