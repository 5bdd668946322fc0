import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

@Suite struct StatusTests {
    static let now = Timestamp(rfc3339: "2025-03-30T06:40:00Z")!

    private static func ago(_ minutes: Int) -> Timestamp { now - .seconds(minutes * 60) }

    /// One source of each kind of trouble, and one that is well.
    private static func configuration() throws -> Configuration {
        let folder = try ConfigurationFolder([
            "feedwatch.yaml": "contact: \"mailto:ops@reader.example\"\n",
            "sources.d/a.yaml": """
            sources:
              harbour: https://harbour.example/rss
              cape: https://cape.example/rss
              misaki: https://misaki.example/rss
              nansei: https://nansei.example/rss
              strait: {feed: "https://strait.example/rss", expect: {every: 2d}}
              old: {feed: "https://old.example/rss", enabled: false, because: closed}

            """,
        ])
        return try folder.load()
    }

    private static var reading: StateReading {
        var reading = StateReading()
        let hour = Duration.seconds(3600)
        reading.health = [
            SourceHealth(
                source: "cape", lastTried: ago(30), lastRead: ago(60 * 50), blindSince: ago(60 * 39), failures: 12,
                fault: Fault(
                    stage: "fetch", code: "refused",
                    detail:
                        "https://cape.example/rss answered 403\u{1B}[2J\u{9B}31m:\nthe server \u{202E}refuses access"),
                nextDue: now + hour),
            SourceHealth(
                source: "harbour", lastTried: ago(12), lastRead: ago(12), newestEntry: ago(130), listedInWindow: 1204,
                newInWindow: 3, nextDue: ago(-48)),
            SourceHealth(source: "nansei", lastTried: ago(300), lastRead: ago(300), nextDue: ago(240)),
            SourceHealth(
                source: "strait", lastTried: ago(20), lastRead: ago(20), newestEntry: ago(60 * 24 * 19),
                listedInWindow: 20, nextDue: ago(-40)),
        ]
        reading.digestDue = ago(10)
        reading.lastDigest = PublishedDigest(
            day: "2025-03-29", from: ago(3000), to: ago(1450), stem: "digests/2025-03-29", filedTo: 9)
        reading.alerts = 2
        reading.pending = [
            PendingCount(source: "gone", count: 3, oldest: ago(600)),
            PendingCount(source: "harbour", count: 2, oldest: ago(3)),
        ]
        reading.waiting = 1
        reading.parcels = [
            WaitingParcel(
                stem: "alerts/2025-03-30/041200Z-k7f2", decided: ago(148), attempts: 4,
                fault: "cannot write x: No space left on device – make room on that disk; it is tried again")
        ]
        reading.bytes = 13_002_342
        return reading
    }

    private static func lines(isRunning: Bool?, _ printing: Printing = .plain) throws -> String {
        let status = Status.compose(reading, try configuration(), zone: .utc, now: now, isRunning: isRunning)
        let text = StatusText(status: status, ages: Ages(now: now, zone: .utc), databasePath: "state/feedwatch.db")
        return printing.text(text.lines)
    }

    @Test("What is wrong stands first, then every source, then the digest, the queue and the database")
    func golden() throws {
        let text = try Self.lines(isRunning: true).replacing(/configuration [0-9a-f]{4}/, with: "configuration 0000")
        #expect(
            text == """
                feedwatch \(feedwatchVersion) is running · Sun 06:40 (UTC) · configuration 0000

                What is wrong (7)
                  cape: blind since Fri 15:40 (39 h, 12 failures): https://cape.example/rss answered 403[2J31m: the server refuses access
                    → ask its webmaster to let the contact in the User-Agent in, or switch it off
                  misaki: never yet read
                    → its first poll is to come
                  nansei: was due 4 h ago (02:40)
                    → look into the log: it is running and late
                  strait: its newest entry is 19 days old, something is expected every 2 days
                    → look whether the outlet goes on elsewhere, or change expect:
                  alerts/2025-03-30/041200Z-k7f2 of 04:12 is not delivered: cannot write x: No space left on device – make room on that disk; it is tried again
                  gone: 3 entries wait to be filed, the oldest since Sat 20:40 (10 h)
                    → the source is no longer configured: they are filed when it is put back
                  the digest was due 10 min ago (06:30)
                    → look into the log: it is running and late

                SOURCE   READ        NEXT       LISTED  NEW  NEWEST       STATE
                cape     50 h ago    in 1 h          0    0  –            blind
                harbour  12 min ago  in 48 min   1,204    3  2 h ago      ok
                misaki   –           –               0    0  –            never-read
                nansei   5 h ago     4 h ago         0    0  –            overdue
                strait   20 min ago  in 40 min      20    0  19 days ago  silent

                Sources   5 polled · 1 switched off ("feedwatch sources --off")
                Digest    last digests/2025-03-29.md, due Sun 06:30, 10 min ago
                Alerts    2 in the last 24 h
                Queue     5 to be filed, 1 to be delivered
                Database  12.4 MB, state/feedwatch.db

                """)
    }

    @Test("Without a daemon the advice is to start one; where that cannot be told nothing is claimed")
    func notRunning() throws {
        let stopped = try Self.lines(isRunning: false)
        #expect(stopped.contains("is not running") && stopped.contains("→ start it: \"feedwatch run\" stays"))
        #expect(try !Self.lines(isRunning: nil).contains("running ·"))
    }

    @Test("A terminal gets colours, tables of its width and troubles whole; no order of a stranger reaches it")
    func terminal() throws {
        let text = try Self.lines(isRunning: true, Printing(width: 40, hasColours: true))
        #expect(text.contains("\u{1B}[31m"))
        let bare = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(!bare.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
        let table = bare.split(separator: "\n").drop { !$0.hasPrefix("SOURCE") }
        for line in table { #expect(DisplayWidth.columns(line) <= 40, "\(line)") }
        #expect(table.contains { $0.hasSuffix("…") } && bare.contains("the server refuses access\n"))
    }

    @Test("The JSON has the documented keys, and every problem with its kind")
    func json() throws {
        let status = Status.compose(Self.reading, try Self.configuration(), zone: .utc, now: Self.now, isRunning: true)
        let data = try JSONEncoder().encode(status)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "alerts_held", "alerts_last_day", "configuration", "database_bytes", "digest", "indicators_alerted",
                "now",
                "pending",
                "problems", "running",
                "schema", "source_counts", "sources", "switched_off", "undeliverable", "undelivered", "version", "zone",
            ])
        #expect(
            status.problems.map(\.kind) == [.blind, .neverRead, .overdue, .silent, .delivery, .pending, .digest])
        #expect(try JSONDecoder().decode(Status.self, from: data) == status)
    }

    @Test("Ten thousand sources that are all overdue are ten lines of trouble and ten thousand of table")
    func manySources() throws {
        let yaml = (0..<10_000).map { "  s\($0): https://s\($0).example/rss\n" }.joined()
        let folder = try ConfigurationFolder(["sources.d/a.yaml": "sources:\n" + yaml])
        var reading = StateReading()
        reading.health = (0..<10_000).map {
            SourceHealth(source: "s\($0)", lastRead: Self.ago(300), nextDue: Self.ago(240))
        }
        let status = Status.compose(reading, try folder.load(), zone: .utc, now: Self.now, isRunning: false)
        #expect(status.problems.count == 10_000)
        let lines = StatusText(status: status, ages: Ages(now: Self.now, zone: .utc), databasePath: "x").lines
        #expect(lines.count < 10_040)
        #expect(Printing.plain.text(lines).contains("  and 9,990 more are overdue: --json has all\n"))
    }

    /// Megabytes.
    struct DiskCase: Sendable {
        var free: Int
        var files = 5000
        var database: Int
        /// What is told, and how much is asked for; empty where nothing is.
        var what: String
        var needed: String
    }

    @Test(
        "A disk that is nearly full, or can take no more files, is told with what is needed; sizes are told in any case",
        arguments: [
            DiskCase(free: 200, database: 90, what: "has 200.0 MB free", needed: "256.0 MB"),
            DiskCase(free: 800, database: 900, what: "has 800.0 MB free", needed: "910.0 MB"),
            DiskCase(free: 9000, files: 12, database: 1, what: "and room for 12 files free", needed: "256.0 MB"),
            DiskCase(free: 9000, database: 1000, what: "", needed: ""),
        ])
    func disk(_ test: DiskCase) throws {
        let (what, needed) = (test.what, test.needed)
        let use = DiskUse(
            database: test.database << 20, log: 10 << 20, alerts: 3 << 20, digests: 2 << 20, examples: 0, copies: 0,
            free: test.free << 20, freeFiles: test.files)
        let status = Status.compose(
            StateReading(), try Self.configuration(), zone: .utc, now: Self.now, isRunning: true, disk: use)
        let told = status.problems.filter { $0.kind == .disk }
        #expect(told.count == (what.isEmpty ? 0 : 1))
        #expect(
            told.allSatisfy { $0.what.contains(what) && $0.advice.contains("make room, \(needed) at least") }, "\(told)"
        )
        let text = Printing.plain.text(
            StatusText(status: status, ages: Ages(now: Self.now, zone: .utc), databasePath: "x").lines)
        #expect(text.contains("Disk      log 10.0 MB, alerts 3.0 MB, digests 2.0 MB, "), "\(text)")
        let check = HealthCheck(
            status, ages: Ages(now: Self.now, zone: .utc), configured: [], service: .notAsked)
        #expect(check.line.contains("the state's disk has") == !what.isEmpty)
    }

    @Test("A state in which nothing has happened is one without sources read, and no error")
    func emptyState() throws {
        let playground = try Playground(sources: "sources:\n  one: https://one.example/rss\n")
        defer { playground.remove() }
        let report = try StatusReport(
            try Configuration.load(playground.location), state: playground.state, clock: .standing(at: Self.now))
        #expect(report.status.problems.map(\.kind) == [.neverRead] && report.status.databaseBytes == 0)
        #expect(report.status.running == false)
        #expect(!FileManager.default.fileExists(atPath: playground.state.path), "status makes nothing")
    }

    @Test("A damaged database is an error that says what to do, and stays as it is")
    func damagedState() throws {
        let playground = try Playground(sources: "sources:\n  one: https://one.example/rss\n")
        defer { playground.remove() }
        try playground.state.create()
        let bytes = Data("no database at all, but long enough to be taken for one".utf8)
        try bytes.write(to: URL(fileURLWithPath: playground.state.database))
        let configuration = try Configuration.load(playground.location)
        #expect {
            try StatusReport(configuration, state: playground.state, clock: .standing(at: Self.now))
        } throws: { ($0 as? StoreError)?.code == "damaged" && "\($0)".contains("restore a backup") }
        #expect(FileManager.default.contents(atPath: playground.state.database) == bytes)
    }

    @Test("Beside a daemon that holds the state it is read and said to run; of one source all is told")
    func besideDaemon() async throws {
        let server = try LoopbackServer { request in
            request.path == "/down"
                ? .init(status: 503, headers: [], body: [])
                : Playground.rss([("1", "風見の船 \u{9B}2J", "On time."), ("2", "Ferries \u{202E}run", "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources:
                "defaults: {private_hosts: true}\nsources:\n  one: \(server.url("/rss"))\n  down: \(server.url("/down"))\n"
        )
        defer { playground.remove() }
        let station = try playground.open(at: Self.now)
        _ = try await station.onePass()
        let clock = WallClock.standing(at: Self.now + .seconds(600))
        let configuration = try Configuration.load(playground.location)
        let report = try StatusReport(configuration, state: playground.state, clock: clock)
        // Where the kernel shows no list of locks nothing is claimed.
        let canTell = ProcessLocks.list() != nil
        #expect(report.status.running == (canTell ? true : nil))
        #expect(report.status.sources.map(\.state) == [.blind, .ok])
        #expect(report.status.problems.map(\.source) == ["down"])

        let one = try SourceReport(of: "one", configuration, state: playground.state, clock: clock)
        #expect(one.entries == 2 && one.recent.map(\.state) == [.baseline, .baseline] && one.status.state == .ok)
        let down = try SourceReport(of: "down", configuration, state: playground.state, clock: clock)
        let text = Printing.plain.text(down.lines)
        #expect(text.contains("blind since 06:40 (10 min, 1 failure)") && text.contains("answered 503"))
        #expect(text.contains("→ raise its interval"))
        await station.close()
        let after = try StatusReport(configuration, state: playground.state, clock: clock).status.running
        #expect(after == (canTell ? false : nil))
    }

    @Test("A source that nobody knows is answered with the nearest that is known")
    func unknownSource() throws {
        let playground = try Playground(sources: "sources:\n  harbour: https://one.example/rss\n")
        defer { playground.remove() }
        let configuration = try Configuration.load(playground.location)
        #expect {
            try SourceReport(of: "harbor", configuration, state: playground.state, clock: .standing(at: Self.now))
        } throws: { "\($0)" == "no source is known as \"harbor\" – did you mean \"harbour\"?" }
    }

    @Test("Times stand as clocks show them in the configured zone, on the day when these go forward too")
    func zones() throws {
        let ages = Ages(now: Self.now, zone: try ZoneFile.load("Europe/Paris"))
        #expect(ages.wall(Timestamp(rfc3339: "2025-03-30T00:40:00Z")!) == "01:40")
        #expect(ages.both(Timestamp(rfc3339: "2025-03-30T01:40:00Z")!) == "5 h ago (03:40)")
        #expect(ages.wall(Timestamp(rfc3339: "2025-03-29T05:00:00Z")!) == "Sat 06:00")
        #expect(ages.wall(Timestamp(rfc3339: "2025-03-01T05:00:00Z")!) == "2025-03-01 06:00")
        #expect(ages.relative(nil) == "–" && ages.relative(Self.now - .seconds(59)) == "now")
    }

    @Test("A line of the kernel's list holds a lock only when it is a held write lock of that file")
    func locks() {
        let list = """
            1: POSIX  ADVISORY  READ 21401 fe:00:77 128 128
            2: FLOCK  ADVISORY  WRITE 21401 fe:00:78 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 21402 fe:00:79 0 EOF
            3: FLOCK  ADVISORY  READ 0 fe:00:80 0 EOF

            """
        #expect((77...80).filter { ProcessLocks.isHeld(inode: UInt64($0), in: list) } == [78])
    }
}
