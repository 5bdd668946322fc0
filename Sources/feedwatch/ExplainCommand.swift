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
        // Before root becomes the owner of the state, who may not be able to read it.
        let page = try subject.contains("://") ? nil : Self.page(subject)
        try await Failure.told {
            let explainer = try Explainer(loaded, state: state.owned, clock: clock.clock)
            let explanation: Explanation
            if subject.contains("://") {
                explanation = try await explainer.address(subject)
            } else if let page {
                explanation = try explainer.page(page, file: subject)
            } else {
                explanation = try explainer.story(named: subject)
            }
            // Running text is wrapped by the terminal, not cut.
            try Terminal.show(explainer.lines(explanation), or: json ? explanation : nil, isCut: false)
            if explanation.fault != nil { throw ExitCode(1) }
        }
    }

    /// Nil where there is no such file.
    private static func page(_ file: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return try Failure.told {
            guard let page = FileManager.default.contents(atPath: file) else {
                throw Failure("\(file) cannot be read – name a file with a page")
            }
            return [UInt8](page)
        }
    }
}
