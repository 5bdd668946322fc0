import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

@Suite struct PoisonTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    private let suspect = Suspect(source: "outlet")

    @Test("A document on which the process dies twice is asked for no more and told; nobody else waits for it")
    func twoDeaths() async throws {
        try await withLargeDocument { playground, server in
            try await die(by: SIGKILL, playground, server)
            try await die(by: SIGKILL, playground, server)
            let once = try await CommandRun(["once"] + folders(playground), redirection: "2>&1")
            #expect(once.status == 0 && server.hits("/poison") == 2, "\(once.output)")
            #expect(once.output.contains("2 processes died while they read the document of this source"))
            #expect(once.output.contains("source=poison stage=parse feedwatch died 2 times"))

            let status = try await CommandRun(["status"] + folders(playground), redirection: "2>&1")
            #expect(
                status.output.contains("poison") && status.output.contains("\"feedwatch poll ID\""), "\(status.output)")
            let digest = try await CommandRun(["digest"] + folders(playground))
            #expect(digest.output.contains("feedwatch died 2 times while it read this document"), "\(digest.output)")
            #expect(digest.output.contains("| read | 1 of 2 |"), "\(digest.output)")

            // Another configuration deserves another try.
            try playground.write(sources(server, poison: "/cured"), to: "sources.d/test.yaml")
            let cured = try await CommandRun(["once"] + folders(playground), redirection: "2>&1")
            #expect(cured.output.contains("1 source polled"), "\(cured.output)")
            #expect(server.hits("/cured") == 1)
            let store = try Store(path: playground.state.database)
            #expect(try store.suspicions().isEmpty, "read and lived: acquitted")
            store.close()
        }
    }

    @Test("An end by Ctrl-C or kill is no death", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        try await withLargeDocument { playground, server in
            for _ in 0..<2 { try await die(by: signal, playground, server) }
            #expect(try ReadingNotes(path: playground.state.path + "/parsing").left.isEmpty)
            let store = try Store(path: playground.state.database)
            #expect(try store.suspicions().isEmpty)
            store.close()
        }
    }

    @Test(
        "What was being read is left to the next process, but not by an ordinary stop or by another run of the machine")
    func notes() throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        let path = playground.folder + "/parsing"
        let long = String(repeating: "x", count: Limits.entryKeyBytesMax)
        var notes = try ReadingNotes(path: path)
        notes.begin()
        notes.during(suspect) {
            notes.during(Suspect(source: "other", key: "a\tkey")) {}
            notes.during(Suspect(source: "third", key: long)) {
                #expect((try? ReadingNotes(path: path).left) == [suspect, Suspect(source: "third", key: long)])
            }
            #expect((try? ReadingNotes(path: path).left) == [suspect])
            var bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
            bytes[0] ^= 1
            try? Data(bytes).write(to: URL(fileURLWithPath: path + "-of-another-run"))
            #expect((try? ReadingNotes(path: path + "-of-another-run").left) == [])
            notes.clear()
        }
        #expect(try ReadingNotes(path: path).left.isEmpty)
        try Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: URL(fileURLWithPath: path))
        notes = try ReadingNotes(path: path)
        #expect(notes.left.isEmpty, "whatever stands there")
    }

    @Test("More readers at a time than there is room for are read all the same")
    func manyReaders() throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        let notes = try ReadingNotes(path: playground.folder + "/parsing")
        notes.begin()
        func nest(_ depth: Int) -> Int {
            notes.during(Suspect(source: "s\(depth)")) { depth == 0 ? 0 : nest(depth - 1) + 1 }
        }
        #expect(nest(200) == 200)
    }

    @Test("All in flight at a death are suspects; at the next one only those that were so before are to blame")
    func verdict() {
        let (a, b, c) = (Suspect(source: "a"), Suspect(source: "b"), Suspect(source: "b", key: "k"))
        func deaths(_ left: [Suspect], _ known: [Suspect: Int]) -> [Suspect: Int] {
            let suspicions = known.mapValues { Suspicion(deaths: $0, last: start, madeWith: "") }
            return Quarantine.verdict(on: left, suspicions, [:], at: start).mapValues(\.deaths)
        }
        #expect(deaths([], [a: 1]) == [:])
        #expect(deaths([a, b, c], [:]) == [a: 1, b: 1, c: 1])
        #expect(deaths([a, c], [a: 1, b: 1]) == [a: 2], "b was not being read, and c not before")
        #expect(deaths([a, a], [a: 2]) == [a: 3])
    }

    @Test("It is held for a week, by the same program with the same configuration, whatever happens to the clock")
    func held() {
        let twice = Suspicion(deaths: 2, last: start, madeWith: "1")
        let week = Suspicion.rest
        #expect(twice.held(at: start, with: "1") == start + week)
        #expect(twice.held(at: start + week - .seconds(1), with: "1") == start + week)
        #expect(twice.held(at: start + week, with: "1") == nil)
        #expect(twice.held(at: start, with: "2") == nil)
        #expect(twice.held(at: start - week - .seconds(1), with: "1") == nil)
        #expect(Suspicion(deaths: 1, last: start, madeWith: "1").held(at: start, with: "1") == nil)
    }

    @Test(
        "Of an entry on which the process dies twice the headline is filed, after two deaths more nothing, and coverage says so",
        arguments: [2, 4])
    func poisonedEntry(deaths: Int) async throws {
        let polls = Counter()
        let server = try LoopbackServer { _ in
            Playground.rss(
                polls.add() == 1
                    ? [("0", "Ferries run", "On time.")]
                    : [("1", "Allies plan a joint headquarters", "One step more."), ("0", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: start)
        let recorder = Recorder()
        for _ in 0..<deaths {
            // A process that is gone leaves its notes as they were.
            let notes = try ReadingNotes(path: playground.state.path + "/parsing")
            notes.begin()
            var left = Data()
            notes.during(Suspect(source: "outlet", key: "1")) {
                left = FileManager.default.contents(atPath: playground.state.path + "/parsing") ?? Data()
            }
            try left.write(to: URL(fileURLWithPath: playground.state.path + "/parsing"))
            await (try playground.open(at: start + .seconds(60), log: recorder.logger)).close()
        }
        #expect(recorder.lines.filter { $0.contains("while they read the entry 1") }.count == deaths - 1)
        let station = try playground.open(at: start + .seconds(7200))
        #expect(try await station.onePass().new == 1)
        _ = try await station.publishDigestNow()
        let story = try station.store.stories(from: start, to: start + .seconds(7200), filedAfter: 0).first
        #expect(story?.members.first?.article.title == (deaths == 2 ? "Allies plan a joint headquarters" : nil))
        #expect(story?.members.first?.article.paragraphs.isEmpty ?? true)
        await station.close()
        #expect(
            playground.text("digests/2025-03-30.md").contains("| headline only | 1 | *outlet* 1 article: quarantined |")
        )
    }

    @Test("\"feedwatch poll\" has a source asked that was kept out")
    func polledByHand() async throws {
        let server = try LoopbackServer { _ in Playground.rss([("0", "Ferries run", "On time.")]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let clock = ManualClock(start)
        let station = try playground.open(at: start)
        let source = try #require(station.sources["outlet"])
        let madeWith = Quarantine.circumstances(of: source)
        try station.store.setSuspicions([suspect: Suspicion(deaths: 2, last: start, madeWith: madeWith)])
        await station.close()

        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.hasPolled(1))
        #expect(try await service.says("feedwatch died 2 times"))
        #expect(server.hits("/rss") == 0)
        clock.advance(.seconds(120))
        let poll = try await CommandRun(["poll", "outlet", "--state", playground.state.path], redirection: "2>&1")
        #expect(poll.output.contains("outlet is asked now"), "\(poll.output)")
        #expect(try await eventually { try service.station.store.suspicions().isEmpty })
        #expect(server.hits("/rss") == 1)
        try await service.stop()
    }

    // MARK: - Processes that die

    private func sources(_ server: LoopbackServer, poison: String) -> String {
        "defaults: {private_hosts: true}\nsources:\n  other: \(server.url("/other"))\n"
            + "  poison: \(server.url(poison))\n"
    }

    /// A document that is read for seconds, so that a process is caught at it on a busy machine, too.
    private func withLargeDocument(_ body: (Playground, LoopbackServer) async throws -> Void) async throws {
        let text = String(repeating: "On time. ", count: 20)
        let large = Playground.rss((0..<40_000).map { ("\($0)", "Ferries run", text) })
        let server = try LoopbackServer { request in
            request.path == "/poison" ? large : Playground.rss([("0", "Ferries run", "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(sources: sources(server, poison: "/poison"))
        defer { playground.remove() }
        try await body(playground, server)
    }

    private func folders(_ playground: Playground) -> [String] {
        ["--config", playground.config, "--state", playground.state.path]
    }

    /// A process that gets a signal while it reads the source `poison`.
    private func die(by signal: Int32, _ playground: Playground, _ server: LoopbackServer) async throws {
        let asked = server.hits("/poison")
        let process = Process()
        process.executableURL = Bundle.main.bundleURL.appendingPathComponent("feedwatch")
        process.arguments = ["once"] + folders(playground)
        process.standardError = FileHandle.nullDevice
        // A process that is begun where Ctrl-C is ignored, in a shell's background, goes on ignoring it.
        let before = Glibc.signal(SIGINT, SIG_DFL)
        defer { _ = Glibc.signal(SIGINT, before) }
        try process.run()
        let notes = playground.state.path + "/parsing"
        func isReading() -> Bool {
            let bytes = FileManager.default.contents(atPath: notes) ?? Data()
            // Before it asks, what the last one has left stands there.
            return server.hits("/poison") > asked && String(decoding: bytes, as: UTF8.self).contains("\0poison\t")
        }
        while process.isRunning, !isReading() { try await Task.sleep(for: .milliseconds(1)) }
        try #require(process.isRunning, "it has ended before it was seen to read")
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    }
}
