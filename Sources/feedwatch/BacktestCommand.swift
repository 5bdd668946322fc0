import ArgumentParser
import News
import Watch

struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest", abstract: "Says which alerts and stories a changed configuration would add or drop.",
        discussion: """
            Judges the stored articles of the stories that began in the last days by another configuration, and sets what comes of it \
            beside what was alerted and published, or with --against beside what a second configuration makes of them. \
            Reads the database beside a running service or without one; writes nothing.

            Caps, quiet hours and mutes are not replayed, an article counts with its newest text, and stories stay as they were \
            grouped. What cannot be known is counted: articles whose texts are no longer kept, and what sources would have brought \
            that were not read.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Option(help: "How many days, at most \(Limits.backtestDaysMax).")
    var days = 14

    @Option(help: ArgumentHelp("A second configuration in place of what was done.", valueName: "dir"))
    var against: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...Limits.backtestDaysMax).contains(days) else {
            throw ValidationError("--days wants a number from 1 to \(Limits.backtestDaysMax), not \(days)")
        }
    }

    func run() throws {
        let changed = try configuration.load()
        let other = try against.map { try ConfigurationOptions(folder: $0).load() }
        let store = try state.openForReading()
        defer { store.close() }
        let report = try Failure.told {
            try Backtest(changed, against: other, state: state.folder, store: store, clock: clock.clock).run(days: days)
        }
        try Terminal.show(report.lines, or: json ? report : nil, isCut: false)
    }
}
