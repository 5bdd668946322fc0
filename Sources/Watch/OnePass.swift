import News
import Storage

/// What one pass over everything that is due has done.
public struct PassSummary: Sendable, Hashable {
    public var polled = 0
    public var failed = 0
    /// Due, and put off for want of room here.
    public var postponed = 0
    public var listed = 0
    public var new = 0
    public var changed = 0
    public var baseline = 0
    public var alerts = 0
    /// Where the day's issue was written, relative to the state folder, when this pass did it.
    public var digest: String?
    /// What was decided and could not be written; it is kept and tried again.
    public var undelivered: [Undelivered] = []
}

extension Station {
    /// Polls what is due, files what is pending, delivers, and publishes the day's issue if its hour has come.
    ///
    /// Everything is polled before anything is filed and nothing overtakes at the desk, so a pass that is cut off and
    /// made again at the same time of the clock ends in the same bytes.
    public func onePass() async throws -> PassSummary {
        let now = clock.now()
        let due = Set(try scheduledJobs().filter { $0.at <= now }.map { $0.kind == .poll ? $0.key : $0.kind.rawValue })
        let pipeline = pipeline
        var summary = PassSummary()
        let polls = enabledSources.filter { due.contains($0.id) }
        for tally in try await bounded(polls, width: 64, { try await pipeline.poll($0) }) {
            summary.add(tally)
        }
        summary.alerts = try await file(try store.pendingEntries())
        summary.undelivered = try await courier.deliver()
        if let digest = try store.dueJobs().first(where: { $0.kind == .digest }), digest.at <= now {
            let issue = try await publishDigest(due: digest.at)
            summary.undelivered = issue.undelivered
            let isWritten = issue.isNew && !issue.undelivered.contains { $0.stem == issue.stem }
            summary.digest = isWritten ? issue.stem : nil
        }
        return summary
    }

    /// Files these entries of the queue, but for those that are being filed already.
    /// - Returns: how many alerts were decided.
    /// - Throws: what the first entry threw that could not be filed; all that were not filed are still pending.
    func file(_ pending: [PendingEntry]) async throws -> Int {
        let entries = await desk.expect(pending.filter { sources[$0.source] != nil })
        do {
            let alerts = try await bounded(entries, width: 16) { entry in
                guard let source = sources[entry.source] else { return 0 }
                return try await pipeline.file(entry, of: source)
            }
            return alerts.reduce(0, +) + (try await desk.fileComplete())
        } catch {
            // Those that never got their turn, too: a sweep takes up only what is not expected.
            for entry in entries { await desk.giveUp(entry) }
            throw error
        }
    }

    /// Runs `body` for each value on the workers, `width` at a time, started in order.
    /// - Returns: the results, in the order in which they came.
    func bounded<Value: Sendable, Result: Sendable>(
        _ values: [Value], width: Int, _ body: @escaping @Sendable (Value) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            var results: [Result] = []
            var next = values.makeIterator()
            for value in (0..<width).lazy.compactMap({ _ in next.next() }) {
                group.addTask(executorPreference: workers) { try await body(value) }
            }
            while let result = try await group.next() {
                results.append(result)
                if let value = next.next() {
                    group.addTask(executorPreference: workers) { try await body(value) }
                }
            }
            return results
        }
    }
}

extension PassSummary {
    fileprivate mutating func add(_ polled: Polled) {
        switch polled.result.outcome {
        case .postponed: return postponed += 1
        case .failed: failed += 1
        case .unchanged, .read: break
        }
        self.polled += 1
        listed += polled.tally.listed
        new += polled.tally.new
        changed += polled.tally.changed
        baseline += polled.tally.baseline
    }
}
