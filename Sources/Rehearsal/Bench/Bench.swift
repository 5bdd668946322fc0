import Foundation
import Glibc

/// The table, and how its figures are taken.
struct Bench {
    /// Where the compiled floors are, and files for them.
    let work: String

    static let rounds = 5

    func header() {
        line(stage: "stage", cost: "cost", floor: "floor or peer in the same run", ratio: "ratio")
    }

    /// - Parameters:
    ///   - ratio: CPU seconds of ours by those of the floor; nil where there is none.
    func row(_ stage: String, _ cost: String, floor: String, ratio: Double? = nil) {
        line(stage: stage, cost: cost, floor: floor, ratio: ratio.map(Self.number) ?? "")
    }

    /// CPU seconds of both, in turns, the least of each.
    /// - Parameter floor: nil when it is not at hand.
    func leastOfTurns(
        rounds: Int = Bench.rounds, _ subject: () async throws -> Double, floor: () throws -> Double?
    ) async throws -> (cost: Double, floor: Double?) {
        var costs: [Double] = []
        var floors: [Double] = []
        for _ in 0..<rounds {
            if let seconds = try floor() { floors.append(seconds) }
            costs.append(try await subject())
        }
        return (costs.min() ?? 0, floors.min())
    }

    /// The numbers that a floor prints, one a line; nil where it could not be built.
    func floor(_ name: String, _ arguments: [String]) throws -> [Double]? {
        let program = "\(work)/\(name)-floor"
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        let run = try Run(program, arguments)
        guard run.status == 0 else { throw Broken("\(name)-floor ended with \(run.status): \(run.words)") }
        return run.output.split(separator: "\n").compactMap { Double($0) }
    }

    /// Why there is no such floor.
    func missing(_ name: String) -> String {
        (try? String(contentsOfFile: "\(work)/\(name)-floor.missing", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "\(name)-floor was not built"
    }

    /// What the body costs this process, all its threads together.
    func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let before = CPUTime.ofThisProcess
        try await body()
        return CPUTime.ofThisProcess - before
    }

    /// Three figures that count.
    static func number(_ value: Double) -> String {
        value >= 100 ? String(format: "%.0f", value) : String(format: value >= 10 ? "%.1f" : "%.2f", value)
    }

    private func line(stage: String, cost: String, floor: String, ratio: String) {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        print(padded(stage, 42) + padded(cost, 24) + padded(floor, 48) + ratio)
        fflush(nil)
    }
}

/// CPU seconds, of user and system together.
enum CPUTime {
    static var ofThisProcess: Double { spent(RUSAGE_SELF) }
    /// Of children that have ended and were waited for.
    static var ofChildren: Double { spent(RUSAGE_CHILDREN) }

    /// Of a process that runs; nil when it has gone.
    static func of(process: pid_t) -> Double? {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func spent(_ who: __rusage_who) -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(who.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}
