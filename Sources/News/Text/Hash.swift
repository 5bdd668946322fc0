import Crypto

/// SHA-256 (FIPS 180-4) of text, as the project uses it: identities must not be forgeable by a hostile feed.
public enum Hash {
    /// Lower-case base32 (RFC 4648 §6, no padding) of the first 20 bytes: 32 characters.
    public static func base32(_ text: String) -> String { base32(Array(text.utf8)) }

    /// The same of text that is there as UTF-8.
    public static func base32(_ text: [UInt8]) -> String {
        sha256(text) { digest in
            String(unsafeUninitializedCapacity: 32) { characters in
                for group in 0..<4 {
                    // 5 bytes are 8 digits.
                    let bits = digest[group * 5..<group * 5 + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                    for digit in 0..<8 {
                        let value = UInt8(truncatingIfNeeded: bits >> UInt64(35 - 5 * digit)) & 31
                        characters[group * 8 + digit] = value < 26 ? 0x61 + value : 0x32 + value - 26
                    }
                }
                return 32
            }
        }
    }

    /// The first 8 bytes, big-endian: stands for the text where there is no room for it.
    public static func number(_ text: String) -> UInt64 {
        var hash = SHA256()
        hash.update(data: Array(text.utf8))
        return hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: UInt64.self).bigEndian }
    }

    /// Lower-case hexadecimal, 64 characters.
    public static func hex(_ bytes: [UInt8]) -> String {
        sha256(bytes) { digest in
            String(unsafeUninitializedCapacity: 64) { characters in
                for (index, byte) in digest.enumerated() {
                    for (place, value) in [(0, byte >> 4), (1, byte & 15)] {
                        characters[index * 2 + place] = value < 10 ? 0x30 + value : 0x61 + value - 10
                    }
                }
                return 64
            }
        }
    }

    private static func sha256(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) -> String) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes(body)
    }

    /// Base64 (RFC 4648 §4) of all 32 bytes, as a content security policy names a stylesheet.
    public static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let hash = Array(SHA256.hash(data: bytes))
        var text: [UInt8] = []
        for start in stride(from: 0, to: hash.count, by: 3) {
            let group = hash[start..<min(start + 3, hash.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 { text.append(digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : 0x3D) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
