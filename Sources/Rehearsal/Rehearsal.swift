import ArgumentParser

/// Plays seeds/ to the real program: never installed.
@main
struct Rehearsal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearsal", abstract: "Plays the example input of seeds/ to feedwatch.",
        subcommands: [
            DemoCommand.self, ServeCommand.self, TortureCommand.self, TakeCommand.self, PlayCommand.self,
            BenchCommand.self,
            HostileCommand.self, WatchCommand.self,
        ])
}

/// Where the repository's folders are; the commands are started from its root.
struct RepositoryOptions: ParsableArguments {
    @Option(help: "The repository's root.")
    var root = "."

    var seeds: String { root + "/seeds" }
    var config: String { root + "/Config" }
}
