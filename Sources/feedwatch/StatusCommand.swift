import ArgumentParser
import News
import Publish
import Watch

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says what is wrong, and how every source fares.",
        discussion: """
            Reads the database beside a running daemon or without one; writes nothing. Times are those of the configured \
            zone, counts those of the last 24 hours.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Option(help: ArgumentHelp("All that is known of one source.", valueName: "id"))
    var source: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let loaded = try configuration.load()
        try Failure.told {
            if let source {
                let report = try SourceReport(of: source, loaded, state: state.folder, clock: clock.clock)
                return try Terminal.show(report.lines, or: json ? report : nil)
            }
            let report = try StatusReport(loaded, state: state.folder, clock: clock.clock)
            try Terminal.show(report.lines, or: json ? report.status : nil)
        }
    }
}
