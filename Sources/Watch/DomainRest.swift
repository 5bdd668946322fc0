import Fetch
import News
import Synchronization

/// Registrable domains that have asked for rest: for so long none of their sources is asked, and no page.
///
/// A 429 is about who asks and a `Retry-After` about the server, whichever of an outlet's addresses they come from; a bare 503 may
/// be the trouble of one address, and slows that one only. Private hosts have no domain and are left out. It is not kept over a
/// restart: due times are, and whoever is put off has a later one.
final class DomainRest: Sendable {
    enum Asked: Sendable {
        case source, page
    }

    private struct State {
        /// For sources and pages; for pages only, for a server may let its feed be read and its pages not.
        var sources: [String: Timestamp] = [:]
        var pages: [String: Timestamp] = [:]
        /// Since when sources have been put off without being asked.
        var waiting: [SourceID: Timestamp] = [:]
    }

    private let state = Mutex(State())

    /// - Parameter interval: the rest that a bare 429 is taken for.
    func note(_ response: FetchResponse, to asked: Asked, of source: Source, interval: Duration, now: Timestamp) {
        guard response.status == 429 || response.status == 503, !source.privateHosts,
            let domain = Self.domain(of: response.url)
        else { return }
        let wish = RetryAfter.delay(response.headers, now: now) ?? (response.status == 429 ? interval : .zero)
        let until = now + min(wish, .seconds(Limits.domainRestSeconds))
        guard until > now else { return }
        state.withLock { state in
            switch asked {
            case .source: Self.keep(until, domain, in: &state.sources, now)
            case .page: Self.keep(until, domain, in: &state.pages, now)
            }
        }
    }

    /// Until when this is not asked for; nil where it may be. A source that has been put off for a day is asked once: what its
    /// neighbours are told again and again must not keep it from being read for ever.
    func end(for url: String, _ asked: Asked, of source: Source, now: Timestamp) -> Timestamp? {
        guard !source.privateHosts, let domain = Self.domain(of: url) else { return nil }
        return state.withLock { state in
            let end = max(state.sources[domain] ?? now, asked == .page ? state.pages[domain] ?? now : now)
            guard asked == .source else { return end > now ? end : nil }
            let since = state.waiting[source.id] ?? now
            guard end > now, now - since < .seconds(Limits.domainRestSeconds) else {
                state.waiting[source.id] = nil
                return nil
            }
            state.waiting[source.id] = since
            return end
        }
    }

    private static func domain(of url: String) -> String? { WebURL(url)?.host.flatMap(RegistrableDomain.of) }

    private static func keep(
        _ until: Timestamp, _ domain: String, in ends: inout [String: Timestamp], _ now: Timestamp
    ) {
        if ends.count >= Limits.hostsKept { ends = ends.filter { $0.value > now } }
        if ends.count >= Limits.hostsKept { ends = [:] }
        ends[domain] = max(until, ends[domain] ?? until)
    }
}
