import ArgumentParser
import Watch

struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Lists the configured sources.", subcommands: [List.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists sources, on or off and why.")

        @OptionGroup var configuration: ConfigurationOptions

        @Option(help: "Only those in this language; zh takes zh-Hans too.")
        var language: String?

        @Option(help: "Only those of this country, ISO 3166-1.")
        var country: String?

        @Option(help: "Only those with this tag.")
        var tag: String?

        @Flag(help: "Only those that are polled.")
        var on = false

        @Flag(help: "Only those that are switched off.")
        var off = false

        @Flag(help: "Print a JSON array.")
        var json = false

        func validate() throws {
            if on, off { throw ValidationError("--on and --off together leave nothing; name one of them") }
        }

        func run() throws {
            let filter = SourceList.Filter(
                language: language, country: country, tag: tag, isOn: on ? true : off ? false : nil)
            let list = SourceList(try configuration.load(), filter: filter)
            try Terminal.show(list.lines, or: json ? list.rows : nil)
        }
    }
}
