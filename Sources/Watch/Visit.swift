import Fetch
import News
import Storage
import Synchronization

/// One document that is asked for, and by which rules: they hold for its address and for wherever that leads.
struct Visit: Sendable {
    var source: Source
    var asked: DomainRest.Asked
    var stage: Stage
    /// What a webmaster asks of crawlers holds for pages, and for what we have named ourselves.
    var heedsRobots: Bool
    var heedsRest = true

    /// The source's own document, and what that names.
    init(poll source: Source, _ known: PollState, now: Timestamp) {
        self.source = source
        asked = .source
        stage = .fetch
        heedsRobots = source.kind == .page || source.isShipped
        heedsRest = !(known.rest?.isLongEnough(at: now) ?? false)
    }

    /// What the source's document names: what robots.txt says of it was asked for that.
    var ofChild: Visit {
        var child = self
        child.heedsRobots = false
        return child
    }

    /// An article's page.
    init(page source: Source) {
        self.source = source
        (asked, stage, heedsRobots) = (.page, .read, true)
    }
}

/// A domain rests: this was not asked for.
struct PutOff: Error, Sendable {
    var url: String
    var domain: String
    var until: Timestamp
}

extension Pipeline {
    /// Asks for a document by the rules of a visit, and keeps what the servers on the way ask for.
    /// - Throws: `FetchError`, `PutOff`, `Fault` where robots.txt does not let us, `StoreError`, `CancellationError`.
    func fetch(_ request: FetchRequest, _ visit: Visit) async throws -> FetchResponse {
        try await admit(request.url, visit)
        var request = request
        let refusal = Refusal()
        request.admits = { url throws(FetchError) in
            do { try await admit(url, visit) } catch let fault as Fault {
                throw FetchError(.robots, fault.detail)
            } catch {
                refusal.reason.withLock { $0 = error }
                throw FetchError(.resting, "\(url): not followed")
            }
        }
        do {
            let response = try await fetcher.fetch(request)
            await note(response, visit)
            return response
        } catch {
            await note(error.hops, visit)
            throw refusal.reason.withLock { $0 } ?? error
        }
    }

    /// The rest that a source's address would meet now.
    func rest(of source: Source, at now: Timestamp) async -> Rest? {
        guard let rest = resting.rest(of: source.url, .source, now: now),
            await fetcher.isPublic(source.url, for: source, polling.access)
        else { return nil }
        return Rest(domain: rest.domain, since: now, until: rest.until)
    }

    /// - Throws: as `fetch`, where this may not be asked for.
    private func admit(_ url: String, _ visit: Visit) async throws {
        try await heedRest(of: url, visit)
        guard visit.heedsRobots else { return }
        let fault = try await robots.objection(to: url, of: visit.source, polling.access, stage: visit.stage)
        // The server may have asked for rest just now, when it was asked for robots.txt.
        try await heedRest(of: url, visit)
        if let fault { throw fault }
    }

    private func heedRest(of url: String, _ visit: Visit) async throws {
        guard visit.heedsRest, let rest = resting.rest(of: url, visit.asked, now: clock.now()),
            await fetcher.isPublic(url, for: visit.source, polling.access)
        else { return }
        throw PutOff(url: url, domain: rest.domain, until: rest.until)
    }

    private func note(_ response: FetchResponse, _ visit: Visit) async {
        await note(response.hops, visit)
        guard response.status == 429 || response.status == 503,
            await fetcher.isPublic(response.url, for: visit.source, polling.access)
        else { return }
        let interval = visit.asked == .source ? visit.source.interval ?? polling.interval : polling.interval
        resting.note(
            response.url, status: response.status, response.headers, to: visit.asked, interval: interval,
            now: clock.now())
    }

    private func note(_ hops: [Hop], _ visit: Visit) async {
        for hop in hops where hop.retryAfter != nil {
            guard await fetcher.isPublic(hop.from, for: visit.source, polling.access) else { continue }
            resting.note(hop, to: visit.asked, now: clock.now())
        }
    }

    /// Why a redirect was not followed, for who cannot throw it: a rest, a database that cannot be asked, our own congestion, a stop.
    private final class Refusal: Sendable {
        let reason = Mutex<(any Error)?>(nil)
    }
}

extension Fetcher {
    /// Whether a source would ask a host of the open network there: what holds among strangers does not hold at home.
    func isPublic(_ url: String, for source: Source, _ access: Access) async -> Bool {
        guard source.privateHosts else { return true }
        return await isPublic(url, via: try? access.proxy(of: source))
    }
}
