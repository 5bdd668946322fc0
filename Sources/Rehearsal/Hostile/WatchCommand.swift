import ArgumentParser
import Fetch
import Foundation
import Logging
import News
import Synchronization
import Watch

/// The daemon in a process of its own, where every name leads to loopback, and those below `dead.example` hang until a line
/// `revive` comes. A line `reload` is what SIGHUP is to the service; the end of the input ends it.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "watch", shouldDisplay: false)

    @Option var config: String
    @Option var state: String

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let location = ConfigurationLocation(folder: config)
        let names = Names()
        let station = try Station.open(
            try Configuration.load(location), state: StateFolder(path: state), clock: .system,
            log: Logger(label: "watch") { _ in SwiftLogNoOpLogHandler() }, patience: Daemon.patience,
            jitter: PollSchedule.jitter(of:), fetching: { $0.lookup = names.addresses })
        let (signals, control) = AsyncStream<ServiceSignal>.makeStream()
        Thread.detachNewThread {
            while let line = readLine() {
                if line == "revive" { names.isDead.store(false, ordering: .relaxed) }
                if line == "reload" { control.yield(.reload) }
            }
            control.yield(.stop)
        }
        try await Daemon(station, location: location, notifier: ServiceNotifier(address: nil))
            .run(signals: signals, watchdog: nil)
    }

    /// A resolver of which a part is dead: as the system's, it gives a name up after some seconds.
    private final class Names: Sendable {
        let isDead = Atomic<Bool>(true)

        func addresses(of host: String) throws -> [IPAddress] {
            guard host.hasSuffix(".dead.example") else { return [IPAddress(v4: 0x7F00_0001)] }
            for _ in 0..<100 where isDead.load(ordering: .relaxed) { usleep(100_000) }
            if isDead.load(ordering: .relaxed) { throw Failure() }
            return [IPAddress(v4: 0x7F00_0001)]
        }

        private struct Failure: Error, CustomStringConvertible {
            let description = "Temporary failure in name resolution"
        }
    }
}
