import CLibcurl
import News

/// An http or https URL as libcurl will read it: the host is what will be connected to, in lower-case ASCII.
///
/// Parsed by libcurl's own URL API, so that what is judged here and what is used there cannot differ.
struct WebURL: Sendable {
    /// Normalised, without fragment and credentials.
    let text: String
    let scheme: String
    /// A name, or an address without brackets.
    let host: String
    let port: Int
    /// Set when the host is an address.
    let literal: IPAddress?

    init(_ text: String) throws(FetchError) {
        let handle = try Handle()
        try handle.set(text)
        guard handle.get(CURLUPART_USER) == nil, handle.get(CURLUPART_PASSWORD) == nil else {
            throw FetchError(.badAddress, "a URL with a user name or password is not used: \(Self.withoutUser(text))")
        }
        try self.init(handle, shown: text)
    }

    /// The target of a `Location`, which may be relative (RFC 9110 §10.2.2). Credentials in it are dropped.
    func resolving(_ location: String) throws(FetchError) -> WebURL {
        let handle = try Handle()
        try handle.set(text)
        try handle.set(location)
        return try WebURL(handle, shown: location)
    }

    private init(_ handle: borrowing Handle, shown: String) throws(FetchError) {
        func bad(_ why: String, _ code: FetchError.Code = .badAddress) -> FetchError {
            FetchError(code, "\(why): \(Self.withoutUser(shown))")
        }
        scheme = handle.get(CURLUPART_SCHEME)?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw bad("only http and https are fetched, not \(scheme.prefix(20))", .scheme)
        }
        guard handle.get(CURLUPART_ZONEID) == nil, let given = handle.get(CURLUPART_HOST),
            var host = InternationalName.ascii(given),
            let port = handle.get(CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) }),
            (1...65_535).contains(port), let path = handle.get(CURLUPART_PATH)
        else { throw bad("the host or port of this URL cannot be used") }
        if host.hasSuffix(".") { host.removeLast() }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        literal = IPAddress(bare)
        guard literal != nil || Self.isName(bare) else {
            throw bad("\"\(bare.prefix(100))\" is neither a host name nor an address")
        }
        self.host = bare
        self.port = port
        // What libcurl would make of its parts, which it does byte by byte, at a microsecond each time.
        var text = scheme + "://" + host
        if let explicit = handle.get(CURLUPART_PORT) { text += ":" + explicit }
        text += path
        if let query = handle.get(CURLUPART_QUERY), !query.isEmpty { text += "?" + query }
        self.text = text
    }

    /// As it stands in an address: IPv6 in brackets, the port always.
    var hostAndPort: String { (literal?.isIPv4 == false ? "[" + host + "]" : host) + ":" + String(port) }

    /// RFC 6454 §5.
    func hasOrigin(of other: WebURL) -> Bool { (scheme, host, port) == (other.scheme, other.host, other.port) }

    /// Letters, digits, hyphens and underscores in labels; the last label is not a number, for then resolvers would
    /// read an IPv4 address into it (`127.1`, `0x7f000001`).
    private static func isName(_ host: String) -> Bool {
        guard host.utf8.count <= 253 else { return false }
        var length = 0
        var beginsWithDigit = false
        for byte in host.utf8 {
            let isDigit = (0x30...0x39).contains(byte)
            if byte == UInt8(ascii: ".") {
                guard length > 0 else { return false }
                length = 0
                continue
            }
            guard (0x61...0x7A).contains(byte) || isDigit || byte == 0x2D || byte == 0x5F else { return false }
            if length == 0 { beginsWithDigit = isDigit }
            length += 1
            guard length <= 63 else { return false }
        }
        return length > 0 && !beginsWithDigit
    }

    /// For messages: cut, and without what stands before an `@`, which may be a password.
    private static func withoutUser(_ text: String) -> String {
        var text = text
        if let slashes = text.firstRange(of: "://"),
            let at = text[slashes.upperBound...].prefix(while: { $0 != "/" }).lastIndex(of: "@")
        {
            text.removeSubrange(slashes.upperBound...at)
        }
        return String(text.prefix(300))
    }

    private struct Handle: ~Copyable {
        private let url: OpaquePointer

        init() throws(FetchError) {
            guard let url = curl_url() else { throw FetchError(.failed, "out of memory") }
            self.url = url
        }

        deinit { curl_url_cleanup(url) }

        /// Sets the whole URL, relative to the one already set. Spaces around it are dropped, those inside and bytes beyond
        /// ASCII are percent-encoded, as browsers do (libcurl alone would make `+` of a space in a query).
        func set(_ text: String) throws(FetchError) {
            guard text.utf8.count <= Limits.urlBytesMax else {
                throw FetchError(.badAddress, "a URL longer than \(Limits.urlBytesMax) bytes: \(withoutUser(text))")
            }
            let flags = UInt32(CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME)
            let encoded = Self.has(0x20, text) ? Self.withoutSpaces(text) : text
            let code = curl_url_set(url, CURLUPART_URL, encoded, flags)
            guard code == CURLUE_OK, !Self.has(0, text) else {
                throw FetchError(.badAddress, "\(String(cString: curl_url_strerror(code))): \(withoutUser(text))")
            }
        }

        private static func has(_ byte: UInt8, _ text: String) -> Bool {
            text.utf8.withContiguousStorageIfAvailable { $0.contains(byte) } ?? text.utf8.contains(byte)
        }

        private static func withoutSpaces(_ text: String) -> String {
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            let trimmed = words.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed()
            return trimmed.joined(separator: "%20")
        }

        func get(_ part: CURLUPart, flags: UInt32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(url, part, &value, flags) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
    }
}
