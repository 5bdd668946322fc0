import News

/// Names to addresses on a few threads of our own, with a deadline and a memory for failures too.
///
/// The system's lookup may block for half a minute when DNS is dead. So: names that resolved before go first and have a
/// thread that nothing else may take, and their old answer serves when a new one fails or does not come within
/// `Limits.staleNameWaitMilliseconds` (RFC 8767 §5); names that failed before, or were sent away, never hold more than half the threads. A lookup may take `deadline`, from when it begins; a name that waits for a
/// thread is not charged for that, and goes on waiting as long as lookups come back in time. When none does for half the
/// deadline, only so many wait on, and further ones are sent away at once: who asks for them holds a place that others need.
///
/// Nearly all lookups come back at once: nobody has a timer of his own, one sweep looks after all that wait, and ends when nobody
/// does. So a deadline is kept to within a sixteenth of it.
final class Resolver: Sendable {
    typealias Lookup = @Sendable (_ host: String) throws -> [IPAddress]

    /// What passes for time: tests have a clock that they set.
    struct Ticks: Sendable {
        var now: @Sendable () -> ContinuousClock.Instant = { .now }
        var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    }

    enum Answer: Sendable {
        case addresses([IPAddress])
        /// Why not.
        case failed(String)
        /// Never looked up: for `deadline`, or for half of it where many wait, no lookup came back that would have freed a thread.
        case congested
        case cancelled, stopped
    }

    private enum Rank: Int {
        case known, fresh, suspect
    }

    private struct Memory {
        var answer: Answer
        /// Not asked again before.
        var goodUntil: ContinuousClock.Instant
        /// When `answer` was learned; later failures leave it.
        var learned: ContinuousClock.Instant
        /// The last lookup failed.
        var hasFailed: Bool

        /// Addresses that may serve while they are looked up anew.
        func isUsable(at now: ContinuousClock.Instant) -> Bool {
            guard case .addresses = answer else { return false }
            return learned.duration(to: now) < .seconds(Limits.staleNameSeconds)
        }
    }

    private struct Job {
        var rank: Rank
        /// When its lookup began; nil while it waits for a thread.
        var begun: ContinuousClock.Instant?
        /// Who waited has been given an old answer: looked up though nobody waits.
        var isRenewal = false
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        var answer: OneShot<Answer>
        var asked: ContinuousClock.Instant
        /// An old answer that serves before long.
        var stale: Answer?
    }

    private struct State {
        let now: @Sendable () -> ContinuousClock.Instant
        var memory: [String: Memory] = [:]
        var jobs: [String: Job] = [:]
        var lines = [FIFO<String>(), FIFO<String>(), FIFO<String>()]
        /// Lookups going on, by rank.
        var running = [0, 0, 0]
        var threads = 0
        /// When a lookup last came back in time, or the first of several began.
        var lastAnswer: ContinuousClock.Instant
        var isSwept = false
        var isStopped = false

        var waiting: Int { jobs.count - running.reduce(0, +) }
    }

    private let lookup: Lookup
    private let deadline: Duration
    private let threadsMax: Int
    private let waitingMax: Int
    private let ticks: Ticks
    private let state: Monitor<State>

    /// - Parameter waitingMax: names that wait for a thread while lookups hang.
    init(
        lookup: @escaping Lookup, deadline: Duration = .seconds(Limits.resolveSeconds),
        threadsMax: Int = Limits.resolverThreads, waitingMax: Int = .max, ticks: Ticks = Ticks()
    ) {
        self.lookup = lookup
        self.deadline = deadline
        self.threadsMax = threadsMax
        self.waitingMax = waitingMax
        self.ticks = ticks
        state = Monitor(State(now: ticks.now, lastAnswer: ticks.now()))
    }

    deinit { stop() }

    /// All addresses of a name in lower-case ASCII, not judged yet. Costs no thread when it is remembered.
    func addresses(of host: String) async -> Answer {
        let waiter = OneShot<Answer>()
        if let answer = ask(host, waiter) { return answer }
        return await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(.cancelled)
            state.withLock { $0.jobs[host]?.waiters.removeAll { $0.answer === waiter } }
        }
    }

    /// Those of a URL's host; an address in its place is itself.
    func found(_ url: WebURL) async throws(FetchError) -> [IPAddress] {
        if let literal = url.literal { return [literal] }
        return try await found(url.host, for: url.text)
    }

    /// `addresses(of:)`, or why there are none.
    /// - Parameter url: what the name is needed for.
    func found(_ host: String, for url: String) async throws(FetchError) -> [IPAddress] {
        switch await addresses(of: host) {
        case .addresses(let addresses): return addresses
        case .failed(let why): throw FetchError(.unresolved, "\(host): \(why)")
        case .congested: throw FetchError(.overloaded, "\(host): it waited for lookups of other names that hang")
        case .cancelled: throw FetchError(.cancelled, "cancelled: \(url)")
        case .stopped: throw FetchError(.stopped, "shut down: \(url)")
        }
    }

    /// Names that wait for a thread.
    var waiting: Int { state.look(\.waiting) }

    /// Lets everybody go. Threads inside a lookup end when it returns.
    func stop() {
        let waiters = state.withLock { state in
            state.isStopped = true
            defer { state.jobs = [:] }
            return state.jobs.values.flatMap(\.waiters)
        }
        for waiter in waiters { waiter.answer.give(.stopped) }
    }

    /// What need not be asked again yet: nearly every request, so no thread is woken for it.
    func remembered(_ host: String) -> Answer? {
        let now = ticks.now()
        return state.look { state in
            guard !state.isStopped, let memory = state.memory[host], now < memory.goodUntil else { return nil }
            return memory.answer
        }
    }

    /// An answer that serves at once; else nil, and the waiter will be given one.
    private func ask(_ host: String, _ waiter: OneShot<Answer>) -> Answer? {
        let now = ticks.now()
        return state.withLock { state in
            guard !state.isStopped else { return .stopped }
            let memory = state.memory[host]
            if let memory, now < memory.goodUntil { return memory.answer }
            let stale = memory.flatMap { $0.isUsable(at: now) ? $0.answer : nil }
            let rank: Rank = memory.map { $0.hasFailed ? .suspect : .known } ?? .fresh
            if state.jobs[host]?.begun == nil, isStuck(rank, state, at: now) {
                if let stale { return stale }
                Self.note(sentAway: host, in: &state)
                return .congested
            }
            if state.jobs[host].map({ $0.begun == nil && $0.rank != rank }) ?? true {
                state.jobs[host, default: Job(rank: rank)].rank = rank
                state.lines[rank.rawValue].append(host)
                startThread(&state)
            }
            state.jobs[host]?.waiters.append(Waiter(answer: waiter, asked: now, stale: stale))
            startSweep(&state)
            return nil
        }
    }

    /// Lookups hang, and enough names wait for them.
    private func isStuck(_ rank: Rank, _ state: State, at now: ContinuousClock.Instant) -> Bool {
        !Self.mayRun(rank, state, threadsMax) && state.waiting >= waitingMax
            && state.lastAnswer.duration(to: now) >= deadline / 2
    }

    private func startThread(_ state: inout State) {
        guard state.threads < threadsMax, state.jobs.count > state.threads else { return }
        let shared = self.state
        let lookup = self.lookup
        let threadsMax = self.threadsMax
        let deadline = self.deadline
        // The thread holds the state, not the resolver: the end of the resolver ends the thread.
        if WorkThread.start(name: "fetch-names", { Self.work(shared, lookup, threadsMax, deadline) }) {
            state.threads += 1
        }
    }
}

// MARK: - Deadlines

extension Resolver {
    private static let sweepsPerDeadline = 16

    /// It holds the state, not the resolver, as the threads do.
    private func startSweep(_ state: inout State) {
        guard !state.isSwept else { return }
        state.isSwept = true
        Task { [shared = self.state, ticks, deadline, waitingMax] in
            repeat {
                await ticks.sleep(deadline / Self.sweepsPerDeadline)
            } while Self.sweep(shared, deadline, waitingMax)
        }
    }

    /// Lets those go whose time is up. A name whose lookup hangs counts as failed from then on.
    /// - Returns: whether anybody waits on.
    private static func sweep(_ state: Monitor<State>, _ deadline: Duration, _ waitingMax: Int) -> Bool {
        let (late, goesOn) = state.withLock { state -> ([(OneShot<Answer>, Answer)], Bool) in
            let now = state.now()
            let patience = state.waiting > waitingMax ? deadline / 2 : deadline
            let lastAnswer = state.lastAnswer
            var late: [(OneShot<Answer>, Answer)] = []
            state.isSwept = false
            for (host, job) in state.jobs where !job.waiters.isEmpty {
                let answer = job.begun == nil ? Answer.congested : .failed("no answer from DNS in \(deadline)")
                func isLate(_ waiter: Waiter) -> Bool {
                    if waiter.stale != nil {
                        return waiter.asked.duration(to: now) >= .milliseconds(Limits.staleNameWaitMilliseconds)
                    }
                    guard let begun = job.begun else {
                        return max(waiter.asked, lastAnswer).duration(to: now) >= patience
                    }
                    return begun.duration(to: now) >= deadline
                }
                let kept = job.waiters.filter { !isLate($0) }
                state.isSwept = state.isSwept || !kept.isEmpty
                let gone = job.waiters.filter(isLate)
                guard !gone.isEmpty else { continue }
                late += gone.map { ($0.answer, $0.stale ?? answer) }
                state.jobs[host]?.waiters = kept
                if gone.contains(where: { $0.stale != nil }) {
                    serveStale(host, in: &state, from: now)
                } else if job.begun == nil {
                    note(sentAway: host, in: &state)
                } else {
                    remember(host, answer, in: &state)
                }
            }
            return (late, state.isSwept)
        }
        for (waiter, answer) in late { waiter.give(answer) }
        return goesOn
    }

    /// The old answer serves at once for a while (RFC 8767 §5, "failure recheck timer"); the lookup goes on.
    private static func serveStale(_ host: String, in state: inout State, from now: ContinuousClock.Instant) {
        state.memory[host]?.goodUntil = now.advanced(by: .seconds(Limits.unresolvedSeconds))
        state.jobs[host]?.isRenewal = true
    }
}

// MARK: - The threads

extension Resolver {
    private static func work(_ state: Monitor<State>, _ lookup: Lookup, _ threadsMax: Int, _ deadline: Duration) {
        while let (host, rank) = state.waitFor({ next(&$0, threadsMax) }) {
            let begun = state.look { $0.now() }
            var answer: Answer
            do {
                let found = try lookup(host)
                answer =
                    found.isEmpty
                    ? .failed("the name has no address") : .addresses(Array(found.prefix(Limits.addressesMax)))
            } catch {
                answer = .failed("\(error)")
            }
            let waiters = state.withLock { state in
                state.running[rank.rawValue] -= 1
                let now = state.now()
                if begun.duration(to: now) < deadline { state.lastAnswer = now }
                remember(host, answer, in: &state)
                // An old one that still serves is better than none.
                if let kept = state.memory[host]?.answer { answer = kept }
                return state.jobs.removeValue(forKey: host)?.waiters ?? []
            }
            for waiter in waiters { waiter.answer.give(answer) }
        }
    }

    /// The next name, nil inside when the thread is to end; nil when there is nothing to do.
    private static func next(_ state: inout State, _ threadsMax: Int) -> (String, Rank)?? {
        if state.isStopped { return .some(nil) }
        for rank in [Rank.known, .fresh, .suspect] where mayRun(rank, state, threadsMax) {
            while let host = state.lines[rank.rawValue].popFirst() {
                guard let job = state.jobs[host], job.begun == nil, job.rank == rank else { continue }
                guard job.isRenewal || !job.waiters.isEmpty else {
                    state.jobs[host] = nil
                    continue
                }
                let now = state.now()
                state.jobs[host]?.begun = now
                if state.running == [0, 0, 0] { state.lastAnswer = now }
                state.running[rank.rawValue] += 1
                return (host, rank)
            }
        }
        return nil
    }

    private static func mayRun(_ rank: Rank, _ state: State, _ threadsMax: Int) -> Bool {
        let strangers = state.running[Rank.fresh.rawValue] + state.running[Rank.suspect.rawValue]
        return switch rank {
        case .known: true
        case .fresh: strangers < max(1, threadsMax - 1)
        case .suspect: strangers < max(1, threadsMax - 1) && state.running[rank.rawValue] < max(1, threadsMax / 2)
        }
    }

    /// A failure does not drive out addresses that still may serve.
    private static func remember(_ host: String, _ answer: Answer, in state: inout State) {
        let now = state.now()
        makeRoom(in: &state, at: now)
        if case .addresses = answer {
            let goodUntil = now.advanced(by: .seconds(Limits.resolvedSeconds))
            state.memory[host] = Memory(answer: answer, goodUntil: goodUntil, learned: now, hasFailed: false)
            return
        }
        let old = state.memory[host].flatMap { $0.isUsable(at: now) ? $0 : nil }
        let goodUntil = now.advanced(by: .seconds(Limits.unresolvedSeconds))
        state.memory[host] = Memory(
            answer: old?.answer ?? answer, goodUntil: goodUntil, learned: old?.learned ?? now, hasFailed: true)
    }

    /// It goes behind names that are new: those would else wait for thousands that were sent away and come again.
    private static func note(sentAway host: String, in state: inout State) {
        guard state.memory[host] == nil else { return }
        let now = state.now()
        makeRoom(in: &state, at: now)
        state.memory[host] = Memory(answer: .congested, goodUntil: now, learned: now, hasFailed: true)
    }

    /// Addresses that may serve while DNS is dead are forgotten last.
    private static func makeRoom(in state: inout State, at now: ContinuousClock.Instant) {
        guard state.memory.count >= Limits.namesMax else { return }
        let rules: [(Memory) -> Bool] = [{ $0.isUsable(at: now) }, { now < $0.goodUntil }, { _ in false }]
        // A quarter is freed, so that this is seldom done.
        for isKept in rules where state.memory.count > Limits.namesMax / 4 * 3 {
            state.memory = state.memory.filter { isKept($0.value) }
        }
    }
}
