import Foundation
import News
import NewsTesting

/// How one life of the process goes: when it dies, and what its disk does.
struct Life {
    var dieAfterCPU: Int?
    var dieAfterWall: Int?
    /// With the shim's variables.
    var environment: [String: String] = [:]
    var settles = false
}

/// One run of the play from an empty state to its end, in as many lives as it takes.
final class Performance {
    let stage: Stagecraft
    private let play: Play
    private(set) var step = 0
    /// Parcels that the last pass could not deliver.
    private var waiting = 0
    private(set) var lives = 0
    /// Lives since a step was done.
    private(set) var fruitless = 0
    private(set) var kills = 0
    /// The words of passes that failed.
    private(set) var failures: [String] = []
    /// CPU microseconds and wall time, of the last life that came to the end.
    private(set) var cpu = 0
    private(set) var wall = Duration.zero
    /// A life ends in order after so many passes, also failed ones.
    private static let passesPerLife = 20
    /// Lives without a step done between them: more is no bad luck.
    private static let livesWithoutProgressMax = 400

    init(_ play: Play, in folder: String) throws {
        self.play = play
        stage = try play.stage(in: folder)
    }

    /// - Parameters:
    ///   - life: called before each life.
    ///   - died: called after each that was killed.
    ///   - before: called before each step.
    func run(life: () throws -> Life, died: () throws -> Void = {}, before: (Int) throws -> Void = { _ in }) throws {
        var last = (step: -1, lives: 0)
        while true {
            if step > last.step { last = (step, lives) }
            fruitless = lives - last.lives
            guard fruitless < Self.livesWithoutProgressMax else {
                throw Broken("no progress at step \(step): \(failures.last ?? "killed")")
            }
            lives += 1
            let player = try Player(stage, try life())
            let isOver = try lead(player, before)
            if isOver { return }
            guard player.isKilled else { continue }
            kills += 1
            // Killed from outside: no fault of the document that was being read.
            try? FileManager.default.removeItem(atPath: stage.state + "/parsing")
            try died()
        }
    }

    /// - Returns: whether the play is over.
    private func lead(_ player: Player, _ before: (Int) throws -> Void) throws -> Bool {
        let start = ContinuousClock.now
        var tries = 0
        while step < play.times.count || waiting > 0, tries < Self.passesPerLife {
            tries += 1
            let now = min(step, play.times.count - 1)
            if step < play.times.count { try before(step) }
            play.show(now)
            guard let answer = player.ask(play.times[now].description) else { return try death(of: player) }
            if answer.hasPrefix("failed ") {
                failures.append(String(answer.dropFirst(7)))
            } else if let number = Int(answer.dropFirst("done ".count)) {
                waiting = number
                step = min(step + 1, play.times.count)
            }
        }
        guard let answer = player.ask(nil) else { return try death(of: player) }
        player.end()
        cpu += Int(answer.dropFirst("closed ".count)) ?? 0
        wall += ContinuousClock.now - start
        return step == play.times.count && waiting == 0
    }

    private func death(of player: Player) throws -> Bool {
        player.end()
        guard player.isKilled else {
            throw Broken("step \(step): the process ended with \(player.status): \(player.words)")
        }
        return false
    }
}

/// One process that plays.
private final class Player {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let wordsFile: String
    private var rest: [UInt8] = []

    init(_ stage: Stagecraft, _ life: Life) throws {
        wordsFile = stage.folder + "/words"
        try Data().write(to: URL(fileURLWithPath: wordsFile))
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["play", "--config", stage.config, "--state", stage.state]
        if let time = life.dieAfterCPU { process.arguments! += ["--die-after-cpu", "\(time)"] }
        if let time = life.dieAfterWall { process.arguments! += ["--die-after-wall", "\(time)"] }
        if life.settles { process.arguments!.append("--settle") }
        process.environment = ProcessInfo.processInfo.environment.merging(life.environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: wordsFile)
        try process.run()
        try? input.fileHandleForReading.close()
        try? output.fileHandleForWriting.close()
    }

    var isKilled: Bool { process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL }
    var status: Int32 { process.terminationStatus }
    var words: String { (try? String(contentsOfFile: wordsFile, encoding: .utf8)) ?? "" }

    /// Sends a line, or the end of the lines; nil when the process ends without an answer.
    func ask(_ line: String?) -> String? {
        if let line {
            // A process that is dead takes none.
            try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
        } else {
            try? input.fileHandleForWriting.close()
        }
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                defer { rest.removeSubrange(...end) }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            rest += more
        }
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
