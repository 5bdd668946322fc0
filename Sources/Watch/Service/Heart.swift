import Dispatch
import Synchronization

/// Pets a watchdog as long as something beats: a timer of its own that tells only while beats arrive.
public final class Heart: Sendable {
    private let beats = Atomic<Int>(0)
    /// The count of beats when it was last looked at.
    private let told = Atomic<Int>(0)
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

    public func beat() { beats.add(1, ordering: .relaxed) }

    public func stop() { timer?.source.cancel() }

    deinit { timer?.source.cancel() }

    /// `@unchecked Sendable`: a dispatch source may be cancelled from any thread; nothing else is done with it.
    private struct Timer: @unchecked Sendable { let source: any DispatchSourceTimer }
}
