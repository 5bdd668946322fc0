import Foundation
import GRDB
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// `yes` and `no`: what they keep, what they change at once, and how they are undone.
@Suite struct JudgingTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!
    private static let later = start + .seconds(7200)

    /// A state with a story that matches one topic and has alerted, and one that matches none.
    private func playground(
        _ body: (Playground, LoopbackServer, _ match: Story, _ miss: Story) async throws -> Void
    ) async throws {
        let polls = Counter()
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let news = [
            (id: "1", title: "Allies plan a joint headquarters to deter China", text: "To deter China.\n.A dot first."),
            (id: "2", title: "Harbour festival opens on Monday", text: "With fireworks over the old lighthouse."),
        ]
        let more = [
            (id: "3", title: "Correction: allies plan 2 joint headquarters to deter China", text: "To deter China.")
        ]
        let server = try LoopbackServer { _ in
            Playground.rss([[old], news + [old]].dropFirst(polls.add() - 1).first ?? more + news + [old])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, name: The Outlet}\n")
        defer { playground.remove() }
        try playground.write("topic: ports\nwords: {en: {strong: [berth]}}\n", to: "topics.d/ports.yaml")
        try await playground.pass(at: Self.start)
        try await playground.pass(at: Self.later)
        let store = try Store(path: playground.state.database, readOnly: true)
        let match = try #require(try store.story(at: "https://outlet.example/1"))
        let miss = try #require(try store.story(at: "https://outlet.example/2"))
        store.close()
        try await body(playground, server, match, miss)
    }

    private func judge(
        _ playground: Playground, _ subject: String, _ verdict: ReaderVerdict.Word, topic: TopicID? = nil,
        note: String? = nil, at time: Timestamp = later
    ) throws -> ControlAnswer {
        try ControlClient.carryOut(
            .judge(story: subject, verdict, topic: topic, note: note), state: playground.state,
            clock: .standing(at: time), configuration: try Configuration.load(playground.location))
    }

    private func read<Value>(_ playground: Playground, _ body: (Store) throws -> Value) throws -> Value {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try body(store)
    }

    private func issue(_ playground: Playground) throws -> Digest {
        try read(playground) { store in
            try DailyIssue(
                store: store, configuration: try Configuration.load(playground.location),
                clock: .standing(at: Self.start + .seconds(26 * 3600))
            ).preview()
        }
    }

    @Test("A yes is kept with its texts; a no moves it, and keeps the note until another is given")
    func sides() async throws {
        try await playground { playground, _, story, _ in
            let yes = try judge(playground, story.shownID, .yes, note: "a headquarters")
            let title = "Allies plan a joint headquarters to deter China"
            #expect(yes.words == ["yes to deterrence, stored: \(title)"])
            let file = "examples/deterrence/yes/\(story.shownID).txt"
            #expect(yes.judged?.files == ["\(playground.state.path)/\(file)"])
            #expect(
                playground.text(file) == """
                    Title: Allies plan a joint headquarters to deter China
                    Source: The Outlet
                    URL: https://outlet.example/1
                    Date: 2025-03-30T06:00:00Z
                    Note: a headquarters

                    To deter China. .A dot first.

                    """)
            #expect(try judge(playground, "https://outlet.example/1#x", .yes).judged?.change == .unchanged)
            let no = try judge(playground, story.shownID.uppercased(), .no, topic: "deterrence")
            #expect(no.judged?.change == .moved && no.words == ["no to deterrence, moved: \(title)"])
            #expect(playground.files(".txt") == ["examples/deterrence/no/\(story.shownID).txt"])
            let verdicts = try read(playground) { try $0.verdicts(on: story.id) }
            #expect(verdicts == ["deterrence": ReaderVerdict(.no, note: "a headquarters", at: Self.later)])
            _ = try judge(playground, story.shownID, .no, note: "two\nlines \u{1B}[2J")
            #expect(try read(playground) { try $0.verdicts(on: story.id) }["deterrence"]?.note == "two lines [2J")
            #expect(playground.text("examples/deterrence/no/\(story.shownID).txt").contains("Note: two lines [2J\n"))
        }
    }

    @Test("What a model learns from is the title, the text and the language of each text, with the word said last")
    func examples() async throws {
        try await playground { playground, _, match, miss in
            _ = try judge(playground, match.shownID, .yes)
            _ = try judge(
                playground, miss.shownID, .no, topic: "ports", note: "a festival", at: Self.later + .seconds(60))
            _ = try judge(playground, match.shownID, .no, at: Self.later + .seconds(120))
            let examples = ExampleFolder(path: playground.state.path + "/examples").read().examples
            #expect(examples.map(\.topic) == ["deterrence", "ports"] && examples.map(\.verdict) == [.no, .no])
            #expect(
                examples.map(\.example.title) == [
                    "Allies plan a joint headquarters to deter China", "Harbour festival opens on Monday",
                ])
            #expect(examples[1].example.paragraphs == ["With fireworks over the old lighthouse."])
            #expect(examples[1].example.note == "a festival" && examples[1].story == miss.shownID)
        }
    }

    @Test("After no a story is not in the next issue under the topic and does not alert again; yes undoes it")
    func refused() async throws {
        try await playground { playground, _, match, _ in
            #expect(try issue(playground).stories.map(\.story.shownID) == [match.shownID])
            _ = try judge(playground, match.shownID, .no)
            let without = try issue(playground)
            #expect(without.stories.isEmpty)
            #expect(!without.nearMisses.contains { $0.shownID == match.shownID }, "it is no near miss either")
            _ = try judge(playground, match.shownID, .yes)
            #expect(try issue(playground).stories.map(\.story.shownID) == [match.shownID])
            _ = try judge(playground, match.shownID, .no)
            // The correction would alert again (again.when).
            #expect(try await playground.pass(at: Self.later + .seconds(7 * 3600)).alerts == 0)
            let story = try read(playground) { try #require(try $0.story(named: match.shownID)) }
            #expect(story.members.count == 2)
        }
    }

    @Test("Without the no the same correction alerts again")
    func notRefused() async throws {
        try await playground { playground, _, _, _ in
            let pass = try await playground.pass(at: Self.later + .seconds(7 * 3600))
            #expect(pass.alerts == 1)
        }
    }

    @Test("After yes a story that matches nothing stands in the issue, with the reader's word for why")
    func wanted() async throws {
        try await playground { playground, _, match, miss in
            _ = try judge(playground, miss.shownID, .yes, topic: "ports", note: "fireworks *close* the <b>berth")
            let story = try #require(try issue(playground).stories.first { $0.story.shownID == miss.shownID })
            let topic = try #require(story.story.topics.first)
            #expect(topic.id == "ports" && topic.match == .likely && topic.evidence.isEmpty && topic.member == nil)
            #expect(topic.reader == ReaderVerdict(.yes, note: "fireworks *close* the <b>berth", at: Self.later))
            let text = try MarkdownRenderer().render(try issue(playground))
            #expect(
                text.contains("**Why here** likely: you said yes (fireworks \\*close\\* the \\<b\\>berth)."), "\(text)")
            _ = try judge(playground, miss.shownID, .no, topic: "ports")
            #expect(try issue(playground).stories.map(\.story.shownID) == [match.shownID])
        }
    }

    @Test("explain shows what was said, with its note and when")
    func explained() async throws {
        try await playground { playground, _, match, miss in
            _ = try judge(playground, match.shownID, .no, note: "old news")
            _ = try judge(playground, miss.shownID, .yes, topic: "ports")
            let explainer = try Explainer(
                try Configuration.load(playground.location), state: playground.state,
                clock: .standing(at: Self.later + .seconds(600)))
            func text(_ id: String) throws -> String {
                Printing.plain.text(explainer.lines(try explainer.story(named: id)))
            }
            #expect(try text(match.shownID).contains("  reader   said no 10 min ago (06:00): old news\n"))
            // Nothing of the topic was found in it.
            #expect(try text(miss.shownID).contains("You said yes to ports 10 min ago (06:00).\n"))
            let explanation = try explainer.story(named: match.shownID)
            #expect(explanation.articles[0].topics[0].found.reader?.note == "old news")
        }
    }

    @Test("A running service takes it over its socket, and it holds for what comes next and after a restart")
    func service() async throws {
        try await playground { playground, server, match, _ in
            let clock = ManualClock(Self.later + .seconds(60))
            let service = try Service(playground, clock: clock.wall)
            #expect(try await service.says("watching 1 sources"))
            let state = playground.state
            let answer = try await onThread {
                try ControlClient.carryOut(
                    .judge(story: match.shownID, .no, topic: nil, note: "not this"), state: state, clock: .system)
            }
            #expect(answer.exit == 0 && answer.judged?.verdict == .no && answer.judged?.files.count == 1)
            #expect(try await service.says("told: no to deterrence, stored"))
            let unknown = try await onThread {
                try ControlClient.carryOut(
                    .judge(story: match.shownID, .no, topic: "prts", note: nil), state: state, clock: .system)
            }
            #expect(unknown.exit == 1 && unknown.words == ["no topic is known as \"prts\" – did you mean \"ports\"?"])
            try await service.stop()
            #expect(try await playground.pass(at: Self.later + .seconds(7 * 3600)).alerts == 0)
            #expect(try read(playground) { try $0.verdicts(on: match.id) }["deterrence"]?.note == "not this")
        }
    }

    @Test("A running service learns from a word at once: what it files next is judged with it")
    func learning() async throws {
        try await playground { playground, _, match, _ in
            // Ten of either answer make a model, and one is missing.
            for number in 1...10 {
                for verdict in ReaderVerdict.Word.allCases where verdict == .yes || number < 10 {
                    let folder = "\(playground.config)/examples/deterrence/\(verdict.rawValue)"
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                    let title =
                        verdict == .yes ? "Allies plan headquarters \(number)" : "Drama plans headquarters \(number)"
                    try Data("Title: \(title)\n\nA joint headquarters to deter China.\n".utf8)
                        .write(to: URL(fileURLWithPath: "\(folder)/\(number).txt"))
                }
            }
            let clock = ManualClock(Self.later + .seconds(300))
            let service = try Service(playground, clock: clock.wall)
            #expect(try await service.says("watching 1 sources"))
            let state = playground.state
            let judged = try await onThread {
                try ControlClient.carryOut(
                    .judge(story: match.shownID, .no, topic: nil, note: nil), state: state, clock: .system)
            }
            #expect(judged.exit == 0)
            _ = try await onThread {
                try ControlClient.carryOut(.poll(source: "outlet"), state: state, clock: .system)
            }
            func filed() throws -> TopicMatch? {
                try read(playground) { try $0.story(at: "https://outlet.example/3") }?.members.last?.topics.first
            }
            #expect(try await eventually { try filed() != nil })
            #expect(try filed()?.learned?.examples == 20)
            #expect(match.members[0].topics[0].learned == nil)
            try await service.stop()
        }
    }

    @Test("What is forgotten is learned from no more; the rest of its story is")
    func forgotten() async throws {
        try await playground { playground, _, match, _ in
            try await playground.pass(at: Self.later + .seconds(7 * 3600))
            _ = try judge(playground, match.shownID, .yes)
            let folder = ExampleFolder(path: playground.state.path + "/examples")
            #expect(folder.read().examples.count == 2)
            let answer = try ControlClient.carryOut(
                .forget("https://outlet.example/1"), state: playground.state, clock: .standing(at: Self.later))
            #expect(answer.words.contains("removed: examples/deterrence/yes/\(match.shownID).txt"))
            #expect(
                folder.read().examples.map(\.example.title) == [
                    "Correction: allies plan 2 joint headquarters to deter China"
                ])
            _ = try ControlClient.carryOut(
                .forget(match.shownID), state: playground.state, clock: .standing(at: Self.later))
            #expect(folder.read().examples.isEmpty)
            #expect(try read(playground) { try $0.verdicts(on: match.id) }.isEmpty)
        }
    }

    @Test("A topic is asked for where the story matches none or several, and corrected where it is unknown")
    func topics() async throws {
        try await playground { playground, _, match, miss in
            #expect { try judge(playground, miss.shownID, .yes) } throws: {
                $0 is Judging.TopicNeeded
                    && "\($0)" == "\(miss.shownID) matches no topic – name one with --topic: deterrence, ports"
            }
            #expect { try judge(playground, match.shownID, .no, topic: "port") } throws: {
                "\($0)" == "no topic is known as \"port\" – did you mean \"ports\"?"
            }
            #expect { try judge(playground, "zzzz9", .no) } throws: { $0 is UnknownName }
            #expect(playground.files(".txt").isEmpty)
            _ = try judge(playground, miss.shownID, .yes, topic: "ports")
            #expect(playground.files(".txt") == ["examples/ports/yes/\(miss.shownID).txt"])
            #expect(try judge(playground, miss.shownID, .no).judged?.topic == "ports", "it is the one that was judged")
        }
    }

    @Test("An empty state knows no story, and no folder is made")
    func emptyState() throws {
        let playground = try Playground(sources: "sources:\n  one: https://one.example/rss\n")
        defer { playground.remove() }
        #expect(throws: UnknownName.self) { try judge(playground, "k7f2", .yes) }
        #expect(!FileManager.default.fileExists(atPath: playground.state.path))
    }

    @Test("A line of the socket is read whole: topic and note may be missing, the story may not")
    func requests() throws {
        func request(_ text: String) throws -> ControlRequest { try ControlRequest(line: Array(text.utf8)) }
        #expect(
            try request(#"{"command":"yes","story":"k7f2","topic":"t","note":"n"}"#)
                == .judge(story: "k7f2", .yes, topic: "t", note: "n"))
        #expect(try request(#"{"command":"no","story":"k7f2"}"#) == .judge(story: "k7f2", .no, topic: nil, note: nil))
        #expect { try request(#"{"command":"no"}"#) } throws: { "\($0)" == "no wants \"story\", a text" }
        #expect { try request(#"{"command":"reclassify","since":"yesterday"}"#) } throws: {
            "\($0)" == "reclassify wants \"since\", a time such as 2025-03-30T04:20:00Z"
        }
        for original: ControlRequest in [
            .judge(story: "a", .yes, topic: nil, note: "x"), .reclassify(since: Self.start),
        ] { #expect(try ControlRequest(line: Array(JSONEncoder().encode(original))) == original) }
    }
}
