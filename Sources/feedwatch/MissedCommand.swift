import ArgumentParser
import News
import Watch

struct MissedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "missed",
        abstract: "Says why a story that was seen elsewhere did not come, and what would change that.",
        discussion: """
            Give the address of an article. It may have been alerted after all, folded into another story, held by a cap, below \
            the line, or hidden by a gap, a list that rolled over or a page that robots.txt keeps closed; or no source carries \
            it. What would change it is one line of the configuration, tried on what is stored: what it would have added in the \
            last days. Reads the database beside a running service or without one; fetches and writes nothing.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Option(help: ArgumentHelp("The topic that it belongs to.", valueName: "id"))
    var topic: String?

    @Option(help: ArgumentHelp("A phrase of it that the topic should know.", valueName: "phrase"))
    var word: String?

    @Option(help: "How many days the line is tried on, at most \(Limits.backtestDaysMax).")
    var days = 14

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The address of an article.", valueName: "url"))
    var url: String

    func validate() throws {
        guard (1...Limits.backtestDaysMax).contains(days) else {
            throw ValidationError("--days wants a number from 1 to \(Limits.backtestDaysMax), not \(days)")
        }
        guard url.contains("://"), url.utf8.count <= Limits.urlBytesMax else {
            throw ValidationError("\"missed\" wants the address of an article, https://…")
        }
        if word != nil, topic == nil { throw ValidationError("--word goes with --topic, which is to know it") }
    }

    func run() throws {
        let loaded = try configuration.load()
        let store = try state.openForReading()
        defer { store.close() }
        let missed = try Failure.told {
            try MissedStory(loaded, state: state.folder, store: store, days: days, clock: clock.clock)
                .find(url, .init(topic: topic, phrase: word))
        }
        try Terminal.show(missed.lines, or: json ? missed : nil, isCut: false)
    }
}
