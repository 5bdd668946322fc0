import CLibcurl
import News

/// Why something was not handed over.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable words, to be shown and stored.
    public enum Code: Sendable, Hashable {
        /// The server was not reached, or does not speak as it should.
        case way(FetchError.Code)
        /// The server takes it perhaps later: 4xx of a mail server, 408, 425, 429 and most 5xx of a web server.
        case putOff
        /// The server does not take it: 5xx of a mail server, the other statuses of a web server.
        case refused
        /// An answer that leads elsewhere, which is not followed.
        case redirected
        /// The mail server wants a login, or another one.
        case login
        /// The mail server offers no TLS, and nothing goes to it in the clear.
        case noTLS
        /// What was to be sent cannot be: an address, a header, a line of the message.
        case unfit

        public var word: String {
            switch self {
            case .way(let code): code.rawValue
            case .putOff: "put-off"
            case .refused: "refused"
            case .redirected: "redirected"
            case .login: "login"
            case .noTLS: "no-tls"
            case .unfit: "unfit"
            }
        }
    }

    public var code: Code
    /// For people: names the URL and, where one was reached, the address; with the server's own words.
    public var detail: String
    /// The same would fail again: somebody has to change something first.
    public var isLasting: Bool
    /// The server's wish (`Retry-After`), at most `Limits.retryAfterSeconds`; nil without one.
    public var retryAfter: Duration?

    public init(_ code: Code, _ detail: String, isLasting: Bool, retryAfter: Duration? = nil) {
        self.code = code
        self.detail = detail
        self.isLasting = isLasting
        self.retryAfter = retryAfter
    }

    /// Only what the configuration says itself is beyond repair by waiting: certificates and names are mended.
    init(_ error: FetchError) {
        let isLasting = [.badAddress, .scheme, .privateAddress].contains(error.code)
        self.init(.way(error.code), error.detail, isLasting: isLasting)
    }

    static func unfit(_ detail: String) -> DeliveryFailure { DeliveryFailure(.unfit, detail, isLasting: true) }

    public var description: String { "\(code.word): \(detail)" }
}

extension DeliveryFailure {
    /// What libcurl's account of a transfer means where there was no answer; nil where there was one.
    static func way(_ transfer: Transfer, _ url: String) -> DeliveryFailure? {
        if transfer.refusal == nil, transfer.code == CURLE_OK || transfer.isCutOnPurpose { return nil }
        if let address = transfer.refusedAddress, transfer.refusal == nil {
            return DeliveryFailure(
                TransferFailure.privateAddress(address, transfer.policy.kind(of: address), transfer.url))
        }
        let code =
            transfer.refusal
            ?? TransferFailure.code(
                transfer.code, text: transfer.errorText, systemError: Int32(transfer.systemError),
                verifyResult: transfer.verifyResult)
        let why =
            switch code {
            case .headersTooLarge:
                "more than \(Limits.headerBytesMax) bytes or \(Limits.headerFieldsMax) lines before an answer"
            case .stopped: "stopped"
            case .cancelled: "cancelled"
            default: transfer.errorText
            }
        return DeliveryFailure(FetchError(code, "\(place(transfer, url)): \(why)"))
    }

    /// `https://hooks.example/x (192.0.2.1)`
    static func place(_ transfer: Transfer, _ url: String) -> String {
        guard let address = transfer.address, !address.isEmpty, address != transfer.url.host else { return url }
        return "\(url) (\(address))"
    }
}
