import Foundation
import GRDB
import Glibc
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

/// A backup beside a running service, and the way back.
@Suite struct BackupTests {
    static let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!
    typealias Item = (id: String, title: String, text: String)
    static let items: [Item] = [
        ("0", "Ferries run", "On time."),
        ("1", "Allies open a joint headquarters in Darwin on Tuesday", "The staff moved in."),
        ("2", "Destroyers deter China in the eastern strait, admirals say", "Three of them left port at night."),
        ("3", "Carriers deter China off the northern cape, captains report", "Two of them went north."),
    ]

    /// A state that has alerted once; each step shows one item more.
    private func withState(_ body: (Playground, Counter) async throws -> Void) async throws {
        let step = Counter()
        let server = try LoopbackServer { _ in
            Playground.rss(Array(Self.items.prefix(step.value + 1).reversed()))
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        step.add()
        #expect(try await playground.pass(at: Self.start + .seconds(7200)).alerts == 1)
        try await playground.pass(at: Self.start + .seconds(86_400))
        try await body(playground, step)
    }

    private func published(_ playground: Playground) -> [String: String] {
        (playground.files(".json") + playground.files(".log")).reduce(into: [:]) { $0[$1] = playground.text($1) }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The commands of docs/service.md, for these folders.
    private func restore(_ backup: String, into state: String) throws {
        let text = String(
            decoding: try Data(contentsOf: Self.root.appendingPathComponent("docs/service.md")), as: UTF8.self)
        let block = try #require(text.components(separatedBy: "<!-- restore -->").dropFirst().first)
        let commands = try #require(block.components(separatedBy: "```").dropFirst().first).split(separator: "\n")
            .dropFirst()
            .filter { !$0.contains("systemctl") && !$0.contains("chown") }
            .map { line in
                (line.split(separator: "#").first.map(String.init) ?? "").replacing("sudo ", with: "")
                    .replacing("/var/lib/feedwatch-backup/2026-11-25T0410Z", with: backup)
                    .replacing("/var/lib/feedwatch", with: state)
            }
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-ec", "umask 027\n" + commands.joined(separator: "\n")]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0, "\(commands)")
    }

    @Test(
        "Beside a running service it holds the database and the files, whole, of the right modes; another does not overwrite it"
    )
    func beside() async throws {
        try await withState { playground, _ in
            let service = try Service(playground, clock: ManualClock(Self.start + .seconds(86_400 + 60)).wall)
            #expect(try await service.says("watching 1 sources"))
            // A reader may have moved a folder and left a link.
            try FileManager.default.moveItem(
                atPath: playground.state.path + "/digests", toPath: playground.config + "/digests")
            try FileManager.default.createSymbolicLink(
                atPath: playground.state.path + "/digests", withDestinationPath: playground.config + "/digests")
            #expect(DiskUse.measure(playground.state).digests > 1000)
            let path = playground.folder + "/backup"
            let words = try Backup(of: playground.state, to: path + "/", replaces: false).make()
            #expect(words.hasPrefix("\(path): database of 1 article and 1 source in 1 MB, looked through"), "\(words)")
            let copied = try FileManager.default.subpathsOfDirectory(atPath: path).filter { !$0.hasSuffix(".db") }
            let own = try ["alerts", "digests", "feeds"].flatMap { folder in
                try FileManager.default.subpathsOfDirectory(atPath: "\(playground.state.path)/\(folder)/")
                    .map { "\(folder)/\($0)" } + [folder]
            }
            #expect(Set(copied) == Set(own))
            #expect(mode(path) == 0o750 && mode(path + "/feedwatch.db") == 0o640)
            #expect(copied.allSatisfy { !$0.hasSuffix(".json") || mode("\(path)/\($0)") == 0o640 })

            let bytes = FileManager.default.contents(atPath: path + "/feedwatch.db")
            let error = #expect(throws: StateError.self) {
                try Backup(of: playground.state, to: path, replaces: false).make()
            }
            #expect(error?.detail.contains("is there already") == true)
            #expect(FileManager.default.contents(atPath: path + "/feedwatch.db") == bytes)
            _ = try Backup(of: playground.state, to: path, replaces: true).make()
            #expect(
                try Set(FileManager.default.contentsOfDirectory(atPath: playground.folder)) == [
                    "backup", "config", "state",
                ])
            for place in [playground.config, playground.state.path] {
                let refused = #expect(throws: StateError.self) {
                    try Backup(of: playground.state, to: place, replaces: true).make()
                }
                #expect(refused?.detail.contains("is no backup") == true)
            }
            try await service.stop()
        }
    }

    @Test(
        "Restored with issues in another folder, and twice, nothing is overwritten: neither issue nor set-aside database"
    )
    func otherFolder() async throws {
        try await withState { playground, _ in
            let (digests, place) = (playground.state.path + "/digests", playground.folder + "/issues")
            try FileManager.default.moveItem(atPath: digests, toPath: place)
            #expect(symlink(place, digests) == 0)
            let backup = playground.folder + "/backup"
            _ = try Backup(of: playground.state, to: backup, replaces: false).make()
            unlink(place + "/2025-03-31.md")
            try Data("later".utf8).write(to: URL(fileURLWithPath: place + "/2025-03-31.html"))
            for _ in 1...2 { try restore(backup, into: playground.state.path) }
            #expect(access(place + "/2025-03-31.md", F_OK) == 0)
            #expect(playground.text("digests/2025-03-31.html") == "later")
            var status = stat()
            #expect(lstat(digests, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
            let aside = try FileManager.default.contentsOfDirectory(atPath: playground.state.path).filter {
                $0.hasPrefix("before-restore-")
            }
            #expect(aside.count == 2)
            for folder in aside {
                #expect(access("\(playground.state.path)/\(folder)/feedwatch.db", F_OK) == 0)
            }
            #expect(try await playground.pass(at: Self.start + .seconds(86_400 + 7200)).alerts == 0)
        }
    }

    @Test("What is delivered or moved while it is made is no fault: each delivered alert has its file in it")
    func whileDelivering() async throws {
        try await withState { playground, _ in
            let state = playground.state
            let gone = try #require(playground.files(".md").first { $0.hasPrefix("alerts/") })
            let late = "alerts/2025-03-31/090000Z-late.json"
            let backup = playground.folder + "/backup"
            _ = try Backup(
                of: state, to: backup, replaces: false,
                beforeListing: {
                    unlink("\(state.path)/\(gone)")
                    mkdir("\(state.path)/alerts/2025-03-31", 0o750)
                    try? Data("{}".utf8).write(to: URL(fileURLWithPath: "\(state.path)/\(late)"))
                }
            ).make()
            #expect(access("\(backup)/\(late)", F_OK) == 0 && access("\(backup)/\(gone)", F_OK) != 0)
        }
    }

    @Test("Where the folder of the issues is not mounted there is no backup without them")
    func danglingDigests() async throws {
        try await withState { playground, _ in
            let digests = playground.state.path + "/digests"
            try FileManager.default.moveItem(atPath: digests, toPath: playground.config + "/digests")
            #expect(symlink(playground.folder + "/not-mounted", digests) == 0)
            let backup = playground.folder + "/backup"
            let error = #expect(throws: StateError.self) {
                try Backup(of: playground.state, to: backup, replaces: false).make()
            }
            #expect(error?.detail.contains("mount or make that folder") == true, "\(error?.detail ?? "")")
            #expect(access(backup, F_OK) != 0 && access(backup + ".part", F_OK) != 0)
        }
    }

    @Test("Restored into a fresh state, nothing is alerted or published again, and polling goes on")
    func freshState() async throws {
        try await withState { playground, step in
            let backup = playground.folder + "/backup"
            _ = try Backup(of: playground.state, to: backup, replaces: false).make()
            let before = published(playground)
            try FileManager.default.removeItem(atPath: playground.state.path)
            try FileManager.default.createDirectory(atPath: playground.state.path, withIntermediateDirectories: false)
            try restore(backup, into: playground.state.path)
            #expect(published(playground) == before)
            let pass = try await playground.pass(at: Self.start + .seconds(86_400 + 7200))
            #expect(pass.polled == 1 && pass.new == 0 && pass.alerts == 0 && pass.digest == nil)
            #expect(published(playground) == before)
            step.add()
            #expect(try await playground.pass(at: Self.start + .seconds(86_400 + 14_400)).alerts == 1)
            #expect(try await playground.pass(at: Self.start + .seconds(2 * 86_400)).digest == "digests/2025-04-01")
        }
    }

    @Test("An older backup under files that came later: their alerts and issues are not told again, what is new is")
    func olderBackup() async throws {
        try await withState { playground, step in
            let backup = playground.folder + "/backup"
            _ = try Backup(of: playground.state, to: backup, replaces: false).make()
            step.add()
            #expect(try await playground.pass(at: Self.start + .seconds(86_400 + 7200)).alerts == 1)
            #expect(try await playground.pass(at: Self.start + .seconds(2 * 86_400)).digest == "digests/2025-04-01")
            let before = published(playground)
            try restore(backup, into: playground.state.path)
            #expect(published(playground) == before)

            let recorder = Recorder()
            let station = try playground.open(at: Self.start + .seconds(2 * 86_400 + 600), log: recorder.logger)
            #expect(recorder.lines.contains { $0.contains("2 alerts and issues that readers have were unknown") })
            let pass = try await station.onePass()
            #expect(pass.polled == 1 && pass.new == 0 && pass.baseline == 1 && pass.alerts == 0 && pass.digest == nil)
            #expect(try station.store.lastDigest()?.day == "2025-04-01")
            await station.close()
            #expect(published(playground) == before)
            step.add()
            #expect(try await playground.pass(at: Self.start + .seconds(2 * 86_400 + 7200)).alerts == 1)
            let issue = try await playground.pass(at: Self.start + .seconds(3 * 86_400))
            #expect(issue.digest == "digests/2025-04-02")
            let text = playground.text("digests/2025-04-02.md")
            #expect(text.contains("Carriers deter China") && !text.contains("Destroyers deter China"))
        }
    }

    @Test(
        "The nightly script keeps the newest backups, leaves what is none of its own, and removes none without a new one"
    )
    func script() async throws {
        let folder = NSTemporaryDirectory() + "feedwatch-backup-\(UUID().uuidString)"
        let programs = folder + "/bin"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func program(_ script: String) throws {
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: programs + "/feedwatch"))
            chmod(programs + "/feedwatch", 0o755)
        }
        func run() async throws -> (status: Int32, names: [String]) {
            let run = try await CommandRun(
                path: Self.root.appendingPathComponent("systemd/backup").path, ["2"],
                environment: ["PATH": "\(programs):/usr/bin:/bin", "STATE_DIRECTORY": folder])
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            return (run.status, names.filter { $0 != "bin" })
        }
        for name in ["2025-03-28T0410Z", "2025-03-29T0410Z", "2025-03-30T0410Z", "by-hand"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)/feedwatch.db"))
        }
        try program("exit 1")
        let failed = try await run()
        #expect(failed.status == 1 && failed.names.count == 4)
        try program("mkdir \"$2\" && : >\"$2/feedwatch.db\"")
        let made = try await run()
        #expect(made.status == 0 && made.names.count == 3 && made.names.contains("by-hand"), "\(made)")
        #expect(made.names.contains("2025-03-30T0410Z") && made.names.contains { $0 > "2025-03-31" })
    }

    private static let canMount: Bool = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)").path
        guard mkdir(folder, 0o700) == 0, mount("tmpfs", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
        umount2(folder, Int32(MNT_DETACH))
        return true
    }()

    @Test(
        "Without room it says how much it takes and leaves nothing; a folder that is not there is named",
        .enabled(if: canMount, "only a root that may mount can make a small disk"))
    func noRoom() async throws {
        try await withState { playground, _ in
            let disk = playground.folder + "/disk"
            try #require(mkdir(disk, 0o700) == 0 && mount("tmpfs", disk, "tmpfs", 0, "size=256k") == 0)
            defer { umount2(disk, Int32(MNT_DETACH)) }
            let error = #expect(throws: StateError.self) {
                try Backup(of: playground.state, to: disk + "/b", replaces: false).make()
            }
            #expect(error?.detail.contains("make room; nothing was written") == true, "\(error?.detail ?? "")")
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk).isEmpty)
            let missing = #expect(throws: StateError.self) {
                try Backup(of: playground.state, to: playground.folder + "/none/b", replaces: false).make()
            }
            #expect(missing?.detail.contains("make it") == true)
        }
    }

    private func flipPage(of index: String, _ path: String) throws {
        let root = try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [index])
        }
        let file = open(path, O_WRONLY)
        defer { close(file) }
        let noise = [UInt8](repeating: 0xA5, count: 4096)
        #expect(pwrite(file, noise, 4096, off_t((try #require(root) - 1) * 4096)) == 4096)
    }

    @Test("A damaged database makes no backup, and the earlier one stays")
    func damaged() async throws {
        try await withState { playground, _ in
            let path = playground.folder + "/backup"
            _ = try Backup(of: playground.state, to: path, replaces: false).make()
            let bytes = FileManager.default.contents(atPath: path + "/feedwatch.db")
            try flipPage(of: "article_url", playground.state.database)
            let error = #expect(throws: StoreError.self) {
                try Backup(of: playground.state, to: path, replaces: true).make()
            }
            #expect(error?.code == "damaged", "\(error?.detail ?? "")")
            #expect(FileManager.default.contents(atPath: path + "/feedwatch.db") == bytes)
            #expect(access(path + ".part", F_OK) != 0)
        }
    }
}
