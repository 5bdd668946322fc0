import ArgumentParser
import News
import Watch

struct YesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yes", abstract: "Says that a story belongs to a topic.",
        discussion: JudgeOptions.discussion)

    @OptionGroup var options: JudgeOptions

    func run() throws { try options.judge(.yes) }
}

struct NoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "no", abstract: "Says that a story does not belong to a topic.",
        discussion: JudgeOptions.discussion)

    @OptionGroup var options: JudgeOptions

    func run() throws { try options.judge(.no) }
}

/// What `yes` and `no` share.
struct JudgeOptions: ParsableArguments {
    static let discussion = """
        It holds at once, also in a running service. After no the story does not alert for the topic, and issues do not show it \
        there; after yes they do. The other word undoes it; "feedwatch explain" shows it with the note. The story's texts \
        become examples of the topic: in the database, and as text files in STATE/examples/TOPIC/yes or no. Give the id that \
        alerts and digests show (k7f2), or the address of an article that was filed.
        """

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Option(help: ArgumentHelp("The topic; needed when the story matches none or several.", valueName: "id"))
    var topic: String?

    @Option(help: ArgumentHelp("Why, in your words.", valueName: "words"))
    var note: String?

    @Argument(help: ArgumentHelp("A story's id, or an article's address.", valueName: "id|url"))
    var subject: String

    func judge(_ verdict: ReaderVerdict.Word) throws {
        let loaded = try configuration.load()
        let request = ControlRequest.judge(story: subject, verdict, topic: topic, note: note)
        let answer = try state.tell(request, clock: clock.clock, configuration: loaded)
        for file in answer.judged?.files ?? [] { Terminal.print(line: file) }
    }
}
