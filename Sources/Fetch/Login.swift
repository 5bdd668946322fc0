import News

/// What a request proves itself with. It goes to the origin (scheme, host, port) of the request's own URL only, whatever that
/// redirects to.
public enum Login: Sendable, Hashable {
    /// RFC 7617. The user's name has no colon.
    case basic(user: String, password: String)
    /// RFC 6750.
    case bearer(token: String)
}

/// A proxy that every connection of a request goes through.
public struct Proxy: Sendable, Hashable {
    /// HTTP(S) proxies are asked with CONNECT for https (RFC 9110 §9.3.6); SOCKS is version 5 (RFC 1928).
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        case http, https, socks5, socks5h
    }

    public var scheme: Scheme
    /// A name in ASCII, or an address without brackets.
    public var host: String
    public var port: Int
    /// Set when the host is an address.
    let literal: IPAddress?
    /// `basic`: for the proxy itself.
    public var login: Login?
    /// The proxy looks names up, and nobody judges where they lead; else this machine does both before it asks.
    public var resolvesNames = false

    /// - Parameter url: `socks5h://127.0.0.1:9050`: a scheme, a host and a port, and nothing else.
    /// - Throws: `FetchError` with the code `bad-address` or `scheme`.
    public init(_ url: String) throws(FetchError) {
        let schemes = Scheme.allCases.map(\.rawValue).joined(separator: ", ")
        guard let slashes = url.firstRange(of: "://"),
            let scheme = Scheme(rawValue: url[..<slashes.lowerBound].lowercased())
        else { throw FetchError(.scheme, "a proxy's address begins with one of \(schemes)") }
        let rest = url[slashes.upperBound...]
        let address = try WebURL("http://" + rest)
        // A port of its own: what is usual differs from proxy to proxy.
        let hasPort = rest.drop { $0 != "]" && rest.hasPrefix("[") }.contains(":")
        guard hasPort, rest.allSatisfy({ $0 != "/" && $0 != "?" && $0 != "#" }) else {
            throw FetchError(.badAddress, "a proxy's address is a scheme, a host and a port, and nothing after it")
        }
        self.scheme = scheme
        (host, port, literal) = (address.host, address.port, address.literal)
    }

    /// Whether only the proxy looks this name up: Tor's names are no business of DNS (RFC 7686).
    func looksUp(_ name: String) -> Bool {
        resolvesNames || scheme == .socks5h && name.hasSuffix(".onion")
    }

    /// On this machine: what is said to it goes over no wire.
    public var isLocal: Bool {
        host == "localhost" || literal.map { AddressPolicy().kind(of: $0) == .loopback } ?? false
    }

    /// As libcurl takes it.
    var text: String { "\(scheme)://\(literal?.isIPv4 == false ? "[\(host)]" : host):\(port)" }
}

/// A proxy with the addresses that its name has: those and no others are connected to.
struct ReachedProxy: Sendable {
    var proxy: Proxy
    var addresses: [IPAddress]
}
