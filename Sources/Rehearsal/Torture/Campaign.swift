import Foundation
import News
import NewsTesting
import Storage

/// Runs of the play that are disturbed, each compared with the one that was not.
final class Campaign {
    private let play: Play
    private let seed: UInt64
    private let folder: String
    let shim: Shim
    let undisturbed: [String: [UInt8]]
    /// Of the undisturbed run.
    private let cpu: Int
    private let wall: Int
    private var random: SplitMix64

    init(_ play: Play, seed: UInt64, folder: String, root: String) throws {
        self.play = play
        self.seed = seed
        self.folder = folder
        random = SplitMix64(seed: seed)
        shim = try Shim(root: root, folder: folder)
        let first = try Performance(play, in: folder + "/undisturbed")
        try first.run(life: { Life() })
        undisturbed = try first.stage.readerFiles()
        cpu = first.cpu
        wall = Int(first.wall / .microseconds(1))
        let alerts = undisturbed.keys.count { $0.hasPrefix("alerts/") && $0.hasSuffix(".json") }
        let more = undisturbed.keys.count { $0.hasSuffix("-more.json") }
        let blind = undisturbed.keys.count { $0.contains("Z-blind") || $0.contains("Z-back") }
        let issues = undisturbed.keys.count { $0.hasPrefix("digests/20") && $0.hasSuffix(".json") }
        guard alerts >= 3 * play.days, issues == play.days else {
            throw Broken("the undisturbed run has \(alerts) alerts and \(issues) issues")
        }
        guard more > 0, blind > 0 else { throw Broken("nothing was held, or no source was told as blind") }
        print(
            "undisturbed: \(alerts) alerts, \(more) of what was held, \(issues) issues, \(undisturbed.count) files in \(wall / 1000) ms"
        )
    }

    /// SIGKILL at any instruction, by turns at a random CPU time and at a random time of the clock. Lives last a sixteenth of
    /// the run at most, so that one run dies many times.
    func killAtInstructions(_ kills: Int) throws {
        var died = 0
        var runs = 0
        var isCPU = false
        while died < kills {
            let run = try prepared("kills")
            try run.run {
                guard died < kills else { return Life() }
                isCPU.toggle()
                return isCPU
                    ? Life(dieAfterCPU: self.draw(self.cpu, run)) : Life(dieAfterWall: self.draw(self.wall, run))
            } died: {
                died += 1
            }
            runs += 1
            try compare(run, "run \(runs) with kills")
        }
        print("\(died) kills at random instructions in \(runs) runs: every alert and digest once, the same bytes")
    }

    /// SIGKILL as above, and then the power fails: what was written after the last fsync is lost in part.
    func cutPower(_ cuts: Int) throws {
        var count = (cuts: 0, loose: 0, lost: 0)
        var runs = 0
        while count.cuts < cuts {
            let run = try prepared("power")
            let environment = shim.recording(below: run.stage.state)
            try run.run {
                guard count.cuts < cuts else { return Life(environment: environment, settles: true) }
                return Life(dieAfterWall: self.draw(self.wall, run), environment: environment, settles: true)
            } died: {
                let strike = try PowerCut.strike(
                    run.stage.state + "/feedwatch.db", undo: self.shim.undo, using: &self.random)
                try Self.expectKept(run.stage)
                count = (count.cuts + 1, count.loose + strike.loose, count.lost + strike.lost)
            }
            try? FileManager.default.removeItem(atPath: shim.undo)
            runs += 1
            try compare(run, "run \(runs) with power cuts")
        }
        guard count.lost > 0 else { throw Broken("no power cut has taken anything back") }
        print(
            "\(count.cuts) power cuts in \(runs) runs, \(count.lost) of \(count.loose) writes lost that were not synced: "
                + "every alert and digest once, the same bytes")
    }

    /// What readers have is in the outbox, with the same bytes. Looked at in a copy, for a look recovers the database.
    private static func expectKept(_ stage: Stagecraft) throws {
        let seen = Stagecraft.readerFiles(below: stage.state).filter {
            $0.key.hasSuffix(".json") && !$0.key.hasSuffix("latest.json")
        }
        guard !seen.isEmpty else { return }
        let copy = stage.folder + "/copy.db"
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: copy + suffix)
            guard suffix != "-shm" else { continue }
            try? FileManager.default.copyItem(
                atPath: "\(stage.state)/feedwatch.db\(suffix)", toPath: copy + suffix)
        }
        let store = try Store(path: copy)
        defer { store.close() }
        for (name, bytes) in seen {
            guard try store.parcel(stem: String(name.dropLast(5)))?.json == bytes else {
                throw Broken("readers have \(name), and the outbox has lost it")
            }
        }
    }

    /// Calls fail at random, for a span in each of the first lives. The lines of `alerts.log` are compared in any order.
    func failDisk(runs: Int) throws {
        var failures: [String] = []
        for number in 1...max(1, runs) {
            let run = try prepared("disk")
            try run.run {
                guard run.lives <= Self.livesWithFaults else { return Life() }
                let from = Int.random(in: 0..<3000, using: &self.random)
                var faults = Shim.Faults(
                    seed: self.random.next(), rate: Int.random(in: 2_000...100_000, using: &self.random),
                    span: from..<(from + Int.random(in: 20...2000, using: &self.random)))
                // The database makes most calls: half of the lives have their faults with the readers' files.
                if Bool.random(using: &self.random) {
                    faults.only = ["/alerts", "/digests"].randomElement(using: &self.random)
                    faults.span = 0..<Int.random(in: 20...500, using: &self.random)
                }
                return Life(environment: self.shim.environment(below: run.stage.state, faults))
            }
            failures += run.failures
            try compare(run, "run \(number) on a failing disk", isLogOrdered: false)
        }
        let failed = shim.failed()
        guard !failed.isEmpty else { throw Broken("the disk has not failed") }
        print(
            "\(failed.values.reduce(0, +)) failed calls in \(runs) runs, \(failures.count) passes given up: "
                + "every alert and digest once, the same bytes")
        print(
            "failed calls: " + failed.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        )
    }

    private static let livesWithFaults = 12

    /// A sixteenth of the whole at most, and more where that was too short for a step many times, as on a busy machine.
    private func draw(_ whole: Int, _ run: Performance) -> Int {
        Int.random(in: 1...max(1, whole / 16 * (1 + run.fruitless / 10)), using: &random)
    }

    func prepared(_ name: String) throws -> Performance {
        let place = "\(folder)/\(name)"
        try? FileManager.default.removeItem(atPath: place)
        return try Performance(play, in: place)
    }

    func compare(_ run: Performance, _ name: String, isLogOrdered: Bool = true) throws {
        guard
            let difference = Readers.difference(
                undisturbed, try run.stage.readerFiles(), isLogOrdered: isLogOrdered)
        else { return }
        throw Broken("\(name) of seed \(seed) differs: \(difference)")
    }
}
