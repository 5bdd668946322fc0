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

    @Test("50 kills at stage boundaries leave the same files with the same bytes as an undisturbed run")
    func torture() async throws {
        let seed = Int.random(in: 0...9999)
        print("seed \(seed)")
        let run = try await rehearsal(["torture", "--kills", "50", "--seed", "\(seed)"])
        #expect(run.status == 0, "seed \(seed): \(run.output)")
        // It fails by itself when a stage was not among them.
        #expect(run.output.contains("kills by stage: fetch "))
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
