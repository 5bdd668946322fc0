import News
import Storage
import Synchronization
import Watch

/// A scheduling step: the clock comes to the next due time, a poll is handed over, and has its next time an interval later.
struct ScheduleBench {
    let bench: Bench

    private static let few = 1000
    private static let many = 100_000
    private static let steps = 200_000
    private static let interval: Int64 = 3600

    func run() async {
        var costs: [[Double]] = [[], []]
        for _ in 0..<Bench.rounds {
            costs[0].append(await step(sources: Self.few))
            costs[1].append(await step(sources: Self.many))
        }
        let (few, many) = (costs[0].min() ?? 0, costs[1].min() ?? 0)
        bench.row(
            "a scheduling step, 100,000 sources", "\(Int(many * 1e9)) ns",
            floor: "with 1,000 \(Int(few * 1e9)) ns, the work × 1", ratio: many / few)
    }

    /// CPU seconds of one step, of many on end.
    private func step(sources: Int) async -> Double {
        let time = Mutex(Timestamp(seconds: 0))
        let clock = WallClock(now: { time.withLock { $0 } }, sleep: { _ in })
        let scheduler = Scheduler(clock: clock, width: 256)
        scheduler.set(
            (0..<sources).map { number in
                let share = Int64(number) * Self.interval / Int64(sources)
                return DueJob(kind: .poll, key: "source-\(number)", at: Timestamp(seconds: 1 + share))
            })
        var left = Self.steps
        return await bench.seconds {
            while left > 0 {
                let (jobs, now, next) = scheduler.turn()
                for job in jobs {
                    scheduler.finished(
                        job.key, next: DueJob(kind: .poll, key: job.key, at: now + .seconds(Self.interval)))
                }
                left -= jobs.count
                if jobs.isEmpty, let next { time.withLock { $0 = next } }
            }
        } / Double(Self.steps)
    }
}
