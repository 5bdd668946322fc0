import Fetch
import Foundation
import News
import NewsTesting
import Storage
import Testing

@testable import Watch

@Suite(.timeLimit(.minutes(2))) struct LocalFileTests {
    private let start = Timestamp(rfc3339: "2025-03-30T08:00:00Z")!

    private static func document(_ titles: [String]) -> String {
        "<rss version=\"2.0\"><channel><title>Notices</title>"
            + titles.map {
                "<item><guid isPermaLink=\"false\">\($0)</guid><title>\($0)</title><link>notices/\($0).html</link></item>"
            }.joined() + "</channel></rss>"
    }

    @Test("A file is read when it has changed and said to be unchanged otherwise; what it links to is no file of ours")
    func changes() async throws {
        let folder = try Folder()
        let file = try folder.write("notices.xml", Self.document(["one"]))
        try folder.write("notices/two.html", "<html><body><p>Secret of this machine.</p></body></html>")
        let playground = try Playground(
            sources: "sources: {notices: {feed: \"file://\(file)\", local_file: true, full_text: fetch}}\n")
        defer { playground.remove() }
        func poll(_ hours: Int) async throws -> (PassSummary, PollState) {
            let station = try playground.open(at: start + .seconds(hours * 3700))
            let summary = try await station.onePass()
            let state = try station.store.pollState(of: try #require(station.sources["notices"]))
            await station.close()
            return (summary, state)
        }
        let (first, state) = try await poll(0)
        #expect(first.baseline == 1 && first.faults.isEmpty && !state.validators.isEmpty)
        // A body that could not be read is not looked at: only its metadata is.
        let (second, same) = try await poll(1)
        #expect(second.polled == 1 && second.new == 0 && second.faults.isEmpty && same == state)
        try folder.write("notices.xml", Self.document(["two", "one"]))
        let (third, next) = try await poll(2)
        #expect(third.new == 1 && third.faults.isEmpty && next.validators != state.validators)
        let store = try Store(path: playground.state.database, readOnly: true)
        #expect(try store.health(from: start, to: start + .seconds(9000)).first?.fault == nil)
        #expect(!playground.files(".json").contains { playground.text($0).contains("Secret") })
    }

    @Test(
        "What is no file to read is a fault by its own word, and nothing hangs on it",
        arguments: [
            ("missing.xml", "no-file"), ("file.xml/x", "no-file"), ("folder", "not-a-file"), ("pipe", "not-a-file"),
            ("link.xml", "not-a-file"), ("kernel/version", "not-a-file"), ("big.xml", "too-large"), ("file.xml", nil),
            ("linked/file.xml", nil), ("gr%C3%BC%20n.xml", nil),
        ] as [(String, String?)])
    func faults(name: String, code: String?) async throws {
        let folder = try Folder()
        let files = FileManager.default
        try folder.write("file.xml", Self.document(["one"]))
        try folder.write("grü n.xml", Self.document(["one"]))
        try folder.write("folder/file.xml", "")
        try folder.write("big.xml", String(repeating: " ", count: 70_000))
        #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
        try files.createSymbolicLink(atPath: "\(folder.path)/link.xml", withDestinationPath: "file.xml")
        try files.createSymbolicLink(atPath: "\(folder.path)/kernel", withDestinationPath: "/proc")
        try files.createSymbolicLink(atPath: "\(folder.path)/linked", withDestinationPath: ".")
        let playground = try Playground(
            sources:
                "sources: {it: {feed: \"file://\(folder.path)/\(name)\", local_file: true, body_max: 64KB}}\n")
        defer { playground.remove() }
        let summary = try await playground.pass(at: start)
        #expect(summary.faults.map(\.fault.code) == [code].compactMap(\.self), "\(summary.faults)")
        #expect(summary.faults.allSatisfy { $0.fault.detail.contains(folder.path) })
        #expect(summary.baseline == (code == nil ? 1 : 0))
    }

    @Test("A file that may not be read is told as such", .enabled(if: geteuid() != 0, "root may read everything"))
    func unreadable() async throws {
        let folder = try Folder()
        let file = try folder.write("file.xml", Self.document(["one"]))
        chmod(file, 0)
        let playground = try Playground(sources: "sources: {it: {feed: \"file://\(file)\", local_file: true}}\n")
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).faults.map(\.fault.code) == ["unreadable-file"])
    }

    @Test("No redirect leads to a file, allowed or not, and a request that is not the source's own does not either")
    func redirects() async throws {
        let folder = try Folder()
        let file = try folder.write("file.xml", Self.document(["one"]))
        let server = try LoopbackServer { _ in .redirect("file://\(file)") }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources: {it: {feed: \"\(server.url("/rss"))\", local_file: true, private_hosts: true}}\n")
        defer { playground.remove() }
        #expect(try await playground.pass(at: start).faults.map(\.fault.code) == ["scheme"])
        let source = Source(id: "it", url: "file://\(file)")
        var allowed = source
        allowed.localFile = true
        let polling = Polling(interval: .seconds(3600), jitter: { _ in 0 })
        #expect(try polling.request(allowed, .unknown(allowed)).allowsFile)
        #expect(try !polling.request(source, .unknown(source)).allowsFile)
        #expect(try !polling.request(page: "file:///etc/passwd", of: allowed).allowsFile)
        #expect(try !polling.request(child: "file:///etc/passwd", of: allowed).allowsFile)
    }

    @Test(
        "An address that names no file of this machine is a fault of the configuration",
        arguments: [
            "file:///proc/self/environ", "file:///dev/stdin", "file:///sys/kernel/notes", "file:///srv/../etc/passwd",
            "file:///srv//a.xml", "file:///srv/a/", "file:///", "file:srv/a.xml", "file://srv/a.xml",
            "file://host/srv/a.xml",
            "file:///srv/a.xml?x", "file:///srv/a.xml#x", "file:///srv/%2e%2e/a.xml", "file:///srv/%00",
            "file:///srv/%",
            "file:///srv/%-1", "file:///srv/%ff", "file:///%70roc/version", "file:///srv/%0a", "file:///dev",
        ])
    func addresses(url: String) throws {
        #expect(FileAddress.path(of: url) == nil)
        let folder = try ConfigurationFolder([
            "sources.d/a.yaml": "sources: {a: {feed: \"\(url)\", local_file: true}}\n"
        ])
        #expect(throws: (any Error).self) { try folder.load() }
    }

    @Test(
        "A whole path is read as it is written",
        arguments: [
            ("file:///srv/a.xml", "/srv/a.xml"), ("FILE://localhost/srv/a.xml", "/srv/a.xml"),
            ("file:///srv/a%20b", "/srv/a b"),
            ("file:///devices/a", "/devices/a"), ("file:///srv/..a", "/srv/..a"), ("file:///srv/日報.xml", "/srv/日報.xml"),
        ])
    func paths(url: String, path: String) { #expect(FileAddress.path(of: url) == path) }

    @Test("Without its word a file is a fault of the configuration, at the place where it stands")
    func word() throws {
        let folder = try ConfigurationFolder(["sources.d/a.yaml": "sources:\n  a: file:///srv/a.xml\n"])
        #expect {
            try folder.load()
        } throws: {
            "\($0)".contains(
                "sources.d/a.yaml:2:6: \"a\" is a file of this machine, which needs local_file: true at the source")
        }
    }

    @Test("check says what the service cannot see of a source's file, and what is not there")
    func service() throws {
        func lines(_ path: String, unit: String = "", isMissing: Bool = false) throws -> [String] {
            let folder = try ConfigurationFolder([
                "sources.d/a.yaml": "sources: {a: {feed: \"file://\(path)\", local_file: true}}\n"
            ])
            return ServiceNeeds(try folder.load()).lines(given: ServiceUnit(text: unit)) { _ in isMissing }
        }
        #expect(try lines("/srv/a.xml").isEmpty)
        #expect(try lines("/srv/a.xml", isMissing: true).map { $0.contains("/srv/a.xml does not exist") } == [true])
        for path in ["/home/ada/a.xml", "/root/a.xml"] {
            #expect(
                try lines(path).map { $0.contains("the service sees no homes") && $0.contains("/srv/feeds") } == [true])
        }
        #expect(try lines("/tmp/a.xml").map { $0.contains("a /tmp of its own") } == [true])
        #expect(try lines("/home/ada/a.xml", unit: "BindReadOnlyPaths=/home/ada").isEmpty)
        #expect(try lines("/home/ada/a.xml", unit: "BindReadOnlyPaths=/srv/x:/home/ada/a.xml").isEmpty)
        #expect(try lines("/home/ada/a.xml", unit: "BindReadOnlyPaths=/home/ada\nBindReadOnlyPaths=").count == 1)
    }

    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/feedwatch-files-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        @discardableResult
        func write(_ name: String, _ text: String) throws -> String {
            let file = URL(fileURLWithPath: "\(path)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return file.path
        }
    }
}
