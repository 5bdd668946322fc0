/// Files of this machine as sources (RFC 8089): `file:///srv/feeds/notices.xml`.
public enum FileAddress {
    /// What such an address is like, for error messages.
    public static let rule = "write the whole path, such as file:///srv/feeds/notices.xml"

    /// Whether the scheme is `file`, however the rest is.
    public static func isFile(_ url: String) -> Bool { url.prefix(5).lowercased() == "file:" }

    /// The path, percent-decoded; nil for anything but a whole path on this machine without `.`, `..`, empty parts, a query or a
    /// fragment, and for what the kernel makes up: `/proc`, `/sys`, `/dev`.
    public static func path(of url: String) -> String? {
        guard isFile(url), url.utf8.count <= Limits.pathBytesMax else { return nil }
        var rest = url.dropFirst(5)
        guard rest.hasPrefix("//") else { return nil }
        rest = rest.dropFirst(2)
        if rest.prefix(10).lowercased() == "localhost/" { rest = rest.dropFirst(9) }
        guard rest.hasPrefix("/"), !rest.contains("?"), !rest.contains("#"), let path = decoded(rest) else {
            return nil
        }
        guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { return nil }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !["", ".", ".."].contains($0) }), !isMadeUp(path) else { return nil }
        return path
    }

    /// Files of the kernel, which no document lies in and some of which do things when they are read.
    public static func isMadeUp(_ path: String) -> Bool {
        ["/proc", "/sys", "/dev"].contains { path == $0 || path.hasPrefix("\($0)/") }
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
