import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

@Suite struct JudgingTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!

    /// A state with a story that matches one topic and one that matches none.
    private func playground(_ body: (Playground, Judging, _ match: Story, _ miss: Story) async throws -> Void)
        async throws
    {
        let polls = Counter()
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let news = [
            (id: "1", title: "Allies plan a joint headquarters to deter China", text: "To deter China.\n.A dot first."),
            (id: "2", title: "Harbour festival opens on Monday", text: "With fireworks over the old lighthouse."),
        ]
        let server = try LoopbackServer { _ in Playground.rss(polls.add() == 1 ? [old] : news + [old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, name: The Outlet}\n")
        defer { playground.remove() }
        try playground.write("topic: ports\nwords: {en: {strong: [berth]}}\n", to: "topics.d/ports.yaml")
        try await playground.pass(at: Self.start)
        try await playground.pass(at: Self.start + .seconds(7200))
        let store = try Store(path: playground.state.database, readOnly: true)
        let match = try #require(try store.story(at: "https://outlet.example/1"))
        let miss = try #require(try store.story(at: "https://outlet.example/2"))
        let judging = Judging(try Configuration.load(playground.location), state: playground.state)
        try await body(playground, judging, match, miss)
    }

    @Test(
        "A yes is a text file of the story's own text; a no moves it; nothing is written twice, nor into the database")
    func sides() async throws {
        try await playground { playground, judging, story, _ in
            let database = FileManager.default.contents(atPath: playground.state.database)
            // A daemon holds the state meanwhile.
            let lock = try playground.state.lock()
            defer { lock.release() }
            let yes = try judging.judge(story.shownID, .yes, topic: nil, note: nil)
            #expect(yes.outcome == .stored && yes.topic.id == "deterrence")
            let file = "examples/deterrence/yes/\(story.shownID).txt"
            #expect(
                playground.text(file) == """
                    Title: Allies plan a joint headquarters to deter China
                    Source: The Outlet
                    URL: https://outlet.example/1
                    Date: 2025-03-30T06:00:00Z

                    To deter China. .A dot first.

                    """)
            #expect(try judging.judge("https://outlet.example/1#x", .yes, topic: nil, note: nil).outcome == .unchanged)
            let no = try judging.judge(
                story.shownID.uppercased(), .no, topic: "deterrence", note: "two\nlines \u{1B}[2J")
            #expect(no.outcome == .moved)
            #expect(playground.files(".txt") == ["examples/deterrence/no/\(story.shownID).txt"])
            #expect(playground.text("examples/deterrence/no/\(story.shownID).txt").contains("Note: two lines [2J\n"))
            #expect(FileManager.default.contents(atPath: playground.state.database) == database)
        }
    }

    @Test("A topic is asked for where the story matches none or several, and corrected where it is unknown")
    func topics() async throws {
        try await playground { playground, judging, match, miss in
            #expect { try judging.judge(miss.shownID, .yes, topic: nil, note: nil) } throws: {
                $0 is Judging.TopicNeeded
                    && "\($0)" == "\(miss.shownID) matches no topic – name one with --topic: deterrence, ports"
            }
            #expect { try judging.judge(match.shownID, .no, topic: "port", note: nil) } throws: {
                "\($0)" == "no topic is known as \"port\" – did you mean \"ports\"?"
            }
            #expect { try judging.judge("zzzz9", .no, topic: nil, note: nil) } throws: { $0 is UnknownName }
            #expect(playground.files(".txt").isEmpty)
            _ = try judging.judge(miss.shownID, .yes, topic: "ports", note: nil)
            #expect(playground.files(".txt") == ["examples/ports/yes/\(miss.shownID).txt"])
        }
    }

    @Test("An empty state knows no story, and no folder is made")
    func emptyState() throws {
        let playground = try Playground(sources: "sources:\n  one: https://one.example/rss\n")
        defer { playground.remove() }
        let judging = Judging(try Configuration.load(playground.location), state: playground.state)
        #expect(throws: UnknownName.self) { try judging.judge("k7f2", .yes, topic: nil, note: nil) }
        #expect(!FileManager.default.fileExists(atPath: playground.state.path))
    }
}
