import ArgumentParser
import Watch

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies the state into a new folder, beside a running service.",
        discussion: """
            The folder gets the database as it is at one moment, looked through, and alerts, digests and examples. It is \
            there whole or not at all. How to restore it: docs/service.md. The configuration is not in it.
            """)

    @OptionGroup var state: StateOptions

    @Flag(help: "Let a backup of that name give way once the new one is whole.")
    var replace = false

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "path"))
    var path: String

    func run() throws {
        try Failure.told { Terminal.say(try Backup(of: state.folder, to: path, replaces: replace).make()) }
    }
}
