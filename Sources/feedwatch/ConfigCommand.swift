import ArgumentParser
import Watch

/// `feedwatch config`: what can be configured, from the same table that reads it.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows what can be configured.", subcommands: [Sample.self, Keys.self])

    struct Sample: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a commented feedwatch.yaml with every default.")

        func run() { print(ConfigurationSample.mainFile, terminator: "") }
    }

    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints every key of every file, as Markdown.")

        func run() { print(ConfigurationDocument.markdown, terminator: "") }
    }
}
