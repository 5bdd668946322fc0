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
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Flag(help: "Print what today's issue would say now; write nothing.")
    var preview = false

    @Flag(help: "Print the JSON instead of Markdown.")
    var json = false

    func run() async throws {
        let loaded = try configuration.load()
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
