import CLibcurl
import News

/// Something for a web server, by POST: a webhook.
public struct Post: Sendable {
    /// Absolute, http or https, without a user's name.
    public var url: String
    /// `application/json`
    public var contentType: String
    public var body: [UInt8]
    /// Beside what every request has; at most `Limits.postHeadersMax`. Their values may be secrets.
    public var headers: [(name: String, value: String)] = []
    public var login: Login?
    /// PEM file of the authorities that are trusted in place of the system's.
    public var authorities: String?
    /// Loopback, private and link-local addresses may be spoken to.
    public var allowsPrivateHosts = false

    public init(url: String, contentType: String, body: [UInt8]) {
        self.url = url
        self.contentType = contentType
        self.body = body
    }

    /// Names that say how the message itself is read; and a login has its own place.
    private static let reserved: Set<String> = [
        "authorization", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
        "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// `Name: value` lines. libcurl's own `Expect` is taken back: many servers know no 100.
    func headerLines() throws(DeliveryFailure) -> [String] {
        guard body.count <= Limits.postBytesMax else {
            throw .unfit("a body has at most \(Limits.postBytesMax) bytes, not \(body.count)")
        }
        guard headers.count <= Limits.postHeadersMax else {
            throw .unfit("at most \(Limits.postHeadersMax) headers are sent, not \(headers.count)")
        }
        var lines = ["Expect:", try Self.line("Content-Type", contentType)]
        for (name, value) in headers {
            guard !Self.reserved.contains(name.lowercased()) else {
                throw .unfit("the header \(name) is not the sender's to set")
            }
            lines.append(try Self.line(name, value))
        }
        return lines
    }

    /// RFC 9110 §5.5: nothing in a value that would end its line. The value is never shown.
    private static func line(_ name: String, _ value: String) throws(DeliveryFailure) -> String {
        let shown = CleanText.line(name, bytesMax: 100)
        let isToken =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        guard isToken else { throw .unfit("\"\(shown)\" is no header's name") }
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .unfit("the value of the header \(shown) is empty or has control characters")
        }
        guard name.utf8.count + value.utf8.count <= Limits.postHeaderBytesMax else {
            throw .unfit("the header \(shown) is longer than \(Limits.postHeaderBytesMax) bytes")
        }
        return "\(name): \(value)"
    }
}

/// An answer that says that it was taken.
public struct PostReceipt: Sendable, Hashable {
    /// 200 to 299.
    public var status: Int
    /// Who took it, as text; nil when libcurl does not say.
    public var address: String?
}

extension Post {
    /// Whether the head has ended with its empty line (RFC 9112 §2.1).
    private static func isWhole(_ head: [UInt8]) -> Bool {
        let last = head.split(separator: 0x0A, omittingEmptySubsequences: false).suffix(2)
        return last.count == 2 && last.last == [] && (last.first == [] || last.first == [0x0D])
    }

    /// - Throws: `DeliveryFailure`, for everything but a 2xx.
    func receipt(_ transfer: Transfer, to url: WebURL, now: Timestamp) throws(DeliveryFailure) -> PostReceipt {
        // What comes after its head is of no interest, nor is whether it comes.
        if (200..<300).contains(transfer.status), Self.isWhole(transfer.head), transfer.refusal == nil {
            return PostReceipt(status: transfer.status, address: transfer.address)
        }
        if let failure = DeliveryFailure.way(transfer, url.text) { throw failure }
        if (200..<300).contains(transfer.status) {
            throw DeliveryFailure(
                FetchError(.interrupted, "\(DeliveryFailure.place(transfer, url.text)): the answer's head broke off"))
        }
        let headers = HTTPHeaders(block: transfer.head)
        let place = DeliveryFailure.place(transfer, url.text)
        if let location = Redirects.location(status: transfer.status, headers) {
            let target = (try? url.resolving(location).text) ?? CleanText.line(location, bytesMax: 300)
            throw DeliveryFailure(
                .redirected,
                "\(place) answered \(transfer.status), which leads to \(target): nothing is sent there; write that address "
                    + "if it is the right one", isLasting: true)
        }
        let words = CleanText.line(String(decoding: transfer.body.prefix(2000), as: UTF8.self), bytesMax: 300)
        let detail = "\(place) answered \(transfer.status)" + (words.isEmpty ? "" : ": \(words)")
        let isLasting = !Self.isPassing(transfer.status)
        throw DeliveryFailure(
            isLasting ? .refused : .putOff, detail, isLasting: isLasting,
            retryAfter: RetryAfter.delay(headers, now: now))
    }

    /// RFC 9110 §15.5, §15.6: statuses that say of a time, and not of the request.
    private static func isPassing(_ status: Int) -> Bool {
        switch status {
        case 408, 425, 429: true
        case 501, 505: false
        case 500...: true
        default: false
        }
    }
}
