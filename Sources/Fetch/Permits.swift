import News
import Synchronization

/// Who may begin a transfer: so many at a time, and none while bodies that are not read yet hold too many bytes; of both a
/// registrable domain has a share.
final class Permits: Sendable {
    typealias Waiter = OneShot<Bool>

    private struct Domain {
        let bytes: ByteShare
        /// Its transfers under way and those in the common line.
        var admitted = 0
        /// Those beyond its share, who wait without holding up other domains.
        var line = FIFO<Waiter>()
    }

    private struct State {
        var taken = 0
        var line = FIFO<(domain: String, waiter: Waiter)>()
        var domains: [String: Domain] = [:]
    }

    let budget: ByteBudget
    private let transfersMax: Int
    private let share: Int
    private let state = Mutex(State())

    init(transfersMax: Int, budget: ByteBudget) {
        self.transfersMax = max(1, transfersMax)
        self.budget = budget
        share = max(4, transfersMax / 4)
    }

    /// Waits for a permit, first come first served within its domain's share. False when the task was cancelled first; then
    /// there is none to give back.
    func take(domain: String) async -> Bool {
        let waiter = Waiter()
        state.withLock { state in
            var own = state.domains.removeValue(forKey: domain) ?? Domain(bytes: ByteShare(budget, of: domain))
            own.line.append(waiter)
            refill(domain, &own, &state)
            state.domains[domain] = own
            admit(&state)
        }
        return await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(false)
        }
    }

    /// Takes a permit if one is there and nobody waits for it.
    /// - Returns: the domain's part of the budget; nil without a permit.
    func takesAtOnce(domain: String) -> ByteShare? {
        state.withLock { state in
            guard state.line.isEmpty, mayBegin(state) else { return nil }
            if let own = state.domains[domain], !mayJoin(own) { return nil }
            state.domains[domain, default: Domain(bytes: ByteShare(budget, of: domain))].admitted += 1
            state.taken += 1
            return state.domains[domain]?.bytes
        }
    }

    /// The part of the budget of a domain that has a permit.
    func bytes(of domain: String) -> ByteShare {
        state.withLock { $0.domains[domain]?.bytes } ?? ByteShare(budget)
    }

    func giveBack(domain: String) {
        state.withLock { state in
            state.taken -= 1
            leave(domain, &state)
            admit(&state)
        }
    }

    /// Body bytes that nobody holds any more.
    func giveBack(bytes: Int, to share: ByteShare) {
        guard bytes > 0, share.giveBack(bytes) else { return }
        state.withLock { state in
            if let domain = share.domain, var own = state.domains.removeValue(forKey: domain) {
                refill(domain, &own, &state)
                keep(domain, own, &state)
            }
            admit(&state)
        }
    }

    /// One may always be under way, so that those who hold bytes and wait for more cannot wait for each other.
    private func mayBegin(_ state: State) -> Bool {
        state.taken == 0 || state.taken < transfersMax && !budget.isSpent
    }

    /// The same for a domain.
    private func mayJoin(_ own: Domain) -> Bool {
        own.admitted == 0 || own.admitted < share && !own.bytes.isSpent
    }

    private func admit(_ state: inout State) {
        while mayBegin(state), let (domain, waiter) = state.line.popFirst() {
            if waiter.give(true) { state.taken += 1 } else { leave(domain, &state) }
        }
    }

    /// One of the domain has gone; the next of it joins the common line.
    private func leave(_ domain: String, _ state: inout State) {
        guard var own = state.domains.removeValue(forKey: domain) else { return }
        own.admitted -= 1
        refill(domain, &own, &state)
        keep(domain, own, &state)
    }

    private func refill(_ domain: String, _ own: inout Domain, _ state: inout State) {
        while mayJoin(own), let waiter = own.line.popFirst() {
            own.admitted += 1
            state.line.append((domain, waiter))
        }
    }

    private func keep(_ domain: String, _ own: Domain, _ state: inout State) {
        if own.admitted > 0 || !own.bytes.isEmpty { state.domains[domain] = own }
    }
}

/// Body bytes that transfers and the answers made of them hold.
final class ByteBudget: Sendable {
    let bytesMax: Int
    /// Of a registrable domain; what it holds beyond is not counted for others.
    let shareMax: Int
    private let held = Atomic<Int>(0)
    private let counted = Atomic<Int>(0)

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
        shareMax = max(1, bytesMax / 4)
    }

    var bytesHeld: Int { held.load(ordering: .relaxed) }

    /// - Parameter counted: what of them is within the share of their domain.
    func take(_ count: Int, counted part: Int) {
        held.add(count, ordering: .relaxed)
        counted.add(part, ordering: .relaxed)
    }

    /// True when it is no longer spent by that: then somebody may wait for it.
    func giveBack(_ count: Int, counted part: Int) -> Bool {
        held.subtract(count, ordering: .relaxed)
        let (before, after) = counted.subtract(part, ordering: .relaxed)
        return before >= bytesMax && after < bytesMax
    }

    /// No further transfer is begun.
    var isSpent: Bool { counted.load(ordering: .relaxed) >= bytesMax }
    /// Transfers that were begun before have grown to twice the budget: large ones are given up.
    var isOverdrawn: Bool { counted.load(ordering: .relaxed) >= 2 * bytesMax }
    /// With what is beyond the shares: large ones of domains that are beyond theirs are given up.
    var isOverdrawnByAll: Bool { bytesHeld >= 2 * bytesMax }
}

/// One body's part of the budget, given back when the last who could read the body lets go of it.
final class HeldBytes: Sendable {
    private let permits: Permits
    private let share: ByteShare
    private let count = Atomic<Int>(0)

    /// - Parameter share: nil where no domain is asked.
    init(_ permits: Permits, of share: ByteShare? = nil) {
        self.permits = permits
        self.share = share ?? ByteShare(permits.budget)
    }

    deinit {
        share.follow(self)
        permits.giveBack(bytes: count.load(ordering: .relaxed), to: share)
    }

    /// Whether it is to be given up, if it is large, for the sake of others.
    var mustYield: Bool {
        permits.budget.isOverdrawn || share.isSpent && (permits.budget.isOverdrawnByAll || !share.isLed(by: self))
    }
    /// This body alone is as large as the budget.
    var isAllOfIt: Bool { count.load(ordering: .relaxed) >= permits.budget.bytesMax }

    func take(_ bytes: Int) {
        count.add(bytes, ordering: .relaxed)
        share.take(bytes)
    }

    /// Its transfer has ended: another body of its domain may be the one that goes on.
    func growsNoMore() { share.follow(self) }
}

/// One request at a time for each host, in the order of arrival, with a pause in between.
/// Feeds go before pages: a feed that is due does not wait until all the pages of its last poll are read.
final class HostGate: Sendable {
    private struct Host {
        var isTaken = true
        var feeds = FIFO<OneShot<Bool>>()
        var pages = FIFO<OneShot<Bool>>()
        /// Feeds that went before a page that waits.
        var feedsInARow = 0
        /// When the next request may begin; nil is at any time.
        var freeAt: ContinuousClock.Instant?

        func isResting(at now: ContinuousClock.Instant) -> Bool { freeAt.map { now < $0 } ?? false }

        mutating func popNext() -> OneShot<Bool>? {
            if feedsInARow < HostGate.feedsInARowMax, !feeds.isEmpty {
                feedsInARow += 1
                return feeds.popFirst()
            }
            feedsInARow = 0
            return pages.popFirst() ?? feeds.popFirst()
        }
    }

    private let hosts = Mutex<[String: Host]>([:])
    /// After so many feeds a page that waits has its turn, or a host of many feeds would never be asked for one.
    private static let feedsInARowMax = 8

    /// Waits for the host's turn and its pause. False when the task was cancelled first; then there is no turn to give back.
    func enter(_ key: String, for kind: FetchRequest.Kind) async -> Bool {
        let waiter = OneShot<Bool>()
        hosts.withLock { hosts in
            if Self.begin(key, in: &hosts) { return _ = waiter.give(true) }
            if kind == .feed { hosts[key]!.feeds.append(waiter) } else { hosts[key]!.pages.append(waiter) }
        }
        let isMine = await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(false)
        }
        guard isMine else { return false }
        if let freeAt = hosts.withLock({ $0[key]?.freeAt }), freeAt > .now {
            do { try await Task.sleep(until: freeAt, clock: .continuous) } catch {
                leave(key, pause: .zero)
                return false
            }
        }
        return true
    }

    /// Takes the turn if nobody has it and there is no pause.
    func entersAtOnce(_ key: String) -> Bool {
        hosts.withLock { hosts in
            if let freeAt = hosts[key]?.freeAt, freeAt > .now { return false }
            return Self.begin(key, in: &hosts)
        }
    }

    /// Takes the turn if nobody has it; a pause is still to be waited for.
    private static func begin(_ key: String, in hosts: inout [String: Host]) -> Bool {
        guard let host = hosts[key] else {
            if hosts.count >= Limits.hostsKept { forget(&hosts) }
            hosts[key] = Host()
            return true
        }
        if host.isTaken { return false }
        hosts[key]!.isTaken = true
        return true
    }

    /// How many wait for this host.
    func waiting(_ key: String) -> Int { hosts.withLock { ($0[key]?.feeds.count ?? 0) + ($0[key]?.pages.count ?? 0) } }

    /// Hands the turn on; the next one waits for `pause` first.
    func leave(_ key: String, pause: Duration) {
        hosts.withLock { hosts in
            guard var host = hosts.removeValue(forKey: key) else { return }
            if pause > .zero {
                let end = ContinuousClock.now.advanced(by: pause)
                host.freeAt = host.freeAt.map { max($0, end) } ?? end
            }
            host.isTaken = false
            while !host.isTaken, let waiter = host.popNext() { host.isTaken = waiter.give(true) }
            if host.isTaken || host.isResting(at: .now) { hosts[key] = host }
        }
    }

    private static func forget(_ hosts: inout [String: Host]) {
        let now = ContinuousClock.now
        hosts = hosts.filter { $0.value.isTaken || $0.value.isResting(at: now) }
    }
}
