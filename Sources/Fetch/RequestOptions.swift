import News

/// How one source's server is asked, where that differs from everybody's.
public struct RequestOptions: Sendable, Hashable {
    public enum HTTPVersion: String, Sendable, Hashable, CaseIterable {
        case one = "1.1"
        /// Over TLS, where the server has it (RFC 9113 §3.2).
        case two = "2"
    }

    public enum Family: String, Sendable, Hashable, CaseIterable {
        case ipv4, ipv6

        func includes(_ address: IPAddress) -> Bool { address.isIPv4 == (self == .ipv4) }
    }

    /// In place of everybody's; nil is everybody's.
    public var userAgent: String?
    /// `Name: value` lines, for the origin of the request's own URL only: they may hold a key.
    public var headers: [String] = []
    /// A `Cookie` header's value, for the origin only.
    public var cookie: String?
    public var httpVersion = HTTPVersion.two
    /// Addresses of one family only.
    public var family: Family?
    /// PEM file of the authorities that are trusted in place of the system's.
    public var authorities: String?
    /// PEM file with a certificate and its key, shown to the origin only.
    public var certificate: String?
    /// Whoever answers is taken for the server: nothing of what it says can be trusted.
    public var isInsecure = false

    public init() {}

    /// As it may be shown to a server that is not the origin.
    var forOthers: RequestOptions {
        var options = self
        (options.headers, options.cookie, options.certificate) = ([], nil, nil)
        return options
    }
}
