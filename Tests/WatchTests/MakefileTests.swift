import Foundation
import Testing

/// The Makefile on a machine of our own making: programs of these names come first in the path.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make"), "make is not installed"))
struct MakefileTests {
    @Test(
        "Where packages are missing and nobody may be asked, the one command to run refreshes the package lists first")
    func missingPackages() async throws {
        let run = try await make(["deps"], programs: ["dpkg-query": "exit 1", "id": "echo 1000"])
        #expect(run.status == 2)
        #expect(run.output.contains("Run: sudo apt-get update && sudo apt-get install -y"), "\(run.output)")
    }

    @Test("make -j check runs lint, build and tests one after the other")
    func parallelMake() async throws {
        // Each holds a folder while it runs and looks long enough for another to come.
        let swift = """
            mkdir "$LOCK" || { echo overlap; exit 1; }
            i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done
            rmdir "$LOCK"; echo "ran $1"
            """
        let run = try await make(
            ["-j4", "check"],
            // Not root, so that no machine is booted.
            programs: ["swift": swift, "dpkg-query": "echo install ok installed", "id": "echo 1000"])
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("check-service: skipped, there is no root's rights"))
        #expect(
            run.output.split(separator: "\n").filter { $0.hasPrefix("ran ") } == [
                "ran format", "ran build", "ran test",
            ])
    }

    private func make(
        _ arguments: [String], programs: [String: String]
    ) async throws -> (status: Int32, output: String) {
        let folder = NSTemporaryDirectory() + "feedwatch-make-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, script) in programs {
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        // Nothing of a make that runs these tests: its flags and its jobs are not ours.
        let run = try await CommandRun(
            path: "/usr/bin/make", ["-C", root.path] + arguments,
            environment: ["PATH": "\(folder):/usr/bin:/bin", "LOCK": "\(folder)/lock"])
        return (run.status, run.output)
    }
}
