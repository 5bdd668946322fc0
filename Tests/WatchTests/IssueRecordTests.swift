import Foundation
import News
import NewsTesting
import Publish
import Storage
import Synchronization
import Testing

@testable import Watch

/// Published issues are the record: looked at, compared, and never written again.
@Suite struct IssueRecordTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    private final class Items: Sendable {
        let all = Mutex<[(id: String, title: String, text: String)]>([("0", "Ferries run", "On time.")])
    }

    private final class Switch: Sendable {
        private let value = Mutex(false)
        var isOn: Bool { value.withLock { $0 } }
        func set(_ isOn: Bool) { value.withLock { $0 = isOn } }
    }

    /// A feed whose entries a test changes.
    private struct Outlet {
        let items = Items()
        let isDown = Switch()
        let server: LoopbackServer

        init() throws {
            let (items, isDown) = (items, isDown)
            server = try LoopbackServer { _ in
                isDown.isOn
                    ? LoopbackServer.Response(status: 503, headers: [], body: [])
                    : Playground.rss(items.all.withLock { $0 })
            }
        }
    }

    /// A playground with an issue of 30 March that tells of one story.
    private func published(_ outlet: Outlet) async throws -> Playground {
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(outlet.server.url("/rss"))\", private_hosts: true}\n")
        try await playground.pass(at: Self.start)
        outlet.items.all.withLock {
            $0.append(("1", "Patrols deter China, the chief says", "Nine ships left port at night."))
        }
        try await playground.pass(at: Self.start + .seconds(7200))
        let station = try playground.open(at: Self.start + .seconds(10_000))
        _ = try await station.publishDigestNow()
        await station.close()
        return playground
    }

    private func status(_ playground: Playground) throws -> Status {
        try StatusReport(
            try Configuration.load(playground.location), state: playground.state,
            clock: .standing(at: Self.start + .seconds(10_100))
        ).status
    }

    private func again(_ playground: Playground, day: String? = nil) throws -> IssueAgain {
        let store = try Store(path: playground.state.database, readOnly: true)
        defer { store.close() }
        let issue = try DailyIssue(
            store: store, configuration: try Configuration.load(playground.location),
            clock: .standing(at: Self.start + .seconds(20_000)))
        return try IssueAgain(of: day, issue, state: playground.state)
    }

    @Test("A file of an issue that was changed or removed is told by status, and stays as it is")
    func altered() async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        let problems = try status(playground).problems
        #expect(problems.isEmpty, "\(problems)")

        let markdown = "\(playground.state.path)/digests/2025-03-30.md"
        try Data("another story\n".utf8).write(to: URL(fileURLWithPath: markdown))
        try FileManager.default.removeItem(atPath: "\(playground.state.path)/digests/2025-03-30.html")
        let told = try status(playground).problems.filter { $0.kind == .record }.map(\.what)
        #expect(
            told == [
                "digests/2025-03-30.html was removed after it was published",
                "digests/2025-03-30.md was changed after it was published",
            ])
        try await playground.pass(at: Self.start + .seconds(14_000))
        #expect(playground.text("digests/2025-03-30.md") == "another story\n")
        #expect(!FileManager.default.fileExists(atPath: "\(playground.state.path)/digests/2025-03-30.html"))
        #expect(Printing.plain.text(try again(playground).lines).contains("2025-03-30.md was changed"))
    }

    @Test("A story that is forgotten leaves the record in the database, and its files go on being looked after")
    func forgotten() async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        let answer = try ControlClient.carryOut(
            .forget("https://outlet.example/1"), state: playground.state,
            clock: .standing(at: Self.start + .seconds(10_050)))
        #expect(answer.exit == 0)
        let again = try again(playground)
        #expect(again.difference.storiesThen == 0 && again.difference.isEmpty)
        try Data("another story\n".utf8).write(
            to: URL(fileURLWithPath: "\(playground.state.path)/digests/2025-03-30.md"))
        #expect(
            try status(playground).problems.filter { $0.kind == .record }.map(\.what)
                == ["digests/2025-03-30.md was changed after it was published"])
    }

    @Test(
        "After a clock that ran ahead the latest issue is the one published last, and issues go on telling what was blind"
    )
    func clockAhead() async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        func publish(at time: Timestamp) async throws -> Digest {
            let station = try playground.open(at: time)
            _ = try await station.onePass()
            let stem = try await station.publishDigestNow().stem
            await station.close()
            return try PublicJSON.decode(Digest.self, from: Array(playground.text(stem + ".json").utf8))
        }
        _ = try await publish(at: Self.start + .seconds(400 * 86_400))
        // Sources that were due in the future wait for their interval from here on.
        try await playground.pass(at: Self.start + .seconds(30_000))
        outlet.isDown.set(true)
        let blind = Self.start + .seconds(40_000)
        try await playground.pass(at: blind)
        outlet.isDown.set(false)
        try await playground.pass(at: Self.start + .seconds(60_000))
        let first = try await publish(at: Self.start + .seconds(86_400))
        #expect(first.window.from == first.window.to, "its window lies in the future")
        #expect(first.coverage.interrupted.contains { $0.since == blind }, "\(first.coverage) \(first.issued)")
        #expect(playground.text("digests/latest.json") == playground.text("digests/\(first.day).json"))
        let second = try await publish(at: Self.start + .seconds(2 * 86_400))
        #expect(!second.coverage.interrupted.contains { $0.since == blind }, "once is enough")
        #expect(second.coverage.interrupted.allSatisfy { $0.until <= second.issued }, "\(second.coverage)")
    }

    @Test(
        "What the database says now stands beside the record: a new headline, a story that fits no more, one that fits now"
    )
    func compared() async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        #expect(Printing.plain.text(try again(playground).lines).contains("The database says the same."))

        outlet.items.all.withLock { $0[1].title = "Patrols deter China, the minister says" }
        try await playground.pass(at: Self.start + .seconds(14_000))
        let changed = try again(playground, day: "2025-03-30").difference
        let headline = try #require(changed.changed.first?.changes.first { $0.what == .headline })
        #expect(headline.then == "Patrols deter China, the chief says")
        #expect(headline.now == "Patrols deter China, the minister says")
        #expect(changed.added.isEmpty && changed.removed.isEmpty)

        try playground.write(
            "topic: deterrence\nname: Deterrence\nwords: {en: {strong: [\"deter China\"]}}\ndigest: {from: clear}\n",
            to: "topics.d/deterrence.yaml")
        #expect(try again(playground).difference.removed.isEmpty)
        try playground.write(
            "topic: other\nname: Other\nwords: {en: {strong: [\"joint headquarters\"]}}\n",
            to: "topics.d/deterrence.yaml")
        let removed = try again(playground)
        #expect(removed.difference.removed.map(\.title) == ["Patrols deter China, the chief says"])
        #expect(Printing.plain.text(removed.lines).contains("- "))
        let json = try PublicJSON.encode(removed.difference)
        #expect(try PublicJSON.decode(DigestDifference.self, from: json) == removed.difference)
    }

    @Test("A change that was filed by a clock that was set back stands in the next issue, and in that one alone")
    func changedByAnEarlierClock() async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        outlet.items.all.withLock { $0[1].title = "Correction: Patrols deter China, the minister says" }
        #expect(
            try await playground.pass(at: Self.start + .seconds(3600)).polled == 0,
            "asked an hour ago, as far as it knows")
        #expect(try await playground.pass(at: Self.start + .seconds(7201)).changed == 1)
        func issue(_ day: String) throws -> Digest {
            try PublicJSON.decode(Digest.self, from: Array(playground.text("digests/\(day).json").utf8))
        }
        try await playground.pass(at: Self.start + .seconds(90_000))
        let next = try issue("2025-03-31")
        #expect(next.window.from == Self.start + .seconds(10_000))
        #expect(next.stories.map(\.status) == [.updated] && next.stories.map(\.changes) == [1])
        try await playground.pass(at: Self.start + .seconds(180_000))
        #expect(try issue("2025-04-01").stories.isEmpty)
    }

    @Test("A day without an issue is an error that says where issues are listed")
    func noIssue() async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        let error = #expect(throws: StateError.self) { try again(playground, day: "2025-03-29") }
        #expect(error?.detail.contains("2025-03-29") == true && error?.detail.contains("index.html") == true)
    }

    @Test(
        "A preview and a comparison change no byte of the state, alone and beside a running service",
        arguments: [false, true])
    func writesNothing(isServed: Bool) async throws {
        let outlet = try Outlet()
        defer { outlet.server.stop() }
        let playground = try await published(outlet)
        defer { playground.remove() }
        let clock = ManualClock(Self.start + .seconds(10_050))
        let service = isServed ? try Service(playground, clock: clock.wall) : nil
        if let service { #expect(try await service.says("watching")) }
        // Neither the service's own `run/` nor SQLite's lock marks between processes (`-shm`) are kept: they hold no data.
        func bytes() throws -> [String: Data] {
            let root = playground.state.path
            return try FileManager.default.subpathsOfDirectory(atPath: root)
                .filter { !$0.hasPrefix("run") && !$0.hasSuffix("-shm") }
                .reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: "\(root)/\($1)") }
        }
        let before = try bytes()
        for arguments in [["--preview"], ["--preview", "--json"], ["--again"], ["--again", "2025-03-30", "--json"]] {
            let run = try await CommandRun(
                ["digest", "--config", playground.config, "--state", playground.state.path] + arguments)
            #expect(run.status == 0, "\(run.words)")
            #expect(!run.output.isEmpty)
        }
        let after = try bytes()
        #expect(after.keys.sorted() == before.keys.sorted())
        #expect(after.filter { before[$0.key] != $0.value }.keys.sorted() == [])
        try await service?.stop()
    }
}
