import ArgumentParser
import Foundation
import Markup
import News
import Publish
import Storage
import Watch

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why a story, an address or a page was judged as it was.",
        discussion: """
            Give the id that alerts and digests show (k7f2), the address of an article that was filed, or a file with an \
            HTML page. A page is read and scored by the configuration as it is now.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var state: StateOptions

    @Flag(help: "Print the evidence as JSON.")
    var json = false

    @Argument(help: ArgumentHelp("A story's id, an article's address, or a file.", valueName: "id|url|file"))
    var subject: String

    func run() async throws {
        try Failure.told {
            if FileManager.default.fileExists(atPath: subject) { return try explainPage() }
            let store = try state.openForReading()
            let found = try subject.contains("://") ? store.story(at: subject) : store.story(named: subject)
            guard let story = found else {
                throw Failure(
                    "no story is known as \"\(subject)\" – give an id as alerts and digests show it, or an address that was filed"
                )
            }
            try show(story)
        }
    }

    private func explainPage() throws {
        let loaded = try configuration.load()
        guard let page = FileManager.default.contents(atPath: subject) else {
            throw Failure("\(subject) cannot be read")
        }
        let article = try ArticleReader.read(page: [UInt8](page), contentType: nil, url: "file:///\(subject)")
        let matches = TopicEngine(topics: loaded.topics, entities: loaded.entities).assess(article).topics
        if json { return Terminal.print(try PublicJSON.encode(matches)) }
        print(article.title ?? "(no headline)")
        print("\(article.paragraphs.count) paragraphs read")
        matches.forEach(show)
        if matches.isEmpty { print("No topic's words or names were found.") }
    }

    private func show(_ story: Story) throws {
        if json { return Terminal.print(try PublicJSON.encode(story)) }
        print("Story \(story.shownID), first seen \(story.firstSeen)")
        print(story.alertedAt.map { "Alerted \($0)" } ?? "Not alerted")
        for member in story.members {
            print("\n\(member.article.title ?? "(no headline)")")
            print("  \(member.source), \(member.relation.rawValue): \(member.reason)")
            if let url = member.url { print("  \(url)") }
            for change in member.changes {
                print("  version \(change.version), \(change.at)\(change.correction ? ", a correction" : "")")
            }
            for fault in member.article.faults { print("  \(fault.code): \(fault.detail)") }
            member.topics.forEach(show)
        }
    }

    private func show(_ match: TopicMatch) {
        print("  \(match.topic): \(match.match.rawValue), score \(Self.rounded(match.score))")
        for evidence in match.evidence {
            let name = evidence.entity.map { " (\($0))" } ?? ""
            let times = evidence.count > 1 ? " ×\(evidence.count)" : ""
            let verdict = evidence.ignored.map { "ignored: \($0)" } ?? "+\(Self.rounded(evidence.contribution))"
            print(
                "    \(evidence.field.rawValue) \"\(evidence.phrase)\"\(name)\(times) \(evidence.strength.rawValue) \(verdict)"
            )
        }
    }

    private static func rounded(_ number: Double) -> String { String(format: "%.2f", number) }
}
