/// How a body is unpacked, by what its `Content-Encoding` says (RFC 9110 §8.4).
struct ContentCoding: Equatable {
    enum Unpacking {
        /// As it stands.
        case none
        /// By `Gunzip`.
        case gzip
        /// By libcurl: what is stacked, what is in another coding, and what nobody can unpack, which it refuses.
        case libcurl
    }

    var unpacking = Unpacking.none
    /// What was said and is no coding, for people.
    var misnomer: String?

    /// - Parameter values: of the header's lines, in order.
    init(_ values: [String]) {
        let words = values.flatMap { $0.split(separator: ",") }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased() }
            .filter { !$0.isEmpty }
        let codings = words.filter(Self.registered.contains)
        misnomer = words.first { $0 != "identity" && !Self.registered.contains($0) }
        switch codings {
        case []: unpacking = .none
        case ["gzip"], ["x-gzip"]: unpacking = .gzip
        default: unpacking = .libcurl
        }
    }

    /// Codings of HTTP's registry, which a browser refuses where it lacks one; any other word is no coding, and browsers show
    /// such a body as it stands: charsets (`utf-8`), `none`, media types.
    private static let registered: Set = [
        "gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip",
        "aes128gcm",
    ]

    /// The value of a header line that is a `Content-Encoding`; nil of any other.
    static func value(of line: UnsafeRawBufferPointer) -> String? {
        let name: StaticString = "content-encoding:"
        // Every header line of every answer comes by here.
        guard line.count >= name.utf8CodeUnitCount, line[name.utf8CodeUnitCount - 1] == UInt8(ascii: ":"),
            (0..<name.utf8CodeUnitCount - 1).allSatisfy({ line[$0] | 0x20 == name.utf8Start[$0] | 0x20 })
        else { return nil }
        return String(decoding: line.dropFirst(name.utf8CodeUnitCount).prefix(1000), as: UTF8.self)
    }
}
