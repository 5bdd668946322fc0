import CLibcurl
import News
import Synchronization

/// What a transfer sends, where it is no GET.
struct Sending: Sendable {
    enum Kind: Sendable {
        /// Envelope addresses in ASCII, checked. Without `requiresTLS` the connection stays as its URL's scheme has it.
        case mail(from: String, to: [String], requiresTLS: Bool)
        case post
    }

    /// As libcurl takes it: `smtp:`, `smtps:`, `http:` or `https:`.
    var url: String
    var kind: Kind
    var body: [UInt8]
    let patience: Patience
}

/// How long libcurl's own waits may last: for a mail server's replies it waits in one piece in places, deaf to its deadline and
/// to who has cancelled, but asks about its progress once a second.
final class Patience: Sendable {
    private struct State {
        /// When this is over, whatever happens.
        var until: ContinuousClock.Instant
        var isOver = false
    }

    private let state: Mutex<State>
    private let deadline: ContinuousClock.Instant

    init(_ deadline: Duration) {
        self.deadline = .now.advanced(by: deadline)
        state = Mutex(State(until: self.deadline))
    }

    /// Nobody waits any more.
    func end() { state.withLock { $0.isOver = true } }

    var isOver: Bool { state.withLock { $0.isOver || $0.until < .now } }

    /// - Parameters:
    ///   - first: the first digit of a mail server's reply.
    ///   - isSent: the whole mail is; after a yes to that only a goodbye is to come.
    func heard(_ first: UInt8?, isSent: Bool) {
        let seconds: Int? =
            switch first {
            case UInt8(ascii: "2") where isSent: Limits.mailGoodbyeSeconds
            case UInt8(ascii: "4"), UInt8(ascii: "5"): Limits.mailRefusedReplySeconds
            default: nil
            }
        let until = seconds.map { min(deadline, .now.advanced(by: .seconds($0))) } ?? deadline
        state.withLock { $0.until = until }
    }
}

extension EasyHandle {
    func setUp(_ sending: Sending, _ context: UnsafeMutableRawPointer) {
        feedwatch_easy_string(easy, CURLOPT_URL, sending.url)
        // libcurl sends again what it believes not to have got through on a kept connection.
        feedwatch_easy_long(easy, CURLOPT_FRESH_CONNECT, 1)
        feedwatch_easy_long(easy, CURLOPT_FORBID_REUSE, 1)
        switch sending.kind {
        case .mail(let from, let to, let requiresTLS):
            feedwatch_easy_string(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
            feedwatch_easy_long(easy, CURLOPT_USE_SSL, Int((requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
            feedwatch_easy_string(easy, CURLOPT_MAIL_FROM, from)
            recipients = to.reduce(nil) { curl_slist_append($0, $1) }
            feedwatch_easy_list(easy, CURLOPT_MAIL_RCPT, recipients)
            // One that is refused does not keep the mail from the others; `MailReplies` says which.
            feedwatch_easy_long(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
            feedwatch_easy_on_read(easy) { room, size, count, context in
                EasyHandle.transfer(context).send(into: UnsafeMutableRawBufferPointer(start: room, count: size * count))
            }
            feedwatch_easy_pointer(easy, CURLOPT_READDATA, context)
            feedwatch_easy_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(sending.body.count))
            feedwatch_easy_long(easy, CURLOPT_UPLOAD, 1)
            feedwatch_easy_long(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, Limits.mailReplySeconds)
            // A server that reads a mail before it answers is not slow.
            feedwatch_easy_long(easy, CURLOPT_LOW_SPEED_TIME, 0)
            feedwatch_easy_on_progress(easy) { context, _, _, _, _ in
                EasyHandle.transfer(context).sending?.patience.isOver == true ? 1 : 0
            }
            feedwatch_easy_pointer(easy, CURLOPT_XFERINFODATA, context)
            feedwatch_easy_long(easy, CURLOPT_NOPROGRESS, 0)
        case .post:
            feedwatch_easy_long(easy, CURLOPT_POST, 1)
            feedwatch_easy_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(sending.body.count))
            sending.body.withUnsafeBytes { bytes in
                let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                feedwatch_easy_pointer(easy, CURLOPT_COPYPOSTFIELDS, start)
            }
        }
    }
}
