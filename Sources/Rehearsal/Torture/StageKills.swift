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

/// SIGKILL at the ends of stages, each stage of each step at least once: a seed reproduces these exactly.
struct StageKills {
    let play: Play
    let kills: Int
    let seed: UInt64

    func run() throws {
        var random = SplitMix64(seed: seed)
        let undisturbed = try perform { _ in nil }
        guard undisturbed.files.count > 3 else {
            throw Broken("the undisturbed run wrote only \(undisturbed.files.count) files")
        }
        var plan = KillPlan(boundaries: undisturbed.boundaries)
        var died = 0
        var runs = 0
        while died < kills || !plan.isFulfilled {
            runs += 1
            guard runs <= kills + Self.runsToSpare else {
                throw Broken("seed \(seed): after \(runs) runs there was no kill at \(plan.missing)")
            }
            let disturbed = try perform { plan.draw(step: $0, using: &random) }
            for (step, stage) in disturbed.kills { plan.note(step: step, stage: stage) }
            died += disturbed.kills.count
            if let difference = Readers.difference(undisturbed.files, disturbed.files) {
                throw Broken("run \(runs) of seed \(seed) differs: \(difference)")
            }
        }
        print("\(died) kills at stage boundaries in \(runs) runs: every alert and digest once, the same bytes")
        print("kills by stage: \(plan.summary)")
        let unhit = Stage.allCases.filter { plan.kills[$0] == nil }
        guard unhit.isEmpty else { throw Broken("the play never passes \(unhit.map(\.rawValue))") }
    }

    /// Runs beyond one for each kill: a drawn boundary is not always reached, as batches fall out differently.
    private static let runsToSpare = 100

    /// Plays all steps; `draw` says where each dies the first time.
    private func perform(
        draw: (_ step: Int) -> KillPoint?
    ) throws -> (files: [String: [UInt8]], kills: [(step: Int, stage: Stage)], boundaries: [[Stage: Int]]) {
        let folder = try temporaryFolder("feedwatch-torture")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stage = try play.stage(in: folder)
        var kills: [(step: Int, stage: Stage)] = []
        var boundaries: [[Stage: Int]] = []
        for (number, step) in Step.play.enumerated() {
            play.seeds.phase = step.phase
            var killPoint = draw(number)
            while true {
                var arguments = ["take", "--config", stage.config, "--state", stage.state, "--now", step.now]
                if step.digest { arguments.append("--digest") }
                if let killPoint { arguments += ["--kill-at", killPoint.text] }
                let run = try Run(CommandLine.arguments[0], arguments)
                if run.isKilled, let point = killPoint {
                    kills.append((number, point.stage))
                    killPoint = nil
                    continue
                }
                guard run.status == 0 else { throw Broken("a take ended with \(run.status): \(run.words)") }
                boundaries.append(Boundaries.read(run.output))
                break
            }
        }
        return (try stage.readerFiles(), kills, boundaries)
    }
}

/// Where a step dies: at the `number`-th end of a stage, from 1. Written `publish:1`.
private struct KillPoint {
    var stage: Stage
    var number: Int

    var text: String { "\(stage.rawValue):\(number)" }

    init(stage: Stage, number: Int) {
        self.stage = stage
        self.number = number
    }

    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let stage = Stage(rawValue: String(parts[0])), let number = Int(parts[1]) else {
            return nil
        }
        self.init(stage: stage, number: number)
    }
}

/// Every stage of every step dies at least once, at a random one of its boundaries; after that all is drawn.
private struct KillPlan {
    /// For each step of an undisturbed run, how often each stage ended.
    let boundaries: [[Stage: Int]]
    /// For each step, the stages at which it has not died yet.
    private var owed: [[Stage]]
    private(set) var kills: [Stage: Int] = [:]

    init(boundaries: [[Stage: Int]]) {
        self.boundaries = boundaries
        owed = boundaries.map { passed in Stage.allCases.filter { passed[$0] != nil } }
    }

    var isFulfilled: Bool { owed.allSatisfy(\.isEmpty) }
    var missing: String {
        owed.enumerated().flatMap { step, stages in stages.map { "step \(step + 1) \($0.rawValue)" } }
            .joined(separator: ", ")
    }
    var summary: String { Stage.allCases.map { "\($0.rawValue) \(kills[$0] ?? 0)" }.joined(separator: ", ") }

    func draw(step: Int, using random: inout SplitMix64) -> KillPoint? {
        let passed = boundaries[step]
        let stages = owed[step].isEmpty ? Stage.allCases.filter { passed[$0] != nil } : owed[step]
        guard let stage = stages.randomElement(using: &random) else { return nil }
        return KillPoint(stage: stage, number: Int.random(in: 1...passed[stage, default: 1], using: &random))
    }

    mutating func note(step: Int, stage: Stage) {
        owed[step].removeAll { $0 == stage }
        kills[stage, default: 0] += 1
    }
}

/// One pass in a process of its own, which may be killed at a stage boundary. Prints how often each stage ended.
struct TakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "take", shouldDisplay: false)

    @Option var config: String
    @Option var state: String
    @Option var now: String
    @Option var killAt: String?
    @Flag var digest = false

    func run() async throws {
        guard let time = Timestamp(rfc3339: now) else { throw ValidationError("no time: \(now)") }
        let boundaries = Boundaries(killAt: killAt.flatMap(KillPoint.init))
        let station = try Station.open(
            try Configuration.load(ConfigurationLocation(folder: config)), state: StateFolder(path: state),
            clock: .standing(at: time), log: Logger(label: "take") { _ in JournalLog(isJournal: false) }, patience: nil,
            jitter: { _ in 0 }, observe: { stage, _ in boundaries.pass(stage) })
        if digest { _ = try await station.publishDigestNow() } else { _ = try await station.onePass() }
        await station.close()
        print(boundaries.lines)
    }
}

private final class Boundaries: Sendable {
    private let passed = Mutex<[Stage: Int]>([:])
    private let killAt: KillPoint?

    init(killAt: KillPoint?) { self.killAt = killAt }

    /// `fetch 6`, a line for each stage.
    var lines: String {
        passed.withLock { $0.map { "\($0.key.rawValue) \($0.value)" } }.sorted().joined(separator: "\n")
    }

    static func read(_ lines: String) -> [Stage: Int] {
        lines.split(separator: "\n").reduce(into: [:]) { passed, line in
            let words = line.split(separator: " ")
            guard words.count == 2, let stage = Stage(rawValue: String(words[0])) else { return }
            passed[stage] = Int(words[1])
        }
    }

    func pass(_ stage: Stage) {
        let number = passed.withLock { passed in
            passed[stage, default: 0] += 1
            return passed[stage]
        }
        if let killAt, killAt.stage == stage, killAt.number == number { kill(getpid(), SIGKILL) }
    }
}
