import Foundation
import GRDB
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// What a changed configuration would add and drop, and what is scored anew.
@Suite struct BacktestTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!
    private static let later = start + .seconds(7200)
    private static let end = start + .seconds(86_400)

    private static let news = [
        (id: "1", title: "Allies plan a joint headquarters to deter China", text: "The ministers met in Canberra."),
        (id: "2", title: "Island refuses a berth to a survey ship", text: "The port access agreement is suspended."),
        (id: "3", title: "Harbour festival opens on Monday", text: "With fireworks over the old lighthouse."),
    ]

    /// A state in which the first of three stories has alerted, and all have been in an issue's window.
    private func playground(_ body: (Playground, [String: Story]) async throws -> Void) async throws {
        let polls = Counter()
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let server = try LoopbackServer { _ in Playground.rss(polls.add() == 1 ? [old] : Self.news + [old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                sources:
                  outlet: {feed: "\(server.url("/rss"))", private_hosts: true, name: The Outlet, origin: newsroom}

                """)
        defer { playground.remove() }
        try playground.write("topic: ports\nname: Ports\nwords: {en: {strong: [quay]}}\n", to: "topics.d/ports.yaml")
        try await playground.pass(at: Self.start)
        try await playground.pass(at: Self.later)
        let store = try Store(path: playground.state.database, readOnly: true)
        var stories: [String: Story] = [:]
        for item in Self.news {
            stories[item.id] = try store.story(at: "https://outlet.example/\(item.id)")
        }
        store.close()
        try await body(playground, stories)
    }

    private func report(_ playground: Playground, against: Watch.Configuration? = nil, days: Int = 14) throws
        -> BacktestReport
    {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try Backtest(
            try Configuration.load(playground.location), against: against, state: playground.state, store: store,
            clock: .standing(at: Self.end)
        ).run(days: days)
    }

    private static let wider = """
        topic: ports
        name: Ports
        words: {en: {strong: [berth, port access agreement]}}
        alert: {any_of: [{match: clear, origin: official}, {match: clear, words: [refuses], near: [berth]}]}

        """

    @Test("The configuration by which it was filed adds and drops nothing")
    func unchanged() async throws {
        try await playground { playground, _ in
            let report = try self.report(playground)
            #expect(report.changes.isEmpty && report.stories == 3 && report.articles == 3)
            #expect(report.topics.map(\.alertsThen) == [1, 0] && report.topics.map(\.alertsNow) == [1, 0])
            #expect(report.topics.map(\.storiesThen) == [1, 0] && report.topics.map(\.storiesNow) == [1, 0])
            #expect(Printing.plain.text(report.lines).hasSuffix("\nNothing would be added or dropped.\n"))
        }
    }

    @Test(
        "What would come and what would go is listed by topic, with ids, titles and reasons; the database is only read")
    func changed() async throws {
        try await playground { playground, stories in
            try playground.write(Self.wider, to: "topics.d/ports.yaml")
            try playground.write(
                "topic: deterrence\nname: Deterrence\nwords: {en: {normal: [deter China]}}\nalert: {any_of: [{match: likely}]}\n",
                to: "topics.d/deterrence.yaml")
            let database = FileManager.default.contents(atPath: playground.state.database)
            let lock = try playground.state.lock()
            defer { lock.release() }
            let report = try self.report(playground)
            let (first, second) = (stories["1"]?.shownID ?? "", stories["2"]?.shownID ?? "")
            #expect(report.changes.map(\.story) == [first, first, second, second])
            #expect(report.changes.map(\.kind) == [.alert, .story, .alert, .story])
            #expect(report.changes.map(\.isAdded) == [false, false, true, true])
            #expect(
                report.changes.map(\.why) == [
                    "only \"deter China\"", "only \"deter China\"",
                    "by the line \"match: clear, words: [refuses], near: [berth]\"; clear: \"berth\" in the headline, "
                        + "\"port access agreement\" in the first lines",
                    "clear: \"berth\" in the headline, \"port access agreement\" in the first lines",
                ])
            #expect(
                Printing.plain.text(report.lines) == """
                    2025-03-17 04:00 – 2025-03-31 04:00: 3 stories began, 3 articles judged, beside what was alerted and published

                    topic       alerts  stories
                    Deterrence   1 → 0    1 → 0
                    Ports        0 → 1    0 → 1

                    Deterrence: alerts dropped
                      \(first)  Sun 06:00  Allies plan a joint headquarters to deter China
                            only "deter China"

                    Deterrence: stories dropped
                      \(first)  Sun 06:00  Allies plan a joint headquarters to deter China
                            only "deter China"

                    Ports: alerts added
                      \(second)  Sun 06:00  Island refuses a berth to a survey ship
                            by the line "match: clear, words: [refuses], near: [berth]"; clear: "berth" in the headline, "port access agreement" in the first lines

                    Ports: stories added
                      \(second)  Sun 06:00  Island refuses a berth to a survey ship
                            clear: "berth" in the headline, "port access agreement" in the first lines

                    """)
            #expect(FileManager.default.contents(atPath: playground.state.database) == database)
        }
    }

    @Test("What has not the line, or the topic, or the source any more says so")
    func reasons() async throws {
        func why(_ change: (Playground) throws -> Void) async throws -> [String] {
            var found: [String] = []
            try await playground { playground, _ in
                try change(playground)
                found = try self.report(playground).changes.map(\.why)
            }
            return found
        }
        let topic = "topic: deterrence\nwords: {en: {strong: [deter China, joint headquarters]}}\n"
        #expect(
            try await why {
                try $0.write(topic + "alert: {any_of: [{match: clear, country: JP}]}\n", to: "topics.d/deterrence.yaml")
            } == ["country: JP – the source has no country set"])
        #expect(
            try await why {
                try $0.write(
                    topic + "alert: {any_of: [{match: clear, newsrooms: 2}]}\n", to: "topics.d/deterrence.yaml")
            } == ["newsrooms: 2 – 1 known so far"])
        #expect(
            try await why { try FileManager.default.removeItem(atPath: "\($0.config)/topics.d/deterrence.yaml") }
                == ["the topic is not configured", "the topic is not configured"])
        #expect(
            try await why { try $0.write("sources:\n  other: https://other.example/\n", to: "sources.d/test.yaml") }
                == ["its source is not read: outlet", "its source is not read: outlet"])
        #expect(
            try await why {
                try $0.write(
                    "sources:\n  outlet: {feed: \"https://outlet.example/\", topics: {never: [deterrence], always: [ports]}}\n",
                    to: "sources.d/test.yaml")
            } == [
                "its source never has the topic", "its source never has the topic", "its source has the topic always",
                "its source has the topic always", "its source has the topic always",
            ])
    }

    @Test("Against a second configuration nothing of the record counts")
    func against() async throws {
        try await playground { playground, stories in
            let filed = try Configuration.load(playground.location)
            try playground.write(Self.wider, to: "topics.d/ports.yaml")
            let wider = try Configuration.load(playground.location)
            #expect(try self.report(playground, against: wider).changes.isEmpty)
            let report = try self.report(playground, against: filed)
            #expect(report.changes.map(\.story) == [String](repeating: stories["2"]?.shownID ?? "", count: 2))
            #expect(report.against == "configuration")
        }
    }

    @Test(
        "What cannot be known is counted and not guessed: dropped texts, sources without anything, stories before the span"
    )
    func unknown() async throws {
        try await playground { playground, _ in
            let queue = try playground.database()
            try await queue.write { db in
                for row in try Row.fetchAll(db, sql: "SELECT position, member FROM article") {
                    let member = try JSONDecoder().decode(StoryMember.self, from: row["member"] as Data)
                    let bare = try JSONEncoder().encode(member.withoutText(at: Self.end))
                    try db.execute(
                        sql: "UPDATE article SET member = ? WHERE position = ?",
                        arguments: [bare, row["position"] as Int64])
                }
            }
            try queue.close()
            let sources = playground.text("../config/sources.d/test.yaml") + "  quay: https://quay.example/rss\n"
            try playground.write(sources, to: "sources.d/test.yaml")
            try playground.write(
                "topic: deterrence\nwords: {en: {strong: [nothing]}}\n", to: "topics.d/deterrence.yaml")
            let report = try self.report(playground)
            #expect(report.changes.isEmpty && report.withoutText == 3 && report.unknownStories == 1)
            #expect(report.topics.map(\.alertsNow) == [1, 0] && report.newSources == ["quay"])
            let text = Printing.plain.text(report.lines)
            #expect(text.contains("\n  3 articles could not be judged: their texts are no longer kept"), "\(text)")
            #expect(text.contains("\n  1 story might go or stay with such an article, and count as they were\n"))
            #expect(text.contains("\n  nothing is stored of quay: what they would have brought is not known\n"))
            let store = try Store(path: playground.state.database, readOnly: true)
            defer { store.close() }
            let after = try Backtest(
                try Configuration.load(playground.location), state: playground.state, store: store,
                clock: .standing(at: Self.end + .seconds(20 * 86_400))
            ).run(days: 14)
            #expect(after.stories == 0 && after.changes.isEmpty)
        }
    }

    @Test("What the reader has decided no configuration adds or drops")
    func readers() async throws {
        try await playground { playground, stories in
            let configuration = try Configuration.load(playground.location)
            for (id, verdict) in [("1", ReaderVerdict.Word.no), ("3", .yes)] {
                _ = try ControlClient.carryOut(
                    .judge(
                        story: stories[id]?.shownID ?? "", verdict, topic: verdict == .no ? nil : "ports", note: nil),
                    state: playground.state, clock: .standing(at: Self.later), configuration: configuration)
            }
            #expect(try self.report(playground).changes.isEmpty)
            #expect(try self.report(playground).topics.map(\.storiesNow) == [0, 1])
            try playground.write(Self.wider.replacing("berth", with: "fireworks"), to: "topics.d/ports.yaml")
            #expect(!(try self.report(playground).changes.contains { $0.story == stories["3"]?.shownID }))
        }
    }

    private func reclassify(_ playground: Playground, since: Timestamp = start) throws -> ControlAnswer {
        try ControlClient.carryOut(
            .reclassify(since: since), state: playground.state, clock: .standing(at: Self.end),
            configuration: try Configuration.load(playground.location))
    }

    @Test("reclassify scores what is stored by the new topics, for explain and the next issue, and alerts nobody")
    func reclassified() async throws {
        try await playground { playground, stories in
            try playground.write(Self.wider, to: "topics.d/ports.yaml")
            let files = playground.files("")
            let answer = try reclassify(playground)
            #expect(
                answer.words == [
                    "3 articles since 2025-03-30T04:00:00Z scored, 1 otherwise than before; nothing is alerted",
                    "Ports: 1 more, 0 fewer",
                ])
            #expect(answer.reclassified?.topics == [.init(topic: "ports", gained: 1, lost: 0)])
            #expect(playground.files("") == files)
            let store = try Store(path: playground.state.database, readOnly: true)
            let story = try #require(try store.story(named: stories["2"]?.shownID ?? ""))
            #expect(story.members[0].topics.map(\.match) == [.clear] && story.alertedAt == nil)
            #expect(story.alerts.held == nil && stories["2"]?.members[0].topics == [])
            let issue = try DailyIssue(
                store: store, configuration: try Configuration.load(playground.location),
                clock: .standing(at: Self.end + .seconds(7200))
            ).preview()
            #expect(issue.stories.contains { $0.story.shownID == stories["2"]?.shownID })
            store.close()
            // The same once more changes nothing, and the next pass tells nothing of it.
            #expect(try reclassify(playground).reclassified?.changed == 0)
            #expect(try await playground.pass(at: Self.later + .seconds(7200)).alerts == 0)
            // What was first seen before is left as it is.
            try playground.write("topic: ports\nwords: {en: {strong: [quay]}}\n", to: "topics.d/ports.yaml")
            #expect(try reclassify(playground, since: Self.end).reclassified?.articles == 0)
        }
    }

    @Test("A name that becomes strong is no news in an alerted story that has said it")
    func saidAlready() async throws {
        try await playground { playground, stories in
            try playground.write("entities: {canberra: {name: Canberra, country: AU}}\n", to: "entities.d/e.yaml")
            try playground.write(
                """
                topic: deterrence
                name: Deterrence
                words: {en: {strong: ["deter China", "joint headquarters"]}}
                entities: {strong: [canberra]}
                alert: {any_of: [{match: clear}]}

                """, to: "topics.d/deterrence.yaml")
            #expect(try reclassify(playground).reclassified?.changed == 1)
            let store = try Store(path: playground.state.database, readOnly: true)
            defer { store.close() }
            let story = try #require(try store.story(named: stories["1"]?.shownID ?? ""))
            #expect(story.members[0].strongEntities == ["canberra"] && story.alerts.said.entities == ["canberra"])
            #expect(story.alerts.told.count == 1)
        }
    }

    @Test("A running service scores anew by the configuration that it has, and files on")
    func inService() async throws {
        try await playground { playground, stories in
            try playground.write(Self.wider, to: "topics.d/ports.yaml")
            let clock = ManualClock(Self.later + .seconds(60))
            let service = try Service(playground, clock: clock.wall)
            #expect(try await service.says("watching 1 sources"))
            let state = playground.state
            let answer = try await onThread {
                try ControlClient.carryOut(.reclassify(since: Self.start), state: state, clock: .system)
            }
            #expect(answer.exit == 0 && answer.reclassified?.changed == 1, "\(answer.words)")
            try await service.stop()
            let store = try Store(path: playground.state.database, readOnly: true)
            defer { store.close() }
            #expect(try store.story(named: stories["2"]?.shownID ?? "")?.alertedAt == nil)
        }
    }
}
