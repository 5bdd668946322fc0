import Glibc
import News

extension WallClock {
    /// The system's clock. It may jump: sleeps are cut into short pieces, so that a clock that was set is noticed.
    public static let system = WallClock(
        now: { Timestamp(seconds: Int64(time(nil))) },
        sleep: { wanted in
            while true {
                let left = wanted.seconds - Int64(time(nil))
                if left <= 0 { return }
                try await Task.sleep(for: .seconds(min(left, 30)))
            }
        })

    /// A clock that stands still (`--now`): reproducible runs.
    public static func standing(at time: Timestamp) -> WallClock {
        WallClock(now: { time }, sleep: { _ in try Task.checkCancellation() })
    }
}
