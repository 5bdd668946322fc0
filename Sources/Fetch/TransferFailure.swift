import CLibcurl
import Glibc
import News

/// From libcurl's account of a transfer to an error that people and code understand.
enum TransferFailure {
    /// Nil when the transfer gave an answer.
    static func error(of transfer: Transfer) -> FetchError? {
        if let code = transfer.refusal { return refused(code, transfer) }
        if transfer.proxy != nil, transfer.status == 407 {
            return FetchError(.proxy, "\(transfer.url.text): the proxy wants a login, or another one")
        }
        if transfer.code == CURLE_OK || transfer.isCutOnPurpose { return nil }
        // libcurl's word for a line of a header beyond its own limit of 100 KB: that is the server's fault, not ours.
        if transfer.code == CURLE_OUT_OF_MEMORY, transfer.address?.isEmpty == false {
            return refused(.headersTooLarge, transfer)
        }
        if let address = transfer.refusedAddress {
            return privateAddress(address, transfer.policy.kind(of: address), transfer.url)
        }
        if let proxy = transfer.proxy, let why = proxyFault(transfer) {
            return FetchError(.proxy, "\(transfer.url.text) through \(proxy.proxy.text): \(why)")
        }
        let code = self.code(
            transfer.code, text: transfer.errorText, systemError: Int32(transfer.systemError),
            verifyResult: transfer.verifyResult)
        let why = code == .badEncoding ? badEncoding(transfer) : transfer.errorText
        return FetchError(code, "\(transfer.url.text)\(from(transfer)): \(why)")
    }

    /// What stands between us and the proxy, or between it and the server, in libcurl's words; nil when neither is at fault.
    private static func proxyFault(_ transfer: Transfer) -> String? {
        switch transfer.code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: transfer.errorText
        // The proxy's own answer to CONNECT.
        case CURLE_RECV_ERROR where transfer.connectStatus > 0:
            transfer.connectStatus == 407
                ? "it wants a login, or another one" : "it answered \(transfer.connectStatus) to CONNECT"
        default: nil
        }
    }

    private static func badEncoding(_ transfer: Transfer) -> String {
        let coding = HTTPHeaders(block: transfer.head)["Content-Encoding"] ?? "gzip"
        return "the body is not valid \(coding.prefix(40))"
    }

    static func privateAddress(_ address: IPAddress, _ kind: AddressPolicy.Kind, _ url: WebURL) -> FetchError {
        let hint =
            switch kind {
            case .loopback, .privateNetwork, .linkLocal, .carrierNAT:
                ", which needs private_hosts: true at the source"
            default: ""
            }
        return FetchError(.privateAddress, "\(url.text) leads to \(address), a \(kind.rawValue) address\(hint)")
    }

    private static func refused(_ code: FetchError.Code, _ transfer: Transfer) -> FetchError {
        let why: String
        switch code {
        case .tooLarge:
            why =
                transfer.held.isAllOfIt
                ? "the body alone is larger than polling.in_flight allows"
                : "the body is larger than \(transfer.limits.bodyBytesMax) bytes"
        case .headersTooLarge:
            why =
                "more than \(Limits.headerBytesMax) bytes or \(Limits.headerFieldsMax) lines of headers, or one line too long"
        case .compression:
            why = "the body is more than \(Limits.compressionRatioMax) times as large as what was received"
        case .badEncoding: why = badEncoding(transfer)
        case .overloaded: why = "too many bytes are in flight; it will be tried again"
        case .interrupted: why = "the server has twice broken off before it answered"
        case .flood: why = "frames came without end that are no part of an answer; its connection was cut off"
        case .cancelled: why = "cancelled"
        case .stopped: why = "the fetcher was shut down"
        default: why = transfer.errorText
        }
        return FetchError(code, "\(transfer.url.text)\(from(transfer)): \(why)")
    }

    private static func from(_ transfer: Transfer) -> String {
        guard let address = transfer.address, !address.isEmpty, address != transfer.url.host else { return "" }
        return " (\(address))"
    }

    /// `text` is libcurl's, which alone tells a slow transfer from one that ran out of time.
    static func code(_ code: CURLcode, text: String, systemError: Int32, verifyResult: Int) -> FetchError.Code {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: text.hasPrefix("Operation too slow") ? .tooSlow : .timedOut
        case CURLE_COULDNT_CONNECT: systemError == ECONNREFUSED ? .refusedConnection : .unreachable
        case CURLE_COULDNT_RESOLVE_HOST: .unresolved
        case CURLE_PEER_FAILED_VERIFICATION: verification(verifyResult, text: text)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ISSUER_ERROR:
            .tls
        // Our own callbacks end a transfer with a reason of their own; else it is a decoder that cannot go on.
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: .badEncoding
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: .notHTTP
        // What TLS 1.3 is not content with it says after the handshake: a client's certificate that is missing (RFC 8446 §6.2).
        case CURLE_RECV_ERROR where text.contains("SSL routines") && text.contains("alert"): .tls
        // GOAWAY and RST_STREAM among them.
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: .interrupted
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE: .interrupted
        case CURLE_URL_MALFORMAT: .badAddress
        case CURLE_OUT_OF_MEMORY: .overloaded
        default: .failed
        }
    }

    /// OpenSSL's `X509_V_ERR_…` numbers; a wrong host name is libcurl's own finding.
    private static func verification(_ result: Int, text: String) -> FetchError.Code {
        switch result {
        case 9, 10: .tlsExpired  // not yet valid, expired
        case 62, 64: .tlsWrongHost  // host name, address
        case 2, 18, 19, 20, 21: .tlsUnknownCA
        default: text.contains("subject name") || text.contains("host name") ? .tlsWrongHost : .tls
        }
    }
}
