import ArgumentParser
import Fetch
import Watch

@main
struct Feedwatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedwatch",
        abstract: "Watches feeds for people who must know early.",
        discussion: """
            Polls the sources of a configuration folder, reads the articles behind their entries, folds copies and \
            follow-ups into stories, scores them on your topics, and writes alerts and a daily digest as files.

            Exit codes: 0 done, 1 failed, 64 usage, 75 try again (locked, not running), 78 configuration.
            """,
        version: feedwatchVersion,
        subcommands: [
            RunCommand.self, OnceCommand.self, CheckCommand.self, StatusCommand.self, DigestCommand.self,
            ExplainCommand.self, MissedCommand.self, YesCommand.self, NoCommand.self, SourcesCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Tools",
                subcommands: [
                    ParseCommand.self, LinksCommand.self, ExtractCommand.self, GroupCommand.self, ClassifyCommand.self,
                    ConfigCommand.self, SimulateCommand.self, BacktestCommand.self, ReclassifyCommand.self,
                    MuteCommand.self, ForgetCommand.self, BackupCommand.self,
                    PollCommand.self, SiteCommand.self, StoryCommand.self, TopicCommand.self,
                    ReloadCommand.self,
                ])
        ])

    static func main() async {
        HeapTuning.apply()
        Terminal.holdClosedStreams()
        await main(nil)
    }
}
