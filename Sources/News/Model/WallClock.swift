/// What time it is, and a way to wait: passed in, so that `--now` and simulated days drive the same code.
public struct WallClock: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Returns at `time` or later, or throws `CancellationError`.
    public var sleep: @Sendable (_ time: Timestamp) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (_ time: Timestamp) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }
}
