import CLibcurl
import News

/// What a mail server has said (RFC 5321 §4.2), from its greeting on.
struct MailReplies {
    struct Reply {
        var code: Int
        /// Of all its lines.
        var text: String

        var words: String { CleanText.line("\(code) \(text)", bytesMax: 300) }
    }

    private(set) var all: [Reply] = []

    /// - Parameter lines: as libcurl hands them over; at most `Limits.headerBytesMax` bytes.
    init(_ lines: [UInt8]) {
        var text = ""
        for line in lines.split(separator: 0x0A) {
            guard let code = Int(String(decoding: line.prefix(3), as: UTF8.self)), code >= 100 else { continue }
            let rest = line.dropFirst(3)
            text += String(decoding: rest.dropFirst(), as: UTF8.self) + " "
            if rest.first != UInt8(ascii: "-") {
                all.append(Reply(code: code, text: text))
                text = ""
            }
        }
    }

    /// The last one with that code.
    func words(_ code: Int) -> String { all.last { $0.code == code }?.words ?? "\(code)" }

    /// The answers to each recipient of a mail whose data was asked for: those right before the 354.
    func recipients(_ count: Int) -> ArraySlice<Reply> {
        guard let data = all.lastIndex(where: { $0.code == 354 }), data >= count else { return [] }
        return all[(data - count)..<data]
    }
}

extension Mail {
    func receipt(_ transfer: Transfer) -> MailReceipt {
        let replies = MailReplies(transfer.head).recipients(recipients.count)
        let refusals = zip(recipients, replies).filter { $0.1.code / 100 != 2 }.map { recipient, reply in
            MailReceipt.Refusal(recipient: recipient, isLasting: reply.code / 100 == 5, words: reply.words)
        }
        return MailReceipt(address: transfer.address, refusals: refusals)
    }

    /// Nil when the server has taken it.
    func failure(_ transfer: Transfer) -> DeliveryFailure? {
        guard transfer.refusal == nil, transfer.refusedAddress == nil, transfer.code != CURLE_OK,
            Self.isAnswered(transfer)
        else { return DeliveryFailure.way(transfer, server.url) }
        let place = DeliveryFailure.place(transfer, server.url)
        if transfer.code == CURLE_USE_SSL_FAILED {
            return DeliveryFailure(
                .noTLS, "\(place): the server offers no STARTTLS, and nothing goes to it in the clear", isLasting: true)
        }
        let replies = MailReplies(transfer.head)
        let words = "\(place) answers: \(replies.words(transfer.status))"
        // Of several recipients that were all refused one may be taken later.
        let isLasting =
            transfer.status / 100 == 5
            && !(transfer.errorText.hasPrefix("RCPT failed") && replies.all.contains { $0.code / 100 == 4 })
        if transfer.code == CURLE_LOGIN_DENIED {
            return DeliveryFailure(.login, words, isLasting: isLasting)
        }
        return DeliveryFailure(isLasting ? .refused : .putOff, words, isLasting: isLasting)
    }

    /// Whether libcurl gave up because of a reply, and not for want of one.
    private static func isAnswered(_ transfer: Transfer) -> Bool {
        switch transfer.code {
        case CURLE_USE_SSL_FAILED: true
        case CURLE_LOGIN_DENIED, CURLE_REMOTE_ACCESS_DENIED, CURLE_WEIRD_SERVER_REPLY: transfer.status >= 400
        // The same code as for a connection that broke.
        case CURLE_SEND_ERROR:
            transfer.status >= 400
                && ["MAIL failed", "RCPT failed", "DATA failed"].contains { transfer.errorText.hasPrefix($0) }
        default: false
        }
    }
}
