/// What of an address may be read by more people than the configuration, which may hold keys in addresses.
public enum OpenAddress {
    /// The text with `?…` in place of the query of each address in it (RFC 3986 §3.4).
    public static func withoutQueries(_ text: String) -> String {
        var bytes: [UInt8] = []
        var isAddress = false
        var isQuery = false
        for byte in text.utf8 {
            let isEnd = byte <= 0x20 || [UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">")].contains(byte)
            if isEnd { (isAddress, isQuery) = (false, false) }
            if isQuery { continue }
            bytes.append(byte)
            if byte == UInt8(ascii: "/"), bytes.suffix(3).elementsEqual("://".utf8) { isAddress = true }
            if isAddress, byte == UInt8(ascii: "?") {
                bytes += "…".utf8
                isQuery = true
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first parameter of an address's query that by its name is a key; nil when none is.
    public static func keyParameter(of address: String) -> String? {
        guard let mark = address.firstIndex(of: "?") else { return nil }
        let names = address[address.index(after: mark)...].split(separator: "&", maxSplits: 100).compactMap {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).first
        }
        return names.first { keys.contains($0.lowercased()) }.map(String.init)
    }

    private static let keys: Set<String> = [
        "token", "access_token", "auth_token", "auth", "key", "apikey", "api_key", "api-key", "secret", "password",
        "passwd",
        "pwd", "sig", "signature",
    ]
}
