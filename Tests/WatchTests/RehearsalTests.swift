import Foundation
import Testing

/// The demo and the torture campaign, as the programs that a person runs.
@Suite(.serialized) struct RehearsalTests {
    @Test("The demo's promises hold")
    func demo() async throws {
        let run = try await rehearsal(["demo"])
        #expect(run.status == 0, "\(run.output)")
        for language in ["en", "ja", "ko", "zh-Hans", "zh-Hant"] {
            #expect(run.output.contains("✓ one alert (\(language)) on "), "\(language)")
        }
        #expect(run.output.contains("✓ earthquakes, trade, weather, courts and sport alert nobody"))
    }

    @Test(
        "Killed at stages and instructions, without power, on a failing disk: the same files with the same bytes",
        arguments: [
            (["stages", "instructions"], ["kills by stage: fetch ", "50 kills at random instructions"]),
            (["power", "disk", "scenes"], ["20 power cuts", "failed calls in 2 runs", "nothing again, nothing lost"]),
        ])
    func torture(parts: [String], promises: [String]) async throws {
        let seed = Int.random(in: 0...9999)
        print("seed \(seed)")
        let run = try await rehearsal(
            ["torture", "--days", "4", "--stage-kills", "20", "--kills", "50", "--cuts", "20", "--disk-runs", "2"]
                + ["--busy-seconds", "1", "--seed", "\(seed)"] + parts.flatMap { ["--only", $0] })
        #expect(run.status == 0, "seed \(seed): \(run.output)")
        for promise in promises { #expect(run.output.contains(promise), "seed \(seed): \(run.output)") }
        print(run.output)
    }

    private func rehearsal(_ arguments: [String]) async throws -> (status: Int32, output: String) {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let run = try await CommandRun(
            arguments + ["--root", root.path], program: "rehearsal", redirection: "2>&1")
        return (run.status, run.output)
    }
}
