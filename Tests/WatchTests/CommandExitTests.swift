import Foundation
import News
import NewsTesting
import Testing

@testable import Watch

/// The commands as the programs that a person runs: what they say, and the exit codes.
@Suite struct CommandExitTests {
    let old = (id: "0", title: "Ferries run", text: "On time.")
    let news = (id: "1", title: "Allies plan a joint headquarters to deter China", text: "One step more.")

    /// A source with its baseline read at 08:00, which then shows an alert's worth of news.
    private func withNews(_ body: (_ playground: Playground, _ folders: [String]) async throws -> Void) async throws {
        let polls = Counter()
        let server = try LoopbackServer { [old, news] _ in Playground.rss(polls.add() == 1 ? [old] : [news, old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let folders = ["--config", playground.config, "--state", playground.state.path]
        let first = try await CommandRun(["once", "--now", "2025-03-30T08:00:00Z"] + folders)
        #expect(first.status == 0, "\(first.words)")
        try await body(playground, folders)
    }

    @Test("once fails with the fault when what was decided cannot be written, and the next run writes it")
    func onceUnwritable() async throws {
        try await withNews { playground, folders in
            let blocked = playground.state.path + "/alerts"
            try Data().write(to: URL(fileURLWithPath: blocked))
            let run = try await CommandRun(["once", "--now", "2025-03-30T10:00:00Z"] + folders)
            #expect(run.status == 1 && !run.isCrash)
            #expect(run.words.contains("1 new") && run.words.contains("1 alert"))
            #expect(run.words.contains("\(blocked)/2025-03-30: Not a directory"), "\(run.words)")
            #expect(run.words.contains("1 alert or digest could not be written"))
            try FileManager.default.removeItem(atPath: blocked)
            #expect(try await CommandRun(["once", "--now", "2025-03-30T10:01:00Z"] + folders).status == 0)
            #expect(playground.files(".md").filter { $0.hasPrefix("alerts/") }.count == 1)
        }
    }

    @Test("digest does not say that it has published what is not there")
    func digestUnwritable() async throws {
        try await withNews { playground, folders in
            let blocked = playground.state.path + "/digests"
            try Data().write(to: URL(fileURLWithPath: blocked))
            for _ in 1...2 {
                let run = try await CommandRun(["digest", "--now", "2025-03-30T10:00:00Z"] + folders)
                #expect(run.status == 1 && run.output.isEmpty)
                #expect(!run.words.contains("published") && run.words.contains(blocked), "\(run.words)")
            }
            try FileManager.default.removeItem(atPath: blocked)
            let run = try await CommandRun(["digest", "--now", "2025-03-30T10:00:00Z"] + folders)
            #expect(run.status == 0 && run.output.contains("Sight"))
            try FileManager.default.removeItem(atPath: blocked + "/2025-03-30.md")
            #expect(try await CommandRun(["digest", "--now", "2025-03-30T10:00:00Z"] + folders).status == 1)
        }
    }

    @Test("A folder at the place of the latest issue is told in words, and ends no run by a crash")
    func folderForLatest() async throws {
        try await withNews { playground, folders in
            try FileManager.default.createDirectory(
                atPath: playground.state.path + "/digests/latest.md", withIntermediateDirectories: true)
            let digest = try await CommandRun(["digest", "--now", "2025-03-30T09:00:00Z"] + folders)
            #expect(digest.status == 1 && !digest.isCrash)
            #expect(digest.words.contains("digests/latest.md: it is a folder"), "\(digest.words)")
            let once = try await CommandRun(["once", "--now", "2025-03-30T10:00:00Z"] + folders)
            #expect(once.status == 1 && !once.isCrash)
            #expect(playground.files(".md").filter { $0.hasPrefix("alerts/") }.count == 1, "the alert is not held up")
        }
    }

    @Test("A command whose standard error is closed works, and no file gets its words")
    func closedErrors() async throws {
        try await withNews { playground, folders in
            let blocked = playground.state.path + "/alerts"
            try Data().write(to: URL(fileURLWithPath: blocked))
            let failed = try await CommandRun(["once", "--now", "2025-03-30T10:00:00Z"] + folders, redirection: "2>&-")
            #expect(failed.status == 1 && !failed.isCrash)
            let files = playground.files("")
            #expect(files.count > 2)
            for file in files {
                let text = playground.text(file)
                #expect(!text.contains("could not be written") && !text.contains("sources polled"), "\(file)")
            }
            try FileManager.default.removeItem(atPath: blocked)
            let run = try await CommandRun(["once", "--now", "2025-03-30T10:01:00Z"] + folders, redirection: "2>&-")
            #expect(run.status == 0 && !run.isCrash)
            #expect(playground.files(".md").filter { $0.hasPrefix("alerts/") }.count == 1)
        }
    }

    @Test(
        "A command whose output cannot be written ends with 1, with a word when it is not the reader who has gone",
        arguments: ["preview", "check", "classify", "parse", "extract", "sample"],
        [(">/dev/full", "No space left"), (">&-", "Bad file descriptor"), ("", "")])
    func unwritableOutput(command: String, stream: (redirection: String, word: String)) async throws {
        let playground = try Playground(sources: "sources: {}\n", main: "timezone: UTC\n")
        defer { playground.remove() }
        let folders = ["--config", playground.config, "--state", playground.state.path]
        let page = playground.folder + "/page.html"
        let feed = playground.folder + "/feed.xml"
        try Data("<p>Ferries run on time.</p>".utf8).write(to: URL(fileURLWithPath: page))
        try Data(Playground.rss([old]).body).write(to: URL(fileURLWithPath: feed))
        if command == "preview" { #expect(try await CommandRun(["once"] + folders).status == 0) }
        let arguments =
            switch command {
            case "preview": ["digest", "--preview"] + folders
            case "check": ["check", "--config", playground.config]
            case "classify": ["classify", "--config", playground.config, "-"]
            case "parse": ["parse", feed]
            case "extract": ["extract", page]
            default: ["config", "sample"]
            }
        let run = try await CommandRun(
            arguments, redirection: stream.redirection, input: "{\"id\": \"1\", \"title\": \"Ferries\"}\n",
            hasReader: !stream.redirection.isEmpty)
        #expect(run.status == 1 && !run.isCrash, "\(run)")
        if stream.word.isEmpty {
            #expect(run.words.isEmpty, "\(run.words)")
        } else {
            #expect(run.words.contains("standard output cannot be written: \(stream.word)"), "\(run.words)")
        }
    }

    @Test("The readers of files say which file they cannot read, and that one of several failed")
    func readers() async throws {
        let playground = try Playground(sources: "")
        defer { playground.remove() }
        let feed = playground.folder + "/feed.xml"
        let empty = playground.folder + "/empty.html"
        try Data(Playground.rss([old]).body).write(to: URL(fileURLWithPath: feed))
        try Data().write(to: URL(fileURLWithPath: empty))
        let missing = playground.folder + "/missing"
        for command in ["parse", "extract"] {
            let run = try await CommandRun([command, "--list", missing])
            #expect(run.status == 1 && run.words == "feedwatch: \(missing) cannot be read\n", "\(run)")
        }
        let both = try await CommandRun(["parse", feed, missing])
        #expect(both.status == 1 && both.output.contains("Outlet") && both.words.contains(missing))
        let page = try await CommandRun(
            ["extract", "-"], input: "<h1>Ferries</h1><p>They run on time, the port said.</p>")
        #expect(page.status == 0 && page.output.contains("run on time"), "\(page)")
        #expect(try await CommandRun(["extract", empty]).words == "\(empty): empty: the page has no bytes\n")
    }

    @Test("parse reads the beginning of a feed without end, as the service does, and says that it did")
    func parseCut() async throws {
        let blanks = String(repeating: " ", count: 1 << 20)
        let feed = "<rss version=\"2.0\"><channel><item><guid>1</guid><title>Ferries run</title></item>\(blanks)"
        let server = try LoopbackServer { _ in
            .init(headers: [("Content-Type", "application/rss+xml")], body: Array(feed.utf8), behaviour: .endless)
        }
        defer { server.stop() }
        let run = try await CommandRun(["parse", "--private-hosts", server.url("/rss")])
        #expect(run.status == 0 && run.output.contains("Ferries run"), "\(run.words)")
        #expect(run.output.contains("fault cut: the document is larger than \(Limits.feedBytesMax) bytes"))
    }
}
