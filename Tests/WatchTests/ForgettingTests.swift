import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// What is forgotten leaves no word behind, and never comes back.
@Suite struct ForgettingTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    typealias Item = (id: String, title: String, text: String)
    static let old: Item = ("0", "Ferries run", "On time.")
    static let secret: Item = (
        "1", "Allies open a joint headquarters in the harbour town of Darwin on Tuesday",
        "The Zanzibarian admiral moved in on Monday with forty clerks and a brass band from the harbour school."
    )
    static let other: Item = (
        "2", "Dredger runs aground off the eastern breakwater near Port Ashby", "Nobody was hurt, the pilots said."
    )

    /// A playground with two outlets that list what `items` says, polled once in silence.
    private func withFeeds(
        _ items: @escaping @Sendable (_ poll: Int, _ outlet: String) -> [Item],
        _ body: (Playground) async throws -> Void
    ) async throws {
        let polls = [Counter(), Counter()]
        let server = try LoopbackServer { request in
            let isFirst = request.path == "/a"
            return Playground.rss(items((isFirst ? polls[0] : polls[1]).add(), isFirst ? "a" : "b"))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: """
                defaults: {private_hosts: true}
                sources:
                  a: {feed: "\(server.url("/a"))"}
                  b: {feed: "\(server.url("/b"))"}

                """)
        defer { playground.remove() }
        try await body(playground)
    }

    private func forget(_ subject: String, _ playground: Playground, at hour: Int) throws -> ControlAnswer {
        try ControlClient.carryOut(
            .forget(subject), state: playground.state, clock: .standing(at: Self.start + .seconds(Int64(hour) * 3600)))
    }

    private func bytes(_ playground: Playground) -> Data {
        ["", "-wal"].reduce(into: Data()) {
            $0 += FileManager.default.contents(atPath: playground.state.database + $1) ?? Data()
        }
    }

    @Test("No word of it is left in the database; it does not come back, under this id or another, here or elsewhere")
    func forgotten() async throws {
        let renamed: Item = ("1-again", Self.secret.title, Self.secret.text)
        try await withFeeds { poll, outlet in
            switch poll {
            case 1: [Self.old]
            case 2: outlet == "a" ? [Self.secret, Self.other, Self.old] : [Self.old]
            // Rewritten, and in the other outlet's feed at the same address.
            case 3: [(Self.secret.id, Self.secret.title + ", guests say", Self.secret.text), Self.old]
            default: (outlet == "a" ? [renamed] : []) + [Self.secret, Self.old]
            }
        } _: { playground in
            try await playground.pass(at: Self.start)
            #expect(try await playground.pass(at: Self.start + .seconds(7200)).alerts == 1)
            let alert = try #require(playground.files(".json").first { $0.hasPrefix("alerts/") })
            let published = playground.text(alert)
            #expect(bytes(playground).range(of: Data("Zanzibarian".utf8)) != nil)

            let answer = try forget("http://www.outlet.example/1/", playground, at: 3)
            #expect(answer.exit == 0 && answer.forget?.articles == 1, "\(answer.words)")
            #expect(answer.words[0].hasPrefix("forgotten: Allies open a joint headquarters"))
            #expect(
                answer.forget?.quoting.contains(alert) == true && answer.forget?.quoting.count == 5,
                "\(answer.forget?.quoting ?? [])")
            #expect(playground.text(alert) == published)
            for word in ["Zanzibarian", "joint headquarters", "outlet.example/1"] {
                #expect(bytes(playground).range(of: Data(word.utf8)) == nil, "\(word)")
            }
            for hour in [5, 8] {
                let pass = try await playground.pass(at: Self.start + .seconds(Int64(hour) * 3600))
                #expect(pass.polled == 2 && pass.alerts == 0)
                #expect(pass.new == 0 && pass.changed == 0, "\(pass)")
            }
            let again = try #require(throws: UnknownName.self) {
                try forget("https://outlet.example/1", playground, at: 9)
            }
            #expect("\(again)".hasPrefix("no story is known as"))
        }
    }

    @Test("A story whose first article is forgotten goes on with the others, and a new text finds its way to it")
    func restOfStory() async throws {
        let copy: Item = ("3", Self.secret.title, Self.secret.text)
        let copyElsewhere: Item = ("4", Self.secret.title, Self.secret.text)
        try await withFeeds { poll, outlet in
            switch poll {
            case 1: [Self.old]
            case 2: outlet == "a" ? [Self.secret, Self.old] : [copy, Self.old]
            default: outlet == "a" ? [Self.secret, Self.old] : [copyElsewhere, copy, Self.old]
            }
        } _: { playground in
            try await playground.pass(at: Self.start)
            try await playground.pass(at: Self.start + .seconds(7200))
            let answer = try forget("https://outlet.example/1", playground, at: 3)
            #expect(answer.words.contains { $0.contains("copies of its text by other outlets stay") })
            try await playground.pass(at: Self.start + .seconds(14_400))
            let store = try Store(path: playground.state.database, readOnly: true)
            let story = try #require(try store.story(at: "https://outlet.example/3"))
            #expect(story.members.map(\.key) == ["3", "4"] && story.members[0].relation == .first)
            #expect(story.members[1].copyOf == MemberKey(source: "b", key: "3"))
            store.close()
            let whole = try forget(story.shownID, playground, at: 5)
            #expect(whole.forget?.articles == 2 && whole.words.contains("story \(story.shownID) has no article left"))
            try await playground.pass(at: Self.start + .seconds(21_600))
            let explainer = try Explainer(
                try Configuration.load(playground.location), state: playground.state,
                clock: .standing(at: Self.start + .seconds(21_600)))
            let text = Printing.plain.text(explainer.lines(try explainer.story(named: story.shownID)))
            #expect(text.contains("Its articles are no longer kept"), "\(text)")
            let teller = try StoryTeller(
                try Configuration.load(playground.location), state: playground.state,
                clock: .standing(at: Self.start + .seconds(21_600)))
            let account = Printing.plain.text(teller.lines(try teller.account(of: story.shownID)))
            #expect(account.contains("Its articles are no longer kept"), "\(account)")
        }
    }

    @Test("A running service forgets what its desk holds in memory, too, and goes on filing")
    func service() async throws {
        let copy: Item = ("5", Self.secret.title, Self.secret.text)
        try await withFeeds { poll, outlet in
            switch poll {
            case 1: [Self.old]
            case 2: outlet == "a" ? [Self.secret, Self.old] : [Self.old]
            default: outlet == "a" ? [Self.secret, Self.old] : [copy, Self.old]
            }
        } _: { playground in
            try await playground.pass(at: Self.start)
            let clock = ManualClock(Self.start + .seconds(7200))
            let service = try Service(playground, clock: clock.wall)
            let state = playground.state
            #expect(try await service.hasPolled(2))
            #expect(try await eventually { try service.station.store.story(at: "https://outlet.example/1") != nil })
            let answer = try await onThread {
                try ControlClient.carryOut(.forget("https://outlet.example/1"), state: state, clock: .system)
            }
            #expect(answer.exit == 0 && answer.forget?.articles == 1, "\(answer.words)")
            #expect(service.recorder.lines.contains { $0.hasSuffix("told: 1 articles forgotten") })
            clock.advance(.seconds(7200))
            #expect(try await eventually { try service.station.store.story(at: "https://outlet.example/5") != nil })
            #expect(!service.recorder.lines.contains { $0.hasPrefix("error") }, "\(service.recorder.lines)")
            try await service.stop()
        }
    }

    @Test("A feed that gives one id to all its texts goes on bringing news after one of them is forgotten")
    func reusedID() async throws {
        try await withFeeds { poll, _ in
            switch poll {
            case 1: [Self.old]
            case 2: [("0", Self.secret.title, Self.secret.text)]
            default: [("0", Self.other.title, Self.other.text)]
            }
        } _: { playground in
            try await playground.pass(at: Self.start)
            try await playground.pass(at: Self.start + .seconds(7200))
            _ = try forget("https://outlet.example/0", playground, at: 3)
            #expect(try await playground.pass(at: Self.start + .seconds(14_400)).new >= 1)
        }
    }
}
