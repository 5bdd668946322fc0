import Synchronization

/// Who may begin a transfer: so many at a time, and none while the unfinished ones hold too many bytes.
final class Permits: Sendable {
    private struct State {
        var taken = 0
        var line = FIFO<OneShot<Bool>>()
    }

    let budget: ByteBudget
    private let transfersMax: Int
    private let state = Mutex(State())

    init(transfersMax: Int, budget: ByteBudget) {
        self.transfersMax = max(1, transfersMax)
        self.budget = budget
    }

    /// Waits for a permit, first come first served. False when the task was cancelled first; then there is none to give back.
    func take() async -> Bool {
        let waiter = OneShot<Bool>()
        state.withLock { state in
            if mayBegin(state), state.line.isEmpty {
                state.taken += 1
                waiter.give(true)
            } else {
                state.line.append(waiter)
            }
        }
        return await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(false)
        }
    }

    /// Gives the permit back, and the bytes that the transfer held.
    func giveBack(bytes: Int) {
        budget.giveBack(bytes)
        state.withLock { state in
            state.taken -= 1
            while mayBegin(state), let waiter = state.line.popFirst() {
                if waiter.give(true) { state.taken += 1 }
            }
        }
    }

    /// One may always go on, so that a spent budget cannot stop everything.
    private func mayBegin(_ state: State) -> Bool {
        state.taken == 0 || (state.taken < transfersMax && !budget.isSpent)
    }
}

/// One request at a time for each host and port, in the order of arrival, with a pause in between.
final class HostGate: Sendable {
    private struct Host {
        var isTaken = true
        var line = FIFO<OneShot<Bool>>()
        /// The next request may begin.
        var freeAt = ContinuousClock.now
    }

    private let hosts = Mutex<[String: Host]>([:])
    /// Above this many, hosts whose pause is over are forgotten.
    private static let hostsKept = 4096

    /// Waits for the host's turn and its pause. False when the task was cancelled first; then there is no turn to give back.
    func enter(_ key: String) async -> Bool {
        let waiter = OneShot<Bool>()
        hosts.withLock { hosts in
            if hosts[key] == nil {
                if hosts.count >= Self.hostsKept { Self.forget(&hosts) }
                hosts[key] = Host()
                waiter.give(true)
            } else if hosts[key]!.isTaken {
                hosts[key]!.line.append(waiter)
            } else {
                hosts[key]!.isTaken = true
                waiter.give(true)
            }
        }
        let isMine = await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            _ = waiter.give(false)
        }
        guard isMine else { return false }
        let freeAt = hosts.withLock { $0[key]?.freeAt } ?? .now
        if freeAt > .now {
            do { try await Task.sleep(until: freeAt, clock: .continuous) } catch {
                leave(key, pause: .zero)
                return false
            }
        }
        return true
    }

    /// Hands the turn on; the next one waits for `pause` first.
    func leave(_ key: String, pause: Duration) {
        hosts.withLock { hosts in
            guard var host = hosts.removeValue(forKey: key) else { return }
            host.freeAt = max(host.freeAt, ContinuousClock.now.advanced(by: pause))
            host.isTaken = false
            while !host.isTaken, let waiter = host.line.popFirst() { host.isTaken = waiter.give(true) }
            if host.isTaken || pause > .zero || host.freeAt > .now { hosts[key] = host }
        }
    }

    private static func forget(_ hosts: inout [String: Host]) {
        let now = ContinuousClock.now
        hosts = hosts.filter { $0.value.isTaken || now < $0.value.freeAt }
    }
}
