/// A URL split into its parts, tolerant of what feeds and pages really contain (RFC 3986, appendix B).
///
/// Parsing never refuses odd characters: blanks, controls and non-ASCII are percent-encoded as UTF-8 (RFC 3987 §3.1), the
/// host is lower-cased, tabs and line ends inside are dropped, and a backslash in a web address counts as a slash.
public struct WebURL: Sendable, Hashable, CustomStringConvertible {
    /// Lower case; nil in a relative reference.
    public var scheme: String?
    public var userInfo: String?
    /// Lower case; nil without an authority. An IPv6 literal keeps its brackets.
    public var host: String?
    public var port: Int?
    public var path: String
    public var query: String?
    public var fragment: String?

    /// Splits any text; nil only when it is longer than `Limits.urlBytesMax`.
    public init?(_ text: String) {
        guard text.utf8.count <= Limits.urlBytesMax else { return nil }
        var bytes = Self.trimmed(text)
        scheme = Self.takeScheme(&bytes)
        let isWeb = scheme == nil || scheme == "http" || scheme == "https"
        var rest = bytes[...]
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            fragment = Self.encoded(rest[(hash + 1)...])
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = Self.encoded(rest[(mark + 1)...])
            rest = rest[..<mark]
        }
        if isWeb { rest = rest.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }[...] }
        let slash = UInt8(ascii: "/")
        if rest.starts(with: [slash, slash]) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: slash) ?? rest.endIndex
            let authority = rest[..<end]
            rest = rest[end...]
            path = Self.encoded(rest)
            takeAuthority(authority)
        } else {
            path = Self.encoded(rest)
        }
    }

    /// RFC 3986 §5.3.
    public var description: String {
        var text = ""
        if let scheme { text += scheme + ":" }
        if let host {
            text += "//"
            if let userInfo { text += userInfo + "@" }
            text += host
            if let port { text += ":\(port)" }
        }
        text += path
        if let query { text += "?" + query }
        if let fragment { text += "#" + fragment }
        return text
    }
}

extension WebURL {
    /// Makes an absolute URL of a reference as a document at `base` uses it (RFC 3986 §5.2).
    ///
    /// Nil when it stays relative, is longer than `Limits.urlBytesMax`, or is http(s) without a host. URLs of other schemes
    /// (`urn:`, `mailto:`) are returned too; whoever follows links looks at the scheme.
    public static func resolve(_ reference: String, base: String?) -> String? {
        if isPlain(reference) { return reference }
        guard let url = WebURL(reference) else { return nil }
        return resolve(url, base: base.flatMap { WebURL($0) })
    }

    /// Whether a text is an absolute web address that resolving would leave as it is; no for some of which that is true.
    public static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count <= Limits.urlBytesMax else { return false }
        var rest = bytes[...]
        if bytes.starts(with: "https://".utf8) {
            rest = bytes.dropFirst(8)
        } else if bytes.starts(with: "http://".utf8) {
            rest = bytes.dropFirst(7)
        } else {
            return false
        }
        let host = rest.prefix { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
        guard !host.isEmpty else { return false }
        rest = rest[host.endIndex...]
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return false }
        var last: UInt8 = 0
        for byte in rest {
            if mustBeEncoded(byte) || byte == UInt8(ascii: ".") && last == UInt8(ascii: "/") { return false }
            last = byte
        }
        return true
    }

    /// The same for a base that was split before.
    public static func resolve(_ reference: WebURL, base: WebURL?) -> String? {
        var url = reference
        if url.scheme == nil {
            guard let base, base.scheme != nil else { return nil }
            url.inherit(from: base)
        } else if url.host == nil, let base, url.scheme == base.scheme, base.host != nil {
            // `http:page.html`: the older form that RFC 3986 §5.2.2 still allows for.
            url.scheme = nil
            url.inherit(from: base)
        }
        if url.host != nil { url.path = removingDotSegments(url.path) }
        if url.isWeb, url.host?.isEmpty ?? true { return nil }
        let text = url.description
        return text.utf8.count <= Limits.urlBytesMax ? text : nil
    }

    /// `http` or `https`.
    public var isWeb: Bool { scheme == "http" || scheme == "https" }

    /// The host of an absolute URL, lower case; nil where there is none.
    public static func host(of url: String) -> String? {
        guard let host = WebURL(url)?.host, !host.isEmpty else { return nil }
        return host
    }

    private mutating func inherit(from base: WebURL) {
        scheme = base.scheme
        guard host == nil else { return }
        userInfo = base.userInfo
        host = base.host
        port = base.port
        if path.isEmpty {
            path = base.path
            query = query ?? base.query
        } else if !path.hasPrefix("/") {
            path = Self.merged(path, onto: base)
        }
    }

    /// RFC 3986 §5.2.3.
    private static func merged(_ path: String, onto base: WebURL) -> String {
        if base.host != nil, base.path.isEmpty { return "/" + path }
        guard let slash = base.path.lastIndex(of: "/") else { return path }
        return base.path[...slash] + path
    }

    private static func hasDotSegment(_ path: String) -> Bool {
        var isAtStart = true
        for byte in path.utf8 {
            if isAtStart, byte == UInt8(ascii: ".") { return true }
            isAtStart = byte == UInt8(ascii: "/")
        }
        return false
    }

    /// RFC 3986 §5.2.4.
    static func removingDotSegments(_ path: String) -> String {
        guard hasDotSegment(path) else { return path }
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var kept: [Substring.UTF8View] = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch String(Substring(segment)) {
            case ".": if isLast { kept.append("".utf8[...]) }
            case "..":
                if kept.count > 1 { kept.removeLast() }
                if isLast { kept.append("".utf8[...]) }
            default: kept.append(segment)
            }
        }
        return kept.map { String(Substring($0)) }.joined(separator: "/")
    }
}

extension WebURL {
    /// White space and controls off both ends, tabs and line ends out of the middle, as browsers read an attribute.
    private static func trimmed(_ text: String) -> [UInt8] {
        var bytes = text.utf8.filter { $0 != 9 && $0 != 10 && $0 != 13 && $0 != 0 }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return Array(bytes.drop { $0 <= 0x20 })
    }

    private static func takeScheme(_ bytes: inout [UInt8]) -> String? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, isLetter(bytes[0]) else { return nil }
        for byte in bytes[..<colon]
        where !isLetter(byte) && !(0x30...0x39).contains(byte) && byte != 0x2B && byte != 0x2D && byte != 0x2E {
            return nil
        }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        bytes.removeFirst(colon + 1)
        return scheme
    }

    private mutating func takeAuthority(_ authority: ArraySlice<UInt8>) {
        var rest = authority
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            userInfo = Self.encoded(rest[..<at])
            rest = rest[(at + 1)...]
        }
        let bracket = rest.lastIndex(of: UInt8(ascii: "]")) ?? rest.startIndex
        if let colon = rest[bracket...].lastIndex(of: UInt8(ascii: ":")) {
            let digits = String(decoding: rest[(colon + 1)...], as: UTF8.self)
            if digits.isEmpty {
                rest = rest[..<colon]
            } else if let number = UInt16(digits) {
                port = Int(number)
                rest = rest[..<colon]
            }
        }
        host = Self.hostName(rest)
    }

    /// Lower case; labels outside ASCII in their `xn--` form (RFC 3490), so that one host has one name. No name has a label of
    /// more than 63 characters, and converting it would cost the square of its length: it is percent-encoded.
    private static func hostName(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return encoded(Array(text.utf8)[...]) }
        let labels = text.unicodeScalars.split(omittingEmptySubsequences: false) { ".。．｡".unicodeScalars.contains($0) }
        return labels.map { label in
            let text = String(String.UnicodeScalarView(label))
            if label.allSatisfy(\.isASCII) { return text }
            return label.count > 63 ? encoded(Array(text.utf8)[...]) : "xn--" + Punycode.encode(label)
        }.joined(separator: ".")
    }

    /// Percent-encodes what may not stand in a URL; what is encoded already stays as it is.
    private static func encoded(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(where: mustBeEncoded) else { return String(decoding: bytes, as: UTF8.self) }
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 32)
        for byte in bytes {
            if mustBeEncoded(byte) {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func mustBeEncoded(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F...0xFF: true
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
