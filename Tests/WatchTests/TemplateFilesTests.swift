import Foundation
import News
import NewsTesting
import Publish
import Testing

@testable import Watch

/// Templates of the administrator's, from the folder to the issue.
@Suite struct TemplateFilesTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!

    @Test(
        "An issue is written by the template of the folder; a broken one is told, by check too, and the built-in one is used"
    )
    func issue() async throws {
        let server = try LoopbackServer { _ in
            Playground.rss([(id: "1", title: "Ferries run", text: "On time.")])
        }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true}\n")
        defer { playground.remove() }
        try FileManager.default.createDirectory(
            atPath: playground.config + "/templates", withIntermediateDirectories: true)
        try playground.write("Issue of {{{day}}}\n", to: "templates/digest.md")
        try playground.write("{{{dag}}}\n", to: "templates/digest.html")
        let path = playground.config + "/templates/digest.html"
        let said =
            "\(path):1:1: unknown name \"dag\" – docs/templates.md lists those of digest.html; the built-in one is used"
        let check = ConfigurationCheck.run(playground.location) { _ in [] }
        #expect(check.lines.contains(said) && check.exitCode == 78)

        let recorder = Recorder()
        let station = try playground.open(at: Self.start, log: recorder.logger)
        _ = try await station.onePass()
        _ = try await station.publishDigestNow()
        await station.close()
        #expect(recorder.lines.contains("error: \(said)"))
        #expect(playground.text("digests/2025-03-30.md") == "Issue of Sunday 30 March 2025\n")
        #expect(playground.text("digests/2025-03-30.html").contains("<h1>Sunday 30 March 2025</h1>"))
    }

    @Test("A template that cannot be read is a fault, and a folder without templates is none")
    func unreadable() throws {
        let playground = try Playground(sources: "sources: {}\n")
        defer { playground.remove() }
        #expect(Templates(try Configuration.load(playground.location)).faults == [])
        try FileManager.default.createDirectory(
            atPath: playground.config + "/templates/digest.md", withIntermediateDirectories: true)
        let faults = Templates(try Configuration.load(playground.location)).faults
        #expect(faults.map(\.message) == ["is a folder, where a configuration file should be"])
    }
}
