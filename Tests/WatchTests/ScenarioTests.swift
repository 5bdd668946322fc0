import Fetch
import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// Situations that a service gets into, by number, each with what must come of it.
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Paris"), "tzdata is not installed"))
struct ScenarioTests {
    @Test("What becomes of a situation is what is written beside it", arguments: Scenario.all)
    func plays(scenario: Scenario) async throws {
        let playground = try Playground(sources: Scenario.sources, main: scenario.main())
        defer { playground.remove() }
        try await scenario.play(in: playground)
        let issues = try scenario.issues(in: playground)
        #expect(issues == scenario.issues, "\(scenario): \(issues)")
        #expect(playground.text("alerts/alerts.log").split(separator: "\n").count == scenario.alerts, "\(scenario)")
        let last = scenario.issues.last.map { String($0.prefix(10)) } ?? ""
        #expect(
            scenario.says.isEmpty || playground.text("digests/\(last).md").contains(scenario.says),
            "\(scenario): \(playground.text("digests/\(last).md"))")
    }
}

struct Scenario: Sendable, CustomStringConvertible {
    var number: Int
    var name: String
    var zone = "Europe/Paris"
    var hour = "06:30"
    var start: String
    var days: Int
    /// In hours after the start.
    var events: [(hour: Double, what: SimulationScript.Event.What)] = []
    /// The main file from its reload on.
    var reloaded: (zone: String, hour: String)?
    var news: News = .filler
    /// Of each issue: its day, the local time at which it came out, its window's hours, its stories (those that are told
    /// late with an L), the grade of sight.
    var issues: [String]
    var alerts = 0
    /// Stands in the last issue's Markdown.
    var says = ""

    var description: String { "\(number): \(name)" }

    /// What the sources have.
    enum News: Sendable {
        /// Something of its own from each, every six hours.
        case filler
        /// The same forever.
        case nothing
        /// A text that five outlets carry, from so many hours on, one an hour.
        case wire(hour: Int)
        /// One of them, or all, cannot be reached between these hours.
        case dead(hours: Range<Int>, all: Bool)
    }

    static let sources: String =
        "sources:\n"
        + ["harbour", "minami", "quay", "ridge", "strand"].map {
            "  \($0): {feed: \"https://\($0).example/rss\", interval: 3h}\n"
        }.joined()

    func main(_ changed: (zone: String, hour: String)? = nil) -> String {
        let (zone, hour) = changed ?? (zone, hour)
        return "contact: \"mailto:ops@reader.example\"\ntimezone: \(zone)\ndigest: {at: \"\(hour)\"}\n"
    }

    var script: SimulationScript {
        let start = Timestamp(rfc3339: start) ?? Timestamp(seconds: 0)
        return SimulationScript(
            start: start, end: start + .seconds(days * 86_400),
            events: events.map { .init(at: start + .seconds(Int64($0.hour * 3600)), $0.what) })
    }

    func play(in playground: Playground) async throws {
        let script = script
        let clock = SimulatedClock(script)
        let location = playground.location
        let changed = main(reloaded)
        let reload = script.events.first { $0.what == .reload }?.at
        try await Simulation(
            script, state: playground.state, clock: clock, log: Recorder().logger,
            standIn: { url, _ throws(FetchError) in try answer(url, hour: (clock.world - script.start) / .seconds(3600))
            },
            configuration: { world in
                if let reload, world >= reload { try playground.write(changed, to: "feedwatch.yaml") }
                return try Configuration.load(location)
            }
        ).run()
    }

    private func answer(_ url: String, hour: Double) throws(FetchError) -> StandInAnswer {
        let outlet = Scenario.sources.split(separator: "\n").dropFirst().firstIndex { $0.contains(url) } ?? 0
        let newest = Int(max(0, hour) / 6)
        var items = (max(0, newest - 3)...newest).map { number in
            (
                id: "\(number)", title: "Council \(number) meets over market \(number * 31)",
                text: "\(url) counts \(number * 17) stalls in quarter \(number)."
            )
        }
        switch news {
        case .filler: break
        case .nothing: items = [items[0]].map { ("0", $0.title, $0.text) }
        case .wire(let from):
            if Int(hour) >= from + outlet - 1 {
                items.append(
                    (
                        id: "wire", title: "Patrols deter China in the northern strait, the chief says",
                        text:
                            "Nine ships left port at night, the chief of the coast guard said on Friday in the harbour."
                    ))
            }
        case .dead(let hours, let all):
            if hours.contains(Int(hour)), all || outlet == 1 {
                throw FetchError(.refusedConnection, "\(url): connection refused")
            }
        }
        let response = Playground.rss(items)
        return StandInAnswer(headers: response.headers.map { (name: $0.0, value: $0.1) }, body: response.body)
    }

    func issues(in playground: Playground) throws -> [String] {
        try playground.files(".json").filter { $0.hasPrefix("digests/2") }.map { file in
            let digest = try PublicJSON.decode(Digest.self, from: Array(playground.text(file).utf8))
            let hours = Double((digest.window.to - digest.window.from).components.seconds) / 3600
            let late = digest.stories.count { $0.status == .late }
            let length = hours == hours.rounded() ? "\(Int(hours))" : "\((hours * 100).rounded() / 100)"
            return "\(digest.day) \(digest.zone.local(digest.issued).clock) \(length) h "
                + "\(digest.stories.count)\(late > 0 ? "L" : "") \(digest.sight.grade.rawValue)"
        }
    }
}

extension Scenario {
    static let all: [Scenario] = [
        Scenario(
            number: 1, name: "a quiet week", start: "2025-06-02T10:00:00Z", days: 7,
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 24 h 0 full",
                "2025-06-05 06:30 24 h 0 full",
                "2025-06-06 06:30 24 h 0 full",
                "2025-06-07 06:30 24 h 0 full",
                "2025-06-08 06:30 24 h 0 full",
                "2025-06-09 06:30 24 h 0 full",
            ]),
        Scenario(
            number: 2, name: "a wire story with copies in five outlets", start: "2025-06-02T10:00:00Z", days: 1,
            news: .wire(hour: 11),
            issues: [
                "2025-06-03 06:30 18.33 h 1 full"
            ], alerts: 1, says: "(one text in 5 outlets)"),
        Scenario(
            number: 3, name: "a source dead for three days and back", start: "2025-06-02T10:00:00Z", days: 5,
            news: .dead(hours: 24..<96, all: false),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 24 h 0 impaired",
                "2025-06-05 06:30 24 h 0 impaired",
                "2025-06-06 06:30 24 h 0 impaired",
                "2025-06-07 06:30 24 h 0 full",
            ], alerts: 2, says: "1 source not seen for a time"),
        Scenario(
            number: 4, name: "the clock set back a day", start: "2025-06-02T10:00:00Z", days: 4,
            events: [(36, .setClock(by: .seconds(-86_400)))], news: .wire(hour: 45),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 24 h 1 full",
                "2025-06-05 06:30 24 h 0 full",
            ], alerts: 1),
        Scenario(
            number: 5, name: "the clock set forward a day", start: "2025-06-02T10:00:00Z", days: 4,
            events: [(36, .setClock(by: .seconds(86_400)))], news: .wire(hour: 45),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 00:01 41.68 h 0 full",
                "2025-06-05 06:30 6.32 h 0 full",
                "2025-06-06 06:30 24 h 1 full",
                "2025-06-07 06:30 24 h 0 full",
            ], alerts: 1),
        Scenario(
            number: 6, name: "the clock ahead for two hours by ten days", start: "2025-06-02T10:00:00Z", days: 4,
            events: [(36, .setClock(by: .seconds(864_000))), (38, .setClock(by: .seconds(-864_000)))],
            news: .wire(hour: 45),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 0 h 0 full",
                "2025-06-05 06:30 0 h 1L full",
                "2025-06-06 06:30 0 h 0 full",
                "2025-06-13 00:01 257.68 h 0 full",
            ], alerts: 1),
        Scenario(
            number: 7, name: "asleep over the digest's hour", start: "2025-06-02T10:00:00Z", days: 3,
            events: [(16, .sleep(.seconds(6 * 3600)))], news: .wire(hour: 17),
            issues: [
                "2025-06-03 10:01 22.02 h 1 full",
                "2025-06-04 06:30 20.32 h 0 full",
                "2025-06-05 06:30 24 h 0 full",
            ], alerts: 1),
        Scenario(
            number: 8, name: "asleep for three days", start: "2025-06-02T10:00:00Z", days: 6,
            events: [(16, .sleep(.seconds(3 * 86_400)))], news: .wire(hour: 17),
            issues: [
                "2025-06-05 04:01 88.02 h 1 full",
                "2025-06-06 06:30 2.32 h 0 idle",
                "2025-06-07 06:30 24 h 0 full",
                "2025-06-08 06:30 24 h 0 full",
            ], alerts: 1),
        Scenario(
            number: 9, name: "clocks put forward over the hour", hour: "02:30", start: "2025-03-28T10:00:00Z", days: 4,
            issues: [
                "2025-03-29 02:30 15.33 h 0 full",
                "2025-03-30 03:00 23.5 h 0 full",
                "2025-03-31 02:30 23.5 h 0 full",
                "2025-04-01 02:30 24 h 0 full",
            ]),
        Scenario(
            number: 10, name: "clocks put back over the hour", hour: "02:30", start: "2025-10-24T10:00:00Z", days: 4,
            issues: [
                "2025-10-25 02:30 14.33 h 0 full",
                "2025-10-26 02:30 24 h 0 full",
                "2025-10-27 02:30 25 h 0 full",
                "2025-10-28 02:30 24 h 0 full",
            ]),
        Scenario(
            number: 11, name: "a leap day", zone: "Asia/Tokyo", start: "2024-02-27T10:00:00Z", days: 4,
            issues: [
                "2024-02-28 06:30 11.33 h 0 full",
                "2024-02-29 06:30 24 h 0 full",
                "2024-03-01 06:30 24 h 0 full",
                "2024-03-02 06:30 24 h 0 full",
            ]),
        Scenario(
            number: 12, name: "another zone by a reload", start: "2025-06-02T10:00:00Z", days: 3,
            events: [(24, .reload)], reloaded: ("Asia/Tokyo", "06:30"),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 17 h 0 full",
                "2025-06-05 06:30 24 h 0 full",
            ]),
        Scenario(
            number: 13, name: "the hour moved by a reload, to one that has passed today", start: "2025-06-02T10:00:00Z",
            days: 3, events: [(17.5, .reload)], reloaded: ("Europe/Paris", "04:00"),
            issues: [
                "2025-06-03 05:31 17.52 h 0 full",
                "2025-06-04 04:00 22.32 h 0 full",
                "2025-06-05 04:00 24 h 0 full",
            ]),
        Scenario(
            number: 14, name: "the hour moved by a reload, after today's issue", start: "2025-06-02T10:00:00Z", days: 3,
            events: [(20, .reload)], reloaded: ("Europe/Paris", "12:00"),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 12:00 29.5 h 0 full",
            ]),
        Scenario(
            number: 15, name: "an empty day that is silence", start: "2025-06-02T10:00:00Z", days: 2, news: .nothing,
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 24 h 0 full",
            ], says: "All 5 sources were read, so this is silence, not blindness."),
        Scenario(
            number: 16, name: "an empty day that is blindness", start: "2025-06-02T10:00:00Z", days: 3,
            news: .dead(hours: 20..<72, all: true),
            issues: [
                "2025-06-03 06:30 18.33 h 0 full",
                "2025-06-04 06:30 24 h 0 blind",
                "2025-06-05 06:30 24 h 0 blind",
            ], alerts: 1, says: "No source was read: this is blindness, not silence."),
    ]
}
