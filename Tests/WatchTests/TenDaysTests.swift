import Fetch
import Foundation
import News
import Testing

@testable import Watch

/// Ten simulated days of `seeds/`, by the daemon's own functions, with the shipped topics: what a reader finds in the state folder.
///
/// The seeds come out on 31 March 2025 and are corrected at noon; the clocks of Paris have gone forward the day before, and one
/// outlet cannot be reached from that evening on for two days.
@Suite struct TenDaysTests {
    private static let begin = Timestamp(rfc3339: "2025-03-28T08:00:00Z")!
    private static let phases = ["2025-03-29T21:00:00Z", "2025-03-31T05:00:00Z", "2025-03-31T12:00:00Z"]
        .map { Timestamp(rfc3339: $0)! }
    private static let blind = Timestamp(rfc3339: "2025-03-31T20:00:00Z")!

    private static let main = """
        contact: "mailto:ops@reader.example"
        timezone: Europe/Paris
        digest: {at: "06:30"}

        """

    private final class Folder {
        let path = NSTemporaryDirectory() + "feedwatch-ten-days-\(UUID().uuidString)"
        var state: StateFolder { StateFolder(path: path + "/state") }

        init() throws {
            let root = ShippedTests.root
            try FileManager.default.createDirectory(atPath: path + "/config", withIntermediateDirectories: true)
            try TenDaysTests.main.write(toFile: path + "/config/feedwatch.yaml", atomically: true, encoding: .utf8)
            for (name, from) in [
                ("topics.d", "Config/topics.d"), ("entities.d", "Config/entities.d"), ("sources.d", "seeds/sources.d"),
            ] { try FileManager.default.copyItem(atPath: "\(root)/\(from)", toPath: "\(path)/config/\(name)") }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func run() async throws {
            let script = SimulationScript(start: TenDaysTests.begin, end: TenDaysTests.begin + .seconds(10 * 86_400))
            let clock = SimulatedClock(script)
            let location = ConfigurationLocation(folder: path + "/config")
            try await Simulation(
                script, state: state, clock: clock, log: Recorder().logger,
                standIn: { url, _ throws(FetchError) in try TenDaysTests.answer(url, at: clock.world) },
                configuration: { _ in try Configuration.load(location) }
            ).run()
        }

        var files: [String] {
            (FileManager.default.enumerator(atPath: state.path)?.compactMap { $0 as? String } ?? []).sorted()
        }

        func text(_ file: String) throws -> String {
            try String(contentsOfFile: "\(state.path)/\(file)", encoding: .utf8)
        }
    }

    /// `seeds/web/PHASE/HOST/PATH`, from the highest phase that was out and has it.
    private static func answer(_ url: String, at now: Timestamp) throws(FetchError) -> StandInAnswer {
        if url.contains("haeoreum"), now >= blind, now < blind + .seconds(2 * 86_400) {
            throw FetchError(.timedOut, "no answer within 30 s")
        }
        var path = String(url.dropFirst("http://".count).prefix { $0 != "?" && $0 != "#" })
        if path.hasSuffix("/") { path += "index.html" }
        let out = phases.count { $0 <= now }
        for phase in (1...3).reversed() where phase <= max(out, 1) {
            let file = "\(ShippedTests.root)/seeds/web/\(phase)/\(path)"
            if let data = FileManager.default.contents(atPath: file) {
                let type = path.hasSuffix("html") || path.hasSuffix("htm") ? "text/html" : "application/xml"
                let isJSON = path.hasSuffix("json")
                return StandInAnswer(
                    headers: [(name: "Content-Type", value: isJSON ? "application/feed+json" : type)], body: Array(data)
                )
            }
        }
        return StandInAnswer(status: 404)
    }

    @Test("Ten days of the seeds end in the issues and alerts that were reviewed, in each format")
    func golden() async throws {
        let folder = try Folder()
        try await folder.run()
        let files = folder.files
        let issues = files.filter { $0.hasPrefix("digests/2025") && $0.hasSuffix(".md") }
        #expect(issues.count == 10 && issues.first == "digests/2025-03-29.md")
        let alerts = try folder.text("alerts/alerts.log").split(separator: "\n").map(String.init)
        let stems = alerts.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
        let first = try #require(stems.indices.first { alerts[$0].contains("war-fighting headquarters") })
        let update = try #require(stems.indices.first { alerts[$0].contains("UPDATE") })
        for (stem, name) in [
            ("digests/2025-03-30", "quiet-day"), ("digests/2025-04-01", "day"), (stems[first], "alert"),
            (stems[update], "update"),
        ] {
            try DayGolden.check(name) { try folder.text("\(stem).\($0)") }
        }
    }
}
