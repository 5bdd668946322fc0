import Glibc
import News
import Synchronization

/// Watches that one server does not keep libcurl's thread to itself.
///
/// libcurl 7.88 reads from an HTTP/2 connection as long as frames come that are no part of an answer (empty ones, WINDOW_UPDATE,
/// PRIORITY …), within one `curl_multi_perform`, deaf to deadlines and to everybody else: 90 seconds were seen. Nothing is called
/// back meanwhile. So a thread of its own looks a few times a second whether that call has taken more of the processor than an
/// honest connection could want, and cuts off the socket that has fed it all the while.
final class FloodWatch: Sendable {
    let sockets = OpenSockets()
    /// Odd within a call.
    private let turn = Atomic<Int>(0)
    private let isOver = Atomic<Bool>(false)
    private let clock = Atomic<Int32>(0)

    /// Called on the thread that is watched, first of all.
    func begin() {
        var clock = clockid_t()
        guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return }
        self.clock.store(clock, ordering: .relaxed)
        _ = WorkThread.start(name: "fetch-watch") { [self] in watch() }
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    /// Around each call.
    func turns() { turn.add(1, ordering: .relaxed) }

    private func watch() {
        var seen = 0
        var begun: Int64 = 0
        var read: [Int32: UInt64] = [:]
        /// Read from between each two looks of this call. Many honest ones may have a lot to say at once, as when all begin TLS after
        /// a start, but each is done with its turn before long.
        var suspects: Set<Int32> = []
        while !isOver.load(ordering: .relaxed) {
            usleep(UInt32(Limits.loopWatchMilliseconds) * 1000)
            let turn = turn.load(ordering: .relaxed)
            guard turn % 2 == 1 else { continue }
            let now = sockets.bytesRead()
            if turn == seen { suspects = suspects.filter { now[$0] ?? 0 > read[$0] ?? .max } }
            if turn != seen || suspects.isEmpty {
                (seen, begun, suspects) = (turn, spent, Set(now.keys))
            } else if spent - begun >= Int64(Limits.loopCallMilliseconds) * 1_000_000 {
                sockets.cutOff(suspects)
                seen = 0
            }
            read = now
        }
    }

    /// Nanoseconds of the processor that the thread has had.
    private var spent: Int64 {
        var time = timespec()
        clock_gettime(clock.load(ordering: .relaxed), &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
