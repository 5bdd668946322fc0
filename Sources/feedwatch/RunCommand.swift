import ArgumentParser
import Foundation
import News
import Watch

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Watches until it is stopped: the service.",
        discussion: """
            SIGTERM and SIGINT stop it within seconds, SIGHUP reloads the configuration: all of it, or, when it has a \
            fault, nothing. Under systemd it tells when it is ready and keeps the watchdog.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func run() async throws {
        let loaded = try configuration.load()
        let environment = ProcessInfo.processInfo.environment
        let notifier = ServiceNotifier(address: environment["NOTIFY_SOCKET"])
        try await ClockWait.untilPlausible(.system, notifier: notifier, log: Terminal.logger)
        let signals = ServiceSignal.stream()
        try await Failure.told {
            let station = try Station.open(
                loaded, state: state.owned, clock: .system, log: Terminal.logger, patience: Daemon.patience)
            let daemon = Daemon(
                station, location: configuration.location,
                runtime: RuntimeFolder(of: state.folder, environment: environment),
                notifier: notifier)
            let watchdog = environment["WATCHDOG_USEC"].flatMap(Int.init).map { Duration.microseconds($0) }
            try await daemon.run(signals: signals, watchdog: watchdog)
        }
    }
}
