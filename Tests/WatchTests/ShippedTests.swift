import Foundation
import News
import Testing

@testable import Watch

/// What the repository ships is true: the configuration, and the page that draws the pipeline.
@Suite struct ShippedTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test("The shipped configuration has no errors, and the tests inside its topics hold")
    func configuration() throws {
        let check = ConfigurationCheck.run(
            ConfigurationLocation(folder: Self.root + "/Config"), runTopicTests: TopicTests.run)
        #expect(check.exitCode == 0, "\(check.lines)")
        let configuration = try Configuration.load(ConfigurationLocation(folder: Self.root + "/Config"))
        let topic = try #require(configuration.topics.first { $0.id == "indo-pacific-deterrence" })
        #expect(topic.tests.count >= 8)
        #expect(topic.alertAnyOf.count == 1 && topic.alertAnyOf[0].match == .clear)
        #expect(Set(topic.words.map(\.language)).isSuperset(of: ["en", "ja", "ko", "zh-Hans", "zh-Hant"]))
    }

    @Test("A topic's test that does not hold is a fault at its place, with what was found")
    func failingTopicTest() throws {
        var configuration = try Configuration.load(ConfigurationLocation(folder: Self.root + "/Config"))
        configuration.topics[0].tests = [
            Topic.Example(
                title: "Court asks whether long sentences are a crime deterrent", expect: .alert,
                place: "topics.d/x.yaml:12")
        ]
        let fault = try #require(TopicTests.run(configuration).first)
        #expect(fault.description.hasPrefix("topics.d/x.yaml:12:1: test \"Court asks"))
        #expect(fault.message.hasSuffix("expects alert and is nothing"))
    }

    @Test("docs/pipeline.md names every stage of the pipeline, and no other")
    func pipelinePage() throws {
        let page = try String(contentsOfFile: Self.root + "/docs/pipeline.md", encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let named = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        #expect(named == Stage.allCases.map(\.rawValue))
    }
}
