import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

@Suite struct MissedTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!
    private static let end = start + .seconds(86_400)

    private static let news = [
        (id: "1", title: "Allies plan a joint headquarters to deter China", text: "The ministers met in Canberra."),
        (
            id: "2", title: "Naval exercise ends in a chess final at Lakeside",
            text: "The crews met in the gymnasium of the base."
        ),
        (id: "3", title: "Island refuses a berth to a survey ship", text: "The port access agreement is suspended."),
        (id: "4", title: "Harbour festival opens on Monday", text: "With fireworks over the old lighthouse."),
    ]

    /// A state with four stories, one of them alerted, and two sources: one is read, one is switched off.
    private func playground(_ body: (Playground) async throws -> Void) async throws {
        let polls = Counter()
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let server = try LoopbackServer { _ in Playground.rss(polls.add() == 1 ? [old] : Self.news + [old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                sources:
                  outlet: {feed: "\(server.url("/rss"))", private_hosts: true, name: The Outlet, origin: newsroom}
                  gull: {feed: "https://feeds.gull.example/rss", enabled: false, because: merged, name: The Gull}

                """)
        defer { playground.remove() }
        try playground.write(
            """
            topic: deterrence
            name: Deterrence
            words: {en: {strong: ["deter China", "joint headquarters", "naval exercise"]}}
            against: [{words: [chess]}]
            alert: {any_of: [{match: clear}]}

            """, to: "topics.d/deterrence.yaml")
        try await playground.pass(at: Self.start)
        try await playground.pass(at: Self.start + .seconds(7200))
        try await body(playground)
    }

    private func find(
        _ url: String, _ wish: MissedStory.Wish = .init(), in playground: Playground, at now: Timestamp = end
    ) throws -> Missed {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        return try MissedStory(
            try Configuration.load(playground.location), state: playground.state, store: store,
            clock: .standing(at: now)
        ).find(url, wish)
    }

    @Test("An alerted story is told with its file, and nothing is to be changed")
    func alerted() async throws {
        try await playground { playground in
            let missed = try find("https://outlet.example/1?utm_source=x", in: playground)
            #expect(missed.fate == .alerted && missed.change == nil && missed.source == "outlet")
            #expect(missed.words[0].hasPrefix("Its story alerted ") && missed.words[0].hasSuffix(".md)."))
        }
    }

    @Test("What words against hold back comes without them, and what that line would have added is counted and named")
    func below() async throws {
        try await playground { playground in
            let missed = try find("https://outlet.example/2", in: playground)
            #expect(missed.fate == .belowTheLine)
            #expect(
                missed.words == [
                    "It was read, and stands below the line of Deterrence: \"Naval exercise\", held back by \"chess\"."
                ])
            let change = try #require(missed.change)
            #expect(change.place == "topics.d, topic deterrence" && change.line == "against: – without \"chess\"")
            let effect = try #require(change.effect)
            #expect(effect.storiesAdded == 1 && effect.storiesDropped == 0 && effect.days == 14)
            #expect(effect.examples == ["\(missed.story ?? "") Naval exercise ends in a chess final at Lakeside"])
            let text = Printing.plain.text(missed.lines)
            #expect(text.contains("What would change it: topics.d, topic deterrence\n  against: – without \"chess\"\n"))
            #expect(text.contains("In the last 14 days it would have given 1 story and "))
        }
    }

    @Test(
        "A story of no topic asks for one; a phrase of the reader's is tried, and without a phrase that its source decides"
    )
    func noTopic() async throws {
        try await playground { playground in
            let missed = try find("https://outlet.example/3", in: playground)
            #expect(missed.fate == .noTopic && missed.change == nil && missed.words[1].contains("(deterrence)"))
            let named = try find("https://outlet.example/3", .init(topic: "deterrence"), in: playground)
            #expect(named.fate == .noTopic && named.change?.line == "topics: {always: [deterrence]}")
            // All of the source's: the chess players too, and the festival.
            #expect(named.change?.effect?.storiesAdded == 3)
            let phrase = try find(
                "https://outlet.example/3", .init(topic: "deterrence", phrase: "refuses a berth"), in: playground)
            #expect(phrase.change?.line == "words: {en: {strong: [\"refuses a berth\"]}}")
            #expect(phrase.change?.effect?.storiesAdded == 1)
            // A phrase that is not in it does not help: the next line is tried.
            let wrong = try find(
                "https://outlet.example/3", .init(topic: "deterrence", phrase: "naval \"base\""), in: playground)
            #expect(wrong.change?.line == "topics: {always: [deterrence]}")
            #expect(throws: UnknownName.self) {
                try find("https://outlet.example/3", .init(topic: "deterence"), in: playground)
            }
        }
    }

    @Test("What stood in the first document was silent, and what no document listed depends on its outlet")
    func unlisted() async throws {
        try await playground { playground in
            let first = try find("https://outlet.example/0", in: playground)
            // Its key is an id of its own: only the outlet is known by the address.
            #expect(first.fate == .notListed && first.source == "outlet")
            let unseen = try find("https://www.outlet.example/elsewhere", in: playground)
            #expect(
                unseen.fate == .notListed
                    && unseen.change?.line == "outlet-example-2: {page: \"https://outlet.example/…\"}")
            let off = try find("https://www.gull.example/a", in: playground)
            #expect(off.fate == .switchedOff && off.change?.line == "enabled: true" && off.source == "gull")
            #expect(off.words == ["The Gull is of that outlet and is not read: merged."])
            let other = try find("https://nowhere.example/a", in: playground)
            #expect(
                other.fate == .notCarried
                    && other.change?.line == "nowhere-example: {page: \"https://nowhere.example/\"}")
            let late = try find("https://outlet.example/later", in: playground, at: Self.end + .seconds(86_400))
            #expect(late.fate == .notListed)
            for evil in ["x://y", "https://", "https://[::1", "https://a\u{0}b.example/\u{1B}[2J"] {
                let missed = try find(evil, in: playground)
                #expect(missed.fate == .notCarried)
                #expect(
                    !Printing.plain.text(missed.lines).unicodeScalars.contains { $0.value == 0x1B || $0.value == 0 })
            }
        }
    }

    @Test("A list that rolled over between two reads is the reason why one of its entries was never seen")
    func rolledOver() async throws {
        let polls = Counter()
        @Sendable func page(_ from: Int) -> [(id: String, title: String, text: String)] {
            (from..<from + 3).map { (id: "\($0)", title: "Notice number \($0) of the harbour", text: "Text \($0).") }
        }
        let server = try LoopbackServer { _ in Playground.rss(page([1, 2, 9][min(polls.add(), 3) - 1])) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, name: The Outlet}\n")
        defer { playground.remove() }
        for hour in 0..<3 { try await playground.pass(at: Self.start + .seconds(hour * 3600)) }
        let missed = try find("https://outlet.example/7", in: playground)
        #expect(missed.fate == .rolledOver && missed.change?.line == "interval: 30m")
        #expect(missed.words[0].contains("Between Sun 05:00 and Sun 06:00 its list rolled over"))
        let station = try playground.open(at: Self.start + .seconds(2 * 3600 + 600))
        let digest = try station.dailyIssue.preview()
        await station.close()
        #expect(digest.coverage.maybeMissed?.map(\.source) == ["outlet"] && digest.coverage.interrupted.isEmpty)
        #expect(digest.sight.grade == .full)
    }
}
