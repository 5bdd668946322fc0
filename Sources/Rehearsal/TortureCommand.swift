import ArgumentParser
import Foundation
import Logging
import News
import NewsTesting
import Synchronization
import Watch

/// One step of the play: what the site shows, and when.
private struct Step {
    var phase: Int
    var now: String
    var digest = false

    static let play = [
        Step(phase: 1, now: "2025-03-30T19:00:00Z"), Step(phase: 2, now: "2025-03-31T07:00:00Z"),
        Step(phase: 3, now: "2025-03-31T10:00:00Z"), Step(phase: 3, now: "2025-03-31T17:00:00Z", digest: true),
    ]
}

/// `make torture`: kill -9 at random stage boundaries, run again, and compare every byte with an undisturbed run.
struct TortureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torture", abstract: "Kills feedwatch at stage boundaries and compares what readers get.")

    @OptionGroup var repository: RepositoryOptions
    @Option(help: "How many kills.") var kills = 1000
    @Option(help: "The seed of the kill points; drawn and printed by default.") var seed: UInt64?

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        let site = try SeedSite(folder: repository.seeds + "/web")
        defer { site.stop() }
        let undisturbed = try perform(site) { nil }
        guard undisturbed.files.count > 3 else {
            throw Broken("the undisturbed run wrote only \(undisturbed.files.count) files")
        }
        var died = 0
        var runs = 0
        while died < kills {
            runs += 1
            let disturbed = try perform(site) { Int.random(in: 1...undisturbed.boundaries, using: &random) }
            died += disturbed.kills
            guard disturbed.files == undisturbed.files else {
                throw Broken("run \(runs) of seed \(seed) differs: \(difference(undisturbed.files, disturbed.files))")
            }
            guard disturbed.kills > 0 else { throw Broken("run \(runs) of seed \(seed) was never killed") }
        }
        print("\(died) kills at stage boundaries in \(runs) runs: every alert and digest once, the same bytes")
    }

    /// Plays all steps; `killAfter` draws the boundary at which each step dies the first time.
    private func perform(
        _ site: SeedSite, killAfter: () -> Int?
    ) throws -> (files: [String: [UInt8]], kills: Int, boundaries: Int) {
        let folder = try temporaryFolder("feedwatch-torture")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stage = try Stagecraft(in: folder, repository: repository, site: site)
        var kills = 0
        var boundaries = 1
        for step in Step.play {
            site.phase = step.phase
            var killPoint = killAfter()
            while true {
                var arguments = ["take", "--config", stage.config, "--state", stage.state, "--now", step.now]
                if step.digest { arguments.append("--digest") }
                if let killPoint { arguments += ["--kill-after", "\(killPoint)"] }
                let run = try Run(CommandLine.arguments[0], arguments)
                if run.isKilled {
                    kills += 1
                    killPoint = nil
                    continue
                }
                guard run.status == 0 else { throw Broken("a take ended with \(run.status): \(run.words)") }
                boundaries = max(boundaries, Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
                break
            }
        }
        return (try stage.readerFiles(), kills, boundaries)
    }

    private func difference(_ a: [String: [UInt8]], _ b: [String: [UInt8]]) -> String {
        Set(a.keys).union(b.keys).sorted().filter { a[$0] != b[$0] }
            .map { "\($0) \(a[$0] == nil ? "extra" : b[$0] == nil ? "missing" : "changed")" }.joined(separator: ", ")
    }
}

/// One pass in a process of its own, which may be killed at a stage boundary. Prints how many boundaries it passed.
struct TakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "take", shouldDisplay: false)

    @Option var config: String
    @Option var state: String
    @Option var now: String
    @Option var killAfter: Int?
    @Flag var digest = false

    func run() async throws {
        guard let time = Timestamp(rfc3339: now) else { throw ValidationError("no time: \(now)") }
        let boundaries = Boundaries(killAfter: killAfter)
        let station = try Station.open(
            try Configuration.load(ConfigurationLocation(folder: config)), state: StateFolder(path: state),
            clock: .standing(at: time), log: Logger(label: "take") { _ in JournalLog(isJournal: false) }, patience: nil,
            jitter: { _ in 0 }, observe: { _, _ in boundaries.pass() })
        if digest { _ = try await station.publishDigestNow() } else { _ = try await station.onePass() }
        await station.close()
        print(boundaries.passed)
    }
}

private final class Boundaries: Sendable {
    private let count = Atomic<Int>(0)
    private let killAfter: Int?

    init(killAfter: Int?) { self.killAfter = killAfter }

    var passed: Int { count.load(ordering: .relaxed) }

    func pass() {
        if count.add(1, ordering: .relaxed).newValue == killAfter { kill(getpid(), SIGKILL) }
    }
}
