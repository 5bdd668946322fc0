import CLibcurl
import Glibc
import News

/// Gets documents over HTTP, politely and safely.
///
/// libcurl moves the bytes on one thread; everything that is a decision (which address, which redirect, whose turn) is taken
/// here, hop by hop. `shutdown` ends it; a fetcher that is let go of without it ends its threads by itself.
public final class Fetcher: Sendable {
    private let options: FetchOptions
    private let policy: AddressPolicy
    private let loop: CurlLoop
    private let resolver: Resolver
    private let gate = HostGate()
    let files = LocalFiles()
    private let hosts = HostMemory()
    let permits: Permits

    public convenience init(options: FetchOptions) {
        self.init(options: options, policy: AddressPolicy(ordinary: options.takenForPublic))
    }

    init(options: FetchOptions, policy: AddressPolicy) {
        self.options = options
        self.policy = policy
        let authorities = options.caBundle ?? Self.systemAuthorities
        loop = CurlLoop(userAgent: options.userAgent, caBundle: authorities, transfersMax: options.transfersMax)
        resolver = Resolver(
            lookup: options.lookup, deadline: options.resolveDeadline, waitingMax: max(8, options.transfersMax / 4))
        permits = Permits(
            transfersMax: options.transfersMax, budget: ByteBudget(bytesMax: options.bytesInFlightMax))
    }

    deinit { loop.beginStop() }

    /// The longest time since the start in which the libcurl thread did not look at its sockets.
    public var longestLoopStall: Duration { loop.longestStall }

    /// Bytes of bodies that have come since the start, as they were sent: compressed.
    public var receivedBytes: Int { loop.receivedBytes }

    /// Gets one document; redirects are followed, each as a decision of its own.
    ///
    /// At most one request per host is under way at a time, others wait in order, pages behind feeds. Cancelling
    /// the task ends the transfer.
    /// The answer holds the bytes of its body in the budget of all until it is let go of; while that is spent, one transfer
    /// at a time goes on.
    public func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        if request.allowsFile, FileAddress.isFile(request.url), options.standIn == nil {
            return try await file(request)
        }
        var hops: [Hop] = []
        do { return try await follow(request, &hops) } catch {
            var error = error
            error.hops = hops
            throw error
        }
    }

    private func follow(_ request: FetchRequest, _ hops: inout [Hop]) async throws(FetchError) -> FetchResponse {
        var url = try WebURL(request.url)
        var left = request.limits.deadline
        let origin = url
        var cookies: [String] = []
        while true {
            let transfer = try await exchange(
                url, request, isOwn: url.hasOrigin(of: origin), cookies, left: left)
            left -= transfer.spent
            cookies = transfer.cookies
            let head = HTTPHeaders(block: transfer.head)
            guard let location = Redirects.location(status: transfer.status, head) else {
                return response(transfer, head, hops)
            }
            hops.append(Hop(from: url.text, to: location, status: transfer.status, retryAfter: head["Retry-After"]))
            let next = try url.resolving(location)
            hops[hops.count - 1].to = next.text
            try Redirects.judge(hops, max: request.limits.redirectsMax)
            guard left > .zero else {
                throw FetchError(.timedOut, "no time left after \(hops.count) redirects: \(next.text)")
            }
            if let admits = request.admits { try await admits(next.text) }
            url = next
        }
    }

    /// Whether a host is on the open network: an address of it is public, or only the proxy looks its name up. False where none is
    /// found, for then nobody is asked.
    public func isPublic(_ url: String, via proxy: Proxy?) async -> Bool {
        guard let url = try? WebURL(url) else { return false }
        var request = FetchRequest(url: url.text, kind: .page)
        request.proxy = proxy
        var found = known(url, request)
        if found == nil, options.standIn == nil { found = try? await resolver.found(url) }
        return found.map(isPublic) ?? false
    }

    /// - Parameter addresses: none where only the proxy knows them.
    private func isPublic(_ addresses: [IPAddress]) -> Bool {
        addresses.isEmpty || addresses.contains { policy.kind(of: $0) == .ordinary }
    }

    /// Ends all transfers, each with the code `stopped`, closes the connections and waits for the libcurl thread. A system
    /// lookup under way is not waited for.
    public func shutdown() async {
        resolver.stop()
        await loop.stop()
    }

    static let systemAuthorities: String = {
        let debian = "/etc/ssl/certs/ca-certificates.crt"
        if access(debian, R_OK) == 0 { return debian }
        return getenv("SSL_CERT_FILE").map { String(cString: $0) } ?? debian
    }()
}

extension Fetcher {
    /// One exchange with one server, on the loop's thread: nothing in it may block.
    private func exchange(
        _ url: WebURL, _ request: FetchRequest, isOwn: Bool, _ cookies: [String], left: Duration
    ) async throws(FetchError) -> Transfer {
        if let standIn = options.standIn { return try transfer(by: standIn, url, request) }
        return try await withTaskExecutorPreference(loop) { () async throws(FetchError) in
            try await exchangeInTurn(url, request, isOwn: isOwn, cookies, left: left)
        }
    }

    private func exchangeInTurn(
        _ url: WebURL, _ request: FetchRequest, isOwn: Bool, _ cookies: [String], left: Duration
    ) async throws(FetchError) -> Transfer {
        if PortPolicy.isOfOtherProtocol(url.port) {
            throw FetchError(.badAddress, "port \(url.port) is that of another protocol: \(url.text)")
        }
        let proxy = request.proxy == nil ? nil : try await reachedProxy(of: request)
        var found = known(url, request)
        if found == nil { found = try await resolver.found(url) }
        let addresses = try judged(found ?? [], url, request)
        let isPublic = isPublic(addresses)
        // An outlet's http and https are one host; on the reader's own machine each port is a service of its own.
        let turn = isPublic ? url.host : url.hostAndPort
        // What is there at once needs no suspension point, which costs as much as what it guards.
        if !gate.entersAtOnce(turn) {
            guard await gate.enter(turn, for: request.kind) else { throw Self.cancelled(url) }
        }
        defer { gate.leave(turn, pause: isPublic ? options.hostSpacing : .zero) }
        let domain = hosts.domain(of: url)
        var share = permits.takesAtOnce(domain: domain)
        if share == nil { share = await permits.take(domain: domain) }
        guard let share else { throw Self.cancelled(url) }
        defer { permits.giveBack(share) }
        var transfer = Transfer(
            url: url, headerLines: Self.headerLines(request, isOwn: isOwn),
            resolve: Self.resolveEntries(url, addresses, proxy), login: isOwn ? request.login : nil, proxy: proxy,
            options: isOwn ? request.options : request.options.forOthers, cookies: cookies,
            limits: request.limits, deadline: left, privateHosts: request.allowsPrivateHosts, policy: policy,
            held: HeldBytes(permits, of: share),
            isLone: !hosts.meets(turn) && request.kind == .feed && gate.waiting(turn) == 0)
        await run(transfer)
        if transfer.metWrongConnection {
            transfer = transfer.again()
            await run(transfer)
        }
        if let error = TransferFailure.error(of: transfer) { throw error }
        return transfer
    }

    private func run(_ transfer: Transfer) async {
        loop.start(transfer)
        await withTaskCancellationHandler {
            await transfer.done.wait()
        } onCancel: {
            loop.cancel(transfer)
        }
        transfer.held.growsNoMore()
    }

    /// The stand-in's answer, as if it had come through libcurl: under the same limits.
    private func transfer(
        by standIn: StandIn, _ url: WebURL, _ request: FetchRequest
    ) throws(FetchError) -> Transfer {
        let answer = try standIn(url.text, request.validators)
        let transfer = Transfer(
            url: url, headerLines: [], resolve: [], login: nil, proxy: nil, options: request.options, cookies: [],
            limits: request.limits, deadline: .zero, privateHosts: request.allowsPrivateHosts, policy: policy,
            held: HeldBytes(permits), isLone: true)
        let head = ["HTTP/1.1 \(answer.status) \r\n"] + answer.headers.map { "\($0.name): \($0.value)\r\n" } + ["\r\n"]
        let isTaken =
            head.allSatisfy { line in Array(line.utf8).withUnsafeBytes { transfer.receive(headerLine: $0) } }
            && (answer.body.isEmpty || answer.body.withUnsafeBytes { transfer.receive(body: $0) })
        if !isTaken { transfer.code = CURLE_WRITE_ERROR }
        if let error = TransferFailure.error(of: transfer) { throw error }
        return transfer
    }

    /// The addresses of a URL that need no lookup: none where only the proxy looks the name up.
    private func known(_ url: WebURL, _ request: FetchRequest) -> [IPAddress]? {
        if let literal = url.literal { return [literal] }
        if let proxy = request.proxy, proxy.looksUp(url.host) { return [] }
        if case .addresses(let addresses) = resolver.remembered(url.host) { return addresses }
        return nil
    }

    /// Those that may be spoken to; an error when there is none among some.
    private func judged(
        _ found: [IPAddress], _ url: WebURL, _ request: FetchRequest
    ) throws(FetchError) -> [IPAddress] {
        if found.isEmpty { return [] }
        let ofFamily = request.options.family.map { family in found.filter(family.includes) } ?? found
        if ofFamily.isEmpty, let family = request.options.family {
            throw FetchError(.unresolved, "\(url.host): it has no \(family.rawValue) address")
        }
        return try policy.allowed(ofFamily, of: url, privateHosts: request.allowsPrivateHosts)
    }

    /// The proxy is the administrator's own word: wherever its name leads, it may be spoken to.
    private func reachedProxy(of request: FetchRequest) async throws(FetchError) -> ReachedProxy? {
        guard let proxy = request.proxy else { return nil }
        if let literal = proxy.literal { return ReachedProxy(proxy: proxy, addresses: [literal]) }
        do {
            return ReachedProxy(proxy: proxy, addresses: try await resolver.found(proxy.host, for: request.url))
        } catch  where error.code == .unresolved {
            throw FetchError(.proxy, "the proxy \(error.detail)")
        }
    }

    private func response(_ transfer: Transfer, _ head: HTTPHeaders, _ hops: [Hop]) -> FetchResponse {
        FetchResponse(
            url: transfer.url.text, status: transfer.status, headers: head, body: transfer.body,
            isCut: HTTPStatus.hasDocument(transfer.status) && transfer.isCut, codingFault: transfer.codingFault,
            hops: hops,
            address: transfer.address, held: transfer.held)
    }

    /// The `+` lets the entry age in libcurl's cache instead of staying for ever.
    static func resolveEntries(_ url: WebURL, _ addresses: [IPAddress], _ proxy: ReachedProxy?) -> [String] {
        func entry(_ host: String, _ port: Int, _ addresses: [IPAddress]) -> String {
            var text = "+" + host + ":" + String(port)
            for (place, address) in addresses.enumerated() {
                text += place == 0 ? ":" : ","
                text += address.isIPv4 ? address.description : "[" + address.description + "]"
            }
            return text
        }
        var entries: [String] = []
        if url.literal == nil, !addresses.isEmpty { entries.append(entry(url.host, url.port, addresses)) }
        if let proxy, proxy.proxy.literal == nil {
            entries.append(entry(proxy.proxy.host, proxy.proxy.port, proxy.addresses))
        }
        return entries
    }

    private static func headerLines(_ request: FetchRequest, isOwn: Bool) -> [String] {
        // No longer than they must be: libcurl 7.88 spends some 20 ns on each byte of them.
        let accept =
            switch request.kind {
            case .feed:
                "Accept: application/atom+xml,application/rss+xml,application/*;q=0.9,text/xml;q=0.9,*/*;q=0.1"
            case .sitemap: "Accept: application/xml,text/xml,*/*;q=0.1"
            case .robots: "Accept: text/plain,*/*;q=0.1"
            case .page: "Accept: text/html,application/xhtml+xml,*/*;q=0.1"
            }
        var lines = [accept]
        if let etag = request.validators.etag { lines.append("If-None-Match: " + etag) }
        if let date = request.validators.lastModified { lines.append("If-Modified-Since: " + date) }
        guard isOwn, !request.options.headers.isEmpty else { return lines }
        // One that the source gives takes the place of ours.
        let names = request.options.headers.map { $0.prefix { $0 != ":" }.lowercased() }
        lines.removeAll { line in names.contains { line.lowercased().hasPrefix("\($0):") } }
        return lines + request.options.headers
    }

    private static func cancelled(_ url: WebURL) -> FetchError { FetchError(.cancelled, "cancelled: \(url.text)") }
}
