import Fetch
import News
import Synchronization

/// Registrable domains that have asked for rest: for so long none of their sources is asked, and no page.
///
/// A 429 is about who asks and a `Retry-After` about the server, whichever of an outlet's addresses they come from; a bare 503 may
/// be the trouble of one address, and slows that one only. It is not kept over a restart: due times are, and whoever is put off
/// has a later one.
final class DomainRest: Sendable {
    enum Asked: Sendable {
        case source, page
    }

    private struct State {
        var sources: [String: Timestamp] = [:]
        /// Of pages alone: a server may let its feed be read and its pages not.
        var pages: [String: Timestamp] = [:]
    }

    private let state = Mutex(State())

    /// What an answer of a public host asks for: of a source's own document it holds for sources and pages.
    /// - Parameter interval: the rest that a bare 429 is taken for.
    func note(
        _ url: String, status: Int, _ headers: HTTPHeaders, to asked: Asked, interval: Duration, now: Timestamp
    ) {
        guard status == 429 || status == 503 else { return }
        let wish = RetryAfter.delay(headers, now: now) ?? (status == 429 ? interval : .zero)
        note(wish, of: url, in: asked == .source ? [\.sources, \.pages] : [\.pages], now)
    }

    /// What a redirect asks for. It is no refusal: of one on the way to a source's document the pages behind it are read, of one on
    /// the way to a page the domain's sources are.
    func note(_ hop: Hop, to asked: Asked, now: Timestamp) {
        guard let words = hop.retryAfter else { return }
        let wish = RetryAfter.delay(HTTPHeaders([("Retry-After", words)]), now: now) ?? .zero
        note(wish, of: hop.from, in: [asked == .source ? \.sources : \.pages], now)
    }

    /// The domain of a URL and until when it is not asked; nil where it may be.
    func rest(of url: String, _ asked: Asked, now: Timestamp) -> (domain: String, until: Timestamp)? {
        let ends = state.withLock { asked == .source ? $0.sources : $0.pages }
        guard !ends.isEmpty, let domain = Self.domain(of: url), let until = ends[domain], until > now else {
            return nil
        }
        return (domain, until)
    }

    private func note(
        _ wish: Duration, of url: String, in places: [WritableKeyPath<State, [String: Timestamp]>], _ now: Timestamp
    ) {
        let until = now + min(wish, .seconds(Limits.domainRestSeconds))
        guard until > now, let domain = Self.domain(of: url) else { return }
        state.withLock { state in for place in places { Self.keep(until, domain, in: &state[keyPath: place], now) } }
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
