import News
import Storage
import Synchronization

/// Commits polls that end at about the same time in one transaction (`Store.commit`).
///
/// The first to end leads: it goes once more to the end of the workers' queue, so that the polls whose answers are there
/// already get as far, and commits all of them. None waits for a server, and a poll that is alone waits for nobody.
final class PollCommits: Sendable {
    private struct Waiting {
        var result: PollResult
        /// Gets nil when it is this one's turn to lead.
        var continuation: CheckedContinuation<Result<PollTally, StoreError>?, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isLed = false
    }

    private let store: Store
    private let state = Mutex(State())

    init(store: Store) { self.store = store }

    /// - Throws: `StoreError` when nothing of this poll could be committed.
    func commit(_ result: PollResult) async throws(StoreError) -> PollTally {
        let committed: Result<PollTally, StoreError>? = await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                defer { state.isLed = true }
                if state.isLed { state.waiting.append(Waiting(result: result, continuation: continuation)) }
                return !state.isLed
            }
            if leads { continuation.resume(returning: nil) }
        }
        if let committed { return try committed.get() }
        return try await lead(result).get()
    }

    private func lead(_ result: PollResult) async -> Result<PollTally, StoreError> {
        var count = -1
        while true {
            let now = state.withLock { $0.waiting.count }
            if now == count || now >= Limits.pollsTogetherMax { break }
            count = now
            await Task.yield()
        }
        let others = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        let tallies = store.commit([result] + others.map(\.result))
        for (waiting, tally) in zip(others, tallies.dropFirst()) { waiting.continuation.resume(returning: tally) }
        return tallies[0]
    }
}
