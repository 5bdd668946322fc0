import Glibc
import Synchronization

/// A small real mail server on loopback (RFC 5321), for tests: it takes what it is given, or behaves as it is told to.
///
/// Each connection is served on a thread of its own. Never installed, never reachable from another machine.
public final class SMTPServer: Sendable {
    /// A mail as it was taken, dots unstuffed.
    public struct Taken: Sendable {
        public var from: String
        public var to: [String]
        public var data: [UInt8]
        public var isOverTLS: Bool
    }

    public enum Answer: Sendable {
        /// A line or several, without the last line's end.
        case line(String)
        /// This again and again until the client closes.
        case endless(String)
        /// The connection is closed.
        case close
        /// Nothing until the client or `stop` closes.
        case silence
    }

    /// The plain side of a TLS connection whose other side somebody else has taken.
    public struct Tunnel: Sendable {
        /// A socket to whoever speaks TLS; what the client sends goes there as it is.
        public var encrypted: Int32
        /// A socket, too.
        public var plain: Int32

        public init(encrypted: Int32, plain: Int32) { (self.encrypted, self.plain) = (encrypted, plain) }
    }

    public struct Manners: Sendable {
        public var greeting = Answer.line("220 mail.outlet.example ESMTP")
        public var capabilities = ["PIPELINING", "SIZE 1000000", "AUTH PLAIN LOGIN"]
        /// Asked for each command, and with "." for the end of a mail; nil answers as usual.
        public var answer: @Sendable (_ command: String) -> Answer? = { _ in nil }
        /// Makes STARTTLS an offer.
        public var tunnel: (@Sendable () -> Tunnel?)?
        /// TLS from the first byte on.
        public var isTLS = false

        public init() {}
    }

    public let port: Int
    private let listener: Int32
    private let manners: Manners
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var open: Set<Int32> = []
        var threads: [pthread_t] = []
        var taken: [Taken] = []
        var commands: [String] = []
    }

    public init(_ change: (inout Manners) -> Void = { _ in }) throws {
        var manners = Manners()
        change(&manners)
        self.manners = manners
        (listener, port) = try LoopbackSocket.listen(host: "127.0.0.1", port: 0)
        let acceptor = LoopbackServer.spawn { [self] in acceptConnections() }
        state.withLock { $0.threads.append(acceptor) }
    }

    public var taken: [Taken] { state.withLock { $0.taken } }

    /// Every line that was no part of a mail, from all connections.
    public var commands: [String] { state.withLock { $0.commands } }

    /// Closes everything and waits for its threads.
    public func stop() {
        let threads = state.withLock { state in
            state.isStopping = true
            shutdown(listener, Int32(SHUT_RDWR))
            for socket in state.open { shutdown(socket, Int32(SHUT_RDWR)) }
            defer { state.threads = [] }
            return state.threads
        }
        for thread in threads { pthread_join(thread, nil) }
        if !threads.isEmpty { close(listener) }
    }

    private func acceptConnections() {
        while true {
            let socket = accept(listener, nil, nil)
            let isServed = state.withLock { state in
                guard socket >= 0, !state.isStopping else { return false }
                state.open.insert(socket)
                state.threads.append(LoopbackServer.spawn { [self] in serve(socket) })
                return true
            }
            if !isServed {
                if socket >= 0 { close(socket) }
                return
            }
        }
    }

    private func serve(_ socket: Int32) {
        var session = Session(socket, isOverTLS: false)
        if manners.isTLS {
            if let inner = enter(socket) { talk(inner.session, greets: true, inner.end) }
        } else if talk(&session, greets: true), let inner = enter(socket) {
            talk(inner.session, greets: false, inner.end)
        }
        state.withLock { state in
            state.open.remove(socket)
            close(socket)
        }
    }

    private func talk(_ session: Session, greets: Bool, _ end: () -> Void) {
        var session = session
        _ = talk(&session, greets: greets)
        end()
    }

    /// The dialogue behind TLS; `end` closes it and waits for what was on its way.
    private func enter(_ socket: Int32) -> (session: Session, end: () -> Void)? {
        guard let tunnel = manners.tunnel?() else { return nil }
        let there = LoopbackServer.spawn { Session.pump(from: socket, to: tunnel.encrypted) }
        let back = LoopbackServer.spawn { Session.pump(from: tunnel.encrypted, to: socket) }
        return (
            Session(tunnel.plain, isOverTLS: true),
            {
                shutdown(tunnel.plain, Int32(SHUT_WR))
                pthread_join(back, nil)
                shutdown(socket, Int32(SHUT_RDWR))
                pthread_join(there, nil)
                close(tunnel.plain)
                close(tunnel.encrypted)
            }
        )
    }

    /// True when the client goes on in TLS.
    private func talk(_ session: inout Session, greets: Bool) -> Bool {
        if greets, !session.give(manners.greeting) { return false }
        var mail = Taken(from: "", to: [], data: [], isOverTLS: session.isOverTLS)
        while let command = session.line() {
            state.withLock { $0.commands.append(command) }
            let verb = command.prefix { $0 != " " && $0 != ":" }.uppercased()
            let answer = manners.answer(command) ?? usual(verb, isOverTLS: session.isOverTLS)
            guard session.give(answer) else { return false }
            guard case .line(let reply) = answer else { continue }
            switch (verb, reply.first) {
            case ("STARTTLS", "2"): return true
            case ("QUIT", _): return false
            case ("MAIL", "2"):
                mail = Taken(from: Self.path(command), to: [], data: [], isOverTLS: session.isOverTLS)
            case ("RCPT", "2"): mail.to.append(Self.path(command))
            case ("AUTH", "3"):
                guard let secret = session.line() else { return false }
                state.withLock { $0.commands.append(secret) }
                guard session.give(manners.answer(secret) ?? .line("235 welcome")) else { return false }
            case ("DATA", "3"):
                guard let data = session.mail() else { return false }
                mail.data = data
                let end = manners.answer(".") ?? .line("250 2.0.0 taken")
                if case .line(let reply) = end, reply.hasPrefix("2") { state.withLock { $0.taken.append(mail) } }
                guard session.give(end) else { return false }
            default: continue
            }
        }
        return false
    }

    private func usual(_ verb: String, isOverTLS: Bool) -> Answer {
        switch verb {
        case "EHLO":
            let offers = manners.capabilities + (manners.tunnel != nil && !isOverTLS ? ["STARTTLS"] : [])
            let lines = ["mail.outlet.example"] + offers
            return .line(
                lines.enumerated().map { "250\($0.offset == lines.count - 1 ? " " : "-")\($0.element)" }
                    .joined(separator: "\r\n"))
        case "DATA": return .line("354 go on")
        case "STARTTLS": return .line(manners.tunnel != nil ? "220 go on" : "502 no")
        case "AUTH": return .line("334 ")
        case "QUIT": return .line("221 bye")
        default: return .line("250 2.1.0 fine")
        }
    }

    private static func path(_ command: String) -> String {
        String(command.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }
}

/// One dialogue, line by line, blocking.
private struct Session {
    let socket: Int32
    let isOverTLS: Bool
    private var pending: [UInt8] = []

    init(_ socket: Int32, isOverTLS: Bool) { (self.socket, self.isOverTLS) = (socket, isOverTLS) }

    /// Without its end; nil at the end of the connection.
    mutating func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end].filter { $0 != 0x0D }, as: UTF8.self)
            }
            guard more() else { return nil }
        }
    }

    /// Up to the line with the dot, which ends it, alone after CRLF and nothing else (RFC 5321 §4.1.1.4).
    mutating func mail() -> [UInt8]? {
        let end: [UInt8] = [0x0D, 0x0A, 0x2E, 0x0D, 0x0A]
        var searched = 0
        while true {
            if pending.starts(with: end.dropFirst(2)) {
                pending.removeFirst(3)
                return []
            }
            while searched + end.count <= pending.count {
                if pending[searched..<searched + end.count].elementsEqual(end) {
                    let data = Array(pending[..<(searched + 2)])
                    pending.removeFirst(searched + end.count)
                    return Self.unstuffed(data)
                }
                searched += 1
            }
            guard more() else { return nil }
        }
    }

    private static func unstuffed(_ data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isLineStart = true
        for byte in data {
            if !(isLineStart && byte == 0x2E) { result.append(byte) }
            isLineStart = byte == 0x0A
        }
        return result
    }

    /// False when the dialogue is over.
    func give(_ answer: SMTPServer.Answer) -> Bool {
        switch answer {
        case .line(let text): return Self.write(Array((text + "\r\n").utf8), to: socket)
        case .close: return false
        case .endless(let text):
            while Self.write(Array(text.utf8), to: socket) {}
            return false
        case .silence:
            var byte: UInt8 = 0
            while read(socket, &byte, 1) > 0 {}
            return false
        }
    }

    private mutating func more() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = read(socket, &buffer, buffer.count)
        guard count > 0 else { return false }
        pending += buffer[..<count]
        return true
    }

    static func pump(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, write(Array(buffer[..<count]), to: target) else { break }
        }
        shutdown(target, Int32(SHUT_WR))
    }

    private static func write(_ bytes: [UInt8], to socket: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = send(socket, buffer.baseAddress! + done, buffer.count - done, Int32(MSG_NOSIGNAL))
                if count <= 0 { return false }
                done += count
            }
            return true
        }
    }
}
