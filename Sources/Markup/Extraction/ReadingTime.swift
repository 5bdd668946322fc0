import Glibc
import News

/// The processor's time that the reading of one page may take. It is looked at between the steps of a reading, each of which is
/// linear in the page; what was found by then is kept.
public struct ReadingTime: Sendable {
    var limit: Duration
    /// What the thread has had of the processor.
    var spent: @Sendable () -> Duration

    public init(
        limit: Duration = .seconds(Limits.pageSeconds), spent: @escaping @Sendable () -> Duration = ReadingTime.ofThread
    ) {
        self.limit = limit
        self.spent = spent
    }

    /// Begins now.
    func watch() -> Watch { Watch(end: spent() + limit, spent: spent) }

    struct Watch: Sendable {
        let end: Duration
        let spent: @Sendable () -> Duration

        var isOver: Bool { spent() >= end }
    }

    /// Of a wall clock other processes would have a part, and a page would be read differently on a busy day.
    public static let ofThread: @Sendable () -> Duration = {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
