import Fetch
import Foundation
import News
import NewsTesting
import Publish
import Storage
import Synchronization
import Testing

@testable import Watch

/// Alerts and issues on their way out of the machine: real servers on loopback.
@Suite(.timeLimit(.minutes(2))) struct SendingTests {
    private static let start = Timestamp(rfc3339: "2025-03-30T04:00:00Z")!

    /// A state with one alert of a second pass, by this end of the main file.
    private func alerted(_ leaving: String, _ body: (Playground) async throws -> Void) async throws {
        let polls = Counter()
        let old = (id: "0", title: "Ferries run", text: "On time.")
        let new = (id: "1", title: "Allies plan a joint headquarters to deter China – ü", text: "In Canberra.")
        let server = try LoopbackServer { _ in Playground.rss(polls.add() == 1 ? [old] : [new, old]) }
        defer { server.stop() }
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"\(server.url("/rss"))\", private_hosts: true, name: The Outlet}\n",
            main: "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\ndigest: {at: \"12:00\"}\n\(leaving)\n")
        defer { playground.remove() }
        try await playground.pass(at: Self.start)
        try await playground.pass(at: Self.start + .seconds(7200))
        try await body(playground)
    }

    private func mail(_ server: SMTPServer) -> String {
        "mail: {server: \"127.0.0.1:\(server.port)\", security: plain, from: desk@reader.example, "
            + "to: [analyst@reader.example, chief@reader.example]}"
    }

    private static func head(_ data: [UInt8], _ name: String) -> String? {
        let text = String(decoding: data, as: UTF8.self).replacing("\r\n ", with: " ")
        return text.components(separatedBy: "\r\n").first { $0.hasPrefix(name + ": ") }.map {
            String($0.dropFirst(name.count + 2))
        }
    }

    private static func part(_ data: [UInt8], _ type: String) -> String {
        let text = String(decoding: data, as: UTF8.self)
        guard let part = text.components(separatedBy: "Content-Type: text/\(type);").dropFirst().first,
            let body = part.components(separatedBy: "\r\n\r\n").dropFirst().first
        else { return "" }
        let letters = body.components(separatedBy: "\r\n--")[0].replacing("\r\n", with: "")
        return Data(base64Encoded: letters).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    @Test("An alert and the issue come by mail, as text and as a page, the same as in the files")
    func both() async throws {
        let server = try SMTPServer()
        defer { server.stop() }
        try await alerted(mail(server)) { playground in
            try await playground.pass(at: Self.start + .seconds(9 * 3600))
            #expect(server.taken.map(\.to) == [["analyst@reader.example", "chief@reader.example"]] * 2)
            let alert = try #require(server.taken.first).data
            let file = try #require(playground.files(".md").first { $0.hasPrefix("alerts/") })
            #expect(Self.part(alert, "plain") == playground.text(file))
            #expect(Self.part(alert, "html") == playground.text(file.replacing(".md", with: ".html")))
            #expect(alert.allSatisfy { $0 < 0x80 })
            let stem = file.dropLast(3).replacing("/", with: ".")
            #expect(Self.head(alert, "Message-ID") == "<\(stem)@reader.example>")
            #expect(Self.head(alert, "Date") == "Sun, 30 Mar 2025 06:00:00 +0000")
            let subject = try #require(Self.head(alert, "Subject")).components(separatedBy: " ").map { word in
                Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data()
            }
            #expect(
                String(decoding: subject.reduce(Data(), +), as: UTF8.self)
                    == "Alert: Allies plan a joint headquarters to deter China – ü")
            let issue = server.taken[1].data
            #expect(Self.part(issue, "plain") == playground.text("digests/2025-03-30.md"))
            // Nothing is sent again.
            try await playground.pass(at: Self.start + .seconds(10 * 3600))
            #expect(server.taken.count == 2)
        }
    }

    @Test(
        "A server that breaks off half-way gets the same mail again, under the same id, and what waits is in the status"
    )
    func halfWay() async throws {
        let ends = Counter()
        let server = try SMTPServer { manners in
            manners.answer = { command in command == "." && ends.add() == 1 ? .close : nil }
        }
        defer { server.stop() }
        try await alerted(mail(server)) { playground in
            let store = try Store(path: playground.state.database, readOnly: true)
            let waiting = try store.reading(at: Self.start + .seconds(7300)).sendings
            #expect(waiting.map(\.way) == ["mail"] && waiting.map(\.attempts) == [1])
            #expect(waiting.first?.next == Self.start + .seconds(7260))
            store.close()
            try await playground.pass(at: Self.start + .seconds(7200 + 3600))
            let ids = server.taken.map { Self.head($0.data, "Message-ID") }
            #expect(ends.value == 2 && Set(ids).count == 1 && ids.count >= 1)
        }
    }

    private static let strange = ShippedTests.root + "/Tests/Mail/server.py"
    private static let isStrangeThere =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
        && FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/aiosmtpd")

    @Test(
        "A server of another make that breaks off inside a mail gets it once, whole, under the same id",
        .enabled(if: isStrangeThere, "no python3-aiosmtpd"))
    func anotherMake() async throws {
        let folder = NSTemporaryDirectory() + "feedwatch-mail-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        server.arguments = [Self.strange, folder]
        let input = Pipe()
        server.standardInput = input
        try server.run()
        defer {
            try? input.fileHandleForWriting.close()
            server.waitUntilExit()
        }
        func text(_ name: String) -> String? { try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
        #expect(try await eventually { text("port") != nil })
        let leaving =
            "mail: {server: \"127.0.0.1:\(try #require(text("port")))\", security: plain, from: desk@reader.example, "
            + "to: [analyst@reader.example], digest: false}"
        try await alerted(leaving) { playground in
            let store = try Store(path: playground.state.database, readOnly: true)
            #expect(try store.reading(at: Self.start + .seconds(7300)).sendings.map(\.attempts) == [1])
            store.close()
            for hours in 3...4 { try await playground.pass(at: Self.start + .seconds(Int64(hours) * 3600)) }
            #expect(text("mail-2.json") == #"["desk@reader.example", ["analyst@reader.example"]]"#)
            let mail = Array(try #require(text("mail-2.eml")).utf8)
            let file = try #require(playground.files(".md").first { $0.hasPrefix("alerts/") })
            #expect(Self.part(mail, "plain") == playground.text(file))
            #expect(
                Self.head(mail, "Message-ID")
                    == "<\(file.dropLast(3).replacing("/", with: "."))@reader.example>")
            #expect(text("mail-3.json") == nil)
        }
    }

    @Test("A mail that its server will never take is given up, and tried once more after the next start")
    func deadLetter() async throws {
        let refusals = Counter()
        let server = try SMTPServer { manners in
            manners.answer = { command in
                command.hasPrefix("MAIL") && refusals.add() == 1 ? .line("550 5.7.1 not from you") : nil
            }
        }
        defer { server.stop() }
        try await alerted(mail(server)) { playground in
            let store = try Store(path: playground.state.database, readOnly: true)
            let dead = try store.reading(at: Self.start + .seconds(7300)).sendings
            store.close()
            #expect(dead.count == 1 && dead[0].next == nil && dead[0].fault.contains("550 5.7.1 not from you"))
            try await playground.pass(at: Self.start + .seconds(7200 + 600))
            #expect(server.taken.count == 1)
        }
    }

    @Test(
        "A webhook gets the JSON of each file; one that is away for a time is asked again, and alerts alone may be wanted"
    )
    func webhook() async throws {
        let asked = Counter()
        let bodies = Mutex<[[UInt8]]>([])
        let server = try LoopbackServer { request in
            bodies.withLock { $0.append(request.body) }
            return LoopbackServer.Response(status: asked.add() == 1 ? 503 : 204, headers: [], body: [])
        }
        defer { server.stop() }
        try await alerted("webhook: {url: \"\(server.url("/hook"))\", digest: false}") { playground in
            try await playground.pass(at: Self.start + .seconds(9 * 3600))
            let file = try #require(playground.files(".json").first { $0.hasPrefix("alerts/") })
            let sent = bodies.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) }
            #expect(sent == [playground.text(file), playground.text(file)])
        }
    }

    @Test("Simulated days send nothing, whatever the configuration says")
    func simulated() async throws {
        let server = try SMTPServer()
        defer { server.stop() }
        let polls = Counter()
        let playground = try Playground(
            sources: "sources:\n  outlet: {feed: \"https://outlet.example/rss\", interval: 6h}\n",
            main: "contact: \"mailto:ops@reader.example\"\ntimezone: UTC\n\(mail(server))\n")
        defer { playground.remove() }
        let script = SimulationScript(
            start: Self.start, end: Self.start + .seconds(2 * 86_400),
            events: [.init(at: Self.start + .seconds(40_000), .reload)])
        let location = playground.location
        try await Simulation(
            script, state: playground.state, clock: SimulatedClock(script), log: Recorder().logger,
            standIn: { _, _ in
                let title = "Allies plan a joint headquarters to deter China"
                let response = Playground.rss([(id: "\(polls.add())", title: title, text: "In Canberra.")])
                return StandInAnswer(headers: response.headers.map { (name: $0.0, value: $0.1) }, body: response.body)
            },
            configuration: { _ in try Configuration.load(location) }
        ).run()
        #expect(!playground.files(".md").filter { $0.hasPrefix("digests/2") }.isEmpty)
        #expect(server.taken.isEmpty && server.commands.isEmpty)
    }

    @Test(
        "A headline cannot write a line into a mail, and long ones are encoded in words of bearable length",
        arguments: [
            "A\r\nBcc: victim@reader.example\r\n\r\nx", String(repeating: "港", count: 900),
            "=?utf-8?B?QQ==?=\u{0}\u{202E}",
        ])
    func hostile(title: String) throws {
        var article = Article()
        article.title = title
        let member = StoryMember(
            source: "s", key: "k", url: nil, article: article, firstSeen: Self.start, readAt: Self.start,
            relation: .first,
            topics: [], entities: [], strongEntities: [])
        let alert = Alert.compose(
            story: Story(id: "abcdefgh", shownID: "abcd", firstSeen: Self.start, members: [member]), topics: [],
            sources: [:],
            excerptMax: 240, zone: .utc, decided: Self.start, version: "test")
        let letter = try LetterWriter().letter(
            Parcel(kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: alert.decided),
            from: "desk@reader.example", to: ["analyst@reader.example"])
        let lines = String(decoding: letter, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(
            !lines.contains { $0.hasPrefix("Bcc") } && lines.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") })
        #expect(letter.allSatisfy { $0 < 0x80 && $0 != 0 })
    }
}

extension Array {
    fileprivate static func * (list: [Element], count: Int) -> [Element] { (0..<count).flatMap { _ in list } }
}
