import News
import Synchronization

/// Who may begin a transfer: so many at a time, and none while bodies that are not read yet hold too many bytes; of both a
/// registrable domain has a share.
final class Permits: Sendable {
    private struct State {
        var taken = 0
        var line = FIFO<(share: DomainShare, waiter: OneShot<Bool>)>()
        /// Those that nobody uses stay until there are many: most domains are asked again.
        var shares: [String: DomainShare] = [:]
        var sharesMax = Limits.hostsKept
    }

    let budget: ByteBudget
    private let transfersMax: Int
    private let shareMax: Int
    private let state = Mutex(State())

    init(transfersMax: Int, budget: ByteBudget) {
        self.transfersMax = max(1, transfersMax)
        self.budget = budget
        shareMax = max(4, transfersMax / 4)
    }

    /// Waits for a permit, first come first served within its domain's share. Nil when the task was cancelled first; then there
    /// is none to give back.
    func take(domain: String) async -> DomainShare? {
        let waiter = OneShot<Bool>()
        let share = state.withLock { state in
            let share = keptShare(of: domain, &state)
            share.line.append(waiter)
            refill(share, &state)
            admit(&state)
            return share
        }
        let isTaken = await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(false)
        }
        return isTaken ? share : nil
    }

    /// Takes a permit if one is there and nobody waits for it.
    func takesAtOnce(domain: String) -> DomainShare? {
        state.withLock { state in
            guard state.line.isEmpty, mayBegin(state) else { return nil }
            let share = keptShare(of: domain, &state)
            guard mayJoin(share) else { return nil }
            share.admitted += 1
            state.taken += 1
            return share
        }
    }

    func giveBack(_ share: DomainShare) {
        state.withLock { state in
            state.taken -= 1
            leave(share, &state)
            admit(&state)
        }
    }

    /// Body bytes that nobody holds any more.
    func giveBack(bytes: Int, to share: DomainShare) {
        guard bytes > 0, share.giveBack(bytes) else { return }
        state.withLock { state in
            refill(share, &state)
            admit(&state)
        }
    }

    /// One may always be under way, so that those who hold bytes and wait for more cannot wait for each other.
    private func mayBegin(_ state: State) -> Bool {
        state.taken == 0 || state.taken < transfersMax && !budget.isSpent
    }

    /// The same for a domain.
    private func mayJoin(_ share: DomainShare) -> Bool {
        share.admitted == 0 || share.admitted < shareMax && !share.isSpent
    }

    private func admit(_ state: inout State) {
        while mayBegin(state), let (share, waiter) = state.line.popFirst() {
            if waiter.give(true) { state.taken += 1 } else { leave(share, &state) }
        }
    }

    /// One of the domain has gone; the next of it joins the common line.
    private func leave(_ share: DomainShare, _ state: inout State) {
        share.admitted -= 1
        refill(share, &state)
    }

    private func refill(_ share: DomainShare, _ state: inout State) {
        while mayJoin(share), let waiter = share.line.popFirst() {
            share.admitted += 1
            state.line.append((share, waiter))
        }
    }

    private func keptShare(of domain: String, _ state: inout State) -> DomainShare {
        if let known = state.shares[domain] { return known }
        if state.shares.count >= state.sharesMax {
            state.shares = state.shares.filter { $0.value.isInUse }
            state.sharesMax = max(Limits.hostsKept, 2 * state.shares.count)
        }
        let share = DomainShare(budget)
        state.shares[domain] = share
        return share
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
    private let share: DomainShare
    private let count = Atomic<Int>(0)

    /// - Parameter share: nil where no domain is asked.
    init(_ permits: Permits, of share: DomainShare? = nil) {
        self.permits = permits
        self.share = share ?? DomainShare(permits.budget)
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

        /// - Returns: whether there is nothing to be remembered.
        mutating func leave(_ pause: Duration, at now: ContinuousClock.Instant) -> Bool {
            if pause > .zero { freeAt = max(freeAt ?? now, now.advanced(by: pause)) }
            isTaken = false
            while !isTaken, let waiter = popNext() { isTaken = waiter.give(true) }
            return !isTaken && !isResting(at: now)
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
        hosts.withLock { Self.begin(key, in: &$0, where: { !$0.isResting(at: .now) }) }
    }

    /// Takes the turn if nobody has it; a pause is still to be waited for.
    /// - Parameter isFit: of a host that is remembered.
    private static func begin(
        _ key: String, in hosts: inout [String: Host], where isFit: (Host) -> Bool = { _ in true }
    ) -> Bool {
        guard let place = hosts.index(forKey: key) else {
            if hosts.count >= Limits.hostsKept { forget(&hosts) }
            hosts[key] = Host()
            return true
        }
        if hosts.values[place].isTaken || !isFit(hosts.values[place]) { return false }
        hosts.values[place].isTaken = true
        return true
    }

    /// How many wait for this host.
    func waiting(_ key: String) -> Int { hosts.withLock { $0[key].map { $0.feeds.count + $0.pages.count } ?? 0 } }

    /// Hands the turn on; the next one waits for `pause` first.
    func leave(_ key: String, pause: Duration) {
        hosts.withLock { hosts in
            guard let place = hosts.index(forKey: key) else { return }
            let isLeft = hosts.values[place].leave(pause, at: .now)
            if isLeft { hosts.remove(at: place) }
        }
    }

    private static func forget(_ hosts: inout [String: Host]) {
        let now = ContinuousClock.now
        hosts = hosts.filter { $0.value.isTaken || $0.value.isResting(at: now) }
    }
}
