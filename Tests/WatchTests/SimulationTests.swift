import Fetch
import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// Days that pass in seconds, by the daemon's own functions.
@Suite struct SimulationTests {
    static let start = Timestamp(rfc3339: "2025-03-28T08:00:00Z")!
    static let sources = """
        sources:
          harbour: {feed: "https://harbour.example/rss", interval: 60m}
          minami: {feed: "https://minami.example/rss", interval: 45m}
          quay: {feed: "https://quay.example/rss", interval: 90m}

        """

    @Test("A simulation that is cut off again and again ends in the same files as one that is not")
    func resumes() async throws {
        // Asleep over an issue's hour, then a day back: cut in each of the minutes in which the issue waits, too.
        let events: [SimulationScript.Event] = [
            .init(at: Self.start + .seconds(20 * 3600), .sleep(.seconds(5 * 3600))),
            .init(at: Self.start + .seconds(40 * 3600), .setClock(by: .seconds(-86_400))),
        ]
        let whole = try Stage(events)
        defer { whole.playground.remove() }
        try await whole.run(days: 3)
        #expect(whole.playground.text("alerts/alerts.log").split(separator: "\n").count == 2)
        #expect(
            whole.playground.files(".md").filter { $0.hasPrefix("digests/2025") }
                == ["digests/2025-03-29.md", "digests/2025-03-30.md"])

        let cut = try Stage(events)
        defer { cut.playground.remove() }
        for hours in stride(from: 5, to: 25, by: 7) { try await cut.run(hours: hours) }
        for seconds in [0, 1, 59, 60, 61, 120] { try await cut.run(hours: 25, seconds: seconds) }
        for hours in stride(from: 26, through: 72, by: 7) { try await cut.run(hours: hours) }
        try await cut.run(days: 3)
        for name in whole.playground.files("") where name.hasPrefix("alerts/") || name.hasPrefix("digests/") {
            #expect(cut.playground.text(name) == whole.playground.text(name), "\(name)")
        }
        #expect(cut.playground.files(".json") == whole.playground.files(".json"))
    }

    @Test("Sources may answer over HTTP, too: validators are kept, and what has not changed is not sent again")
    func overLoopback() async throws {
        let script = SimulationScript(start: Self.start, end: Self.start + .seconds(86_400))
        let clock = SimulatedClock(script)
        let server = try LoopbackServer { request in
            let hour = Int((clock.world - Self.start) / .seconds(3600))
            let etag = "\"\(hour / 6)\""
            if request.header("If-None-Match") == etag { return .init(status: 304, headers: [("ETag", etag)]) }
            let items = (0...hour / 6).map {
                ("\($0)", "Council \($0) meets over market \($0 * 31)", "Stall \($0 * 7).")
            }
            var answer = Playground.rss(items)
            answer.headers.append(("ETag", etag))
            return answer
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources: {one: {feed: \"\(server.url("/rss"))\", private_hosts: true, interval: 60m}}\n")
        defer { playground.remove() }
        let location = playground.location
        try await Simulation(
            script, state: playground.state, clock: clock, log: Recorder().logger,
            configuration: { _ in try Configuration.load(location) }
        ).run()
        #expect((21...24).contains(server.requests.count), "\(server.requests.count)")
        #expect(server.requests.dropFirst().allSatisfy { $0.header("If-None-Match") != nil })
        let store = try Store(path: playground.state.database, readOnly: true)
        let health = try #require(try store.health(from: Self.start, to: script.end).first)
        #expect(health.newInWindow == 3 && health.failures == 0)
        #expect(playground.files("2025-03-29.md") == ["digests/2025-03-29.md"])
    }

    /// Three outlets that carry one text each morning, and something of their own each hour.
    struct Stage {
        let playground: Playground
        let events: [SimulationScript.Event]

        init(_ events: [SimulationScript.Event]) throws {
            playground = try Playground(sources: SimulationTests.sources)
            self.events = events
        }

        func run(days: Int = 0, hours: Int = 0, seconds: Int = 0) async throws {
            let end = SimulationTests.start + .seconds(days * 86_400 + hours * 3600 + seconds)
            let script = SimulationScript(start: SimulationTests.start, end: end, events: events)
            let clock = SimulatedClock(script)
            let location = playground.location
            let simulation = Simulation(
                script, state: playground.state, clock: clock, log: Recorder().logger,
                standIn: { url, validators in Stage.answer(url, at: clock.world) },
                configuration: { _ in try Configuration.load(location) })
            try await simulation.run()
        }

        private static let wires = [
            ("Patrols deter China, the chief says", "Nine ships left port at night, the coast guard said."),
            ("Allies open a joint headquarters", "The staff moved into the old barracks on Monday morning."),
            (
                "Envoys met to deter China from a blockade",
                "Ministers signed a paper after dinner and praised the cook."
            ),
        ]

        static func answer(_ url: String, at now: Timestamp) -> StandInAnswer {
            let hour = Int((now - SimulationTests.start) / .seconds(3600))
            let items = (max(0, hour - 20)...hour).map { number in
                number % 24 == 6
                    ? (id: "wire-\(number)", title: wires[number / 24 % 3].0, text: wires[number / 24 % 3].1)
                    : (
                        id: "\(number)", title: "Council \(number) meets over market \(number * 31)",
                        text: "\(url) counts \(number * 17) stalls in quarter \(number)."
                    )
            }
            let response = Playground.rss(items)
            return StandInAnswer(headers: response.headers.map { (name: $0.0, value: $0.1) }, body: response.body)
        }
    }
}
