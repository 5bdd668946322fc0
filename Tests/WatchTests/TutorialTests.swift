import Foundation
import Testing

/// docs/your-own-topic.md, typed in: every command is run, in order, in an empty folder, and prints what the page says.
@Suite struct TutorialTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A page as its fenced blocks and what stands between them.
    private struct Page {
        enum Piece {
            case prose(String)
            case commands(String)
            case output(String)
        }

        var pieces: [Piece] = []

        init(_ text: String) {
            var lines: [Substring] = []
            var fence: Substring?
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                guard line.hasPrefix("```") else {
                    lines.append(line)
                    continue
                }
                let block = lines.map { $0 + "\n" }.joined()
                switch fence {
                case "```sh": pieces.append(.commands(block))
                case "```text": pieces.append(.output(block))
                default: pieces.append(.prose(block))
                }
                lines = []
                fence = fence == nil ? line : nil
            }
            pieces.append(.prose(lines.joined(separator: "\n")))
        }

        var commands: [String] { pieces.compactMap { if case .commands(let text) = $0 { text } else { nil } } }

        /// What stands below each of the commands; empty where nothing does.
        var outputs: [String] {
            pieces.indices.compactMap { index in
                guard case .commands = pieces[index] else { return nil }
                guard index + 2 < pieces.count, case .prose(let between) = pieces[index + 1],
                    between.allSatisfy(\.isWhitespace), case .output(let text) = pieces[index + 2]
                else { return "" }
                return text
            }
        }

        /// With these outputs in place of its own.
        func text(with outputs: [String]) -> String {
            var number = -1
            return pieces.map { piece in
                switch piece {
                case .prose(let text): return text
                case .commands(let text):
                    number += 1
                    return "```sh\n\(text)```\n"
                case .output: return "```text\n\(outputs[number])```\n"
                }
            }.joined()
        }
    }

    /// The hash of a configuration with a path in it is another in each folder.
    private static func masked(_ text: String) -> String {
        text.replacing(/configuration [0-9a-f]{4}/, with: "configuration #")
    }

    @Test("Every command of the tutorial prints what the tutorial says")
    func typedIn() async throws {
        let file = Self.root.appendingPathComponent("docs/your-own-topic.md")
        let page = Page(try String(contentsOf: file, encoding: .utf8))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("seeds"), withDestinationURL: Self.root.appendingPathComponent("seeds"))
        let mark = "--- next ---"
        let script = "cd \(folder.path)\n" + page.commands.map { $0 + "echo '\(mark)'\n" }.joined()
        let run = try await CommandRun(
            path: "/bin/sh", ["-c", script],
            environment: ["PATH": "\(Bundle.main.bundleURL.path):/usr/bin:/bin", "HOME": folder.path])
        let outputs = run.output.components(separatedBy: "\(mark)\n").dropLast().map { $0 }
        try #require(outputs.count == page.commands.count, "\(run.output)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            let news = zip(outputs, page.outputs).map { Self.masked($0) == Self.masked($1) ? $1 : $0 }
            try page.text(with: news).write(to: file, atomically: true, encoding: .utf8)
            return
        }
        for (index, output) in outputs.enumerated() {
            #expect(Self.masked(output) == Self.masked(page.outputs[index]), "\(page.commands[index])")
        }
        #expect(page.commands.count >= 8 && page.outputs.count { !$0.isEmpty } >= 7)
    }

    @Test("The page is taken apart and put together without a loss")
    func pieces() throws {
        let text = "# A\n\n```sh\nls\n```\n\n```text\nb\n```\n\nSo.\n\n```sh\ntrue\n```\nEnd.\n"
        let page = Page(text)
        #expect(page.commands == ["ls\n", "true\n"] && page.outputs == ["b\n", ""])
        #expect(page.text(with: page.outputs) == text)
    }
}
