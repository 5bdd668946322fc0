import Glibc
import Logging
import News

/// A machine without a clock of its own starts in 1970, and is right once the network is there. What was seen until then would
/// stand under a wrong date for ever: the service waits, and says so.
public enum ClockWait {
    /// Returns when the clock shows no time before this program was made.
    ///
    /// Ready meanwhile, and alive for the watchdog: nothing is wrong with the service. SIGTERM and SIGINT end it as they
    /// end any program, so they are to be taken over afterwards; SIGHUP finds nothing to reload.
    public static func untilPlausible(
        _ clock: WallClock, notifier: ServiceNotifier, log: Logger, since made: Timestamp = feedwatchMade
    ) async throws {
        guard clock.now() < made else { return }
        signal(SIGHUP, SIG_IGN)
        log.error("the clock says \(clock.now()), before this program was made: nothing is done until it is set")
        notifier.send("READY=1\nSTATUS=waiting for the clock to be set")
        while clock.now() < made {
            notifier.pet()
            try await clock.sleep(.seconds(1))
        }
        log.notice("the clock is set: \(clock.now())")
    }
}
