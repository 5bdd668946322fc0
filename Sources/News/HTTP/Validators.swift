/// What a server gave to ask "has it changed?" with (RFC 9110 §8.8), kept exactly as sent, quotes and `W/` included.
///
/// The two are one set: they come from one response and are saved in the transaction that saves its entries.
/// They are never invented: a response without them leaves nothing to ask with.
public struct Validators: Sendable, Hashable, Codable {
    public private(set) var etag: String?
    public private(set) var lastModified: String?

    /// Nothing known: the first contact.
    public static let none = Validators()

    /// A value that is empty, longer than `Limits.validatorBytesMax`, or that could not be sent back as it came
    /// (control characters, bytes that were not UTF-8) is left out.
    public init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag.flatMap(Self.kept)
        self.lastModified = lastModified.flatMap(Self.kept)
    }

    public var isEmpty: Bool { etag == nil && lastModified == nil }

    /// The set after a response: replaced whole by a 200 or 203, amended by the new values of a 304 (RFC 9111 §4.3.4),
    /// untouched by everything else.
    public func updated(by headers: HTTPHeaders, status: Int) -> Validators {
        let new = Validators(etag: headers["ETag"], lastModified: headers["Last-Modified"])
        switch status {
        case 200, 203: return new
        case 304: return Validators(etag: new.etag ?? etag, lastModified: new.lastModified ?? lastModified)
        default: return self
        }
    }

    private static func kept(_ value: String) -> String? {
        guard !value.isEmpty, value.utf8.count <= Limits.validatorBytesMax,
            value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), !value.unicodeScalars.contains("\u{FFFD}")
        else { return nil }
        return value
    }
}
