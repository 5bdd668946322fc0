import News
import Synchronization

/// Wakes one sleeper early: rung when something new is on the agenda.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func ring() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            if state.sleeper == nil { state.isRung = true }
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns when rung, after `time`, or when the task is cancelled.
    func wait(for time: Duration, _ clock: WallClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await clock.sleep(time) }
            group.addTask { await self.listen() }
            await group.next()
            group.cancelAll()
            self.letGo()
        }
    }

    private func listen() async {
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state in
                if state.isRung || Task.isCancelled {
                    state.isRung = false
                    return true
                }
                state.sleeper = continuation
                return false
            }
            if isRung { continuation.resume() }
        }
    }

    private func letGo() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }
}
