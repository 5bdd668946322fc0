import News
import Synchronization

/// What is remembered of hosts that were asked, some thousands of them.
final class HostMemory: Sendable {
    private struct State {
        /// The list of public suffixes takes two microseconds for each host.
        var domains: [String: String] = [:]
        /// Who was asked since `turned`, and who in the time before.
        var recent: Set<String> = []
        var earlier: Set<String> = []
        var turned = ContinuousClock.now
    }

    private let state = Mutex(State())

    /// The registrable domain; a host that has none is one of its own.
    func domain(of url: WebURL) -> String {
        if url.literal != nil { return url.host }
        if let known = state.withLock({ $0.domains[url.host] }) { return known }
        let domain = RegistrableDomain.of(url.host) ?? url.host
        state.withLock { state in
            if state.domains.count >= Limits.namesMax { state.domains = [:] }
            state.domains[url.host] = domain
        }
        return domain
    }

    /// Whether the host was asked lately, within one to two times `Limits.metAgainSeconds`; from now on it was.
    func meets(_ host: String) -> Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            let age = state.turned.duration(to: now)
            if age > .seconds(Limits.metAgainSeconds) || state.recent.count >= Limits.hostsKept {
                state.earlier = age > .seconds(2 * Limits.metAgainSeconds) ? [] : state.recent
                (state.recent, state.turned) = ([], now)
            }
            let isNew = state.recent.insert(host).inserted
            return !isNew || state.earlier.contains(host)
        }
    }
}
