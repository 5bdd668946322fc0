import News
import Synchronization

public struct DeliveryOptions: Sendable {
    /// An honest name, a version and the operator's contact.
    public var userAgent: String
    /// Name to addresses; blocking, called on at most `Limits.resolverThreads` threads, which are not the fetcher's.
    public var lookup: @Sendable (_ host: String) throws -> [IPAddress] = SystemLookup.addresses
    /// For a whole mail, a whole POST, and a connection with its TLS and login.
    public var mailDeadline: Duration = .seconds(Limits.mailSeconds)
    public var postDeadline: Duration = .seconds(Limits.postSeconds)
    public var connect: Duration = .seconds(Limits.connectSeconds)

    public init(userAgent: String) { self.userAgent = userAgent }
}

/// Hands mail (SMTP) and webhooks (POST) to servers that the operator has named, at least once.
///
/// It shares nothing with `Fetcher` but code: names, permits and threads are its own, so that polling and delivering never
/// wait for each other. Each delivery has a thread and a connection of its own, for libcurl waits for the reply to a mail's end,
/// and for the goodbye, in one piece: a server that is silent there holds up nobody else.
///
/// A delivery is one try. What becomes of a failure (`isLasting`, `retryAfter`) is the caller's to decide.
public final class Delivery: Sendable {
    private enum End: Sendable {
        case transfer, cancelled, stopped
    }

    private struct State {
        var underWay: [Int: OneShot<End>] = [:]
        var begun = 0
        var isStopped = false
    }

    private let options: DeliveryOptions
    private let policy: AddressPolicy
    private let resolver: Resolver
    private let permits = Permits(
        transfersMax: Limits.deliveriesMax,
        budget: ByteBudget(bytesMax: Limits.deliveriesMax * Limits.errorBodyBytesMax))
    private let state = Mutex(State())

    public convenience init(options: DeliveryOptions) { self.init(options: options, policy: AddressPolicy()) }

    init(options: DeliveryOptions, policy: AddressPolicy) {
        self.options = options
        self.policy = policy
        resolver = Resolver(lookup: options.lookup)
    }

    /// Hands a mail to its server, once.
    /// - Returns: what the server has taken, and for whom not: one recipient that it refuses keeps it from no other.
    public func send(_ mail: Mail) async throws(DeliveryFailure) -> MailReceipt {
        let sending = try mail.sending(Patience(options.mailDeadline))
        let transfer = try await exchange(
            mail.server.place, sending, headerLines: [], login: mail.server.login, authorities: mail.server.authorities,
            deadline: options.mailDeadline, privateHosts: mail.server.allowsPrivateHosts
        ) { addresses throws(DeliveryFailure) in
            guard mail.server.security == .plain, mail.server.login != nil else { return }
            guard addresses.allSatisfy({ AddressPolicy().kind(of: $0) == .loopback }) else {
                throw DeliveryFailure(
                    .noTLS, "\(sending.url): a login does not go over the network in the clear", isLasting: true)
            }
        }
        if let failure = mail.failure(transfer) { throw failure }
        return mail.receipt(transfer)
    }

    /// Makes one POST. No redirect is followed: its target would get what was meant for somebody else.
    /// - Parameter now: what a `Retry-After` that is a date is counted from.
    public func send(_ post: Post, now: Timestamp) async throws(DeliveryFailure) -> PostReceipt {
        let headerLines = try post.headerLines()
        let url: WebURL
        do { url = try WebURL(post.url) } catch { throw DeliveryFailure(error) }
        let transfer = try await exchange(
            url,
            Sending(url: url.text, kind: .post, body: post.body, patience: Patience(options.postDeadline)),
            headerLines: headerLines, login: post.login, authorities: post.authorities,
            deadline: options.postDeadline, privateHosts: post.allowsPrivateHosts
        ) { _ throws(DeliveryFailure) in }
        return try post.receipt(transfer, to: url, now: now)
    }

    /// Ends what is under way, with the code `stopped`, and takes nothing more. A thread that waits for a reply ends when that
    /// has come or is given up.
    public func shutdown() {
        let ends = state.withLock { state in
            state.isStopped = true
            return state.underWay.values.map(\.self)
        }
        for end in ends { end.give(.stopped) }
        resolver.stop()
    }
}

extension Delivery {
    /// - Parameter judge: what the addresses mean for this delivery.
    private func exchange(
        _ url: WebURL, _ sending: Sending, headerLines: [String], login: Login?, authorities: String?,
        deadline: Duration, privateHosts: Bool, judge: ([IPAddress]) throws(DeliveryFailure) -> Void
    ) async throws(DeliveryFailure) -> Transfer {
        let addresses: [IPAddress]
        do {
            addresses = try policy.allowed(try await resolver.found(url), of: url, privateHosts: privateHosts)
        } catch { throw DeliveryFailure(error) }
        try judge(addresses)
        let domain = RegistrableDomain.of(url.host) ?? url.host
        guard let share = await permits.take(domain: domain) else { throw Self.ended(.cancelled, sending) }
        var options = RequestOptions()
        options.authorities = authorities
        var limits = FetchLimits(.page)
        limits.connect = self.options.connect
        let transfer = Transfer(
            url: url, headerLines: headerLines, resolve: Fetcher.resolveEntries(url, addresses, nil), login: login,
            proxy: nil, options: options, cookies: [], limits: limits, deadline: deadline, privateHosts: privateHosts,
            policy: policy, held: HeldBytes(permits), sending: sending)
        switch await run(transfer, share) {
        case .transfer: return transfer
        case let end: throw Self.ended(end, sending)
        }
    }

    /// Waits for the transfer's end, or for ours, which need not wait for libcurl's: then nobody looks at the transfer again.
    private func run(_ transfer: Transfer, _ share: DomainShare) async -> End {
        let end = OneShot<End>()
        let number: Int? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.begun += 1
            state.underWay[state.begun] = end
            return state.begun
        }
        guard let number else {
            permits.giveBack(share)
            return .stopped
        }
        defer { state.withLock { $0.underWay[number] = nil } }
        let loop = CurlLoop(
            name: "deliver", userAgent: options.userAgent, caBundle: Fetcher.systemAuthorities, transfersMax: 1)
        loop.start(transfer)
        Task { [permits] in
            await transfer.done.wait()
            end.give(.transfer)
            await loop.stop()
            permits.giveBack(share)
        }
        let result = await withTaskCancellationHandler {
            await end.wait()
        } onCancel: {
            end.give(.cancelled)
        }
        if result != .transfer {
            transfer.sending?.patience.end()
            loop.cancel(transfer)
        }
        return result
    }

    private static func ended(_ end: End, _ sending: Sending) -> DeliveryFailure {
        let code: FetchError.Code = end == .stopped ? .stopped : .cancelled
        return DeliveryFailure(FetchError(code, "\(code.rawValue): \(sending.url)"))
    }
}
