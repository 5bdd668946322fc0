/// What time it is, and a way to wait: passed in, so that `--now` and simulated days drive the same code.
public struct WallClock: Sendable {
    /// May jump in both directions: the system's clock can be set.
    public var now: @Sendable () -> Timestamp
    /// Waits so long by a clock that nobody can set, or throws `CancellationError`.
    public var sleep: @Sendable (_ time: Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (_ time: Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }
}
