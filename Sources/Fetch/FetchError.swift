/// Why there is no answer.
public struct FetchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable words, shown in coverage and stored with the source.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case timedOut = "timed-out"
        case tooSlow = "too-slow"
        case tooLarge = "too-large"
        case headersTooLarge = "headers-too-large"
        case compression
        case badAddress = "bad-address"
        case scheme
        case privateAddress = "private-address"
        case unresolved
        case refusedConnection = "refused-connection"
        case unreachable
        case tlsExpired = "tls-expired"
        case tlsWrongHost = "tls-wrong-host"
        case tlsUnknownCA = "tls-unknown-ca"
        case tls
        case tooManyRedirects = "too-many-redirects"
        case notHTTP = "not-http"
        case interrupted
        /// More bytes in flight than the machine may hold; nothing is wrong with the server.
        case overloaded
        case cancelled
        case stopped
        case failed
    }

    public var code: Code
    /// For people: names the URL and, where one was reached, the address.
    public var detail: String
    /// The redirects before it failed.
    public var hops: [Hop]

    public init(_ code: Code, _ detail: String, hops: [Hop] = []) {
        self.code = code
        self.detail = detail
        self.hops = hops
    }

    public var description: String { "\(code.rawValue): \(detail)" }
}
