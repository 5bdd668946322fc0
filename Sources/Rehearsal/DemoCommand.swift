import ArgumentParser
import Foundation
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
        do {
            try Demo(site: site, stage: stage, program: program).play()
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

    func play() throws {
        print("Serving seeds/ at \(site.base), as six outlets. The clock is played: 30 and 31 March 2025.\n")

        site.phase = 1
        try once("2025-03-30T19:00:00Z", "Poll 1, the silent baseline")
        try expect(try alerts().isEmpty, "the first poll of a source is silent", "there are alerts")

        site.phase = 2
        try once(
            "2025-03-31T07:00:00Z", "Poll 2, after a wire story, its copies, a follow-up and six look-alikes came out")
        let alerts = try alerts()
        try expect(alerts.count == 1, "one wire story in three outlets alerts exactly once", "\(alerts.count) alerts")
        try expect(alerts[0].contains("Indo-Pacific deterrence"), "the alert names its topic", alerts[0])
        try expect(alerts[0].contains("one text in 3 outlets"), "it knows that the three are one text", alerts[0])

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
        try expect(try self.alerts().count == 1, "a corrected copy is no second alert", "another alert")

        let digest = try Run(
            program,
            ["digest", "--config", stage.config, "--state", stage.state, "--now", "2025-03-31T17:00:00Z"])
        try expect(digest.status == 0, "the digest is written", digest.words)
        try expect(digest.output.contains("CORRECTED"), "the digest tells of the correction", digest.output)
        try show(digest.output)
    }

    private func once(_ now: String, _ title: String) throws {
        let run = try Run(program, ["once", "--config", stage.config, "--state", stage.state, "--now", now])
        guard run.status == 0 else { throw Broken("\"feedwatch once\" ended with \(run.status): \(run.words)") }
        print("\(title)\n  \(run.words)", terminator: "")
    }

    private func alerts() throws -> [String] {
        try stage.readerFiles().filter { $0.key.hasPrefix("alerts/") && $0.key.hasSuffix(".md") }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }

    private func expect(_ holds: Bool, _ promise: String, _ found: String) throws {
        guard holds else { throw Broken("\(promise). Found: \(found)") }
        print("  ✓ \(promise)")
    }

    private func show(_ digest: String) throws {
        print("\nThe digest begins:\n")
        for line in digest.split(separator: "\n", omittingEmptySubsequences: false).prefix(22) { print("  │ \(line)") }
        print("\nAll of it, and the alert:")
        for name in try stage.readerFiles().keys.sorted() { print("  \(stage.state)/\(name)") }
        print("Its configuration: \(stage.config)")
    }
}
