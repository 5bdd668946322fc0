import Foundation
import Glibc
import News
import NewsTesting
import Synchronization
import Testing

@testable import Watch

/// The control socket by itself, among clients of every kind.
@Suite struct ControlSocketTests {
    private let folder: String
    private var path: String { folder + "/control.sock" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("fw-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Answers everything with the count of what was asked.
    private func server(_ limits: ControlLimits = ControlLimits()) throws -> ControlServer {
        let count = Counter()
        return try ControlServer(path: path, limits: limits) { _, _ in ControlAnswer(words: ["\(count.add())"]) }
    }

    @Test("A thousand requests over one connection and a thousand connections are each answered, in order")
    func thousands() async throws {
        let server = try server()
        try await onThread { [path] in
            let line = try ControlLine(path)
            for number in 1...1000 {
                #expect(try line.ask(#"{"command":"status"}"#)?.words == ["\(number)"])
            }
            for number in 1001...2000 {
                #expect(try ControlLine(path).ask(#"{"command":"reload"}"#)?.words == ["\(number)"])
            }
            // Many at once: what is not read yet waits in the socket.
            line.write(String(repeating: #"{"command":"status"}"# + "\n", count: 1000))
            for number in 2001...3000 { #expect(try line.answer()?.words == ["\(number)"]) }
        }
        await server.stop()
        #expect(access(path, F_OK) != 0)
    }

    @Test("A socket that somebody has removed or replaced is made again and told, and one that cannot be is told once")
    func removed() async throws {
        let told = Mutex<[String]>([])
        let server = try ControlServer(path: path, limits: ControlLimits(look: .milliseconds(5))) { found in
            switch found {
            case .success(let words): told.withLock { $0.append(words) }
            case .failure(let error): told.withLock { $0.append("\(error)") }
            }
        } handler: { _, _ in
            ControlAnswer(words: ["here"])
        }
        unlink(path)
        #expect(try await eventually { told.withLock { $0.count == 1 } }, "\(told.withLock { $0.prefix(5) })")
        try await onThread { [path] in
            let line = try ControlLine(path)
            #expect(try line.ask(#"{"command":"status"}"#)?.words == ["here"])
        }
        // What stands there now is not ours to remove.
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path + ".other"))
        rename(path + ".other", path)
        #expect(try await eventually { told.withLock { $0.count == 2 } })
        unlink(path)
        #expect(try await eventually { told.withLock { $0.count == 3 } })
        await server.stop()
        let words = told.withLock { $0 }
        try #require(words.count == 3, "\(words)")
        #expect(words[0] == "\(path) was gone: commands are taken there again" && words[2] == words[0])
        #expect(words[1].contains("there is something that is no socket"))
    }

    @Test(
        "Garbage is answered with what a request is, and the next request of the connection is heard",
        arguments: [
            ("", "one JSON object"), ("{", "one JSON object"), ("null", "one JSON object"), ("[]", "one JSON object"),
            (String(repeating: "[", count: 9000), "one JSON object"),
            (String(repeating: #"{"a":"#, count: 1500), "one JSON object"), ("\u{0}\u{1B}[2J", "one JSON object"),
            ("{}", "\"command\" must be one of status, reload, poll, mute"),
            (#"{"command":7}"#, "\"command\" must be one of"), (#"{"command":"stop"}"#, "\"command\" must be one of"),
            (#"{"command":"poll"}"#, "poll wants \"source\""), (#"{"command":"poll","source":""}"#, "poll wants"),
            (#"{"command":"mute","story":"k7f2"}"#, "mute wants \"seconds\", from 0"),
            (#"{"command":"mute","story":"k7f2","seconds":-1}"#, "mute wants \"seconds\""),
            (#"{"command":"mute","story":"k7f2","seconds":1e99}"#, "mute wants \"seconds\""),
            (#"{"command":"mute","story":"k7f2","seconds":9223372036854775807}"#, "mute wants \"seconds\""),
            (#"{"command":"mute","seconds":60}"#, "mute wants \"story\""),
        ])
    func garbage(request: String, words: String) async throws {
        let server = try server()
        try await onThread { [path] in
            let line = try ControlLine(path)
            let answer = try #require(try line.ask(request))
            #expect(answer.exit == 64 && answer.words[0].contains(words), "\(answer)")
            #expect(try line.ask(#"{"command":"status"}"#)?.words == ["1"])
        }
        await server.stop()
    }

    @Test("Bytes that are no text are garbage too; a line without end is told so and closed, however it comes")
    func longLine() async throws {
        let server = try server()
        try await onThread { [path] in
            var random = SplitMix64(seed: 47)
            for _ in 0..<50 {
                let line = try ControlLine(path)
                line.write((0..<500).map { _ in UInt8.random(in: 11...255, using: &random) } + [0x0A])
                #expect(try line.answer()?.exit == 64)
            }
            let longest = Limits.controlRequestBytesMax
            let whole = try ControlLine(path)
            #expect(try whole.ask(#"{"command":"status"}"# + String(repeating: " ", count: longest - 20))?.exit == 0)
            let long = try ControlLine(path)
            long.write(String(repeating: "x", count: longest + 1))
            #expect(try long.answer()?.words == ["a request has at most \(longest) bytes"])
            #expect(long.line() == nil)
        }
        await server.stop()
    }

    @Test(
        "Clients that hang, drip, or never read their answers hold up nobody, and are sent away when their time is over"
    )
    func hanging() async throws {
        let server = try server(ControlLimits(connections: 4, patience: .seconds(3)))
        try await onThread { [path] in
            let silent = try (0..<3).map { _ in try ControlLine(path) }
            let greedy = try ControlLine(path)
            // Asks on and reads nothing until the pipe is full: the answers stay here, the requests there.
            let full = String(repeating: "\n", count: 5000)
            Thread.detachNewThread { while greedy.write(full) {} }
            for _ in 0..<20 {
                #expect(try ControlLine(path).ask(#"{"command":"status"}"#)?.exit == 0)
            }
            let start = ContinuousClock.now
            let dripping = try ControlLine(path)
            while dripping.write("{") { usleep(10_000) }
            #expect(ContinuousClock.now - start < .seconds(20), "a byte now and then buys no further time")
            for line in silent { #expect(line.line() == nil) }
        }
        await server.stop()
    }

    @Test("More clients than there is room for: the one that has waited longest goes, and those with a request stay")
    func crowd() async throws {
        let (gate, begun) = (Gate(), Counter())
        let server = try ControlServer(path: path, limits: ControlLimits(connections: 3)) { request, _ in
            begun.add()
            if request == .reload { _ = try? await onThread { gate.wait() } }
            return ControlAnswer(words: ["\(request)"])
        }
        try await onThread { [path] in
            let busy = try ControlLine(path)
            busy.write(#"{"command":"reload"}"# + "\n")
            while begun.value == 0 { usleep(1000) }
            let others = try (0..<10).map { _ in try ControlLine(path) }
            #expect(try others[9].ask(#"{"command":"status"}"#)?.words == ["status"])
            #expect(others[0].line() == nil && others[6].line() == nil)
            gate.open()
            #expect(try busy.answer()?.words == ["reload"])
        }
        await server.stop()
    }

    @Test(
        "A stop waits for the request under way, whose client gets its answer, and for nobody else",
        .timeLimit(.minutes(1)))
    func stop() async throws {
        let (gate, begun, ended) = (Gate(), Counter(), Counter())
        let server = try ControlServer(path: path) { _, _ in
            begun.add()
            _ = try? await onThread { gate.wait() }
            return ControlAnswer(words: ["done"])
        }
        let (silent, busy) = (try ControlLine(path), try ControlLine(path))
        busy.write(#"{"command":"status"}"# + "\n" + #"{"command":"status"}"# + "\n")
        #expect(try await eventually { begun.value == 1 })
        let stopping = Task {
            await server.stop()
            ended.add()
        }
        #expect(try await onThread { silent.line() } == nil)
        #expect(access(path, F_OK) != 0 && ended.value == 0)
        gate.open()
        #expect(try await onThread { try busy.answer() }?.words == ["done"])
        await stopping.value
        #expect(try await onThread { busy.line() } == nil)
        #expect(begun.value == 1, "what came after it is not begun")
    }

    @Test("The socket is for owner and group; one left by a dead process is replaced, anything else is left alone")
    func files() async throws {
        let dead = try UnixSocket.listen(at: path)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o660 && status.st_mode & S_IFMT == S_IFSOCK)
        close(dead)
        let server = try server()
        let taken = #expect(throws: StateError.self) { try UnixSocket.listen(at: path) }
        #expect(taken?.detail.contains("another state") == true)
        await server.stop()

        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        let file = #expect(throws: StateError.self) { try UnixSocket.listen(at: path) }
        #expect(file?.detail.contains("no socket") == true && FileManager.default.contents(atPath: path)?.count == 4)
    }

    @Test("A path that no socket can have is told with what to do, by server and client")
    func longPath() throws {
        let long = folder + "/" + String(repeating: "s", count: 108 - folder.utf8.count)
        for call in [{ _ = try UnixSocket.listen(at: $0) }, { _ = try UnixSocket.connect(to: $0, seconds: 1) }]
            as [(String) throws -> Void]
        {
            let error = #expect(throws: StateError.self) { try call(long) }
            #expect(error?.detail.contains("at most 107 bytes, and this one 109 – name a shorter") == true)
        }
    }

    @Test("Nobody there is no error for a client, and an answer that does not come is one")
    func nobody() async throws {
        #expect(try ControlClient.ask(.status, at: path) == nil)
        let dead = try UnixSocket.listen(at: path)
        let error = try await onThread { [path] in
            #expect(throws: StateError.self) { try ControlClient.ask(.status, at: path, seconds: 1) }
        }
        #expect(error?.code == .notRunning && error?.detail.contains("within 1 s") == true)
        close(dead)
        #expect(try ControlClient.ask(.status, at: path) == nil)
    }

    @Test("A request reads back as it was written, and the longest address fits into one")
    func roundTrip() throws {
        let address = "https://outlet.example/" + String(repeating: "a", count: Limits.urlBytesMax - 23)
        let all: [ControlRequest] = [
            .status, .reload, .poll(source: "harbour"), .mute(story: address, seconds: Limits.muteSecondsMax),
            .forgetSite("outlet.example"),
            .split(article: "https://outlet.example/1"), .join(story: "k7f2", other: "q9x1"),
        ]
        for request in all {
            let bytes = try Array(JSONEncoder().encode(request))
            #expect(bytes.count < Limits.controlRequestBytesMax)
            #expect(try ControlRequest(line: bytes) == request)
        }
    }

    @Test("Of a thousand faults an answer has so many, and says that there are more")
    func manyWords() throws {
        let answer = ControlAnswer(exit: 78, words: (1...1000).map { "fault \($0)" })
        #expect(answer.words.count == Limits.controlWordsMax && answer.words.last == "and 901 lines more, in the log")
        #expect(answer.line.last == 0x0A && answer.line.count(where: { $0 == 0x0A }) == 1)
    }
}
