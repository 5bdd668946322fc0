import Foundation
import Testing

/// The demo and the torture campaign, as the programs that a person runs.
@Suite(.serialized) struct RehearsalTests {
    @Test("The demo's promises hold")
    func demo() throws {
        let run = try rehearsal(["demo"])
        #expect(run.status == 0, "\(run.output)")
        for language in ["en", "ja", "ko", "zh-Hans", "zh-Hant"] {
            #expect(run.output.contains("✓ one alert (\(language)) on "), "\(language)")
        }
        #expect(run.output.contains("✓ earthquakes, trade, weather, courts and sport alert nobody"))
    }

    @Test("50 kills at stage boundaries leave the same files with the same bytes as an undisturbed run")
    func torture() throws {
        let seed = Int.random(in: 0...9999)
        print("seed \(seed)")
        let run = try rehearsal(["torture", "--kills", "50", "--seed", "\(seed)"])
        #expect(run.status == 0, "seed \(seed): \(run.output)")
        print(run.output)
    }

    private func rehearsal(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        // Beside the test bundle: SwiftPM builds the executables that a test target depends on there.
        process.executableURL = Bundle.main.bundleURL.appendingPathComponent("rehearsal")
        process.arguments = arguments + ["--root", root.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
