import ArgumentParser
import Watch

/// `feedwatch story`: how a story came together, and what the reader knows better.
struct StoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "story",
        abstract: "Tells how a story came together; takes articles out of it, or puts stories together.",
        subcommands: [Show.self, Split.self, Join.self], defaultSubcommand: Show.self)

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a story's texts and their origins, and its articles in the order of time.",
            discussion: """
                feedwatch story k7f2. With each article stand why it belongs to the story, and what changed in it from version \
                to version.
                """)

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var state: StateOptions
        @OptionGroup var clock: ClockOptions

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: ArgumentHelp("A story's id, or an article's address.", valueName: "id|url"))
        var subject: String

        func run() throws {
            let loaded = try configuration.load()
            try Failure.told {
                let teller = try StoryTeller(loaded, state: state.owned, clock: clock.clock)
                let account = try teller.account(of: subject)
                try Terminal.show(teller.lines(account), or: json ? account : nil, isCut: false)
            }
        }
    }

    struct Split: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes an article, with the copies of its text, out of its story.",
            discussion: """
                It is a story of its own for ever, whatever its next versions say; copies that come later follow their text. A copy \
                leaves alone, as a text of its own. Nothing that was told is told again. Works beside a running service, \
                through its control socket, and without one.
                """)

        @OptionGroup var state: StateOptions

        @Argument(help: ArgumentHelp("The address of an article that was filed.", valueName: "url"))
        var article: String

        func run() throws { try state.tell(.split(article: article)) }
    }

    struct Join: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts the articles of a second story into a first one.",
            discussion: """
                For ever; the second one's id leads to the first from then on. When one of them has alerted, both have. Works \
                beside a running service, through its control socket, and without one.
                """)

        @OptionGroup var state: StateOptions

        @Argument(help: ArgumentHelp("The story that stays: its id, or an article's address.", valueName: "id|url"))
        var story: String

        @Argument(help: ArgumentHelp("The story that goes into it.", valueName: "id|url"))
        var other: String

        func run() throws { try state.tell(.join(story: story, other: other)) }
    }
}
