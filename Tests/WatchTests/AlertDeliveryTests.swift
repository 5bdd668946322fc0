import Foundation
import Markup
import News
import NewsTesting
import Publish
import Storage
import Synchronization
import Testing

@testable import Watch

/// What becomes of alerts in whole passes: held ones, blind sources, embargoes, the feed.
@Suite("Alerts from pass to file")
struct AlertDeliveryTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private static let old = (id: "0", title: "Ferries run", text: "On time.")

    private static let pilots =
        "Unpaid night flights and broken simulators at the northern airfield are why its pilots leave until the harvest is in."

    private static func rss(_ items: [(id: String, title: String, text: String)]) -> LoopbackServer.Response {
        Playground.rss(items + [old])
    }

    /// A server that shows what it is told to.
    private final class Outlet: Sendable {
        private let shown = Mutex<LoopbackServer.Response?>(AlertDeliveryTests.rss([]))

        func show(_ items: [(id: String, title: String, text: String)]) {
            shown.withLock { $0 = AlertDeliveryTests.rss(items) }
        }

        func fail() { shown.withLock { $0 = nil } }

        var answer: LoopbackServer.Response {
            shown.withLock { $0 } ?? LoopbackServer.Response(status: 500, headers: [], body: [])
        }
    }

    private static func sources(_ server: LoopbackServer, _ ids: [String], keys: String = "") -> String {
        "sources:\n" + ids.map { "  \($0): {feed: \"\(server.url("/\($0)"))\", private_hosts: true\(keys)}\n" }.joined()
    }

    private static func json(_ playground: Playground, _ name: String) throws -> [UInt8] {
        [UInt8](playground.text(name).utf8)
    }

    @Test("What quiet hours hold is written by the pass that comes after them, once, with its line in the log")
    func quietHours() async throws {
        let outlet = Outlet()
        let server = try LoopbackServer { _ in outlet.answer }
        defer { server.stop() }
        let playground = try Playground(sources: Self.sources(server, ["outlet"]))
        defer { playground.remove() }
        try playground.write(
            """
            topic: deterrence
            words: {en: {strong: ["joint headquarters"]}}
            alert:
              any_of: [{match: clear}]
              quiet: {from: "09:00", to: "12:00"}

            """, to: "topics.d/deterrence.yaml")
        try await playground.pass(at: Self.start)
        outlet.show([("1", "A joint headquarters for the allies", "They agreed on Sunday.")])
        #expect(try await playground.pass(at: Self.start + .seconds(7200)).alerts == 0)
        #expect(playground.files("").filter { $0.hasPrefix("alerts") } == [])
        #expect(try await playground.pass(at: Self.start + .seconds(3 * 3600)).alerts == 0)
        let waiting = try #require(try await preview(playground, hours: 3).held?.first)
        #expect(waiting.by == .quiet && waiting.topics == ["deterrence"] && waiting.file == nil && !waiting.isUpdate)
        #expect(waiting.since == Self.start + .seconds(7200) && waiting.until == Self.start + .seconds(4 * 3600))
        // Decided, and killed before it was delivered: the next pass decides nothing anew and delivers it.
        let killed = try playground.open(at: Self.start + .seconds(5 * 3600))
        #expect(try await killed.desk.release(all: true) == 1)
        await killed.close()
        for _ in 0..<2 { #expect(try await playground.pass(at: Self.start + .seconds(5 * 3600)).alerts == 0) }
        let stem = "alerts/2025-03-30/130000Z-more"
        #expect(
            playground.files("").filter { $0.hasPrefix("alerts/") }
                == [
                    "alerts/2025-03-30", "\(stem).html", "\(stem).json", "\(stem).md", "alerts/alerts.atom",
                    "alerts/alerts.log",
                ])
        #expect(playground.text("alerts/alerts.log").split(separator: "\n").count == 1)
        let held = try PublicJSON.decode(HeldAlerts.self, from: Self.json(playground, "\(stem).json"))
        let issue = try await preview(playground, hours: 6)
        #expect(issue.held?.map(\.file) == [stem] && issue.held?.map(\.until) == [held.decided])
        #expect(issue.held?.map(\.shownID) == [held.stories[0].story.shownID])
        let explainer = try Explainer(
            try Configuration.load(playground.location), state: playground.state,
            clock: .standing(at: Self.start + .seconds(6 * 3600)))
        let text = Printing.plain.text(explainer.lines(try explainer.story(named: held.stories[0].story.shownID)))
        #expect(text.contains("(\(stem).md): deterrence, by the line \"match: clear\""), "\(text)")
    }

    /// Today's issue as it would be so many hours after the start.
    private func preview(_ playground: Playground, hours: Int64) async throws -> Digest {
        let station = try playground.open(at: Self.start + .seconds(hours * 3600))
        let digest = try station.dailyIssue.preview()
        await station.close()
        return digest
    }

    @Test("Why a story is silent stands in explain and status while it is held")
    func explained() async throws {
        let outlet = Outlet()
        let server = try LoopbackServer { _ in outlet.answer }
        defer { server.stop() }
        let playground = try Playground(sources: Self.sources(server, ["outlet"]))
        defer { playground.remove() }
        try playground.write(
            """
            topic: deterrence
            words: {en: {strong: ["joint headquarters", "night flights"]}}
            alert:
              any_of: [{match: clear}]
              at_most: {count: 1, per: 1d}

            """, to: "topics.d/deterrence.yaml")
        try await playground.pass(at: Self.start)
        outlet.show([
            ("1", "A joint headquarters for the allies", "They agreed in Canberra on Sunday to share a building."),
            ("2", "Airfield pilots walk out over night flights", Self.pilots),
        ])
        let now = Self.start + .seconds(7200)
        #expect(try await playground.pass(at: now).alerts == 1)
        let store = try Store(path: playground.state.database, readOnly: true)
        let stories = try store.stories(from: Self.start, to: now, filedAfter: 0)
        let silent = try #require(stories.first { $0.alertedAt == nil })
        store.close()
        let configuration = try Configuration.load(playground.location)
        let explainer = try Explainer(configuration, state: playground.state, clock: .standing(at: now))
        let text = Printing.plain.text(explainer.lines(try explainer.story(named: silent.shownID)))
        #expect(
            text.contains("An alert is held until Mon 10:00, in 24 h: at_most of deterrence is reached."), "\(text)")
        let reading = try StatusReport(configuration, state: playground.state, clock: .standing(at: now)).lines
        #expect(Printing.plain.text(reading).contains("1 in the last 24 h, 1 held, the first until Mon 10:00"))
        let muted = try ControlClient.carryOut(
            .mute(story: silent.shownID, seconds: 3 * 86_400), state: playground.state, clock: .standing(at: now))
        #expect(
            muted.words.last
                == "what is held until 2025-03-31T10:00:00Z ends in silence, unless the muting is lifted before")
        #expect(try await playground.pass(at: now + .seconds(86_400)).alerts == 0)
    }

    @Test(
        "A critical source that is blind is told after two hours, once, also across restarts, and once when it is back")
    func blind() async throws {
        let outlet = Outlet()
        let well = Outlet()
        let server = try LoopbackServer { request in request.path == "/outlet" ? outlet.answer : well.answer }
        defer { server.stop() }
        let names = ["a", "b", "c"]
        let playground = try Playground(sources: Self.sources(server, names))
        defer { playground.remove() }
        try playground.write(Self.sources(server, ["outlet"], keys: ", critical: true"), to: "sources.d/critical.yaml")
        outlet.fail()
        var told: [Int] = []
        for hour in 0..<6 {
            told.append(try await playground.pass(at: Self.start + .seconds(Int64(hour) * 3600 + Int64(hour))).alerts)
        }
        #expect(told.reduce(0, +) == 1 && told[..<2] == [0, 0])
        let stem = try #require(playground.files("-blind-outlet.json").first?.dropLast(5))
        let alert = try PublicJSON.decode(BlindAlert.self, from: Self.json(playground, "\(stem).json"))
        #expect(alert.state == .blind && alert.sources[0].isCritical && alert.polled == 4 && alert.blindNow == 1)
        #expect(alert.sources[0].lastRead == nil && alert.sources[0].since == Self.start)
        #expect(playground.text("\(stem).md").contains("never read since it was configured"))
        outlet.show([])
        // Failures have doubled its interval: it is asked again within a day.
        for hour in 6..<40 {
            _ = try await playground.pass(at: Self.start + .seconds(Int64(hour) * 3600 + Int64(hour)))
        }
        let back = playground.files("-back-outlet.json")
        #expect(back.count == 1 && playground.files("-blind-outlet.json").count == 1)
        let recovery = try PublicJSON.decode(BlindAlert.self, from: Self.json(playground, try #require(back.first)))
        #expect(recovery.state == .back && recovery.told == String(stem) && recovery.sources[0].since == Self.start)
        #expect(playground.text("alerts/alerts.log").split(separator: "\n").count == 2)
    }

    @Test("When the network is down one alert names all, and a source that is taken out says nothing")
    func networkDown() async throws {
        let outlet = Outlet()
        let server = try LoopbackServer { _ in outlet.answer }
        defer { server.stop() }
        let names = ["a", "b", "c", "d", "e"]
        let playground = try Playground(sources: Self.sources(server, names))
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        outlet.fail()
        for hour in 1...30 {
            _ = try await playground.pass(at: Self.start + .seconds(Int64(hour) * 3600 + Int64(hour)))
        }
        let files = playground.files(".json").filter { $0.hasPrefix("alerts/") }
        #expect(files.count == 1 && files[0].hasSuffix("Z-blind.json"))
        #expect(
            try PublicJSON.decode(BlindAlert.self, from: Self.json(playground, files[0])).sources.map(\.id) == names)
        try playground.write(Self.sources(server, Array(names.prefix(4))), to: "sources.d/test.yaml")
        outlet.show([])
        for hour in 31...60 {
            _ = try await playground.pass(at: Self.start + .seconds(Int64(hour) * 3600 + Int64(hour)))
        }
        let back = playground.files("Z-back.json")
        #expect(back.count == 1)
        #expect(
            try PublicJSON.decode(BlindAlert.self, from: Self.json(playground, back[0])).sources.map(\.id)
                == Array(names.prefix(4)))
        #expect(playground.files(".json").filter { $0.hasPrefix("alerts/") }.count == 2)
    }

    @Test(
        "The feed of alerts is read by our own parser, leaves an embargoed story out and has it when the embargo ends")
    func feed() async throws {
        let outlet = Outlet()
        let server = try LoopbackServer { _ in outlet.answer }
        defer { server.stop() }
        let playground = try Playground(sources: Self.sources(server, ["outlet"]))
        defer { playground.remove() }
        func entries() throws -> [Entry] {
            try FeedParser.parse(
                Self.json(playground, "alerts/alerts.atom"), contentType: "application/atom+xml",
                url: "https://reader.example/alerts.atom"
            ).entries
        }
        try await playground.pass(at: Self.start)
        outlet.show([
            (
                "1", "A joint headquarters for the allies & friends",
                "They agreed in Canberra on Sunday to share a building."
            ),
            (
                "2",
                "EMBARGOED UNTIL 1200 UTC 30 March 2025: Airfield pilots walk out, joint headquarters left without crews",
                Self.pilots
            ),
        ])
        #expect(try await playground.pass(at: Self.start + .seconds(7200)).alerts == 2)
        let first = try entries()
        #expect(first.map(\.title) == ["A joint headquarters for the allies & friends"])
        #expect(first[0].id?.hasPrefix("tag:feedwatch.invalid,2026:alerts/2025-03-30/100000Z-") == true)
        #expect(first[0].link == "https://outlet.example/1")
        let md = playground.files(".md").map(playground.text).filter { $0.contains("**EMBARGOED until Sun 12:00") }
        #expect(md.count == 1)
        #expect(try await playground.pass(at: Self.start + .seconds(4 * 3600 - 1)).alerts == 0)
        #expect(try entries().count == 1)
        #expect(try await playground.pass(at: Self.start + .seconds(4 * 3600)).alerts == 0)
        #expect(try entries().count == 2)
        #expect(try entries().map(\.id).contains(first[0].id))
    }

    @Test("A feed that cannot be written holds up no alert, is told, and is there once it can be")
    func feedInTheWay() async throws {
        let outlet = Outlet()
        let server = try LoopbackServer { _ in outlet.answer }
        defer { server.stop() }
        let playground = try Playground(sources: Self.sources(server, ["outlet"]))
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        let place = playground.state.path + "/alerts/alerts.atom"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        outlet.show([("1", "A joint headquarters for the allies", "They agreed on Sunday.")])
        let recorder = Recorder()
        let station = try playground.open(at: Self.start + .seconds(7200), log: recorder.logger)
        let pass = try await station.onePass()
        #expect(pass.alerts == 1 && pass.undelivered.map(\.stem) == ["alerts/alerts.atom"])
        #expect(try station.store.dueTime(of: .feed) == Self.start + .seconds(7260))
        await station.close()
        #expect(recorder.lines.count { $0.contains("alerts/alerts.atom could not be written") } == 1)
        #expect(playground.text("alerts/alerts.log").split(separator: "\n").count == 1)
        try FileManager.default.removeItem(atPath: place)
        try await playground.pass(at: Self.start + .seconds(7260))
        #expect(playground.text("alerts/alerts.atom").contains("A joint headquarters for the allies"))
    }

    @Test("A story that alerted before an upgrade alerts again for what it had not said, and not for what it had")
    func upgraded() async throws {
        let scene = try AlertScene()
        try await scene.file("Allies plan a joint headquarters in Canberra, 300 officers")
        try scene.forgetLives()
        scene.clock.advance(.seconds(7 * 3600))
        #expect(try await scene.file("Allies plan a joint headquarters in Canberra for 300 officers", "minami") == 0)
        try scene.forgetLives()
        #expect(try await scene.file("Allies plan a joint headquarters in Canberra for 40,000 officers", "quay") == 1)
        let update = try #require(try scene.alerts().last?.updateOf)
        let first = try scene.alerts().first?.stem
        #expect(update.new.numbers == ["40000"] && update.file == first)
    }

    @Test("A daemon tells what was held when its time comes, by its own clock")
    func daemon() async throws {
        let outlet = Outlet()
        let server = try LoopbackServer { _ in outlet.answer }
        defer { server.stop() }
        let playground = try Playground(sources: Self.sources(server, ["outlet"]))
        defer { playground.remove() }
        try playground.write(
            """
            topic: deterrence
            words: {en: {strong: ["joint headquarters"]}}
            alert:
              any_of: [{match: clear}]
              quiet: {from: "08:30", to: "12:00"}

            """, to: "topics.d/deterrence.yaml")
        let clock = ManualClock(Self.start)
        let service = try Service(playground, clock: clock.wall)
        #expect(
            try await eventually {
                try service.station.store.record(of: "outlet", at: clock.now)?.baselineAt != nil
            })
        outlet.show([("1", "A joint headquarters for the allies", "They agreed on Sunday.")])
        clock.advance(.seconds(4000))
        #expect(try await eventually { try service.station.store.dueTime(of: .held) != nil })
        #expect(playground.files("-more.json").isEmpty)
        clock.advance(.seconds(4 * 3600))
        #expect(
            try await eventually {
                playground.files("-more.json").count == 1 && !playground.text("alerts/alerts.atom").isEmpty
            })
        try await service.stop()
        #expect(playground.text("alerts/alerts.log").split(separator: "\n").count == 1)
    }
}
