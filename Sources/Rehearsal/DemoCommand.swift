import ArgumentParser
import Foundation
import News
import NewsTesting

/// `make demo`: feedwatch on real input, over HTTP, with its promises checked.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Serves seeds/ on loopback, runs feedwatch over it, and checks what it promises."
    )

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The folder for configuration, alerts and digests; a temporary one by default.")
    var folder: String?

    func run() async throws {
        let site = try SeedSite(folder: repository.seeds + "/web")
        defer { site.stop() }
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("feedwatch").path
        let stage = try Stagecraft(
            in: try folder ?? temporaryFolder("feedwatch-demo"), repository: repository, site: site)
        guard !FileManager.default.fileExists(atPath: stage.state) else {
            throw ValidationError("\(stage.state) is there already – give an empty folder")
        }
        let stories = try SeedStory.load(repository.seeds)
        do {
            try Demo(site: site, stage: stage, program: program, stories: stories).play()
        } catch let broken as Broken {
            print("\nThe demo's promise does not hold: \(broken)")
            throw ExitCode(1)
        }
    }
}

/// The four polls and the digest, as a user would make them, and what must hold after each.
private struct Demo {
    let site: SeedSite
    let stage: Stagecraft
    let program: String
    let stories: [SeedStory]

    private var loud: [SeedStory] { stories.filter { $0.promise == .alert } }

    func play() throws {
        print("Serving seeds/ at \(site.base). The clock is played: 30 and 31 March 2025.\n")

        site.phase = 1
        try once("2025-03-30T19:00:00Z", "Poll 1, the silent baseline")
        try expect(try alerts().isEmpty, "the first poll of a source is silent", "there are alerts")

        // One pass an hour, as a timer would make it: the night is quiet.
        try quiet([
            "30T20:10", "30T21:20", "30T22:30", "30T23:40", "31T00:50", "31T02:00", "31T03:10", "31T04:20", "31T05:30",
        ])

        site.phase = 2
        try once(
            "2025-03-31T07:00:00Z",
            "Poll 2, after \(loud.count) stories in five languages came out, with copies, follow-ups and look-alikes")
        try expectAlerts(try alerts())

        let before = try stage.readerFiles()
        let asked = site.hits.count
        try once("2025-03-31T08:30:00Z", "Poll 3, with nothing new")
        let statuses = site.hits.dropFirst(asked).map(\.status)
        try expect(
            !statuses.isEmpty && statuses.allSatisfy { $0 == 304 },
            "every answer of the third poll is 304", "\(statuses)")
        try expect(try stage.readerFiles() == before, "a poll without news adds nothing", "files have changed")

        site.phase = 3
        try once("2025-03-31T10:00:00Z", "Poll 4, after one outlet corrected a number")
        try expect(
            try self.alerts().count == loud.count,
            "the correction waits: a story alerts again six hours after its alert at the soonest", "another alert")

        try quiet(["31T11:10", "31T12:20"])
        try once("2025-03-31T13:30:00Z", "Poll 7, more than six hours after the alert")
        try expectUpdate(try self.alerts())
        try quiet(["31T14:40", "31T15:50"])
        let run = try Run(
            program,
            ["digest", "--config", stage.config, "--state", stage.state, "--now", "2025-03-31T17:00:00Z"])
        try expect(run.status == 0, "the digest is written", run.words)
        try expect(run.output.contains("CORRECTED"), "the digest tells of the correction", run.output)
        try expectDigest(try digest())
        try show(run.output)
    }

    private func once(_ now: String, _ title: String) throws {
        print("\(title)\n  \(try pass(now))", terminator: "")
    }

    /// Passes in which nothing is new, at these times of March 2025.
    private func quiet(_ times: [String]) throws {
        let alerts = try alerts().count
        for time in times { _ = try pass("2025-03-\(time):00Z") }
        try expect(
            try self.alerts().count == alerts, "\(times.count) passes without news, one an hour, alert nobody",
            "another alert")
    }

    /// - Returns: what it said.
    private func pass(_ now: String) throws -> String {
        let run = try Run(program, ["once", "--config", stage.config, "--state", stage.state, "--now", now])
        guard run.status == 0 else { throw Broken("\"feedwatch once\" ended with \(run.status): \(run.words)") }
        return run.words
    }

    private func expectAlerts(_ alerts: [Alert]) throws {
        for story in loud {
            let found = alerts.map(\.story).filter { $0.title == story.headline }
            let holds =
                found.count == 1 && Set(found[0].topics.map(\.id)).isSuperset(of: story.topics)
                && Set(found[0].members.map(\.outlet)) == Set(story.outlets)
            let seen = found.map { "on \($0.topics.map(\.id)), of \($0.members.map(\.outlet))" }
            try expect(
                holds,
                "one alert (\(story.language)) on \(story.topics.joined(separator: ", ")), "
                    + "as one story of \(story.outlets.joined(separator: ", ")): \(story.headline)",
                "\(found.count) alerts \(seen.joined(separator: "; "))")
        }
        let extra = alerts.map(\.story.title).filter { title in !loud.contains { $0.headline == title } }
        try expect(extra.isEmpty, "earthquakes, trade, weather, courts and sport alert nobody", "\(extra)")
        let wire = alerts.flatMap(\.story.texts).filter { $0.outlets.count == 3 }
        try expect(
            wire.count == 1, "the wire story is known to be one text in three outlets", "\(wire.count) such texts")
    }

    /// The corrected story once more, as an update of its alert, and nothing else.
    private func expectUpdate(_ alerts: [Alert]) throws {
        let updates = alerts.filter { $0.updateOf != nil }
        let first = alerts.first { $0.stem == updates.first?.updateOf?.file }
        let holds =
            alerts.count == loud.count + 1 && updates.count == 1 && updates[0].updateOf?.why == [.correction]
            && first?.story.id == updates[0].story.id
        try expect(
            holds, "the corrected story alerts once more, as an update that names the first alert and the correction",
            "\(updates.map { "\($0.story.title): \($0.updateOf?.why ?? [])" })")
    }

    private func expectDigest(_ digest: Digest) throws {
        let titles = digest.stories.flatMap { [$0.story.title] + $0.story.members.compactMap(\.title) }
        let missing = loud.map(\.headline).filter { !titles.contains($0) }
        try expect(missing.isEmpty, "every story that alerted stands in the digest", "without \(missing)")
        let quiet = stories.filter { $0.promise == .quiet && titles.contains($0.headline) }
        try expect(quiet.isEmpty, "no look-alike stands in the digest", "\(quiet)")
    }

    private func alerts() throws -> [Alert] {
        try stage.readerFiles().filter { $0.key.hasPrefix("alerts/") && $0.key.hasSuffix(".json") }
            .map { try JSONDecoder().decode(Alert.self, from: Data($0.value)) }
    }

    private func digest() throws -> Digest {
        guard let bytes = try stage.readerFiles()["digests/latest.json"] else { throw Broken("no digests/latest.json") }
        return try JSONDecoder().decode(Digest.self, from: Data(bytes))
    }

    private func expect(_ holds: Bool, _ promise: String, _ found: String) throws {
        guard holds else { throw Broken("\(promise). Found: \(found)") }
        print("  ✓ \(promise)")
    }

    /// The digest's head, one story of each language, and where all of it lies.
    private func show(_ digest: String) throws {
        print("\nFrom the digest:\n")
        let parts = digest.components(separatedBy: "\n### ")
        excerpt(parts[0].components(separatedBy: "\n## Stories")[0])
        var languages: Set<String> = []
        for story in loud where languages.insert(story.language).inserted {
            guard let part = parts.first(where: { $0.hasPrefix(story.headline) }) else { continue }
            let lines = part.split(separator: "\n")
            excerpt("### " + lines.filter { !$0.hasPrefix("- ") && $0 != ">" }.prefix(4).joined(separator: "\n") + "\n")
        }
        print("\nAll of it, and the alerts:")
        for name in try stage.readerFiles().keys.sorted() { print("  \(stage.state)/\(name)") }
        print("Its configuration: \(stage.config)")
    }

    private func excerpt(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { print("  │ \(line)") }
    }
}
