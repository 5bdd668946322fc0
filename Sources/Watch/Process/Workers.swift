import Glibc
import Synchronization

/// Real threads for work that computes or blocks: parsing, extraction, scoring, database calls.
///
/// Swift's own pool has one thread per core and runs timers, signals and the watchdog here; four busy tasks on a pool
/// of two delayed a 100 ms timer by 4 s. Tasks started with `Task(executorPreference: workers)` run on these instead,
/// and so do the default actors that they call (SE-0417).
public final class Workers: TaskExecutor, Sendable {
    private let queue: JobQueue

    /// - Parameter count: threads; they live as long as the process.
    public init(count: Int) {
        let queue = JobQueue()
        self.queue = queue
        for _ in 0..<max(1, count) { Workers.startThread(serving: queue) }
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), on: asUnownedTaskExecutor())
    }

    private static func startThread(serving queue: JobQueue) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        // The main thread's 8 MB: libxml2 and Foundation are used to it.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let box = Unmanaged.passRetained(queue)
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                let queue = Unmanaged<JobQueue>.fromOpaque(argument!).takeRetainedValue()
                while true { queue.runNext() }
            }, box.toOpaque())
        precondition(status == 0, "no thread could be started: error \(status)")
        pthread_attr_destroy(&attributes)
    }
}

/// A first-in, first-out queue with a condition variable.
///
/// `@unchecked Sendable`: `jobs` is touched only while `mutex` is held; both pointers live as long as the object.
private final class JobQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [(UnownedJob, UnownedTaskExecutor)] = []
    private var head = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(filled, nil)
    }

    deinit {
        pthread_cond_destroy(filled)
        pthread_mutex_destroy(mutex)
        filled.deallocate()
        mutex.deallocate()
    }

    func append(_ job: UnownedJob, on executor: UnownedTaskExecutor) {
        pthread_mutex_lock(mutex)
        jobs.append((job, executor))
        pthread_cond_signal(filled)
        pthread_mutex_unlock(mutex)
    }

    func runNext() {
        pthread_mutex_lock(mutex)
        while head == jobs.count { pthread_cond_wait(filled, mutex) }
        let (job, executor) = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1024, head * 2 > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        pthread_mutex_unlock(mutex)
        job.runSynchronously(on: executor)
    }
}
