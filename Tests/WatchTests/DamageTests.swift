import Foundation
import GRDB
import Glibc
import News
import NewsTesting
import Testing

@testable import Storage
@testable import Watch

/// Databases that accidents have met: set aside, told, and nothing that readers have is told again.
@Suite struct DamageTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    typealias Item = (id: String, title: String, text: String)
    static let old: Item = ("0", "Ferries run", "On time.")
    static let loud: Item = ("1", "Allies open a joint headquarters in Darwin on Tuesday", "The staff moved in.")
    static let late: Item = (
        "2", "Destroyers deter China in the eastern strait, admirals say", "Three of them left port at night."
    )

    enum Accident: String, CaseIterable, Sendable {
        case flippedPage, cutFile, noise, zeroLength

        func strike(_ path: String) throws {
            var bytes = try #require(FileManager.default.contents(atPath: path))
            switch self {
            case .flippedPage:
                let root = try DatabaseQueue(path: path).read {
                    try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'source'")
                }
                let start = (try #require(root) - 1) * 4096
                bytes.replaceSubrange(start..<start + 4096, with: [UInt8](repeating: 0xA5, count: 4096))
            case .cutFile: bytes = bytes.prefix(bytes.count / 2)
            case .noise:
                var random = SplitMix64(seed: 7)
                bytes = Data((0..<bytes.count).map { _ in UInt8.random(in: 0...255, using: &random) })
            case .zeroLength: bytes = Data()
            }
            try bytes.write(to: URL(fileURLWithPath: path))
        }
    }

    /// Noise on the first page of a table.
    private func flip(_ path: String, _ table: String) throws {
        let queue = try DatabaseQueue(path: path)
        let root = try queue.writeWithoutTransaction { db in
            try db.checkpoint(.truncate)
            return try Int.fetchOne(
                db, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [table])
        }
        try queue.close()
        var bytes = try #require(FileManager.default.contents(atPath: path))
        let start = (try #require(root) - 1) * 4096
        bytes.replaceSubrange(start..<start + 4096, with: [UInt8](repeating: 0xA5, count: 4096))
        try bytes.write(to: URL(fileURLWithPath: path))
        Store.suspect(path)
    }

    /// Writes a word as a process that is killed then: its log is not empty.
    private func cutOff(_ path: String) throws -> Data? {
        let killed = try DatabasePool(path: path)
        try killed.write { try $0.execute(sql: "INSERT INTO meta VALUES ('later', 1)") }
        let log = FileManager.default.contents(atPath: path + "-wal")
        try killed.close()
        return log
    }

    /// Two passes have made an alert, and an issue is published.
    private func withState(
        _ body: (Playground, Counter) async throws -> Void
    ) async throws {
        let step = Counter()
        let server = try LoopbackServer { _ in
            Playground.rss(
                [[Self.old], [Self.loud, Self.old]].dropFirst(step.value).first ?? [Self.late, Self.loud, Self.old])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        step.add()
        #expect(try await playground.pass(at: Self.start + .seconds(7200)).alerts == 1)
        try await playground.pass(at: Self.start + .seconds(86_400))
        step.add()
        try await body(playground, step)
    }

    private func published(_ playground: Playground) -> [String: String] {
        (playground.files(".json") + playground.files(".log")).reduce(into: [:]) { $0[$1] = playground.text($1) }
    }

    @Test(
        "A damaged database is set aside byte for byte and told; what readers have is not told again, and news is",
        arguments: Accident.allCases)
    func atStart(accident: Accident) async throws {
        try await withState { playground, _ in
            let path = playground.state.database
            let before = published(playground)
            let log = try cutOff(path)
            try accident.strike(path)
            try log?.write(to: URL(fileURLWithPath: path + "-wal"))
            unlink(path + "-shm")
            let bytes = try #require(FileManager.default.contents(atPath: path))

            let recorder = Recorder()
            let time = Self.start + .seconds(86_400 + 7200)
            let station = try playground.open(at: time, log: recorder.logger)
            let aside = try #require(Store.setAside(of: path).first)
            #expect(FileManager.default.contents(atPath: "\(playground.state.path)/\(aside)") == bytes)
            #expect(FileManager.default.contents(atPath: "\(playground.state.path)/\(aside)-wal") == log)
            let told = try #require(recorder.lines.first { $0.hasPrefix("critical") })
            #expect(told.contains("was damaged") && told.contains(aside) && told.contains("service.md"))
            #expect(try await station.onePass().alerts == 0, "a first read is silent")
            #expect(try station.store.digest(day: "2025-03-31") != nil)
            await station.close()
            #expect(published(playground) == before)

            let configuration = try Configuration.load(playground.location)
            let report = try StatusReport(configuration, state: playground.state, clock: .standing(at: time))
            #expect(report.status.problems.first?.kind == .damage)
            let check = HealthCheck(
                configuration, state: playground.state, environment: [:], clock: .standing(at: time),
                needsService: false)
            #expect(check.verdict == .wrong && check.line.contains(aside), "\(check.line)")
            unlink("\(playground.state.path)/\(aside)")
            #expect(
                try StatusReport(configuration, state: playground.state, clock: .standing(at: time)).status.problems
                    .isEmpty)
        }
    }

    @Test(
        "After a loss what carries a later date is news at the first read, what readers have is not, and the gap is told"
    )
    func gap() async throws {
        try await withState { playground, _ in
            let path = playground.state.database
            try Accident.noise.strike(path)
            let lost = Self.start + .seconds(90_000)
            let when = timespec(tv_sec: Int(lost.seconds), tv_nsec: 0)
            for file in [path, path + "-wal"] { #expect(utimensat(AT_FDCWD, file, [when, when], 0) == 0) }
            let fresh = Entry.dated("n1", "Convoy leaves port", lost + .seconds(60))
            let older = Entry.dated("n2", "Convoy stays in port", lost - .seconds(86_400))
            let told = Entry.dated(
                "n3", "Allies open a joint headquarters", lost + .seconds(60), link: "https://outlet.example/1")
            let station = try playground.open(at: lost + .seconds(7200))
            var feed = Feed(format: .rss)
            feed.entries = [fresh, older, told]
            let tally = try station.store.commit(
                PollResult(
                    source: try #require(station.sources["outlet"]), at: lost + .seconds(7200),
                    nextDue: lost + .seconds(9000), validators: Validators(),
                    outcome: .read(entries: ListedEntry.list(feed), bodyHash: "x", faults: [])))
            #expect(tally.new == 1 && tally.baseline == 2)
            #expect(try station.store.pendingEntries().map(\.entry.title) == ["Convoy leaves port"])
            let outages = try station.store.issueMaterial(
                from: lost - .seconds(10), to: lost + .seconds(8000), filedAfter: 0, limit: 1
            ).outages
            #expect(outages.map(\.why) == ["database lost"] && outages[0].since == lost)
            await station.close()
        }
    }

    @Test("What was held or not delivered is saved from a damaged database, told once, and stands in the issue")
    func saved() async throws {
        let step = Counter()
        let server = try LoopbackServer { _ in
            Playground.rss([[Self.old], [Self.loud, Self.old], [Self.late, Self.loud, Self.old]][step.value])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        let topic = try String(contentsOfFile: playground.config + "/topics.d/deterrence.yaml", encoding: .utf8)
        try await playground.pass(at: Self.start)
        step.add()
        // A file where the folder should be: nothing can be delivered.
        try Data().write(to: URL(fileURLWithPath: playground.state.path + "/alerts"))
        try await playground.pass(at: Self.start + .seconds(3600))
        try playground.write(
            topic.replacing("match: clear}]", with: "match: clear}], quiet: {from: \"10:00\", to: \"13:00\"}"),
            to: "topics.d/deterrence.yaml")
        step.add()
        try await playground.pass(at: Self.start + .seconds(3 * 3600))
        unlink(playground.state.path + "/alerts")
        try flip(playground.state.database, "source")

        let time = Self.start + .seconds(4 * 3600)
        let recorder = Recorder()
        let station = try playground.open(at: time, log: recorder.logger)
        #expect(recorder.lines.contains { $0.contains("and saved: 2; nothing of it was lost") }, "\(recorder.lines)")
        #expect(try await station.onePass().alerts == 0)
        await station.close()
        #expect(playground.files(".json").filter { $0.hasPrefix("alerts/2025-03-30/090000Z-") }.count == 1)
        #expect(try await playground.pass(at: Self.start + .seconds(5 * 3600)).alerts == 1)
        let told = playground.files(".json").filter { $0.hasPrefix("alerts/") }
        #expect(told.count == 2 && told[1].hasSuffix("130000Z-more.json"), "\(told)")
        #expect(playground.text(told[1]).contains(Self.late.title))
        #expect(try await playground.pass(at: Self.start + .seconds(6 * 3600)).alerts == 0)
    }

    @Test("What is held and cannot be read any more is counted, in the log and in the status")
    func notSaved() async throws {
        try await withState { playground, _ in
            let path = playground.state.database
            let queue = try DatabaseQueue(path: path)
            try await queue.write {
                try $0.execute(
                    sql: """
                        INSERT INTO story(id, shown_id, first_seen) VALUES ('heldstory', 'held', 1);
                        INSERT INTO alert_life VALUES ('heldstory', '{}', 5)
                        """)
            }
            try queue.close()
            try flip(path, "alert_life")
            let recorder = Recorder()
            let time = Self.start + .seconds(90_000)
            let station = try playground.open(at: time, log: recorder.logger)
            await station.close()
            let words = "held or not delivered, and not to be saved: 1"
            #expect(recorder.lines.contains { $0.hasPrefix("critical") && $0.contains(words) }, "\(recorder.lines)")
            let report = try StatusReport(
                try Configuration.load(playground.location), state: playground.state, clock: .standing(at: time))
            #expect(report.status.problems.first?.what.contains(words) == true)
        }
    }

    @Test(
        "What was seen after the last issue and never published is news after a loss; without an issue, what is a day old",
        arguments: [true, false])
    func sinceTheIssue(hasIssue: Bool) async throws {
        try await withState { playground, _ in
            if !hasIssue { try FileManager.default.removeItem(atPath: playground.state.path + "/digests") }
            let span: Int64 = hasIssue ? 40_000 : 86_400
            let path = playground.state.database
            try Accident.noise.strike(path)
            let lost = Self.start + .seconds(86_400 + 40_000)
            let when = timespec(tv_sec: Int(lost.seconds), tv_nsec: 0)
            for file in [path, path + "-wal"] { utimensat(AT_FDCWD, file, [when, when], 0) }
            let station = try playground.open(at: lost + .seconds(600))
            var feed = Feed(format: .rss)
            feed.entries = [
                Entry.dated("n1", "Convoy leaves port", lost - .seconds(span - 10_000)),
                Entry.dated("n2", "Convoy stays in port", lost - .seconds(span + 10_000)),
            ]
            let tally = try station.store.commit(
                PollResult(
                    source: try #require(station.sources["outlet"]), at: lost + .seconds(600),
                    nextDue: lost + .seconds(9000), validators: Validators(),
                    outcome: .read(entries: ListedEntry.list(feed), bodyHash: "x", faults: [])))
            #expect(tally.new == 1 && tally.baseline == 1)
            #expect(try station.store.pendingEntries().map(\.entry.title) == ["Convoy leaves port"])
            await station.close()
        }
    }

    @Test("An empty file where readers have files is no new state: it is told as a loss; without files it is one")
    func emptyFile() async throws {
        try await withState { playground, _ in
            let path = playground.state.database
            try Accident.zeroLength.strike(path)
            for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
            let station = try playground.open(at: Self.start + .seconds(90_000))
            #expect(Store.setAside(of: path).count == 1)
            #expect(try station.store.digest(day: "2025-03-31") != nil)
            await station.close()
        }
        let fresh = try Playground(sources: "sources:\n  one: https://one.example/rss\n")
        defer { fresh.remove() }
        try fresh.state.create()
        try Data().write(to: URL(fileURLWithPath: fresh.state.database))
        await (try fresh.open(at: Self.start)).close()
        #expect(Store.setAside(of: fresh.state.database).isEmpty)
    }

    @Test("A log that was cut short loses its last words, and what readers have from them is not told again")
    func cutLog() async throws {
        try await withState { playground, step in
            let path = playground.state.database
            // The alert of this pass stands in the log alone.
            let station = try playground.open(at: Self.start + .seconds(90_000 + 7200))
            #expect(try await station.onePass().alerts == 1)
            let files = [path, path + "-wal"].map { FileManager.default.contents(atPath: $0) ?? Data() }
            let before = published(playground)
            await station.close()
            try files[0].write(to: URL(fileURLWithPath: path))
            try files[1].prefix(files[1].count / 3).write(to: URL(fileURLWithPath: path + "-wal"))
            unlink(path + "-shm")
            let pass = try await playground.pass(at: Self.start + .seconds(90_000 + 14_400))
            #expect(pass.alerts == 0)
            #expect(published(playground) == before)
            #expect(Store.setAside(of: path).isEmpty)
        }
    }

    @Test("A service that meets damage ends with an error that says so; its next start sets the database aside")
    func whileRunning() async throws {
        try await withState { playground, _ in
            let path = playground.state.database
            let clock = ManualClock(Self.start + .seconds(90_000))
            let service = try Service(playground, clock: clock.wall)
            #expect(try await service.says("watching 1 sources"))
            // The file under the service's feet: every page but the first.
            let file = open(path, O_WRONLY)
            var status = stat()
            fstat(file, &status)
            let noise = [UInt8](repeating: 0xA5, count: Int(status.st_size) - 4096)
            #expect(pwrite(file, noise, noise.count, 4096) == noise.count)
            close(file)
            service.station.store.pool?.releaseMemory()
            clock.advance(.seconds(7200))
            let error = try await #require(throws: StoreError.self) { try await service.running.value }
            #expect(error.code == "damaged" && error.detail.contains("restore a backup"))
            #expect(service.recorder.lines.count { $0.hasPrefix("critical") } == 1, "\(service.recorder.lines)")
            #expect(access(path + ".suspect", F_OK) == 0)

            let next = Recorder()
            let station = try playground.open(at: clock.now, log: next.logger)
            #expect(next.lines.contains { $0.hasPrefix("critical") && $0.contains("lies aside") })
            #expect(Store.setAside(of: path).count == 1 && access(path + ".suspect", F_OK) != 0)
            await station.close()
        }
    }

    @Test("A pass that meets damage after a clean start ends with an error, and the next one begins anew")
    func inOnePass() async throws {
        try await withState { playground, _ in
            try Accident.flippedPage.strike(playground.state.database)
            unlink(playground.state.database + "-wal")
            for attempt in 1...2 {
                let error = await #expect(throws: (any Error).self) {
                    try await playground.pass(at: Self.start + .seconds(90_000))
                    if attempt == 2 { throw CancellationError() }
                }
                #expect((error as? StoreError)?.code == (attempt == 1 ? "damaged" : nil))
            }
            #expect(Store.setAside(of: playground.state.database).count == 1)
        }
    }

    @Test("A false alarm costs a look: what is sound goes on as it was")
    func falseAlarm() async throws {
        try await withState { playground, _ in
            Store.suspect(playground.state.database)
            let station = try playground.open(at: Self.start + .seconds(90_000))
            #expect(try station.store.lastDigest() != nil && Store.setAside(of: playground.state.database).isEmpty)
            #expect(access(playground.state.database + ".suspect", F_OK) != 0)
            await station.close()
        }
    }

    @Test("Set aside five times, it is the disk that has to be looked at: the next damage stops the service")
    func again() async throws {
        try await withState { playground, _ in
            for number in 1...5 {
                try Data().write(to: URL(fileURLWithPath: playground.state.database + ".damaged-\(number)"))
            }
            try Accident.noise.strike(playground.state.database)
            let error = #expect(throws: StoreError.self) { try playground.open(at: Self.start) }
            #expect(error?.detail.contains("kernel log") == true)
            #expect(Store.setAside(of: playground.state.database).count == 5)
        }
    }
}

extension Entry {
    fileprivate static func dated(_ id: String, _ title: String, _ time: Timestamp, link: String? = nil) -> Entry {
        var entry = Entry()
        (entry.id, entry.title, entry.link, entry.published) = (id, title, link, time)
        return entry
    }
}
