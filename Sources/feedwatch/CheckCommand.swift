import ArgumentParser
import Watch

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Reads the whole configuration, runs the tests inside topics, tries the templates, and prints all that is wrong.",
        discussion: """
            Prints file:line:column: what is wrong – what to do. Silent when all is well, but for a line of counts on a \
            terminal. For /etc/feedwatch it also prints the drop-in that systemd needs for a folder outside the service's own \
            and for secrets. Exits with 78 on errors; warnings are marked as such.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    func run() throws {
        let check = ConfigurationCheck.run(configuration.location, runTopicTests: TopicTests.run)
        for line in check.lines { Terminal.print(line: line) }
        if let summary = check.summary, Terminal.isInteractive || !check.lines.isEmpty { Terminal.say(summary) }
        for line in check.needs { Terminal.print(line: line) }
        if check.exitCode != 0 { throw ExitCode(check.exitCode) }
    }
}
