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

    private let server: LoopbackServer
    private let book = Book()

    /// - Parameters:
    ///   - host: a literal in 127.0.0.0/8.
    ///   - clock: by which dates in answers are made.
    public init(
        host: String = "127.0.0.1",
        clock: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: Int64(time(nil))) }
    ) throws {
        let endpoints = Dictionary(uniqueKeysWithValues: HostileEndpoint.all.map { ($0.name, $0) })
        server = try LoopbackServer(host: host) { [book] request in
            let parts = request.path.split(separator: "/", maxSplits: 2).map(String.init)
            guard parts.count > 1, let endpoint = endpoints[parts[1]] else {
                book.note(stray: request.path)
                return .text("stray", status: 404)
            }
            let key = parts[0] + "/" + parts[1]
            let visit = Visit(
                request: request, at: .now, number: 0, step: parts.count > 2 ? parts[2] : "",
                url: "http://\(request.header("Host") ?? "")/\(key)", now: clock())
            return endpoint.answer(book.numbered(visit, key))
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
        book.visits("\(scope)/\(endpoint)")
    }

    /// Requests for what is no endpoint: where a redirect must not have led.
    public var strays: [String] { book.strays }

    public func stop() { server.stop() }

    /// Who came, by scope and endpoint.
    private final class Book: Sendable {
        private let state = Mutex<(visits: [String: [Visit]], strays: [String])>(([:], []))

        var strays: [String] { state.withLock { $0.strays } }

        func note(stray: String) { state.withLock { $0.strays.append(stray) } }
        func visits(_ key: String) -> [Visit] { state.withLock { $0.visits[key] ?? [] } }

        func numbered(_ visit: Visit, _ key: String) -> Visit {
            state.withLock { state in
                var visit = visit
                visit.number = (state.visits[key]?.count ?? 0) + 1
                state.visits[key, default: []].append(visit)
                return visit
            }
        }
    }
}

/// One thing that a server does.
public struct HostileEndpoint: Sendable, CustomStringConvertible {
    public let name: String
    /// The word by which a poll of it as a feed is refused; nil where it comes to an answer, of whatever status.
    public let word: String?
    /// The same of it as a page, which is wanted whole.
    public let pageWord: String?
    /// As a feed its beginning comes; that nothing is in it is found when it is read.
    public let isCut: Bool
    let answer: @Sendable (HostileServer.Visit) -> LoopbackServer.Response

    init(
        _ name: String, _ word: String? = nil, page: String? = nil, isCut: Bool = false,
        _ answer: @escaping @Sendable (HostileServer.Visit) -> LoopbackServer.Response
    ) {
        self.name = name
        self.word = word
        pageWord = page ?? word
        self.isCut = isCut
        self.answer = answer
    }

    public var description: String { name }

    /// All of them, each name once.
    public static let all: [HostileEndpoint] =
        validators + lengths + chunks + slowness + codings + heads + redirects + statuses + retryAfter
}
