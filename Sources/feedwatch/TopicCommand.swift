import ArgumentParser
import Watch

struct TopicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topic", abstract: "Tests a topic on its examples, or finds its thresholds.",
        subcommands: [Test.self, Tune.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judges a topic's examples as if it had not seen them, and runs the tests of its file.",
            discussion: """
                Examples are those beside the configuration, examples/TOPIC/yes and no, and the reader's own, which "yes" and \
                "no" keep in the state folder. Each is judged by a model that has learned from the other four fifths.
                """)

        @OptionGroup var options: TopicOptions

        func run() throws { try options.show { $0.report() } }
    }

    struct Tune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Finds the scores from which a topic's matches should be likely and clear.",
            discussion: """
                Prints what each threshold would let through of the topic's examples, each judged as if it had not been seen, \
                and the line for its file. Nothing is changed.
                """)

        @OptionGroup var options: TopicOptions

        func run() throws { try options.show { $0.tuning() } }
    }
}

/// What `topic test` and `topic tune` share.
struct TopicOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions

    @Argument(help: ArgumentHelp("The topic.", valueName: "id"))
    var topic: String

    func show(_ lines: (TopicTrials) -> [String]) throws {
        let loaded = try configuration.load()
        try Failure.told {
            let trials = try TopicTrials(loaded, topic: topic, state: state.owned.path)
            Terminal.print(Array(lines(trials).map { $0 + "\n" }.joined().utf8))
        }
    }
}
