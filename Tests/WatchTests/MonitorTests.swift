import Foundation
import Glibc
import GRDB
import News
import NewsTesting
import Publish
import Storage
import Testing

@testable import Watch

/// What a running service tells of itself.
@Suite struct MonitorTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("The service tells how it is in both files, moves the figures with their key, and leaves them down at a stop")
    func life() async throws {
        // Nothing is answered before the figures stand there for the first time: what comes of it is a change.
        let gate = Gate()
        let server = try LoopbackServer { request in
            gate.wait()
            return request.path == "/down"
                ? .init(status: 503, headers: [], body: [])
                : Playground.rss([("1", "Ferries run", "On time."), ("2", "Cranes stand", "In the wind.")])
        }
        defer { server.stop() }
        defer { gate.open() }
        let main = "timezone: UTC\n"
        let playground = try Playground(
            sources:
                "defaults: {private_hosts: true}\nsources:\n  kazami: \(server.url("/kazami"))\n  down: \(server.url("/down"))\n",
            main: main)
        defer { playground.remove() }
        let (first, second) = (playground.folder + "/a.prom", playground.folder + "/b.prom")
        try playground.write(main + "metrics: \(first)\n", to: "feedwatch.yaml")
        let clock = ManualClock(start)
        let service = try Service(playground, clock: clock.wall)
        let file = RuntimeFolder(path: playground.state.path + "/run").statusFile
        #expect(try await eventually { read(first) != nil })
        gate.open()
        // The first read is no change: were it not waited for, nobody would tell of it within the minute.
        #expect(
            try await eventually {
                let now = service.station.counters.now
                return now.changes == 1 && now.polls == [.read: 1, .failed: 1]
            })
        // A change is told before the minute is over.
        clock.advance(.seconds(59))
        #expect(
            try await eventually {
                read(first)?.contains("feedwatch_polls_total{outcome=\"read\"} 1\n") ?? false
                    && read(first)?.contains("feedwatch_sources{state=\"blind\"} 1\n") ?? false
            })
        let figures = try #require(read(first))
        #expect(figures.contains("feedwatch_up 1\n") && figures.contains("feedwatch_entries_listed_total 2\n"))
        #expect(figures.contains("feedwatch_entries_new_total 0\n"), "a first read is no news")
        #expect(!figures.contains("feedwatch_received_bytes_total 0\n"))
        #expect(!figures.contains("kazami") && !figures.contains("127.0.0.1"), "no source is named")
        #expect(mode(first) == 0o644 && mode(file) == 0o640)

        let told = try PublicJSON.decode(
            StatusFile.self, from: [UInt8](try #require(FileManager.default.contents(atPath: file))))
        #expect(told.service.pid == getpid() && told.service.started == start && told.service.beatAge < 60)
        #expect(told.status.running == true && told.status.sourceCounts.ok == 1)
        #expect(told.status.sources.map(\.id) == ["down"], "only what is in trouble")
        let bytes = try #require(FileManager.default.contents(atPath: file))
        let words = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(words["service"] != nil && words["problems"] != nil && words["schema"] as? Int == 1)

        try playground.write(main + "metrics: \(second)\n", to: "feedwatch.yaml")
        service.control.yield(.reload)
        #expect(
            try await eventually {
                clock.advance(.seconds(1))
                return read(second) != nil
            })
        #expect(read(first) == nil, "nobody goes on reading the old figures")
        try await service.stop()
        #expect(read(file) == nil)
        #expect(try #require(read(second)).contains("feedwatch_up 0\n"))
        #expect(service.recorder.lines.contains { $0.hasPrefix("notice: reloaded: metrics") })
    }

    @Test("Figures that cannot be written are told once, with what to do, and once when they can")
    func unwritable() async throws {
        let playground = try Playground(
            sources: "sources:\n  one: {feed: \"https://one.example/rss\", enabled: false}\n")
        defer { playground.remove() }
        let folder = playground.folder + "/missing"
        try playground.write("timezone: UTC\nmetrics: \(folder)/f.prom\n", to: "feedwatch.yaml")
        let clock = ManualClock(start)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await service.says("make its folder; it is tried again"))
        for _ in 0..<5 {
            let before =
                try? FileManager.default.attributesOfItem(
                    atPath: playground.state.path + "/run/status.json")[.systemFileNumber] as? Int
            clock.advance(MonitorPace.restMax + .seconds(1))
            #expect(
                try await eventually {
                    let now =
                        try? FileManager.default.attributesOfItem(
                            atPath: playground.state.path + "/run/status.json")[.systemFileNumber] as? Int
                    return now != nil && now != before
                })
        }
        #expect(service.recorder.lines.count { $0.contains("f.prom") } == 1, "\(service.recorder.lines)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        clock.advance(MonitorPace.restMax + .seconds(1))
        #expect(try await service.says("f.prom works again"))
        try await service.stop()
        #expect(service.recorder.lines.count { $0.contains("f.prom") } == 2)
    }

    @Test("A file is whole or not there, never through a link of somebody else's, and nothing is left behind")
    func atomic() throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        let (path, victim) = (playground.folder + "/x.prom", playground.folder + "/victim")
        try Data("kept".utf8).write(to: URL(fileURLWithPath: victim))
        symlink(victim, playground.folder + "/.x.prom.tmp")
        symlink(victim, path)
        try CurrentFile(path: path, mode: 0o644).replace(with: Array("new\n".utf8))
        #expect(read(path) == "new\n" && read(victim) == "kept")
        #expect(mode(path) == 0o644)
        let names = try FileManager.default.contentsOfDirectory(atPath: playground.folder).sorted()
        #expect(names == ["config", "victim", "x.prom"])
        // A folder at its place cannot be replaced, and the temporary file is taken away.
        #expect(throws: CurrentFileError.self) {
            try CurrentFile(path: playground.config, mode: 0o644).replace(with: [1])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: playground.folder).sorted() == names)
    }

    @Test("Ten thousand sources in trouble make a file of a few hundred kilobytes; no kind hides another")
    func bounded() throws {
        let yaml = (0..<10_000).map { "  s\($0): https://s\($0).example/rss\n" }.joined()
        let configuration = try ConfigurationFolder(["sources.d/a.yaml": "sources:\n" + yaml]).load()
        var reading = StateReading()
        reading.health = (0..<10_000).map {
            var health = SourceHealth(
                source: "s\($0)", lastRead: start - .seconds(7200), nextDue: start - .seconds(3601))
            if $0.isMultiple(of: 2) {
                (health.blindSince, health.failures) = (start - .seconds(7000), 3)
                health.fault = Fault(
                    stage: "fetch", code: "timed-out", detail: "https://s\($0).example/rss said nothing")
            }
            return health
        }
        reading.digestDue = start - .seconds(7200)
        let status = Status.compose(
            reading, configuration, zone: .utc, now: start, isRunning: true, most: Limits.statusFilePerKindMax)
        let file = StatusFile(status, service: .init(pid: 1, started: start, beatAge: 0))
        let bytes = try PublicJSON.encode(file)
        #expect(bytes.count < 200 << 10, "\(bytes.count)")
        #expect(file.status.sourceCounts.blind == 5_000 && file.status.sourceCounts.overdue == 5_000)
        #expect(file.status.problems.last?.kind == .digest && file.status.sources.count == 100)
        #expect(try PublicJSON.decode(StatusFile.self, from: bytes) == file)
    }

    @Test("It is told once a minute, changes after 5 s together, and where telling is dear less often")
    func pace() {
        var pace = MonitorPace()
        #expect(pace.isDue(at: start, changes: 0), "at once at the start")
        pace.note(writtenAt: start, cost: .milliseconds(20), changes: 0)
        let due = (0...120).filter { pace.isDue(at: start + .seconds($0), changes: 0) }
        #expect(due.first == 60)
        #expect((0...120).first { pace.isDue(at: start + .seconds($0), changes: 1) } == 5)
        #expect(pace.isDue(at: start - .seconds(10), changes: 0), "the clock was set back")
        pace.note(writtenAt: start, cost: .seconds(4), changes: 0)
        #expect((0...120).first { pace.isDue(at: start + .seconds($0), changes: 1) } == 80)
        #expect((0...120).first { pace.isDue(at: start + .seconds($0), changes: 0) } == 80)
        pace.note(writtenAt: start, cost: .seconds(60), changes: 0)
        #expect((0...400).first { pace.isDue(at: start + .seconds($0), changes: 0) } == 200, "or it is taken for dead")
    }

    @Test("While the database cannot be read the figures say so, and of the process all")
    func unreadable() async throws {
        let playground = try Playground(
            sources: "sources:\n  one: {feed: \"https://one.example/rss\", enabled: false}\n")
        defer { playground.remove() }
        let path = playground.folder + "/f.prom"
        try playground.write("timezone: UTC\nmetrics: \(path)\n", to: "feedwatch.yaml")
        let clock = ManualClock(start)
        let service = try Service(playground, clock: clock.wall)
        #expect(try await eventually { read(path)?.contains("feedwatch_database_readable 1\n") ?? false })
        let database = try playground.database()
        try await database.write { try $0.execute(sql: "ALTER TABLE outbox RENAME TO elsewhere") }
        clock.advance(MonitorPace.restMax + .seconds(1))
        #expect(try await eventually { read(path)?.contains("feedwatch_database_readable 0\n") ?? false })
        let figures = try #require(read(path))
        #expect(figures.contains("feedwatch_up 1\n") && !figures.contains("feedwatch_outbox"))
        try await database.write { try $0.execute(sql: "ALTER TABLE elsewhere RENAME TO outbox") }
        clock.advance(MonitorPace.restMax + .seconds(1))
        #expect(try await eventually { read(path)?.contains("feedwatch_database_readable 1\n") ?? false })
        try await service.stop()
    }

    @Test("The runtime folder is the service manager's first, else the state's; who asks looks in both")
    func folders() {
        let (own, packaged) = (StateFolder(path: "s"), StateFolder(path: "/var/lib/feedwatch"))
        #expect(RuntimeFolder(of: own, environment: [:]).path == "s/run")
        #expect(RuntimeFolder(of: own, environment: ["RUNTIME_DIRECTORY": "/run/a:/run/b"]).path == "/run/a")
        #expect(RuntimeFolder(of: own, environment: ["RUNTIME_DIRECTORY": ""]).path == "s/run")
        #expect(RuntimeFolder.candidates(of: own, environment: [:]).map(\.path) == ["s/run"])
        #expect(
            RuntimeFolder.candidates(of: packaged, environment: [:]).map(\.path)
                == ["/var/lib/feedwatch/run", "/run/feedwatch"])
    }
}
