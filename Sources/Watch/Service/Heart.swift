import Dispatch
import Glibc
import Synchronization

/// Pets a watchdog as long as something beats: a timer of its own that tells only while beats arrive.
public final class Heart: Sendable {
    private let beats = Atomic<Int>(0)
    /// The count of beats when it was last looked at.
    private let told = Atomic<Int>(0)
    /// Of the last beat, on the monotonic clock; 0 before the first.
    private let lastNanoseconds = Atomic<Int64>(0)
    private let timer: Timer?

    /// - Parameters:
    ///   - interval: how often to pet; nil when nobody watches.
    ///   - pet: called on the timer's queue when at least one beat came since the last time.
    public init(interval: Duration?, pet: @escaping @Sendable () -> Void) {
        guard let interval else {
            timer = nil
            return
        }
        let source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "watchdog"))
        timer = Timer(source: source)
        let nanoseconds = Int(interval / .nanoseconds(1))
        source.schedule(deadline: .now(), repeating: .nanoseconds(nanoseconds))
        source.setEventHandler { [weak self] in
            guard let self else { return }
            let now = beats.load(ordering: .relaxed)
            if told.exchange(now, ordering: .relaxed) != now { pet() }
        }
        source.activate()
    }

    public func beat() {
        beats.add(1, ordering: .relaxed)
        lastNanoseconds.store(Heart.nanoseconds, ordering: .relaxed)
    }

    /// How long ago the last beat was; nil before the first. A machine's sleep does not count.
    var sinceBeat: Duration? {
        let last = lastNanoseconds.load(ordering: .relaxed)
        return last == 0 ? nil : .nanoseconds(Heart.nanoseconds - last)
    }

    private static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    public func stop() { timer?.source.cancel() }

    deinit { timer?.source.cancel() }

    /// `@unchecked Sendable`: a dispatch source may be cancelled from any thread; nothing else is done with it.
    private struct Timer: @unchecked Sendable { let source: any DispatchSourceTimer }
}
