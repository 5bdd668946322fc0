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
        let shown = Self.withoutUser(shown)
        scheme = handle.get(CURLUPART_SCHEME)?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw FetchError(.scheme, "only http and https are fetched, not \(scheme.prefix(20)): \(shown)")
        }
        guard handle.get(CURLUPART_ZONEID) == nil,
            var host = handle.get(CURLUPART_HOST).flatMap(InternationalName.ascii),
            let port = handle.get(CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) }),
            (1...65_535).contains(port)
        else { throw FetchError(.badAddress, "the host or port of this URL cannot be used: \(shown)") }
        if host.hasSuffix(".") { host.removeLast() }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        literal = IPAddress(bare)
        guard literal != nil || Self.isName(bare) else {
            throw FetchError(.badAddress, "\"\(bare.prefix(100))\" is neither a host name nor an address: \(shown)")
        }
        self.host = bare
        self.port = port
        handle.clear(CURLUPART_FRAGMENT)
        handle.clear(CURLUPART_USER)
        handle.clear(CURLUPART_PASSWORD)
        guard handle.set(CURLUPART_HOST, host), let text = handle.get(CURLUPART_URL) else {
            throw FetchError(.badAddress, "this URL cannot be used: \(shown)")
        }
        self.text = text
    }

    /// RFC 6454 §5.
    func hasOrigin(of other: WebURL) -> Bool { (scheme, host, port) == (other.scheme, other.host, other.port) }

    /// Letters, digits, hyphens and underscores in labels; the last label is not a number, for then resolvers would
    /// read an IPv4 address into it (`127.1`, `0x7f000001`).
    private static func isName(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, let last = labels.last, let first = last.first, !(0x30...0x39).contains(first)
        else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
                }
        }
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
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            let trimmed = words.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed()
            let encoded = trimmed.joined(separator: "%20")
            let flags = UInt32(CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME)
            let code = curl_url_set(url, CURLUPART_URL, encoded, flags)
            guard code == CURLUE_OK, !text.utf8.contains(0) else {
                throw FetchError(.badAddress, "\(String(cString: curl_url_strerror(code))): \(withoutUser(text))")
            }
        }

        func set(_ part: CURLUPart, _ value: String) -> Bool { curl_url_set(url, part, value, 0) == CURLUE_OK }

        func clear(_ part: CURLUPart) { curl_url_set(url, part, nil, 0) }

        func get(_ part: CURLUPart, flags: UInt32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(url, part, &value, flags) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
    }
}
