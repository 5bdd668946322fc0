import ArgumentParser
import Foundation
import News
import Publish
import Watch

struct DigestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest", abstract: "Publishes today's digest now, or shows what it would say.",
        discussion: """
            An issue is published once a day and never rewritten. Published early, it holds what was seen until now, and \
            the next one goes on from there.

            --again shows what the database says now of the window of an issue, beside the issue as it was published: stories             that would be added (+), are missing (-) or read otherwise (~). It writes nothing; corrections stand in later issues.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Flag(help: "Print what today's issue would say now; write nothing.")
    var preview = false

    @Flag(help: "Compare an issue with what the database says now; write nothing.")
    var again = false

    @Argument(help: "With --again: the day of the issue, 2025-03-30; the last one by default.")
    var day: String?

    @Flag(help: "Print the JSON instead of Markdown.")
    var json = false

    func validate() throws {
        if preview, again {
            throw ValidationError("--preview is of today's issue, --again of a published one; name one")
        }
        guard let day else { return }
        if !again { throw ValidationError("a day goes with --again") }
        if CivilDate(day) == nil { throw ValidationError("a day looks like 2025-03-30, not \"\(day)\"") }
    }

    func run() async throws {
        let loaded = try configuration.load()
        if again {
            let report = try Failure.told {
                let issue = try DailyIssue(store: state.openForReading(), configuration: loaded, clock: clock.clock)
                return try IssueAgain(of: day, issue, state: state.folder)
            }
            return try Terminal.show(report.lines, or: json ? report.difference : nil)
        }
        if preview {
            let digest = try Failure.told {
                try DailyIssue(store: state.openForReading(), configuration: loaded, clock: clock.clock).preview()
            }
            let data = try PublicJSON.encode(digest)
            Terminal.print(json ? data : Array(try MarkdownRenderer().render(digest).utf8))
            return
        }
        let issue = try await Failure.told {
            let station = try Station.open(
                loaded, state: state.owned, clock: clock.clock, log: Terminal.logger, patience: nil)
            let issue = try await station.publishDigestNow()
            await station.close()
            return issue
        }
        if issue.undelivered.contains(where: { $0.stem == issue.stem }) { throw Failure.notWritten(issue.undelivered) }
        let path = "\(state.folder.path)/\(issue.stem)"
        let shown = path + (json ? ".json" : ".md")
        guard let content = FileManager.default.contents(atPath: shown) else {
            Terminal.say("feedwatch: today's issue was published before, and \(shown) cannot be read now")
            throw ExitCode(1)
        }
        Terminal.say(issue.isNew ? "published \(path).md" : "today's issue was published before: \(path).md")
        Terminal.print(content)
        if !issue.undelivered.isEmpty { throw Failure.notWritten(issue.undelivered) }
    }
}
