import Foundation
import News
import NewsTesting
import Publish
import Storage
import Synchronization
import Testing

@testable import Watch

/// Alerts of indicators in whole passes, each by a process of its own.
@Suite(.timeLimit(.minutes(2))) struct IndicatorAlertTests {
    private static let begin = Timestamp(rfc3339: "2025-02-20T12:00:00Z")!

    fileprivate static func day(_ day: Int64, _ hour: Int64 = 0) -> Timestamp {
        begin + .seconds(day * 86_400 + hour * 3600)
    }

    fileprivate typealias Item = (id: String, title: String, text: String)

    /// Words of its own for each notice: in so small a world those of one wording are one story.
    fileprivate static func notice(_ number: Int) -> Item {
        var random = SplitMix64(seed: UInt64(number))
        let syllables = ["ka", "mi", "so", "re", "tu", "no", "hi", "wa", "lo", "pe", "zu", "ga"]
        let names = (0..<12).map { _ in
            "V" + (0..<4).map { _ in syllables[Int(random.next() % UInt64(syllables.count))] }.joined()
        }
        return (
            "\(number)", "Live-fire at \(names[..<4].joined(separator: ", "))",
            "\(names[4...].joined(separator: ", ")) are closed."
        )
    }

    /// Thirty days with a notice on every tenth, read once a day.
    private final class Scene: Sendable {
        let playground: Playground
        private let server: LoopbackServer
        private let items: Shown

        private final class Shown: Sendable {
            let items = Mutex<[Item]>([("first", "Ferries run", "On time.")])
        }

        init(main: String = "", indicator: String = "words: [live-fire], alert: 100") async throws {
            let shown = Shown()
            items = shown
            server = try LoopbackServer { _ in Playground.rss(shown.items.withLock { $0 }) }
            playground = try Playground(
                sources:
                    "sources:\n  coast: {feed: \"\(server.url("/rss"))\", private_hosts: true, interval: 1d, name: Coast}\n",
                main: """
                    contact: "mailto:ops@reader.example"
                    timezone: UTC
                    digest: {at: "13:00"}
                    indicators: {live-fire: {name: live-fire notices, \(indicator)}}
                    \(main)

                    """)
            for day in 0...30 {
                if day % 10 == 5 { show([day]) }
                try await playground.pass(at: IndicatorAlertTests.day(Int64(day)))
            }
        }

        deinit {
            server.stop()
            playground.remove()
        }

        func show(_ notices: [Int]) {
            items.items.withLock { $0 = notices.map(IndicatorAlertTests.notice) + $0 }
        }

        func pass(_ day: Int64, _ hour: Int64 = 0) async throws -> [String] {
            try await playground.pass(at: IndicatorAlertTests.day(day, hour))
            return playground.files(".json").filter { $0.hasPrefix("alerts/") }
        }
    }

    @Test(
        "Passes of their own tell of a rise once, by mail too, whatever the clock does and whatever database is restored"
    )
    func passes() async throws {
        let server = try SMTPServer()
        defer { server.stop() }
        let scene = try await Scene(
            main:
                "mail: {server: \"127.0.0.1:\(server.port)\", security: plain, from: desk@reader.example, "
                + "to: [analyst@reader.example], digest: false}")
        let kept = scene.playground.folder + "/kept.db"
        try FileManager.default.copyItem(atPath: scene.playground.state.database, toPath: kept)
        #expect(server.taken.isEmpty)
        scene.show([40, 41, 42, 43, 44])
        let told = try await scene.pass(31)
        #expect(told == ["alerts/2025-03-23/120000Z-indicator-live-fire.json"])
        try #require(server.taken.count == 1)
        let mail = String(decoding: server.taken[0].data, as: UTF8.self)
        #expect(mail.contains("Message-ID: <alerts.2025-03-23.120000Z-indicator-live-fire@reader.example>"))
        let report = try StatusReport(
            try Configuration.load(scene.playground.location), state: scene.playground.state,
            clock: .standing(at: Self.day(31, 1)))
        let status = Printing.plain.text(report.lines)
        #expect(
            status.contains("indicator live-fire notices, Sun 12:00: alerts/2025-03-23/120000Z-indicator-live-fire.md"),
            "\(status)")
        #expect(!status.contains("cannot alert") && report.status.indicatorsUnable == nil)
        // It goes on, the clock goes back and forth.
        scene.show([50, 51])
        for (day, hour) in [(Int64(31), Int64(2)), (32, 0), (30, 12), (31, 1), (32, 2)] {
            #expect(try await scene.pass(day, hour) == told)
        }
        let issue = scene.playground.text("digests/2025-03-23.md")
        #expect(issue.contains("days, alerted 12:00"), "\(issue)")
        // A database from before the rise: readers have its file.
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: scene.playground.state.database + suffix)
        }
        try FileManager.default.copyItem(atPath: kept, toPath: scene.playground.state.database)
        #expect(try await scene.pass(32, 3) == told)
        #expect(try await scene.pass(33) == told)
        #expect(server.taken.count == 1)
    }

    @Test(
        "Without the key nothing is told; where it is added within a rise that is told at the next pass, by webhook too"
    )
    func added() async throws {
        let bodies = Mutex<[[UInt8]]>([])
        let hook = try LoopbackServer { request in
            bodies.withLock { $0.append(request.body) }
            return LoopbackServer.Response(status: 204, headers: [], body: [])
        }
        defer { hook.stop() }
        let scene = try await Scene(
            main: "webhook: {url: \"\(hook.url("/"))\", digest: false}", indicator: "words: [live-fire]")
        scene.show([40, 41, 42, 43, 44])
        #expect(try await scene.pass(31) == [])
        let main = scene.playground.text("../config/feedwatch.yaml")
        try scene.playground.write(main.replacing("[live-fire]", with: "[live-fire], alert: 100"), to: "feedwatch.yaml")
        let told = try await scene.pass(31, 6)
        #expect(told == ["alerts/2025-03-23/180000Z-indicator-live-fire.json"])
        let sent = bodies.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) }
        #expect(sent == [scene.playground.text(told[0])])
        // Nor does another word tell it again.
        try scene.playground.write(
            main.replacing("[live-fire]", with: "[live-fire, ferries], alert: 60"), to: "feedwatch.yaml")
        #expect(try await scene.pass(31, 8) == told)
    }

    @Test("What was listed while nobody looked is no rise of the day on which somebody looks again")
    func away() async throws {
        let scene = try await Scene()
        scene.show([40, 41, 42, 43, 44, 45, 46])
        #expect(try await scene.pass(34) == [])
        scene.show([60, 61, 62, 63, 64, 65])
        #expect(try await scene.pass(35).count == 1)
    }
}
