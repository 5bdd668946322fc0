extension WebURL {
    /// One spelling for the many of one address: lower-case scheme and host, no default port, no fragment, no tracking or
    /// session parameters, no empty path, `%7E` as `~`; what remains of the query keeps its order.
    ///
    /// Text that is no absolute web URL is returned trimmed and otherwise as it is.
    public static func canonical(_ url: String) -> String {
        canonicalParts(url)?.description ?? WebURL(url)?.description ?? url
    }

    /// What two addresses of one article have in common: `canonical` without scheme, without a `www.`, `m.`, `mobile.` or
    /// `amp.` before the host, without an AMP marker and a slash at the end; of a page in an AMP cache its own address. Only for
    /// comparing, not for fetching.
    public static func identityKey(_ url: String) -> String {
        guard let given = canonicalParts(url) else { return canonical(url) }
        var parts = behindCache(given) ?? given
        guard let host = parts.host else { return canonical(url) }
        var name = host[...]
        for prefix in ["www.", "amp.", "m.", "mobile."] where name.hasPrefix(prefix) {
            let shorter = name.dropFirst(prefix.count)
            if shorter.contains(".") { name = shorter }
        }
        parts.host = String(name)
        parts.scheme = nil
        parts.userInfo = nil
        parts.query = withoutParameters(parts.query) { name, value in
            name == "amp" || value == "amp" && ["outputtype", "output", "view", "format"].contains(name)
        }
        parts.path = String(identityPath(parts.path[...]))
        return String(parts.description.dropFirst(2))
    }

    /// The path without an AMP marker and a slash at the end.
    static func identityPath(_ path: Substring) -> Substring {
        var path = path
        for suffix: StaticString in ["/", "/amp", ".amp", "/"] {
            let count = suffix.utf8CodeUnitCount
            let isThere = suffix.withUTF8Buffer { path.utf8.suffix(count).elementsEqual($0) }
            if isThere { path = path[..<path.utf8.index(path.endIndex, offsetBy: -count)] }
        }
        // `/amp/news/a`; the front page of a place called so stays.
        if path.hasPrefix("/amp/"), path.utf8.count > 5 { path = path.dropFirst(4) }
        return path
    }

    /// The address of the page that an AMP cache serves: `outlet-example.cdn.ampproject.org/c/s/outlet.example/a` (`s` for
    /// https), `www.google.com/amp/s/outlet.example/a`; nil for what is none.
    private static func behindCache(_ url: WebURL) -> WebURL? {
        guard let host = url.host else { return nil }
        let marks: [String]
        if host.hasSuffix("cdn.ampproject.org") {
            marks = ["/c/s/", "/v/s/", "/c/", "/v/"]
        } else if host.hasPrefix("www.google.") {
            marks = ["/amp/s/", "/amp/"]
        } else {
            return nil
        }
        guard let mark = marks.first(where: url.path.hasPrefix) else { return nil }
        let query = url.query.map { "?\($0)" } ?? ""
        return canonicalParts("https://\(url.path.dropFirst(mark.count))\(query)")
    }

    /// The path of an address that is canonical as it stands, for a short look shows that there is nothing to change in it:
    /// most of those in feeds. Nil for all others.
    static func plainPath(of url: String) -> Substring? {
        let bytes = url.utf8
        guard bytes.count <= Limits.urlBytesMax else { return nil }
        var index = bytes.startIndex
        for prefix in ["https://", "http://"] where url.hasPrefix(prefix) {
            index = bytes.index(index, offsetBy: prefix.utf8.count)
            break
        }
        let host = index
        while index < bytes.endIndex, isPlainHost(bytes[index]) { index = bytes.index(after: index) }
        guard index > host, host > bytes.startIndex, index < bytes.endIndex, bytes[index] == 0x2F,
            bytes[bytes.index(before: index)] != 0x2E
        else { return nil }
        var before: UInt8 = 0
        for byte in bytes[index...] {
            // A segment that begins with a dot may be one that goes up.
            guard isUnreserved(byte) || byte == 0x2F || byte == 0x2C, before != 0x2F || byte != 0x2E else { return nil }
            before = byte
        }
        return url[index...]
    }

    private static func isPlainHost(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
    }

    private static func canonicalParts(_ url: String) -> WebURL? {
        guard var parts = WebURL(url), parts.isWeb, let host = parts.host, !host.isEmpty else { return nil }
        if host.hasSuffix(".") { parts.host = String(host.dropLast()) }
        if parts.port == (parts.scheme == "http" ? 80 : 443) { parts.port = nil }
        parts.fragment = nil
        parts.path = withoutSession(normalisedEscapes(removingDotSegments(parts.path)))
        if parts.path.isEmpty { parts.path = "/" }
        parts.query = withoutParameters(parts.query, where: isTracking).map(normalisedEscapes)
        return parts
    }

    /// Servlets write the visitor's session into the path for those without cookies (Java Servlet 3.1 §7.1.3): another one
    /// with every poll.
    private static func withoutSession(_ path: String) -> String {
        guard let mark = path.utf8.firstIndex(of: UInt8(ascii: ";")),
            path[mark...].prefix(12).lowercased() == ";jsessionid="
        else { return path }
        return String(path[..<mark]) + path[mark...].drop { $0 != "/" }
    }

    private static func withoutParameters(_ query: String?, where drop: (String, String) -> Bool) -> String? {
        guard let query, !query.isEmpty else { return nil }
        let kept = query.split(separator: "&").filter { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased()
            return !drop(
                name.hasPrefix("amp;") ? String(name.dropFirst(4)) : name, parts.count > 1 ? parts[1].lowercased() : "")
        }
        return kept.isEmpty ? nil : kept.joined(separator: "&")
    }

    /// Parameters that say where a reader came from and nothing about the page.
    private static func isTracking(_ name: String, _ value: String) -> Bool {
        for prefix in ["utm_", "at_", "pk_", "mtm_", "hsa_", "__hs"] where name.hasPrefix(prefix) { return true }
        if trackingNames.contains(name) { return true }
        // New York Times style: `partner=rss&emc=rss`.
        return value.hasPrefix("rss")
            && ["partner", "emc", "source", "src", "from", "ref", "via", "cmp"].contains(name)
    }

    private static let trackingNames: Set<String> = [
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
        "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "_openstat", "_ga", "_gl", "oly_enc_id",
        "oly_anon_id", "vero_id", "wickedid", "ref_src", "ref_url", "cmpid", "ncid", "xtor", "s_cid", "s_kwcid", "spm",
        "smid", "smtyp", "srnd", "ftag", "rb_clickid", "sc_campaign", "sc_channel", "ito", "ocid", "guccounter",
        "guce_referrer", "guce_referrer_sig", "jsessionid", "phpsessid", "soc_src", "soc_trk", "feedname", "feedtype",
    ]

    /// RFC 3986 §6.2.2: upper-case hexadecimal, and no escape for an unreserved character.
    static func normalisedEscapes(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let bytes = Array(text.utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexValue(bytes[index + 1]),
                let low = hexValue(bytes[index + 2])
            else {
                out.append(bytes[index])
                index += 1
                continue
            }
            let value = high << 4 | low
            if isUnreserved(value) {
                out.append(value)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(high)], digits[Int(low)]]
            }
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
