import ArgumentParser
import Foundation
import News
import Publish
import Watch

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says what is wrong, and how every source fares.",
        discussion: """
            Reads the database beside a running daemon or without one; writes nothing. Times are those of the configured \
            zone, counts those of the last 24 hours.

            --check is for monitoring: one line on standard output, "feedwatch ok: …" or "feedwatch wrong: …". It ends with 0 \
            when all is well, 1 when something is wrong now, 75 when it cannot be looked at now, 78 when the configuration \
            has faults. Wrong are: a source blind for more than a day or not polled for an hour after its time, an alert or \
            issue that is not written, a digest an hour late, entries not filed for an hour, a database that cannot be read.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Option(help: ArgumentHelp("All that is known of one source.", valueName: "id"))
    var source: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Say in one line and by the exit code whether something is wrong.")
    var check = false

    @Flag(help: "With --check: a service that is not running, or hangs, is wrong, too.")
    var running = false

    func validate() throws {
        if check, json || source != nil { throw ValidationError("--check goes with neither --json nor --source") }
        if running, !check { throw ValidationError("--running goes with --check") }
    }

    func run() throws {
        if check { try runCheck() }
        let loaded = try configuration.load()
        try Failure.told {
            if let source {
                let report = try SourceReport(of: source, loaded, state: state.owned, clock: clock.clock)
                return try Terminal.show(report.lines, or: json ? report : nil)
            }
            let report = try StatusReport(loaded, state: state.owned, clock: clock.clock)
            try Terminal.show(report.lines, or: json ? report.status : nil)
        }
    }

    private func runCheck() throws -> Never {
        let loaded: Configuration
        do { loaded = try configuration.load() } catch {
            Terminal.print(line: HealthCheck.faultyConfiguration)
            throw error
        }
        let health = HealthCheck(
            loaded, state: try state.owned, environment: ProcessInfo.processInfo.environment, clock: clock.clock,
            needsService: running)
        Terminal.print(line: health.line)
        switch health.verdict {
        case .ok: throw ExitCode.success
        case .wrong: throw ExitCode(1)
        case .unknown: throw ExitCode(75)
        }
    }
}
