import Glibc
import News
import Synchronization

/// A loopback server whose every endpoint does one thing that servers do and should not (`HostileEndpoint.all`).
///
/// An endpoint lives in a scope, a name of the caller's choice: what happens in one is not counted in another.
public final class HostileServer: Sendable {
    /// One request of an endpoint.
    public struct Visit: Sendable {
        public var request: LoopbackServer.Request
        public var at: ContinuousClock.Instant
        /// From 1, within the scope.
        public var number: Int
        /// What follows the endpoint's own path: `/2` is the second step of a row of redirects.
        public var step: String
        /// The endpoint's address.
        public var url: String
        /// By the clock that the server was given.
        public var now: Timestamp

        /// What the client remembers of an earlier answer.
        public var validators: [String?] {
            [request.header("If-None-Match"), request.header("If-Modified-Since")]
        }
    }

    private typealias Visits = Mutex<(all: [String: [Visit]], strays: [String])>
    private let server: LoopbackServer
    private let visits: Box

    /// - Parameters:
    ///   - host: a literal in 127.0.0.0/8.
    ///   - clock: by which dates in answers are made.
    public init(
        host: String = "127.0.0.1",
        clock: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: Int64(time(nil))) }
    ) throws {
        let visits = Box()
        self.visits = visits
        let endpoints = Dictionary(uniqueKeysWithValues: HostileEndpoint.all.map { ($0.name, $0) })
        server = try LoopbackServer(host: host) { request in
            let parts = request.path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).map(
                String.init)
            guard parts.count > 1, let endpoint = endpoints[parts[1]] else {
                visits.state.withLock { $0.strays.append(request.path) }
                return .text("stray", status: 404)
            }
            let key = parts[0] + "/" + parts[1]
            var visit = Visit(
                request: request, at: .now, number: 0, step: parts.count > 2 ? parts[2] : "",
                url: "http://\(request.header("Host") ?? "")/\(key)", now: clock())
            visits.state.withLock { state in
                visit.number = state.all[key, default: []].count + 1
                state.all[key, default: []].append(visit)
            }
            return endpoint.answer(visit)
        }
    }

    public var port: Int { server.port }

    /// - Parameters:
    ///   - endpoint: the name of one of `HostileEndpoint.all`.
    ///   - host: a name that leads to the server; nil is its address.
    public func url(_ endpoint: String, scope: String = "x", host: String? = nil) -> String {
        precondition(HostileEndpoint.all.contains { $0.name == endpoint }, "there is no endpoint \(endpoint)")
        return "http://\(host ?? server.host):\(server.port)/\(scope)/\(endpoint)"
    }

    /// In the order of arrival, those of later steps too.
    public func visits(_ endpoint: String, scope: String = "x") -> [Visit] {
        visits.state.withLock { $0.all["\(scope)/\(endpoint)"] ?? [] }
    }

    /// Requests for what is no endpoint: where a redirect must not have led.
    public var strays: [String] { visits.state.withLock { $0.strays } }

    public func stop() { server.stop() }

    private final class Box: Sendable {
        let state = Visits((all: [:], strays: []))
    }
}

/// One thing that a server does.
public struct HostileEndpoint: Sendable, CustomStringConvertible {
    public let name: String
    /// The word by which a fetch of it is refused; nil where it comes to an answer, of whatever status.
    public let word: String?
    let answer: @Sendable (HostileServer.Visit) -> LoopbackServer.Response

    init(
        _ name: String, _ word: String? = nil,
        _ answer: @escaping @Sendable (HostileServer.Visit) -> LoopbackServer.Response
    ) {
        self.name = name
        self.word = word
        self.answer = answer
    }

    public var description: String { name }

    /// All of them, each name once.
    public static let all: [HostileEndpoint] =
        validators + lengths + chunks + slowness + codings + heads + redirects + statuses + retryAfter
}
