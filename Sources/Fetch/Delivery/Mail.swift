import News

/// A server that takes mail.
public struct MailServer: Sendable, Hashable {
    /// How what is said to it is kept from others (RFC 8314).
    public enum Security: String, Sendable, Hashable, CaseIterable {
        /// Asked for before anything else is said, and nothing is sent without it (RFC 3207).
        case startTLS = "starttls"
        /// From the first byte on.
        case tls
        /// Everybody on the way reads along; no login goes over it, but on this machine.
        case plain

        /// RFC 6409 §3.1, RFC 8314 §3.3, RFC 5321 §4.5.4.2.
        public var usualPort: Int {
            switch self {
            case .startTLS: 587
            case .tls: 465
            case .plain: 25
            }
        }
    }

    public var security: Security
    public var login: Login?
    /// PEM file of the authorities that are trusted in place of the system's.
    public var authorities: String?
    /// Loopback, private and link-local addresses may be spoken to.
    public var allowsPrivateHosts = false
    let place: WebURL

    /// - Parameters:
    ///   - host: a name or an address.
    ///   - port: nil is the usual one.
    /// - Throws: `unfit` or `bad-address`.
    public init(host: String, port: Int? = nil, security: Security = .startTLS) throws(DeliveryFailure) {
        self.security = security
        let isAddress = IPAddress(host).map { !$0.isIPv4 } ?? false
        let authority = "\(isAddress ? "[\(host)]" : host):\(port ?? security.usualPort)"
        guard host.utf8.allSatisfy({ !"/?#@[]\\".utf8.contains($0) && $0 > 0x20 }) else {
            throw .unfit("\"\(CleanText.line(host, bytesMax: 100))\" is no host")
        }
        do { place = try WebURL("http://\(authority)/") } catch { throw DeliveryFailure(error) }
    }

    public static func == (one: MailServer, other: MailServer) -> Bool {
        one.url == other.url && one.login == other.login && one.authorities == other.authorities
            && one.security == other.security && one.allowsPrivateHosts == other.allowsPrivateHosts
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(url) }

    /// `smtp://mail.example:587`
    var url: String {
        let host = place.literal?.isIPv4 == false ? "[\(place.host)]" : place.host
        return "\(security == .tls ? "smtps" : "smtp")://\(host):\(place.port)"
    }
}

/// An address of an envelope (RFC 5321 §4.1.2), as it is sent.
public struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    /// `name@host`, the host in ASCII.
    public let description: String

    /// Takes what people write: a dot-atom, an `@`, a host name, which may have letters beyond ASCII. No quoted names, no
    /// address literals, no names beyond ASCII: their servers would need an extension that few have (RFC 6531).
    /// - Throws: `unfit`. Whatever could end a command's line is among what is not taken.
    public init(_ text: String) throws(DeliveryFailure) {
        let shown = CleanText.line(text, bytesMax: 100)
        guard let at = text.lastIndex(of: "@") else { throw .unfit("\"\(shown)\" is no mail address: it has no @") }
        let local = text[..<at]
        let words = local.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isAtom = words.allSatisfy { word in !word.isEmpty && word.allSatisfy(Self.isAtomText) }
        guard isAtom, local.utf8.count <= Limits.mailLocalPartBytesMax else {
            throw .unfit("\"\(shown)\" is no mail address: what stands before the @ is no name")
        }
        let host = String(text[text.index(after: at)...])
        guard host.utf8.allSatisfy({ $0 > 0x20 && !"/?#@[]:\\%".utf8.contains($0) }),
            let place = try? WebURL("http://\(host)/"), place.literal == nil
        else { throw .unfit("\"\(shown)\" is no mail address: what stands after the @ is no host name") }
        description = "\(local)@\(place.host)"
    }

    /// RFC 5322 §3.2.3.
    private static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }
}

/// A mail, whole.
public struct Mail: Sendable {
    public var server: MailServer
    public var sender: MailAddress
    /// 1 to `Limits.mailRecipientsMax`.
    public var recipients: [MailAddress]
    /// Header and body (RFC 5322) in ASCII: whatever else is in it stands in a MIME encoding (RFC 2045, RFC 2047), which every
    /// server takes. Lines of at most `Limits.mailLineBytesMax` bytes; line ends of every kind become CRLF.
    public var message: [UInt8]

    public init(server: MailServer, sender: MailAddress, recipients: [MailAddress], message: [UInt8]) {
        self.server = server
        self.sender = sender
        self.recipients = recipients
        self.message = message
    }

    func sending(_ patience: Patience) throws(DeliveryFailure) -> Sending {
        guard (1...Limits.mailRecipientsMax).contains(recipients.count) else {
            throw .unfit("a mail has 1 to \(Limits.mailRecipientsMax) recipients, not \(recipients.count)")
        }
        return Sending(
            url: server.url,
            kind: .mail(
                from: "<\(sender)>", to: recipients.map { "<\($0)>" }, requiresTLS: server.security == .startTLS),
            body: try Self.lines(message), patience: patience)
    }

    /// With CRLF at the end of each line: a lone CR or LF is an end to some servers and none to others, which would let a
    /// text end the mail and begin another.
    static func lines(_ message: [UInt8]) throws(DeliveryFailure) -> [UInt8] {
        guard !message.isEmpty, message.count <= Limits.mailBytesMax else {
            throw .unfit("a mail has 1 to \(Limits.mailBytesMax) bytes, not \(message.count)")
        }
        var lines: [UInt8] = []
        lines.reserveCapacity(message.count + message.count / 32 + 2)
        var length = 0
        var number = 1
        var last: UInt8 = 0
        for byte in message {
            switch byte {
            case 0x0A where last == 0x0D: break
            case 0x0A, 0x0D:
                lines += [0x0D, 0x0A]
                (length, number) = (0, number + 1)
            case 1...0x7F:
                lines.append(byte)
                length += 1
                guard length <= Limits.mailLineBytesMax else {
                    throw .unfit("line \(number) of the mail is longer than \(Limits.mailLineBytesMax) bytes")
                }
            default:
                throw .unfit("line \(number) of the mail has a byte that is not ASCII: a MIME encoding is missing")
            }
            last = byte
        }
        if length > 0 { lines += [0x0D, 0x0A] }
        return lines
    }
}

/// A mail that a server has taken.
public struct MailReceipt: Sendable, Hashable {
    public struct Refusal: Sendable, Hashable {
        public var recipient: MailAddress
        /// A 5xx; else it may be tried again for this recipient.
        public var isLasting: Bool
        /// The server's: `550 5.1.1 no such user`.
        public var words: String
    }

    /// Who took it, as text; nil when libcurl does not say.
    public var address: String?
    /// Recipients that it does not go to, never all of them.
    public var refusals: [Refusal]
}
