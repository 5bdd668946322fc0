import Foundation

/// Tests/Faults/shim.c, compiled for this campaign: between a process and its disk.
struct Shim {
    private let library: String
    /// What has failed, a line each.
    let log: String
    /// What a power cut would take back.
    let undo: String

    init(root: String, folder: String) throws {
        library = folder + "/shim.so"
        log = folder + "/faults"
        undo = folder + "/undo"
        let run = try Run(
            "/usr/bin/env",
            [
                "clang", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library,
                root + "/Tests/Faults/shim.c", "-ldl",
            ])
        guard run.status == 0 else { throw Broken("Tests/Faults/shim.c does not compile: \(run.words)\(run.output)") }
    }

    /// Calls that fail in a process, by their numbers.
    struct Faults {
        var seed: UInt64 = 0
        /// Of a million.
        var rate: Int
        var span: Range<Int>
        /// Nil draws them.
        var error: Int32?
        /// A part of the path.
        var only: String?
    }

    func environment(below state: String, _ faults: Faults) -> [String: String] {
        var variables = [
            "LD_PRELOAD": library, "FAULTS_ROOT": state, "FAULTS_LOG": log, "FAULTS_RATE": "\(faults.rate)",
            "FAULTS_SEED": "\(faults.seed)", "FAULTS_FROM": "\(faults.span.lowerBound)",
            "FAULTS_COUNT": "\(faults.span.count)",
        ]
        variables["FAULTS_ERROR"] = faults.error.map { "\($0)" }
        variables["FAULTS_ONLY"] = faults.only
        return variables
    }

    func recording(below state: String) -> [String: String] {
        ["LD_PRELOAD": library, "FAULTS_ROOT": state, "FAULTS_UNDO": undo]
    }

    /// How many calls have failed in all runs, by their names and errors.
    func failed() -> [String: Int] {
        let lines = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return lines.split(separator: "\n").reduce(into: [:]) { counts, line in
            let words = line.split(separator: " ")
            if words.count > 2 { counts["\(words[1]) \(words[2])", default: 0] += 1 }
        }
    }
}
