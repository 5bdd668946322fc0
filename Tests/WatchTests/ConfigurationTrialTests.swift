import Foundation
import News
import Testing

@testable import Watch

/// `feedwatch simulate` without its command line.
@Suite struct ConfigurationTrialTests {
    private static let sources = """
        sources:
          harbour: {feed: "https://harbour.example/rss", interval: 3h}
          minami: {page: "https://minami.example/news/", interval: 3h, links: {select: ".nowhere a"}}
          quay: {sitemap: "https://quay.example/sitemap.xml", interval: 3h, full_text: never}

        """

    private func playground() throws -> Playground {
        let playground = try Playground(
            sources: Self.sources, main: "contact: \"mailto:ops@reader.example\"\ntimezone: Europe/Paris\n")
        try playground.write(
            """
            topic: deterrence
            name: Deterrence
            words: {en: {strong: ["deter China", "joint headquarters"]}}
            alert: {any_of: [{match: clear}]}
            tests:
              - {title: Patrols deter China in the strait, text: "They left port at night.", expect: alert}
              - {title: Allies open a joint headquarters, text: "The staff moved in on Monday.", expect: alert}
              - {title: A bakery has new hours, text: "It opens at six.", expect: nothing}

            """, to: "topics.d/deterrence.yaml")
        return playground
    }

    private func run(_ playground: Playground, days: Int, seed: UInt64 = 7, in state: String) async throws
        -> SimulationReport
    {
        let trial = try ConfigurationTrial(
            try Configuration.load(playground.location), from: CivilDate("2025-03-29"), days: days, seed: seed,
            clock: .standing(at: Timestamp(seconds: 0)))
        return try await trial.run(in: StateFolder(path: "\(playground.folder)/\(state)"), log: Recorder().logger)
    }

    @Test("A configuration's days are told: polls, alerts of each topic, issues with the length of their windows")
    func report() async throws {
        let playground = try playground()
        defer { playground.remove() }
        let report = try await run(playground, days: 4, in: "state")
        #expect(report.perDay.map(\.day.description) == ["2025-03-29", "2025-03-30", "2025-03-31", "2025-04-01"])
        #expect(report.perDay.allSatisfy { (20...30).contains($0.polls) }, "\(report.perDay)")
        #expect(report.perDay.compactMap { $0.issue?.at } == ["06:30 CET", "06:30 CEST", "06:30 CEST", "06:30 CEST"])
        #expect(report.perDay.compactMap { $0.issue?.windowSeconds }.dropFirst() == [82_800, 86_400, 86_400])
        #expect(report.alerts.map(\.topic) == ["deterrence"] && report.alerts[0].alerts > 0)
        #expect(report.pages > 0, "pages are read behind a listing page, whose own selectors fit other pages")
        #expect(report.busiestHost?.host == "minami.example")
        #expect(report.faults.allSatisfy { $0.fault != "status 404" })
        let text = Printing.plain.text(report.lines)
        #expect(
            text.contains("4 days from 2025-03-29, Europe/Paris, seed 7: 3 sources, 1 topic") && text.contains("23 h"))
    }

    @Test("The same seed is the same days, also where they are simulated in two runs; another seed is others")
    func repeatable() async throws {
        let playground = try playground()
        defer { playground.remove() }
        _ = try await run(playground, days: 3, in: "one")
        _ = try await run(playground, days: 1, in: "two")
        _ = try await run(playground, days: 3, in: "two")
        _ = try await run(playground, days: 3, seed: 8, in: "other")
        #expect(try files(playground, "one") == files(playground, "two"))
        #expect(try files(playground, "one") != files(playground, "other"))
    }

    @Test("A simulation that is killed at any instruction, again and again, ends in the same files")
    func killed() async throws {
        let playground = try playground()
        defer { playground.remove() }
        _ = try await run(playground, days: 6, in: "whole")
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        let program = Bundle.main.bundleURL.appendingPathComponent("feedwatch").path
        let simulate = [
            program, "simulate", playground.config, "--days", "6", "--from", "2025-03-29", "--seed", "7", "--state",
            "\(playground.folder)/cut",
        ]
        var kills = 0
        for _ in 0..<12 {
            let seconds = "0.\(Int.random(in: 15...95, using: &random))"
            let run = try await CommandRun(
                path: "/usr/bin/timeout", ["-s", "KILL", seconds] + simulate, environment: [:])
            if run.status == 0, !run.isCrash { break }
            kills += 1
        }
        let last = try await CommandRun(path: simulate[0], Array(simulate.dropFirst()), environment: [:])
        #expect(last.status == 0, "\(last.output)")
        #expect(kills > 0, "seed \(seed)")
        #expect(try files(playground, "whole") == files(playground, "cut"), "seed \(seed), \(kills) kills")
    }

    @Test("Who was killed in the middle of a document, again and again, is not kept out of a simulation")
    func killedReading() async throws {
        let playground = try playground()
        defer { playground.remove() }
        _ = try await run(playground, days: 3, in: "whole")
        _ = try await run(playground, days: 1, in: "cut")
        let state = StateFolder(path: "\(playground.folder)/cut")
        /// What a process leaves that dies while it reads.
        func die() throws {
            let notes = try ReadingNotes(path: state.path + "/parsing")
            notes.begin()
            let left = notes.during(Suspect(source: "harbour")) {
                FileManager.default.contents(atPath: state.path + "/parsing")
            }
            try #require(left).write(to: URL(fileURLWithPath: state.path + "/parsing"))
        }
        try die()
        let now = try #require(Timestamp(rfc3339: "2025-03-29T23:00:00Z"))
        let station = try Station.open(
            try Configuration.load(playground.location), state: state, clock: .standing(at: now),
            log: Recorder().logger, patience: nil)
        let deaths = try station.store.suspicions().map(\.value.deaths)
        await station.close()
        #expect(deaths == [1])
        try die()
        _ = try await run(playground, days: 3, in: "cut")
        #expect(try files(playground, "whole") == files(playground, "cut"))
    }

    private func files(_ playground: Playground, _ state: String) throws -> [String: Data] {
        let root = "\(playground.folder)/\(state)"
        return try FileManager.default.subpathsOfDirectory(atPath: root)
            .filter { $0.hasPrefix("alerts") || $0.hasPrefix("digests") }
            .reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: "\(root)/\($1)") }
    }

    @Test(
        "The command refuses what cannot be simulated",
        arguments: [
            (["--days", "0"], 64, "--days"), (["--days", "2001"], 64, "2000"),
            (["--from", "2025-02-30"], 64, "--from"),
            (["--seed", "-1"], 64, "--seed"), ([], 1, "no source is on"),
        ] as [([String], Int32, String)])
    func refusals(arguments: [String], code: Int32, words: String) async throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        let run = try await CommandRun(["simulate", playground.config] + arguments)
        #expect(run.status == code && run.words.contains(words), "\(run.words)")
    }

    @Test("As JSON it is one value, and nothing is left behind")
    func json() async throws {
        let playground = try playground()
        defer { playground.remove() }
        let run = try await CommandRun(["simulate", playground.config, "--days", "1", "--from", "2025-03-29", "--json"])
        let value = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(value["days"] as? Int == 1 && value["sources"] as? Int == 3 && value["schema"] as? Int == 1)
        #expect(((value["per_day"] as? [[String: Any]])?.first?["polls"] as? Int ?? 0) > 20)
        #expect(playground.files("").isEmpty && run.words.isEmpty, "\(run.words)")
    }

    @Test("What feedwatch has really seen is not simulated upon")
    func realState() async throws {
        let playground = try playground()
        defer { playground.remove() }
        try playground.state.create()
        try Data("x".utf8).write(to: URL(fileURLWithPath: playground.state.database))
        await #expect(throws: StateError.self) { try await run(playground, days: 1, in: "state") }
        #expect(playground.text("feedwatch.db") == "x")
    }

    @Test("Without a source that is on there is nothing to simulate")
    func noSource() throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        #expect(throws: StateError.self) {
            try ConfigurationTrial(
                try Configuration.load(playground.location), from: nil, days: 1, seed: 1,
                clock: .standing(at: Timestamp(seconds: 0)))
        }
    }
}
