import Glibc
import News

extension WallClock {
    /// The system's clock.
    public static let system = WallClock(
        now: { Timestamp(seconds: Int64(time(nil))) }, sleep: { try await Task.sleep(for: $0, clock: .continuous) })

    /// A clock that stands still (`--now`): reproducible runs.
    public static func standing(at time: Timestamp) -> WallClock {
        WallClock(now: { time }, sleep: { _ in try Task.checkCancellation() })
    }
}
