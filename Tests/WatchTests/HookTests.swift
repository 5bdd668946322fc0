import Foundation
import Testing

/// systemd/hook, which runs a program of the administrator's for each alert.
@Suite struct HookTests {
    private let folder: String
    private let root: String

    init() throws {
        folder = NSTemporaryDirectory() + "feedwatch-hook-\(UUID().uuidString)"
        root =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        for name in ["alerts", "kept"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let hook = try String(contentsOfFile: "\(root)/systemd/hook", encoding: .utf8)
        try write(hook.replacing("state=/var/lib/feedwatch", with: "state=\(folder)"), to: "hook")
        try write(
            "#!/bin/sh\n[ ! -e \(folder)/fails ] || exit 3\nset -- \"${1##*/}\"\necho \"${1%.json}\" >>\(folder)/got\n",
            to: "program")
        chmod("\(folder)/program", 0o755)
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    private func read(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
    }

    private func line(_ id: String) -> String {
        "2025-03-30T08:00:00Z alerts/2025-03-30/\(id) topic \u{65E5}\u{672C} – \(id)\n"
    }

    private func log(_ text: String, replacing isNew: Bool = false) throws {
        try write((isNew ? "" : read("alerts/alerts.log")) + text, to: "alerts/alerts.log")
    }

    private func run() async throws -> (status: Int32, output: String) {
        let run = try await CommandRun(
            path: "/bin/sh", ["\(folder)/hook", "\(folder)/program"],
            environment: ["PATH": "/usr/bin:/bin", "STATE_DIRECTORY": "\(folder)/kept", "LC_ALL": "C.UTF-8"])
        return (run.status, run.output + run.words)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test("Each alert comes once and in order, none from before the first run, and no half line")
    func inOrder() async throws {
        defer { remove() }
        try log(line("a"))
        #expect(try await run().status == 0)
        try log(line("b") + line("c") + "2025 alerts/2025-03-30/d")
        #expect(try await run().status == 0)
        #expect(read("got") == "b\nc\n")
        try log(" topic – d\n")
        for _ in 1...2 { #expect(try await run().status == 0) }
        #expect(read("got") == "b\nc\nd\n")
    }

    @Test("A log that is not there yet is one in which everything is new")
    func fromNothing() async throws {
        defer { remove() }
        #expect(try await run().status == 0)
        try log(line("a"))
        #expect(try await run().status == 0)
        #expect(read("got") == "a\n")
    }

    @Test("A log that was moved away is read to its end first; one that was cut is new; one that came back is known")
    func rotated() async throws {
        defer { remove() }
        try log(line("a"))
        _ = try await run()
        try log(line("b"))
        let log = "\(folder)/alerts/alerts.log"
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        try self.log(line("c"))
        #expect(try await run().status == 0)
        #expect(read("got") == "b\nc\n")
        try self.log(line("d") + line("e") + line("f"), replacing: true)
        #expect(try await run().status == 0)
        #expect(read("got") == "b\nc\nd\ne\nf\n")
        try self.log(line("c") + line("f") + line("g"), replacing: true)
        #expect(try await run().status == 0)
        #expect(read("got") == "b\nc\nd\ne\nf\ng\n")
    }

    @Test("An empty mark, as a power cut may leave it, is the end of the log")
    func emptyMark() async throws {
        defer { remove() }
        try log(line("a"))
        try write("", to: "kept/handed")
        #expect(try await run().status == 0)
        try log(line("b"))
        #expect(try await run().status == 0)
        #expect(read("got") == "b\n")
    }

    @Test(
        "A program that fails gets the same alert thirty times; then it is set aside and told, and the next ones come")
    func failing() async throws {
        defer { remove() }
        _ = try await run()
        try write("", to: "fails")
        try log(line("a"))
        for number in 1...30 {
            let run = try await run()
            #expect(run.status == 3 && run.output.contains("<4>") && run.output.contains("try \(number) of 30"))
        }
        try FileManager.default.removeItem(atPath: "\(folder)/fails")
        try log(line("b"))
        let last = try await run()
        #expect(last.status == 0 && last.output.hasPrefix("<3>") && last.output.contains("set aside"), "\(last)")
        #expect(read("got") == "b\n" && read("kept/failed") == "alerts/2025-03-30/a\n")
    }

    @Test("A line that names no alert's file is passed over")
    func strangeLines() async throws {
        defer { remove() }
        _ = try await run()
        try log("x\n\n2025 alerts/../../etc/passwd t\n2025 /etc/passwd t\n" + line("a"))
        #expect(try await run().status == 0)
        #expect(read("got") == "a\n")
    }
}
