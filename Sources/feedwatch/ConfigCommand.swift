import ArgumentParser
import Publish
import Watch

/// `feedwatch config`: what can be configured, from the same table that reads it, and what is.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows what is and what can be configured.",
        subcommands: [Show.self, Sample.self, Keys.self, Template.self, Man.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the configuration in effect, each value with the file and line that it comes from.",
            discussion: """
                Without keys: the main file's. A key is digest.at or digest, sources.ID, sources.ID.interval, topics.ID, \
                entities.ID.
                """)

        @OptionGroup var configuration: ConfigurationOptions

        @Flag(help: "Print a JSON array.")
        var json = false

        @Argument(help: ArgumentHelp("What to show.", valueName: "key"))
        var keys: [String] = []

        func run() throws {
            try Failure.told {
                let show = try configuration.told { () throws(ConfigurationErrors) in
                    try ConfigurationShow(configuration.location)
                }
                let items = try show.items(keys)
                let summary = keys.isEmpty ? show.summary.map { StyledLine($0) } : []
                try Terminal.show(ConfigurationShow.lines(items) + summary, or: json ? items : nil, isCut: false)
            }
        }
    }

    struct Sample: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a commented feedwatch.yaml with every default.")

        func run() { Terminal.print(Array(ConfigurationSample.mainFile.utf8)) }
    }

    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints every key of every file, as Markdown.")

        func run() { Terminal.print(Array(ConfigurationDocument.markdown.utf8)) }
    }

    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a built-in template, to be changed and put into templates/ of the configuration.",
            discussion: "Without a name: the names of all. docs/templates.md says what they may show.")

        @Argument(help: ArgumentHelp("digest.md, page.css, …", valueName: "name"))
        var name: String?

        func run() throws {
            guard let name else { return Terminal.print(Array(Templates.names.map { $0 + "\n" }.joined().utf8)) }
            guard let text = Templates.builtIn(name) else {
                throw ValidationError("no template \"\(name)\" – known are \(Templates.names.joined(separator: ", "))")
            }
            Terminal.print(text)
        }
    }

    /// For the build of packages: `man feedwatch.yaml`.
    struct Man: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the manual page feedwatch.yaml(5).", shouldDisplay: false)

        func run() { Terminal.print(Array(ConfigurationManual.page.utf8)) }
    }
}
