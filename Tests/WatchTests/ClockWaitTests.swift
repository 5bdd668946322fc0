import News
import Testing

@testable import Watch

@Suite struct ClockWaitTests {
    @Test("With a clock in 1970 the service is ready, alive and waits; once it is set it goes on")
    func waits() async throws {
        let socket = try NotifySocket(isAbstract: true)
        defer { socket.close() }
        let recorder = Recorder()
        let made = Timestamp(rfc3339: "2026-11-25T00:00:00Z")!
        let looks = Counter()
        let clock = WallClock(
            now: { looks.value < 3 ? Timestamp(seconds: 5) : made }, sleep: { _ in looks.add() })
        try await ClockWait.untilPlausible(
            clock, notifier: ServiceNotifier(address: socket.address), log: recorder.logger, since: made)
        #expect(
            recorder.lines == [
                "error: the clock says 1970-01-01T00:00:05Z, before this program was made: nothing is done until it is set",
                "notice: the clock is set: 2026-11-25T00:00:00Z",
            ])
        #expect(
            socket.all() == ["READY=1\nSTATUS=waiting for the clock to be set"]
                + Array(repeating: "WATCHDOG=1", count: 3))
    }

    @Test("With a clock that can be right nothing is said")
    func doesNotWait() async throws {
        let recorder = Recorder()
        try await ClockWait.untilPlausible(
            .standing(at: feedwatchMade), notifier: ServiceNotifier(address: nil), log: recorder.logger)
        #expect(recorder.lines.isEmpty)
    }
}
