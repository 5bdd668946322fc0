import ArgumentParser
import Foundation
import Watch

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why a story, an address or a page was judged as it was.",
        discussion: """
            Give the id that alerts and digests show (k7f2), the address of an article, or a file with an HTML page. Every \
            phrase is shown in its place, then what it counts, why the article stands in its story, and which condition of \
            an alert held or failed. An address that was not filed is fetched now, and, as a file, judged by the \
            configuration as it is now.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var clock: ClockOptions

    @Flag(help: "Print the evidence as JSON.")
    var json = false

    @Argument(help: ArgumentHelp("A story's id, an article's address, or a file.", valueName: "id|url|file"))
    var subject: String

    func run() async throws {
        let loaded = try configuration.load()
        try await Failure.told {
            let explainer = try Explainer(loaded, state: state.folder, clock: clock.clock)
            let explanation: Explanation
            if subject.contains("://") {
                explanation = try await explainer.address(subject)
            } else if FileManager.default.fileExists(atPath: subject) {
                guard let page = FileManager.default.contents(atPath: subject) else {
                    throw Failure("\(subject) cannot be read – name a file with a page")
                }
                explanation = try explainer.page([UInt8](page), file: subject)
            } else {
                explanation = try explainer.story(named: subject)
            }
            // Running text is wrapped by the terminal, not cut.
            try Terminal.show(explainer.lines(explanation), or: json ? explanation : nil, isCut: false)
            if explanation.fault != nil { throw ExitCode(1) }
        }
    }
}
