import ArgumentParser
import Publish
import Watch

struct YesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yes", abstract: "Says that a story belongs to a topic: it becomes an example.",
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
        The story's texts are kept as text files in STATE/examples/TOPIC/yes or no; saying the other word moves them. Give the \
        id that alerts and digests show (k7f2), or the address of an article that was filed.
        """

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions

    @Option(help: ArgumentHelp("The topic; needed when the story matches none or several.", valueName: "id"))
    var topic: String?

    @Option(help: ArgumentHelp("Why, in your words.", valueName: "words"))
    var note: String?

    @Argument(help: ArgumentHelp("A story's id, or an article's address.", valueName: "id|url"))
    var subject: String

    func judge(_ verdict: ExampleFolder.Verdict) throws {
        let loaded = try configuration.load()
        try Failure.told {
            let judged = try Judging(loaded, state: state.owned).judge(subject, verdict, topic: topic, note: note)
            let word =
                switch judged.outcome {
                case .stored: "stored"
                case .moved: "moved"
                case .unchanged: "already there"
                }
            Terminal.say("\(verdict.rawValue) to \(judged.topic.id), \(word): \(judged.title)")
            Terminal.print(Array(judged.files.map { $0 + "\n" }.joined().utf8))
        }
    }
}
