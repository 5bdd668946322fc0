import ArgumentParser
import News
import Watch

struct MuteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mute", abstract: "Lets a story not alert for a time.",
        discussion: """
            feedwatch mute k7f2 for 3d. Give the id that digests show (k7f2), or the address of an article that was filed. The story stays in the digest. \
            Works beside a running service, through its control socket, and without one.
            """)

    @OptionGroup var state: StateOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 90m, 12h, 3d.", valueName: "span"))
    var span: String?

    @Flag(help: "Let it alert again.")
    var off = false

    @Argument(help: ArgumentHelp("A story's id, or an article's address.", valueName: "id|url"))
    var subject: String

    @Argument(help: ArgumentHelp("for and how long, in place of --for.", valueName: "for span"))
    var words: [String] = []

    /// Said in either way; nil when it is not said, or not clearly.
    private var length: String? {
        if words.isEmpty { return span }
        return words.count == 2 && words[0] == "for" && span == nil ? words[1] : nil
    }

    func validate() throws {
        guard (length != nil) != off, off ? words.isEmpty : true else {
            throw ValidationError("say how long, as in \"feedwatch mute k7f2 for 3d\", or --off")
        }
        if let length, Muting.seconds(of: length) == nil {
            throw ValidationError("a span is from 1m to 366d, such as 3d, not \"\(length)\"")
        }
    }

    func run() throws {
        try state.tell(.mute(story: subject, seconds: length.flatMap(Muting.seconds(of:)) ?? 0))
    }
}

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Forgets an article for good, or all of a story.",
        discussion: """
            Its text, the entry that its feed has listed and its place in the story leave the database, and it never comes \
            back as new. Files that readers have are the record and stay as they are: those that quote it are listed on \
            standard output, for you to decide; so are copies of the database that still hold it. Works beside a running \
            service, through its control socket, and without one.
            """)

    @OptionGroup var state: StateOptions

    @Argument(help: ArgumentHelp("An article's address, or a story's id for all of it.", valueName: "url|id"))
    var subject: String

    func run() throws {
        let answer = try state.tell(.forget(subject))
        for file in answer.forget?.quoting ?? [] { Terminal.print(line: file) }
    }
}

struct PollCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll", abstract: "Has the running service ask a source now.",
        discussion: """
            At most once a minute, and not while its server asks for rest. What comes of it is in the log and in \
            "feedwatch status --source".
            """)

    @OptionGroup var state: StateOptions

    @Argument(help: ArgumentHelp("The source.", valueName: "id"))
    var source: String

    func run() throws { try state.tell(.poll(source: source)) }
}

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Has the running service read its configuration anew, and says what changed.",
        discussion: "All or nothing: faults are printed, the old configuration goes on, and the command ends with 78.")

    @OptionGroup var state: StateOptions

    func run() throws {
        try state.tell(.reload)
        // In the unit "check" has said it just before.
        guard state.folder.path == "/var/lib/feedwatch", !JournalLog.isListening else { return }
        for line in ConfigurationCheck.needsOfService() { Terminal.say(line) }
    }
}

extension StateOptions {
    /// Has a request carried out, says what came of it, and ends with its code.
    @discardableResult
    func tell(
        _ request: ControlRequest, clock: WallClock = .system, configuration: Configuration? = nil
    ) throws -> ControlAnswer {
        let answer = try Failure.told {
            try ControlClient.carryOut(request, state: owned, clock: clock, configuration: configuration)
        }
        for line in answer.words { Terminal.say(line) }
        if answer.exit != 0 { throw ExitCode(answer.exit) }
        return answer
    }
}
