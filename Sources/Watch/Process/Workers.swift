/// Real threads for work that computes or blocks: parsing, extraction, scoring, database calls.
///
/// Swift's own pool has one thread per core and runs timers, signals and the watchdog here; four busy tasks on a pool
/// of two delayed a 100 ms timer by 4 s. Tasks started with `Task(executorPreference: workers)` run on these instead,
/// and so do the default actors that they call (SE-0417). Tasks below medium priority run when no other waits.
public final class Workers: TaskExecutor, Sendable {
    private let queue = JobQueue()

    /// - Parameter count: threads; they live as long as the process.
    public init(count: Int) {
        for _ in 0..<max(1, count) { queue.startThread() }
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let isLow = job.priority.rawValue < TaskPriority.medium.rawValue
        let job = UnownedJob(job)
        queue.append(isLow: isLow) { [executor = asUnownedTaskExecutor()] in job.runSynchronously(on: executor) }
    }
}

/// The one thread of the desk, of deliveries, and of reading the configuration anew: none of them waits behind pages.
final class Office: SerialExecutor, TaskExecutor {
    /// There is one for the process, as there is one desk.
    static let shared = Office()

    private let queue = JobQueue()

    private init() { queue.startThread() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.append(isLow: false) { [self] in
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    /// Runs what blocks or computes on this thread.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await Task(executorPreference: self) { try body() }.value
    }
}
