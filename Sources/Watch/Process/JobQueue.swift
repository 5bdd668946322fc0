import Glibc
import News

/// Work for threads, first in, first out, with a second line for what may wait; a condition variable wakes the threads.
///
/// `@unchecked Sendable`: the lines are touched only while `mutex` is held; both pointers live as long as the object.
final class JobQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var first = FIFO<@Sendable () -> Void>()
    private var second = FIFO<@Sendable () -> Void>()

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

    func append(isLow: Bool, _ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        if isLow { second.append(job) } else { first.append(job) }
        pthread_cond_signal(filled)
        pthread_mutex_unlock(mutex)
    }

    private func runNext() {
        pthread_mutex_lock(mutex)
        while first.isEmpty && second.isEmpty { pthread_cond_wait(filled, mutex) }
        let job = first.popFirst() ?? second.popFirst()
        pthread_mutex_unlock(mutex)
        job?()
    }

    /// Starts a thread that serves this queue for the rest of the process's life.
    func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        // The main thread's 8 MB: libxml2 and Foundation are used to it.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
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
