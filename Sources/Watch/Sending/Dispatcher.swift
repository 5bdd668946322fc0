import Fetch
import Foundation
import Logging
import News
import Publish
import Storage

/// Hands what has been written to mail servers and webhooks, at least once, one thing at a time. Whatever becomes of it, the
/// files on this machine are there already.
public actor Dispatcher {
    private let store: Store
    private let clock: WallClock
    private let log: Logger
    private let credentials: Credentials
    private var leaving: Leaving
    private var writer: LetterWriter
    private var delivery: Delivery?
    private let userAgent: String
    private var isSending = false
    /// Faults of the ways, each told once until it goes well again.
    private var told: [String: String] = [:]

    init(_ configuration: Configuration, store: Store, clock: WallClock, log: Logger) throws {
        self.store = store
        self.clock = clock
        self.log = log
        credentials = Credentials(environment: ProcessInfo.processInfo.environment)
        userAgent = FetchOptions(configuration.settings).userAgent
        leaving = configuration.settings.leaving
        writer = try LetterWriter(Templates(configuration))
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { Office.shared.asUnownedSerialExecutor() }

    /// Sends by another configuration from now on.
    func use(_ configuration: Configuration) throws {
        leaving = configuration.settings.leaving
        writer = try LetterWriter(Templates(configuration))
    }

    /// Sends what is due. What fails is tried again after 1, 2, 4 … 60 minutes, or when the server wishes; it is given up after
    /// three days, or at once where somebody has to change something first.
    /// - Returns: when the next is due; nil where nothing waits.
    func send() async throws(StoreError) -> Timestamp? {
        guard !isSending else { return nil }
        isSending = true
        defer { isSending = false }
        /// Ways that are down in this round, and until when they are left alone.
        var down: [String: (fault: String, until: Timestamp)] = [:]
        for sending in try store.dueSendings(at: clock.now(), limit: Self.atOnceMax) {
            if let way = down[sending.way] {
                try store.noteFailure(of: sending, because: way.fault, next: way.until)
                continue
            }
            do {
                try await send(sending)
                try store.markSent(sending, at: clock.now())
                if told.removeValue(forKey: sending.way) != nil {
                    log.notice("\(sending.way) works again", metadata: ["stage": "publish"])
                }
            } catch let error as StoreError {
                throw error
            } catch {
                let failure = Self.failure(error)
                let next = next(after: sending, failure)
                tell(sending, failure, next)
                try store.noteFailure(of: sending, because: CleanText.line(failure.detail, bytesMax: 500), next: next)
                // A server that is away is away for the others, too.
                if case .way = failure.code, let next { down[sending.way] = (failure.detail, next) }
            }
        }
        return try store.nextSending()
    }

    func close() { delivery?.shutdown() }

    private static let atOnceMax = 50
    private static let givenUpAfter = Duration.seconds(3 * 86_400)

    private func next(after sending: PendingSending, _ failure: DeliveryFailure) -> Timestamp? {
        let now = clock.now()
        guard !failure.isLasting, now - sending.since < Self.givenUpAfter else { return nil }
        let wait = Duration.seconds(min(60 << min(sending.attempts, 6), 3600))
        return now + max(wait, failure.retryAfter ?? .zero)
    }

    private func tell(_ sending: PendingSending, _ failure: DeliveryFailure, _ next: Timestamp?) {
        guard next == nil || told[sending.way] != failure.code.word else { return }
        told[sending.way] = failure.code.word
        let end =
            next == nil
            ? " – it is given up; \"feedwatch status\" lists it, and the next start or reload tries it again" : ""
        log.error("\(sending.parcel.stem) by \(sending.way): \(failure.detail)\(end)", metadata: ["stage": "publish"])
    }

    private static func failure(_ error: any Error) -> DeliveryFailure {
        if let failure = error as? DeliveryFailure { return failure }
        // A secret that is not there, or JSON that cannot be decoded.
        let words = (error as? Fault)?.detail ?? "\(error)"
        return DeliveryFailure(.unfit, words, isLasting: true)
    }

    private func send(_ sending: PendingSending) async throws {
        let delivery = delivery ?? Delivery(options: DeliveryOptions(userAgent: userAgent))
        self.delivery = delivery
        switch Leaving.Way(rawValue: sending.way) {
        case .mail: if let way = leaving.mail { return try await mail(sending.parcel, way, delivery) }
        case .webhook: if let way = leaving.webhook { return try await post(sending.parcel, way, delivery) }
        case nil: break
        }
        throw DeliveryFailure(.unfit, "\(sending.way) is no longer configured", isLasting: true)
    }

    private func mail(_ parcel: Parcel, _ way: Leaving.MailWay, _ delivery: Delivery) async throws {
        var server = way.server
        server.login = try way.credential.map(credentials.basic)
        let letter = try writer.letter(parcel, from: "\(way.from)", to: way.to.map { "\($0)" })
        let receipt = try await delivery.send(
            Mail(server: server, sender: way.from, recipients: way.to, message: letter))
        for refusal in receipt.refusals {
            log.warning(
                "\(parcel.stem) by mail: not to \(refusal.recipient): \(CleanText.line(refusal.words))",
                metadata: ["stage": "publish"])
        }
    }

    private func post(_ parcel: Parcel, _ way: Leaving.WebhookWay, _ delivery: Delivery) async throws {
        var post = Post(url: way.url, contentType: "application/json", body: parcel.json)
        post.headers = [("Feedwatch-File", parcel.stem)]
        post.login = try way.credential.map(credentials.bearer)
        post.authorities = way.authorities
        // What the operator has named may stand in the operator's own network.
        post.allowsPrivateHosts = true
        _ = try await delivery.send(post, now: clock.now())
    }
}
