import Foundation
import Glibc
import News
import NewsTesting
import Testing

@testable import Watch

@Suite struct CourierTests {
    let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    @Test("A parcel that cannot be written holds up no other, is told once, and is delivered when it can be")
    func oneBadParcel() async throws {
        try await withNews { playground in
            let blocked = playground.state.path + "/alerts"
            try Data().write(to: URL(fileURLWithPath: blocked))

            let recorder = Recorder()
            let station = try playground.open(at: start + .seconds(7200), log: recorder.logger)
            let summary = try await station.onePass()
            #expect(summary.alerts == 1 && summary.undelivered.count == 1)
            let stem = try #require(summary.undelivered.first?.stem)
            #expect(stem.hasPrefix("alerts/2025-03-30/"))

            let issue = try await station.publishDigestNow()
            #expect(
                issue.isNew && issue.undelivered.map(\.stem) == [stem], "the alert goes before it and does not stop it")
            #expect(playground.text(issue.stem + ".md").contains("deter China"))
            #expect(try station.store.undelivered().map(\.stem) == [stem])
            #expect(recorder.lines.filter { $0.contains("could not be written") }.count == 1)

            try FileManager.default.removeItem(atPath: blocked)
            #expect(try await station.courier.deliver() == [])
            #expect(playground.text(stem + ".md").contains("deter China"))
            #expect(recorder.lines.filter { $0.contains("deliveries work again") }.count == 1)
            await station.close()
        }
    }

    @Test("A feed of alerts that cannot be written is named by the pass and by status, until it is written")
    func feedInTheWay() async throws {
        try await withNews { playground in
            let blocked = playground.state.path + "/alerts/alerts.atom"
            try FileManager.default.createDirectory(atPath: blocked, withIntermediateDirectories: true)
            let recorder = Recorder()
            let station = try playground.open(at: start + .seconds(7200), log: recorder.logger)
            let summary = try await station.onePass()
            #expect(summary.alerts == 1 && summary.undelivered.map(\.stem) == ["alerts/alerts.atom"])
            await station.close()
            func problems() throws -> [String] {
                try StatusReport(
                    try Configuration.load(playground.location), state: playground.state,
                    clock: .standing(at: start + .seconds(7300))
                ).status.problems.filter { $0.kind == .delivery }.map(\.what)
            }
            #expect(try problems().map { $0.hasPrefix("alerts/alerts.atom is not written: ") } == [true])
            try FileManager.default.removeItem(atPath: blocked)
            try await playground.pass(at: start + .seconds(7400))
            #expect(try problems().isEmpty && playground.text("alerts/alerts.atom").contains("<entry>"))
        }
    }

    private static let canMount: Bool = {
        let folder = NSTemporaryDirectory() + "feedwatch-mount-\(UUID().uuidString)"
        guard mkdir(folder, 0o700) == 0 else { return false }
        defer { rmdir(folder) }
        return mount("tmpfs", folder, "tmpfs", 0, "size=4k") == 0 && umount2(folder, Int32(MNT_DETACH)) == 0
    }()

    @Test(
        "On a full disk of one folder nothing more is tried there in that round, and the other folder gets its own",
        .enabled(if: canMount, "only a root that may mount can make a small disk"))
    func fullDisk() async throws {
        try await withNews { playground in
            let small = playground.state.path + "/alerts"
            try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
            try #require(mount("tmpfs", small, "tmpfs", 0, "size=4k") == 0)
            defer { umount2(small, Int32(MNT_DETACH)) }
            try Data(repeating: 7, count: 4096).write(to: URL(fileURLWithPath: small + "/ballast"))
            let recorder = Recorder()
            let station = try playground.open(at: start + .seconds(7200), log: recorder.logger)
            let alert = try #require(try await station.onePass().undelivered.first)
            #expect(alert.fault.contains("No space left"))
            try copy(alert.stem, times: 2, in: station)
            let issue = try await station.publishDigestNow()
            #expect(issue.undelivered.map(\.stem) == [alert.stem, alert.stem + "-1", alert.stem + "-2"])
            #expect(playground.files("2025-03-30.md") == ["digests/2025-03-30.md"])
            #expect(recorder.lines.filter { $0.contains("could not be written") }.count == 1)
            _ = mount("tmpfs", small, "tmpfs", UInt(MS_REMOUNT), "size=1m")
            #expect(try await station.courier.deliver() == [])
            #expect(playground.files(".md").filter { $0.hasPrefix("alerts/") }.count == 3)
            await station.close()
        }
    }

    @Test(
        "What holds up many parcels is told once, and not again by a service that comes after; all are delivered after")
    func toldOnce() async throws {
        try await withNews { playground in
            let blocked = playground.state.path + "/alerts"
            try Data().write(to: URL(fileURLWithPath: blocked))
            let recorder = Recorder()
            let station = try playground.open(at: start + .seconds(7200), log: recorder.logger)
            let stem = try #require(try await station.onePass().undelivered.first?.stem)
            try copy(stem, times: 3, in: station)
            #expect(try await station.courier.deliver().count == 4)
            await station.close()
            let next = try Station.open(
                try Configuration.load(playground.location), state: playground.state,
                clock: .standing(at: start + .seconds(10_800)), log: recorder.logger, patience: Daemon.patience)
            #expect(try await next.courier.deliver().count == 4)
            #expect(recorder.lines.filter { $0.contains("could not be written") }.count == 1)
            try FileManager.default.removeItem(atPath: blocked)
            #expect(try await next.courier.deliver() == [])
            #expect(playground.text("alerts/alerts.log").split(separator: "\n").count == 4)
            await next.close()
        }
    }

    @Test("A state folder that is taken away while running is told, and what waits is delivered when it is back")
    func stateFolderGone() async throws {
        try await withNews { playground in
            let recorder = Recorder()
            let station = try playground.open(at: start + .seconds(7200), log: recorder.logger)
            let away = playground.state.path + "-away"
            let alerts = try await station.onePass().alerts
            #expect(alerts == 1)
            let stem = try #require(playground.files(".md").first.map { String($0.dropLast(3)) })
            try copy(stem, times: 1, in: station)
            try FileManager.default.moveItem(atPath: playground.state.path, toPath: away)
            let waiting = try await station.courier.deliver()
            #expect(waiting.map(\.stem) == [stem + "-1", "alerts/alerts.atom"])
            #expect(!FileManager.default.fileExists(atPath: playground.state.path))
            try FileManager.default.moveItem(atPath: away, toPath: playground.state.path)
            #expect(try await station.courier.deliver() == [])
            #expect(!playground.text(stem + "-1.md").isEmpty)
            await station.close()
        }
    }

    /// Puts an alert into the outbox again under other names.
    private func copy(_ stem: String, times: Int, in station: Station) throws {
        let parcel = try #require(try station.store.parcel(stem: stem))
        try station.store.file { transaction in
            for number in 1...times {
                var copy = parcel
                copy.stem = "\(stem)-\(number)"
                // The id in the log's line is the alert's own.
                let json = String(decoding: parcel.json, as: UTF8.self)
                copy.json = Array(json.replacing("\"shown_id\":\"", with: "\"shown_id\":\"\(number)").utf8)
                try transaction.put(copy)
            }
        }
    }

    /// A source with its baseline read, which then shows an alert's worth of news.
    private func withNews(_ body: (Playground) async throws -> Void) async throws {
        let polls = Counter()
        let server = try LoopbackServer { _ in
            let old = (id: "0", title: "Ferries run", text: "On time.")
            return Playground.rss(
                polls.add() == 1
                    ? [old] : [("1", "Allies plan a joint headquarters to deter China", "One step more."), old])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try await playground.pass(at: start)
        try await body(playground)
    }
}
