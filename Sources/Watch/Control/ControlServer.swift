import Foundation
import Glibc
import News
import Synchronization

/// The limits of the control socket. Tests make them small.
struct ControlLimits: Sendable {
    var requestBytes = Limits.controlRequestBytesMax
    var connections = Limits.controlConnectionsMax
    /// For a whole request to come, from the connection or the answer before, and for an answer to be taken.
    var patience = Duration.seconds(Limits.controlSeconds)
    /// Between two looks whether the socket still stands where commands look for it.
    var look = Duration.seconds(60)
}

/// The daemon's control socket, served by one thread of its own that waits for all clients at once (poll(2)).
///
/// That thread reads requests and writes answers; what a request needs is done by the handler, elsewhere.
final class ControlServer: Sendable {
    typealias Handler = @Sendable (ControlRequest, ControlPeer?) async -> ControlAnswer

    private let mailbox: ControlMailbox

    /// Serves from now on.
    /// - Parameter tell: called on the socket's thread when the socket was gone and was made again, or could not be.
    /// - Throws: `StateError` when the socket cannot be made.
    init(
        path: String, limits: ControlLimits = ControlLimits(),
        tell: @escaping @Sendable (Result<String, StateError>) -> Void = { _ in }, handler: @escaping Handler
    ) throws(StateError) {
        let mailbox = try ControlMailbox()
        let listener = try UnixSocket.listen(at: path)
        self.mailbox = mailbox
        Thread.detachNewThread {
            var loop = ControlLoop(
                path: path, listener: listener, mailbox: mailbox, limits: limits, tell: tell, handler: handler)
            loop.run()
            mailbox.end()
        }
    }

    /// Takes no request any more; returns when those under way are answered and the socket is gone.
    func stop() async { await mailbox.stop() }
}

/// What others tell the socket's thread: answers, and that it is to stop.
final class ControlMailbox: Sendable {
    struct Mail {
        var answers: [(connection: Int, answer: ControlAnswer)] = []
        var isStopping = false
    }

    private struct State {
        var mail = Mail()
        var hasEnded = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Readable when there is mail.
    let bell: CInt
    private let rope: CInt
    private let state = Mutex(State())

    init() throws(StateError) {
        var ends: (CInt, CInt) = (-1, -1)
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let status = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: CInt.self, capacity: 2) { socketpair(AF_UNIX, kind, 0, $0) }
        }
        guard status == 0 else {
            throw StateError(
                code: .failed, detail: "no control socket: \(String(cString: strerror(errno))) – see the limit of files"
            )
        }
        (bell, rope) = ends
    }

    deinit {
        close(bell)
        close(rope)
    }

    func put(_ answer: ControlAnswer, for connection: Int) {
        state.withLock { $0.mail.answers.append((connection, answer)) }
        ring()
    }

    func take() -> Mail {
        var bytes = [UInt8](repeating: 0, count: 256)
        while recv(bell, &bytes, bytes.count, 0) > 0 {}
        return state.withLock { state in
            defer { state.mail.answers = [] }
            return state.mail
        }
    }

    func stop() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                state.mail.isStopping = true
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() } else { ring() }
        }
    }

    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// A full pair needs no further byte: it is readable already.
    private func ring() {
        var byte: UInt8 = 1
        send(rope, &byte, 1, CInt(MSG_NOSIGNAL))
    }
}
