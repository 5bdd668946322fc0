import Fetch
import Foundation
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// A year by the daemon's own functions, in zones with and without changes of clocks: of each zone the weeks around its oddest
/// date, or, with `FEEDWATCH_YEAR` in the environment (`make year`), all of it.
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Pacific/Apia"), "tzdata is not installed"))
struct SimulatedYearTests {
    @Test(
        "Each local day has one issue, windows abut, and every story is told once, though the clock is set back a day and forward a day",
        arguments: [
            ("Europe/Paris", "2024-02-24", 40), ("America/New_York", "2025-10-24", 24),
            ("Asia/Tokyo", "2024-12-20", 20),
            ("Australia/Lord_Howe", "2025-03-27", 20), ("Asia/Kolkata", "2025-06-10", 20),
            ("Pacific/Apia", "2011-12-20", 24),
        ])
    func year(zone: String, oddest: String, weeks: Int) async throws {
        let playground = try Playground(
            sources: "sources: {outlet: {feed: \"https://outlet.example/rss\", interval: 12h}}\n",
            main: "contact: \"mailto:ops@reader.example\"\ntimezone: \(zone)\ndigest: {at: \"02:30\"}\n")
        defer { playground.remove() }
        try playground.write(
            "topic: deterrence\nname: Deterrence\nwords: {en: {strong: [\"deter China\"]}}\n",
            to: "topics.d/deterrence.yaml")
        let isWhole = ProcessInfo.processInfo.environment["FEEDWATCH_YEAR"] != nil
        var first = try #require(CivilDate(oddest))
        if isWhole { first = CivilDate(year: first.year, month: 1, day: 1) }
        let count = isWhole ? 365 : weeks
        let begin = Timestamp(seconds: Int64(first.daysSince1970 - 1) * 86_400)
        let script = SimulationScript(
            start: begin, end: begin + .seconds(Int64(count + 2) * 86_400),
            events: [
                .init(at: begin + .seconds(Int64(count / 3) * 86_400 + 40_000), .setClock(by: .seconds(-86_400))),
                .init(at: begin + .seconds(Int64(count * 2 / 3) * 86_400 + 40_000), .setClock(by: .seconds(86_400))),
            ])
        let clock = SimulatedClock(script)
        let location = playground.location
        try await Simulation(
            script, state: playground.state, clock: clock, log: Recorder().logger,
            standIn: { _, _ in Self.answer(at: clock.world, since: begin) },
            configuration: { _ in try Configuration.load(location) }
        ).run()

        let store = try Store(path: playground.state.database, readOnly: true)
        let issues = try store.issueMaterial(from: begin, to: begin, filedAfter: .max, limit: 0).issues.reversed()
        let days = (0..<count).map { CivilDate(daysSince1970: first.daysSince1970 + $0).description }
            .filter { zone != "Pacific/Apia" || $0 != "2011-12-30" }
        let last = try #require(days.last)
        #expect(issues.map(\.day).filter { $0 >= days[0] && $0 <= last } == days)
        for (one, next) in zip(issues, issues.dropFirst()) {
            #expect(one.to == next.from && next.from <= next.to, "\(one.day) and \(next.day)")
        }
        try expectLocalHours(playground, days)
        try expectToldOnce(playground, from: days[1], count: days.count)
    }

    /// All but the one that was late when the clock was set forward come out at the hour, or at the first moment after a gap.
    private func expectLocalHours(_ playground: Playground, _ days: [String]) throws {
        let late = try days.filter { day in
            let digest = try digest(playground, day)
            return !["02:30", "03:00", "02:31"].contains(digest.zone.local(digest.issued).clock)
        }
        #expect(late.count == 1, "\(late)")
    }

    private func expectToldOnce(_ playground: Playground, from day: String, count: Int) throws {
        var told: [String: Int] = [:]
        for file in playground.files(".json") where file.hasPrefix("digests/2") {
            let json = Array(playground.text(file).utf8)
            let issue = try PublicJSON.decode(Digest.self, from: json)
            for story in issue.stories {
                for member in story.story.members where member.firstSeen > issue.window.from || story.status == .late {
                    told[member.title ?? "", default: 0] += 1
                }
            }
        }
        #expect(told.values.allSatisfy { $0 == 1 }, "\(told.filter { $0.value != 1 })")
        #expect(told.count >= count - 2)
    }

    private func digest(_ playground: Playground, _ day: String) throws -> Digest {
        try PublicJSON.decode(Digest.self, from: Array(playground.text("digests/\(day).json").utf8))
    }

    /// A feed with one new entry a day, and the five of the days before.
    private static func answer(at now: Timestamp, since begin: Timestamp) -> StandInAnswer {
        let day = Int((now - begin) / .seconds(86_400))
        let items = (max(0, day - 5)...day).reversed().map { number in
            (
                id: "\(number)", title: "Patrol \(number) is to deter China at reef \(number * 37)",
                text: "Ship \(number * 11) of squadron \(number * 13) left harbour \(number * 17)."
            )
        }
        let response = Playground.rss(items)
        return StandInAnswer(headers: response.headers.map { (name: $0.0, value: $0.1) }, body: response.body)
    }
}
