import Fetch
import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// Forty simulated days with a fixed number of notices on each, by the daemon's own functions.
@Suite struct IndicatorDaysTests {
    private static let begin = Timestamp(rfc3339: "2025-02-20T00:00:00Z")!
    /// Live-fire notices of each day; on the last there are five.
    private static let notices = [
        0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0,
        0,
        0, 5,
    ]

    private static let main = """
        contact: "mailto:ops@reader.example"
        timezone: UTC
        digest: {at: "06:30"}
        indicators:
          live-fire: {name: live-fire notices, words: [live-fire, 実弾射撃], alert: 200}
          both: {name: live-fire told by both sides, words: [live-fire], sources: [{country: JP}, {country: KR}], window: 7d}
          silence: {name: harbour reports, words: [harbour report], alert: 60}

        """

    private static let sources = """
        sources:
          coast: {feed: "https://coast.example/rss", interval: 6h, country: JP, origin: official}
          minato: {feed: "https://minato.example/rss", interval: 6h, country: KR, origin: newsroom}

        """

    @Test(
        "After forty days an issue has the indicators that were reviewed, and in the first four weeks it says when it will"
    )
    func forty() async throws {
        let playground = try Playground(sources: Self.sources, main: Self.main)
        defer { playground.remove() }
        try await Self.run(playground, days: 41)

        #expect(
            section(playground.text("digests/2025-03-10.md")) == """

                Not on file for 28 days yet: live-fire notices (from Fri 21 March), live-fire told by both sides (from Thu 27 March), harbour reports (from Fri 21 March).

                """)
        #expect(section(playground.text("digests/2025-03-31.md")) == Self.reviewed)
        try expectOneAlert(playground)
        let alert = try #require(playground.files("-indicator-live-fire.json").first).dropLast(".json".count)
        try DayGolden.check("indicator") { playground.text("\(alert).\($0)") }
        try DayGolden.check("indicator-day") { playground.text("digests/2025-03-31.\($0)") }
    }

    /// Of the one notable day, and none of the others.
    private func expectOneAlert(_ playground: Playground) throws {
        let files = playground.files("-indicator-live-fire.json")
        let alert = try PublicJSON.decode(
            IndicatorAlert.self, from: [UInt8](playground.text(try #require(files.first)).utf8))
        #expect(files.count == 1 && alert.today == 5 && alert.usual == 0.4 && alert.counts.count == 28)
        #expect(alert.sources.map(\.id) == ["coast"] && alert.sources.first?.stories == 5)
        #expect(alert.onceIn == 1000 && alert.alertFrom == 200 && alert.leftOut == 0 && alert.stories.count == 5)
        #expect(playground.files(".json").filter { $0.hasPrefix("alerts/") } == files)
        let log = playground.text("alerts/alerts.log")
        #expect(log.hasSuffix("live-fire notices: 5 in a day, usually 0.4 (coast)\n"), "\(log)")
        #expect(playground.text("alerts/alerts.atom").contains("live-fire notices: 5 in a day, usually 0.4"))
    }

    @Test(
        "A service that is stopped before the rise, between its count and its alert, or after it, tells of it once",
        arguments: [1700, 1800, 3 * 3600, 9 * 3600])
    func restarted(seconds: Int64) async throws {
        let playground = try Playground(sources: Self.sources, main: Self.main)
        defer { playground.remove() }
        let stop = Self.begin + .seconds(39 * 86_400 + seconds)
        try await Self.run(playground, until: stop)
        try await Self.run(playground, from: stop + .seconds(600), until: Self.begin + .seconds(41 * 86_400))
        try expectOneAlert(playground)
    }

    private static let reviewed = """
        | indicator | now | usual | 28 days, then now | surprise |
        |---|---|---|---|---|
        | live-fire notices | 5 | 0.4 | ▁▁▂▂▁▁▄▁▁▂▁▁▁▂▁▄▁▁▂▁▁▂▁▁▂▁▁▁█ | rarer than 1 in 1,000 days, alerted 00:30 |
        | live-fire told by both sides | 2 in 7 days | 1.8 | ▅████ | usual |
        | harbour reports | 1 | 1.0 | █████████████████████████████ | usual |

        """

    private static func run(_ playground: Playground, days: Int64) async throws {
        try await run(playground, until: begin + .seconds(days * 86_400))
    }

    private static func run(_ playground: Playground, from start: Timestamp = begin, until end: Timestamp) async throws
    {
        let script = SimulationScript(start: start, end: end)
        let clock = SimulatedClock(script)
        let location = playground.location
        try await Simulation(
            script, state: playground.state, clock: clock, log: Recorder().logger,
            standIn: { url, _ in answer(url, at: clock.world) },
            configuration: { _ in try Configuration.load(location) }
        ).run()
    }

    private func section(_ issue: String) -> String {
        let parts = issue.components(separatedBy: "## Indicators (28-day baseline)\n")
        return parts.count == 2 ? parts[1].components(separatedBy: "\n## ")[0] : issue
    }

    @Test(
        "An indicator that is declared later has its baseline from what is stored, and one that changes is counted anew"
    )
    func declaredLater() async throws {
        let playground = try Playground(sources: Self.sources, main: Self.main)
        defer { playground.remove() }
        let plain = "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\n"
        try playground.write(plain, to: "feedwatch.yaml")
        try await Self.run(playground, days: 40)
        func preview() async throws -> PublishedIndicators? {
            let station = try playground.open(at: Self.begin + .seconds(40 * 86_400))
            let digest = try station.dailyIssue.preview()
            await station.close()
            return digest.indicators
        }
        #expect(try await preview() == nil)
        try playground.write(Self.main, to: "feedwatch.yaml")
        let first = try await preview()
        #expect(first?.ready.map(\.id) == ["live-fire", "both", "silence"] && first?.waiting == [])
        #expect(first?.ready.first?.counts.reduce(0, +) ?? 0 > 8)
        try playground.write(Self.main.replacing("live-fire, 実弾射撃", with: "no such words"), to: "feedwatch.yaml")
        let second = try await preview()
        #expect(second?.ready.first?.counts.reduce(0, +) == 0 && second?.ready.last == first?.ready.last)
    }

    /// A name of its own for each notice: in so small a world those of one wording are one story.
    private static func cape(_ day: Int, _ number: Int, _ place: Int) -> String {
        let syllables = ["ka", "mi", "so", "re", "tu", "no", "hi", "wa", "lo", "pe"]
        let digits = [day / 10, day % 10, number, place]
        return "V" + digits.map { syllables[$0] }.joined()
    }

    /// Both outlets report of the harbour each day; the coast office gives the notices, and the other reports every second one.
    private static func answer(_ url: String, at now: Timestamp) -> StandInAnswer {
        let day = min(Int((now - begin) / .seconds(86_400)), notices.count - 1)
        var items: [(id: String, title: String, text: String)] = []
        for back in max(0, day - 6)...day {
            items.append(
                (
                    id: "r\(back)", title: "Harbour report \(back * 7 + 1)",
                    text: "Depth \(back * 31) at pier \(back * 13), cranes \(back * 17)."
                ))
            for number in 0..<notices[back] where url.contains("coast") || (back + number) % 2 == 0 {
                items.append(
                    (
                        id: "n\(back)-\(number)",
                        title: "Live-fire at " + (0...3).map { cape(back, number, $0) }.joined(separator: ", "),
                        text: (4...9).map { cape(back, number, $0) }.joined(separator: ", ") + " are closed."
                    ))
            }
        }
        let response = Playground.rss(items.reversed())
        return StandInAnswer(headers: response.headers.map { (name: $0.0, value: $0.1) }, body: response.body)
    }
}
