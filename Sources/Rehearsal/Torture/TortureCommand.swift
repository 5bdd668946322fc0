import ArgumentParser
import Foundation
import NewsTesting

/// `make torture`: every alert and digest exactly once, whatever happens.
struct TortureCommand: AsyncParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument { case stages, instructions, power, disk, scenes }

    static let configuration = CommandConfiguration(
        commandName: "torture",
        abstract: "Kills feedwatch, cuts its power, fails its disk, and compares what readers get.")

    @OptionGroup var repository: RepositoryOptions
    @Option(help: "How many days each run has.") var days = 10
    @Option(help: "How many kills at random instructions.") var kills = 1000
    @Option(help: "How many kills at stage boundaries; each boundary is hit at least once.") var stageKills = 50
    @Option(help: "How many power cuts.") var cuts = 200
    @Option(help: "How many runs on a disk that fails.") var diskRuns = 10
    @Option(help: "How many seconds another process holds the database.") var busySeconds = 30
    @Option(help: "Only these parts.") var only: [Part] = Part.allCases
    @Option(help: "The seed; drawn and printed by default.") var seed: UInt64?

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("seed \(seed)")
        let folder = try temporaryFolder("feedwatch-torture")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let play = try Play(repository, days: days)
        defer { play.stop() }
        if only.contains(.stages) { try StageKills(play: play, kills: stageKills, seed: seed).run() }
        guard only != [.stages] else { return }
        let campaign = try Campaign(play, seed: seed, folder: folder, root: repository.root)
        if only.contains(.instructions) { try campaign.killAtInstructions(kills) }
        if only.contains(.power) { try campaign.cutPower(cuts) }
        if only.contains(.disk) { try campaign.failDisk(runs: diskRuns) }
        if only.contains(.scenes) { try campaign.playScenes(busySeconds: busySeconds) }
    }
}
