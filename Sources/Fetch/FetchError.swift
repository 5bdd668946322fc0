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
        /// The proxy on the way cannot be reached, or does not let us through.
        case proxy
        case tooManyRedirects = "too-many-redirects"
        case notHTTP = "not-http"
        case interrupted
        /// So much came that is no part of an answer that nobody else was served: its connection was cut off.
        case flood
        /// Of a source that is a file: it is not there, is a link, a folder, a pipe or a device, or may not be read.
        case noFile = "no-file"
        case notAFile = "not-a-file"
        case unreadableFile = "unreadable-file"
        /// The body is not in the coding that its header names, or in one that nobody knows.
        case badEncoding = "bad-encoding"
        /// More bytes in flight or names to look up than this machine takes on; nothing is wrong with the server.
        case overloaded
        /// The server has asked crawlers not to read this (RFC 9309).
        case robots
        /// Who asks has said of a redirect's target that it has asked for rest: it was not contacted.
        case resting
        case cancelled
        case stopped
        case failed
    }

    public var code: Code
    /// For people: names the URL and, where one was reached, the address.
    public var detail: String
    /// The redirects before it, in order: what they have asked for holds all the same.
    public var hops: [Hop] = []

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(code.rawValue): \(detail)" }
}
