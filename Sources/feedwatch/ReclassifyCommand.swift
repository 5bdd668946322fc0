import ArgumentParser
import News
import Watch

struct ReclassifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reclassify", abstract: "Scores what is stored by the configuration as it is now.",
        discussion: """
            After a change of topics or of what sources rule. Nothing old is alerted, and published issues stay as they are; \
            the next issue, explain and yes and no take what is so now. Works beside a running service, by the configuration that the \
            service has, and without one. "feedwatch backtest" says before what it would change.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions

    @Option(
        help: ArgumentHelp(
            "Articles first seen since then: a local day, 2025-03-28, or a time, 2025-03-28T04:20:00Z.",
            valueName: "date"))
    var since: String

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard CivilDate(since) != nil || Timestamp(rfc3339: since) != nil else {
            throw ValidationError(
                "--since wants a day like 2025-03-28 or a time like 2025-03-28T04:20:00Z, not \"\(since)\"")
        }
    }

    func run() throws {
        let loaded = try configuration.load()
        let from = try Failure.told { try LocalDays.start(of: since, in: loaded) }
        let answer = try state.tell(.reclassify(since: from), configuration: loaded)
        if json, let outcome = answer.reclassified { try Terminal.show([], or: outcome) }
    }
}
