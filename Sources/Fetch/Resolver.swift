import News

/// Names to addresses on a few threads of our own, with a deadline and a memory for failures too.
///
/// The system's lookup may block for half a minute when DNS is dead. So: names that resolved before go first and have a
/// thread that nothing else may take, and their old answer serves meanwhile (RFC 8767); names that failed
/// before, or were sent away, never hold more than half the threads. A lookup may take `deadline`, from when it begins; a name that waits for a
/// thread is not charged for that, and goes on waiting as long as lookups come back in time. When none does for half the
/// deadline, only so many wait on, and further ones are sent away at once: who asks for them holds a place that others need.
final class Resolver: Sendable {
    typealias Lookup = @Sendable (_ host: String) throws -> [IPAddress]

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
        /// An old answer serves meanwhile: looked up though nobody waits.
        var isRenewal = false
        var waiters: [OneShot<Answer>] = []
    }

    private struct State {
        var memory: [String: Memory] = [:]
        var jobs: [String: Job] = [:]
        var lines = [FIFO<String>(), FIFO<String>(), FIFO<String>()]
        /// Lookups going on, by rank.
        var running = [0, 0, 0]
        var threads = 0
        /// When a lookup last came back in time, or the first of several began.
        var lastAnswer = ContinuousClock.now
        var isStopped = false

        var waiting: Int { jobs.count - running.reduce(0, +) }
    }

    private let lookup: Lookup
    private let deadline: Duration
    private let threadsMax: Int
    private let waitingMax: Int
    private let state = Monitor(State())

    /// - Parameter waitingMax: names that wait for a thread while lookups hang.
    init(
        lookup: @escaping Lookup, deadline: Duration = .seconds(Limits.resolveSeconds),
        threadsMax: Int = Limits.resolverThreads, waitingMax: Int = .max
    ) {
        self.lookup = lookup
        self.deadline = deadline
        self.threadsMax = threadsMax
        self.waitingMax = waitingMax
    }

    deinit { stop() }

    /// All addresses of a name in lower-case ASCII, not judged yet. Costs no thread when it is remembered.
    func addresses(of host: String) async -> Answer {
        let waiter = OneShot<Answer>()
        if let answer = ask(host, waiter) { return answer }
        let asked = ContinuousClock.now
        let timer = Task {
            while let left = timeLeft(host, waiter, since: asked) { try await Task.sleep(for: left) }
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(.cancelled)
        }
    }

    /// Names that wait for a thread.
    var waiting: Int { state.withLock { $0.waiting } }

    /// Lets everybody go. Threads inside a lookup end when it returns.
    func stop() {
        let waiters = state.withLock { state in
            state.isStopped = true
            defer { state.jobs = [:] }
            return state.jobs.values.flatMap(\.waiters)
        }
        for waiter in waiters { waiter.give(.stopped) }
    }

    /// What need not be asked again yet: nearly every request, so no thread is woken for it.
    func remembered(_ host: String) -> Answer? {
        let now = ContinuousClock.now
        return state.look { state in
            guard !state.isStopped, let memory = state.memory[host], now < memory.goodUntil else { return nil }
            return memory.answer
        }
    }

    /// An answer that serves at once; else nil, and the waiter will be given one.
    private func ask(_ host: String, _ waiter: OneShot<Answer>) -> Answer? {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard !state.isStopped else { return .stopped }
            let memory = state.memory[host]
            if let memory, now < memory.goodUntil { return memory.answer }
            let stale = memory.flatMap { $0.isUsable(at: now) ? $0.answer : nil }
            let rank: Rank = memory.map { $0.hasFailed ? .suspect : .known } ?? .fresh
            if stale == nil, state.jobs[host]?.begun == nil, isStuck(rank, state, at: now) {
                Self.note(sentAway: host, in: &state)
                return .congested
            }
            if state.jobs[host].map({ $0.begun == nil && $0.rank != rank }) ?? true {
                state.jobs[host, default: Job(rank: rank)].rank = rank
                state.lines[rank.rawValue].append(host)
                startThread(&state)
            }
            if stale == nil { state.jobs[host]?.waiters.append(waiter) } else { state.jobs[host]?.isRenewal = true }
            return stale
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

    /// How long the waiter may go on waiting; nil when it has its answer, which may be that its time is up. A name whose
    /// lookup hangs counts as failed from then on.
    private func timeLeft(
        _ host: String, _ waiter: OneShot<Answer>, since asked: ContinuousClock.Instant
    ) -> Duration? {
        let (left, answer) = state.withLock { state -> (Duration?, Answer) in
            let begun = state.jobs[host]?.begun
            let patience = begun == nil && state.waiting > waitingMax ? deadline / 2 : deadline
            let left = patience - (begun ?? max(asked, state.lastAnswer)).duration(to: .now)
            let answer = begun == nil ? Answer.congested : .failed("no answer from DNS in \(deadline)")
            guard left <= .zero else { return (left, answer) }
            state.jobs[host]?.waiters.removeAll { $0 === waiter }
            if begun == nil {
                Self.note(sentAway: host, in: &state)
            } else {
                Self.remember(host, answer, in: &state)
            }
            return (nil, answer)
        }
        if left == nil { waiter.give(answer) }
        return left
    }
}

// MARK: - The threads

extension Resolver {
    private static func work(_ state: Monitor<State>, _ lookup: Lookup, _ threadsMax: Int, _ deadline: Duration) {
        while let (host, rank) = state.waitFor({ next(&$0, threadsMax) }) {
            let begun = ContinuousClock.now
            let answer: Answer
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
                if begun.duration(to: .now) < deadline { state.lastAnswer = .now }
                remember(host, answer, in: &state)
                return state.jobs.removeValue(forKey: host)?.waiters ?? []
            }
            for waiter in waiters { waiter.give(answer) }
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
                state.jobs[host]?.begun = .now
                if state.running == [0, 0, 0] { state.lastAnswer = .now }
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
        let now = ContinuousClock.now
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
        let now = ContinuousClock.now
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
