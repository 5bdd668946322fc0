import News
import Storage
import Synchronization

/// What one pass over everything that is due has done.
public struct PassSummary: Sendable, Hashable {
    public var polled = 0
    /// Due, and put off for want of room here.
    public var postponed = 0
    /// Due, and put off because a domain has asked for rest.
    public var resting = 0
    /// What the polls of this pass failed with, in the order of the source ids.
    public var faults: [SourceFault] = []
    public var listed = 0
    public var new = 0
    public var changed = 0
    public var baseline = 0
    public var alerts = 0
    /// Where the day's issue was written, relative to the state folder, when this pass did it.
    public var digest: String?
    /// What was decided and could not be written; it is kept and tried again.
    public var undelivered: [Undelivered] = []
    /// When the next source is due, where none was.
    public var nextDue: Timestamp?

    public struct SourceFault: Sendable, Hashable {
        public var source: SourceID
        public var fault: Fault
    }
}

extension Station {
    /// Polls what is due, files what is pending, delivers, and publishes the day's issue if its hour has come.
    ///
    /// Everything is polled before anything is filed and nothing overtakes at the desk, so a pass that is cut off and
    /// made again at the same time of the clock ends in the same bytes.
    public func onePass() async throws -> PassSummary { try await suspecting(pass) }

    /// Damage that is met on the way is what the next start looks for first.
    func suspecting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            if (error as? StoreError)?.code == "damaged" { Store.suspect(state.database) }
            throw error
        }
    }

    /// The first half of `onePass`: fetches, parses and commits what is due. What is new is pending then.
    public func pollDue() async throws -> PassSummary {
        let now = clock.now()
        let jobs = try scheduledJobs()
        let due = Set(jobs.lazy.filter { $0.kind == .poll && $0.at <= now }.map(\.key))
        let pipeline = pipeline
        var summary = PassSummary()
        let polls = enabledSources.filter { due.contains($0.id) }
        if polls.isEmpty { summary.nextDue = jobs.first { $0.kind == .poll }?.at }
        let parts = try await bounded(polls, width: 64, lane: { WebURL.server(of: $0.url) }) { source in
            // Without the entries, which are as large as their documents.
            PassSummary(of: try await pipeline.poll(source))
        }
        for part in parts { summary.add(part) }
        summary.faults.sort { $0.source < $1.source }
        return summary
    }

    private func pass() async throws -> PassSummary {
        let now = clock.now()
        var summary = try await pollDue()
        var pending = try await pendingEntries()
        while !pending.isEmpty {
            summary.alerts += try await file(pending)
            pending = try await pendingEntries()
        }
        if let again = try store.dueTime(of: .reread), again <= now { summary.alerts += try await reread() }
        summary.alerts += try await desk.release(all: true) + tellBlindness() + tellIndicators()
        observe(.desk, "")
        summary.undelivered = try await courier.deliver()
        if let digest = try store.dueTime(of: .digest), digest <= now {
            let issue = try await publishDigest(due: digest)
            summary.undelivered = issue.undelivered
            let isWritten = issue.isNew && !issue.undelivered.contains { $0.stem == issue.stem }
            summary.digest = isWritten ? issue.stem : nil
        }
        _ = try await dispatcher.send()
        if let retention = try store.dueTime(of: .retention), retention <= now { _ = try await retain() }
        return summary
    }

    /// Runs `body` for each value on the workers, `width` at a time, one of a lane at a time and of a domain's lanes a quarter of
    /// the places, started in order.
    /// - Parameter lane: the server that a value asks.
    /// - Returns: the results, in the order in which they came.
    func bounded<Value: Sendable, Result: Sendable>(
        _ values: [Value], width: Int, priority: TaskPriority? = nil, lane: (Value) -> String?,
        _ body: @escaping @Sendable (Value) async throws -> Result
    ) async throws -> [Result] {
        let work = BoundedWork<Value, Result>(Lanes(width: width))
        work.state.withLock { state in
            for value in values {
                let lane = lane(value)
                state.lanes.add(value, lane: lane, domain: lane.flatMap(WebURL.domain))
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(width, values.count) {
                group.addTask(executorPreference: workers, priority: priority) {
                    // Whoever ends a turn takes the next one, so none is left when the last has ended.
                    while let turn = work.state.withLock({ $0.lanes.next() }) {
                        try Task.checkCancellation()
                        let result = try await body(turn.item)
                        work.state.withLock { state in
                            state.results.append(result)
                            state.lanes.finished(lane: turn.lane, domain: turn.domain)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        return work.state.withLock { $0.results }
    }
}

/// What `bounded` has left to do, and what it has done.
private final class BoundedWork<Value: Sendable, Result: Sendable>: Sendable {
    let state: Mutex<(lanes: Lanes<Value>, results: [Result])>

    init(_ lanes: Lanes<Value>) { state = Mutex((lanes, [])) }
}

extension PassSummary {
    fileprivate init(of polled: Polled) {
        if case .postponed = polled.result.outcome {
            postponed = 1
            return
        }
        if case .resting = polled.result.outcome {
            resting = 1
            return
        }
        if case .failed(let fault) = polled.result.outcome {
            faults = [SourceFault(source: polled.result.source.id, fault: fault)]
        }
        self.polled = 1
        listed = polled.tally.listed
        new = polled.tally.new
        changed = polled.tally.changed
        baseline = polled.tally.baseline
    }

    fileprivate mutating func add(_ part: PassSummary) {
        postponed += part.postponed
        resting += part.resting
        faults += part.faults
        polled += part.polled
        listed += part.listed
        new += part.new
        changed += part.changed
        baseline += part.baseline
    }
}
