import Foundation
import NewsTesting
import Synchronization

/// Frames of HTTP/2 (RFC 9113 §4.1), as bytes.
enum HTTP2Frame {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        let length = payload.count
        return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags] + four(stream)
            + payload
    }

    static let settings = frame(4, stream: 0)
    static let settingsTaken = frame(4, flags: 1, stream: 0)

    /// `:status: 200` alone: the eighth entry of HPACK's table (RFC 7541, appendix A).
    static func head(_ stream: UInt32, isWhole: Bool = true) -> [UInt8] {
        frame(1, flags: isWhole ? 4 : 0, stream: stream, [0x88])
    }

    static func body(_ stream: UInt32, _ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        frame(0, flags: isLast ? 1 : 0, stream: stream, bytes)
    }

    static func reset(_ stream: UInt32, error: UInt32) -> [UInt8] { frame(3, stream: stream, four(error)) }

    /// - Parameter last: the last stream that the server answers.
    static func goAway(last: UInt32, error: UInt32) -> [UInt8] { frame(7, stream: 0, four(last) + four(error)) }

    static func four(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}

/// A server that answers each request on HTTP/2 with frames of the test's choice; openssl's test server is its TLS.
final class HTTP2Server {
    let port: Int
    private let process = Process()
    private let talk: Talk

    /// How many requests have come.
    var requests: Int { talk.requests.load(ordering: .relaxed) }

    /// - Parameter flood: sent behind the first answer again and again, until this server goes.
    init(
        _ identity: TLSIdentity, flood: [UInt8] = [], answer: @escaping @Sendable (_ stream: UInt32) -> [UInt8]
    ) throws {
        // As the program does: to write to who has gone is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        let (input, output) = (Pipe(), Pipe())
        talk = Talk(input: input.fileHandleForWriting, flood: flood, answer: answer)
        port = try freeLoopbackPorts(1)[0]
        process.executableURL = URL(fileURLWithPath: TLSServer.openssl)
        // Quiet, it writes what the client sends and nothing else, and obeys no letters of its input.
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:\(port)", "-alpn", "h2", "-quiet", "-cert", identity.certificate,
            "-key", identity.key,
        ]
        (process.standardInput, process.standardOutput) = (input, output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        try waitForListener(port: port, of: process)
        Thread.detachNewThread { [talk, output = output.fileHandleForReading] in
            var pending: [UInt8] = []
            while true {
                let more = output.availableData
                if more.isEmpty { return }
                pending += more
                talk.read(&pending)
            }
        }
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The server's side of its connections, one after the other.
    private final class Talk: Sendable {
        let requests = Atomic<Int>(0)
        private let input: FileHandle
        private let flood: [UInt8]
        private let answer: @Sendable (_ stream: UInt32) -> [UInt8]

        init(input: FileHandle, flood: [UInt8], answer: @escaping @Sendable (_ stream: UInt32) -> [UInt8]) {
            self.input = input
            self.flood = flood
            self.answer = answer
        }

        /// Answers every whole frame of `pending` and drops it.
        func read(_ pending: inout [UInt8]) {
            while true {
                if pending.starts(with: HTTP2Frame.preface) {
                    pending.removeFirst(HTTP2Frame.preface.count)
                    write(HTTP2Frame.settings)
                }
                guard pending.count >= 9, !HTTP2Frame.preface.starts(with: pending.prefix(9)) else { return }
                let length = Int(pending[0]) << 16 | Int(pending[1]) << 8 | Int(pending[2])
                guard pending.count >= 9 + length else { return }
                let (type, flags) = (pending[3], pending[4])
                let stream = pending[5..<9].reduce(0) { $0 << 8 | UInt32($1) }
                pending.removeFirst(9 + length)
                switch type {
                case 4 where flags & 1 == 0: write(HTTP2Frame.settingsTaken)
                case 1:
                    let isFirst = requests.add(1, ordering: .relaxed).oldValue == 0
                    write(answer(stream))
                    if isFirst, !flood.isEmpty { begin() }
                default: break
                }
            }
        }

        /// On a thread of its own: what the client answers has to be read meanwhile.
        private func begin() {
            let bytes = Data((0..<max(1, 65_536 / flood.count)).flatMap { _ in flood })
            Thread.detachNewThread { [input] in
                while (try? input.write(contentsOf: bytes)) != nil {}
            }
        }

        private func write(_ bytes: [UInt8]) { try? input.write(contentsOf: Data(bytes)) }
    }
}

/// Ports that were free a moment ago.
func freeLoopbackPorts(_ count: Int) throws -> [Int] {
    let servers = try (0..<count).map { _ in try LoopbackServer { _ in .text("") } }
    for server in servers { server.stop() }
    return servers.map(\.port)
}

/// Returns when somebody listens; throws when the process has ended before.
func waitForListener(port: Int, of process: Process) throws {
    while !LoopbackServer.isServed(port: port) {
        guard process.isRunning else { throw CancellationError() }
        usleep(5000)
    }
}
