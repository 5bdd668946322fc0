import Foundation
import News
import NewsTesting
import Testing

/// The program itself, as a person at a pipe runs it: exit codes, and what goes where.
@Suite(.serialized) final class CommandTests {
    private let playground: Playground

    init() throws {
        playground = try Playground(
            sources: "sources:\n  harbour: {feed: \"https://harbour.example/rss\", name: \"Harbour Times\"}\n")
    }

    deinit { playground.remove() }

    private func feedwatch(_ arguments: [String]) throws -> (code: Int32, output: String, words: String) {
        let process = Process()
        process.executableURL = Bundle.main.bundleURL.appendingPathComponent("feedwatch")
        process.arguments = arguments.map {
            $0.replacing("CONFIG", with: playground.config).replacing("STATE", with: playground.state.path)
        }
        let (output, words) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = words
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let errors = words.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: data, as: UTF8.self), String(decoding: errors, as: UTF8.self)
        )
    }

    @Test("status at a pipe is plain text and ends with 0, also before the first pass")
    func status() throws {
        let run = try feedwatch(["status", "--config", "CONFIG", "--state", "STATE", "--now", "2025-03-30T06:40:00Z"])
        #expect(run.code == 0 && run.words.isEmpty)
        #expect(run.output.contains("harbour: never yet read") && !run.output.contains("\u{1B}"))
    }

    @Test("status --json, sources --json and config show --json are JSON")
    func json() throws {
        for arguments in [
            ["status", "--json", "--state", "STATE"], ["sources", "--json"], ["config", "show", "--json"],
        ] {
            let run = try feedwatch(arguments + ["--config", "CONFIG"])
            #expect(run.code == 0)
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(run.output.utf8)) }
        }
    }

    @Test("An unknown source and an unknown story end with 1 and words, nothing on the output")
    func unknown() throws {
        let run = try feedwatch(["status", "--source", "harbuor", "--config", "CONFIG", "--state", "STATE"])
        #expect(run.code == 1 && run.output.isEmpty)
        #expect(run.words == "feedwatch: no source is known as \"harbuor\" – did you mean \"harbour\"?\n")
    }

    @Test("no asks for a topic with 64, and prints the file that it wrote")
    func judging() async throws {
        let polls = Counter()
        let server = try LoopbackServer { _ in
            let items = [
                (id: "1", title: "Harbour festival opens", text: "With fireworks."), (id: "0", title: "Old", text: "x"),
            ]
            return Playground.rss(polls.add() == 1 ? [items[1]] : items)
        }
        defer { server.stop() }
        try playground.write(
            "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n", to: "sources.d/test.yaml")
        let start = try #require(Timestamp(rfc3339: "2025-03-30T04:00:00Z"))
        try await playground.pass(at: start)
        try await playground.pass(at: start + .seconds(7200))
        let arguments = ["no", "https://outlet.example/1", "--config", "CONFIG", "--state", "STATE"]
        let asked = try feedwatch(arguments)
        #expect(asked.code == 64 && asked.words.contains("matches no topic – name one with --topic: deterrence"))
        let run = try feedwatch(arguments + ["--topic", "deterrence"])
        #expect(run.code == 0 && run.words == "no to deterrence, stored: Harbour festival opens\n")
        #expect(run.output == playground.files(".txt").map { "\(playground.state.path)/\($0)\n" }.joined())
    }

    @Test("A faulty configuration ends every command with 78 and its faults")
    func faulty() throws {
        try playground.write("timezon: UTC\n", to: "feedwatch.yaml")
        let run = try feedwatch(["yes", "k7f2", "--config", "CONFIG", "--state", "STATE"])
        #expect(run.code == 78 && run.words.contains("feedwatch.yaml:1:1: unknown key \"timezon\""))
    }
}
