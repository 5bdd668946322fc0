import Fetch
import News
import Storage

/// What servers let a crawler read (RFC 9309): each robots.txt is asked for at most once a day, and remembered.
///
/// It holds for pages: article pages, and listing pages and shipped feeds, which nobody here has named. A feed that the
/// administrator has named is asked for as browsers ask for it, and so is what stands on hosts of private networks.
actor Robots {
    /// The product token; the User-Agent begins with it.
    static let token = "feedwatch"

    /// Shared by all who ask.
    let resting = DomainRest()
    private let fetcher: Fetcher
    private let store: Store
    private let clock: WallClock
    private var memory: [String: KnownRobots] = [:]
    /// Those that are being asked for, so that many pages of one server wait for one answer.
    private var asked: [String: Task<KnownRobots, any Error>] = [:]

    init(fetcher: Fetcher, store: Store, clock: WallClock) {
        self.fetcher = fetcher
        self.store = store
        self.clock = clock
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { Office.shared.asUnownedSerialExecutor() }

    /// - Parameter stage: what for: `read` an article page, `fetch` the source's own document.
    /// - Returns: nil when the URL may be read; else the fault that says who has asked us not to.
    /// - Throws: `StoreError`, `CancellationError`.
    func objection(
        to url: String, of source: Source, _ access: Access, stage: Stage
    ) async throws -> Fault? {
        guard source.obeysRobots(onPublicHost: await fetcher.isPublic(url, for: source, access)),
            let address = WebURL(url), let host = address.host, let scheme = address.scheme
        else { return nil }
        let origin = "\(scheme)://\(host)" + (address.port.map { ":\($0)" } ?? "")
        let target = address.path + (address.query.map { "?\($0)" } ?? "")
        guard let rules = try await known(of: origin, for: source, access).rules else {
            // A feed that is asked for now and then is not what a server in trouble means.
            return source.kind == .page || stage == .read
                ? Fault(
                    stage: stage.rawValue, code: "robots-unread",
                    detail: "\(origin)/robots.txt could not be read: until then its pages are not") : nil
        }
        if rules.allows(target) { return nil }
        return Fault(
            stage: stage.rawValue, code: "robots",
            detail: "\(origin)/robots.txt does not let \(Self.token) read \(CleanText.piece(target.prefix(200)))")
    }

    private func known(of origin: String, for source: Source, _ access: Access) async throws -> KnownRobots {
        let known = try memory[origin] ?? store.robots(of: origin)
        if let known, clock.now() < known.goodUntil, known.read <= clock.now() {
            remember(known)
            return known
        }
        let task: Task<KnownRobots, any Error>
        if let other = asked[origin] {
            task = other
        } else {
            let proxy = try access.proxy(of: source)
            let options = try access.options(of: source, isOwn: false)
            task = Task { try await self.ask(origin, proxy, known, options, isPrivate: source.privateHosts) }
            asked[origin] = task
        }
        defer { asked[origin] = nil }
        let next = try await task.value
        remember(next)
        return next
    }

    private func remember(_ robots: KnownRobots) {
        if memory.count >= Limits.robotsInMemoryMax { memory = [:] }
        memory[robots.origin] = robots
    }

    /// One request. What the server does not say is a no for an hour, unless it has said something within the last month.
    private func ask(
        _ origin: String, _ proxy: Proxy?, _ known: KnownRobots?, _ options: RequestOptions, isPrivate: Bool
    ) async throws
        -> KnownRobots
    {
        let now = clock.now()
        var next = KnownRobots(
            origin: origin, rules: .allowAll, read: now, goodUntil: now + .seconds(Limits.robotsSeconds))
        do {
            var request = FetchRequest(
                url: "\(origin)/robots.txt", kind: .robots, allowsPrivateHosts: isPrivate, proxy: proxy)
            request.options = options
            // Of a longer one the beginning counts (§2.5).
            request.limits.bodyBytesMax = Limits.robotsBytesMax
            request.limits.keepsBeginning = true
            request.admits = { [resting, clock] url throws(FetchError) in
                guard let rest = resting.rest(of: url, .source, now: clock.now()) else { return }
                throw FetchError(.resting, "\(url): \(rest.domain) asked for rest until \(rest.until.rfc3339)")
            }
            let response = try await fetcher.fetch(request)
            await note(response, proxy, mayBePrivate: isPrivate)
            switch response.status {
            case 200..<300: next.rules = RobotsRules(response.body, token: Self.token)
            // Not there, or not for us: then nothing is forbidden (§2.3.1.3).
            case 400..<500 where response.status != 429: next.rules = .allowAll
            default: next = Self.unsaid(next, known, now)
            }
        } catch  where [.cancelled, .stopped].contains(error.code) {
            throw CancellationError()
        } catch  where error.code == .tooManyRedirects {
            next.rules = .allowAll  // §2.3.1.2: as if it were not there
        } catch {
            next = Self.unsaid(next, known, now)
        }
        try store.keep(next, at: now)
        return next
    }

    /// Whoever refuses robots.txt for now wants nobody to come: it counts as if a source had been refused.
    private func note(_ response: FetchResponse, _ proxy: Proxy?, mayBePrivate: Bool) async {
        guard response.status == 429 || response.status == 503 else { return }
        if mayBePrivate, await !fetcher.isPublic(response.url, via: proxy) { return }
        resting.note(
            response.url, status: response.status, response.headers, to: .source,
            interval: .seconds(Limits.robotsUnreachedSeconds), now: clock.now())
    }

    /// §2.3.1.4: unreachable.
    private static func unsaid(_ next: KnownRobots, _ known: KnownRobots?, _ now: Timestamp) -> KnownRobots {
        var next = next
        next.goodUntil = now + .seconds(Limits.robotsUnreachedSeconds)
        if let known, now - known.read < .seconds(Limits.robotsKeptSeconds) {
            next.rules = known.rules
            next.read = known.read
        } else {
            next.rules = nil
        }
        return next
    }
}

extension Source {
    /// Where it says nothing of it, private hosts are asked without: there nobody is a stranger.
    func obeysRobots(onPublicHost isPublic: Bool) -> Bool { robots == nil ? isPublic : robots == .obey }
}
