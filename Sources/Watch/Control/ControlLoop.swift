import Glibc

/// The thread behind the control socket. Each connection has one request at a time; the next is read after its answer.
struct ControlLoop {
    private struct Connection {
        let file: CInt
        let peer: ControlPeer?
        /// When it is closed, unless a request is under way.
        var deadline: ContinuousClock.Instant
        /// Received and not yet looked at.
        var input: [UInt8] = []
        /// Not yet taken by the client.
        var output: ArraySlice<UInt8> = []
        var isUnderWay = false
        /// Closed after its output.
        var isLast = false
    }

    private let path: String
    private let mailbox: ControlMailbox
    private let limits: ControlLimits
    private let tell: @Sendable (Result<String, StateError>) -> Void
    private let handler: ControlServer.Handler
    private var listener: CInt?
    /// By number, for a file descriptor is used again.
    private var connections: [Int: Connection] = [:]
    private var count = 0
    /// No connection is taken before, for there was no room for one: poll(2) would return at once again and again.
    private var acceptAfter: ContinuousClock.Instant?
    private var isStopping = false
    /// The socket as it was made: another one may stand at its path.
    private var socket: SocketFile?
    private var lookAt: ContinuousClock.Instant
    /// It is gone and could not be made again, which was told.
    private var isLost = false

    init(
        path: String, listener: CInt, mailbox: ControlMailbox, limits: ControlLimits,
        tell: @escaping @Sendable (Result<String, StateError>) -> Void, handler: @escaping ControlServer.Handler
    ) {
        self.path = path
        self.listener = listener
        self.mailbox = mailbox
        self.limits = limits
        self.tell = tell
        self.handler = handler
        socket = SocketFile(path)
        lookAt = .now + limits.look
    }

    /// Returns after a stop, when what was under way is answered.
    mutating func run() {
        while true {
            let mail = mailbox.take()
            isStopping = mail.isStopping
            for (number, answer) in mail.answers { finish(number, with: answer) }
            if isStopping {
                stopListening()
                for (number, connection) in connections where !connection.isUnderWay { drop(number) }
                if connections.isEmpty { return }
            }
            let now = ContinuousClock.now
            if !isStopping, lookAt <= now { look(at: now) }
            for (number, connection) in connections where !connection.isUnderWay && connection.deadline <= now {
                drop(number)
            }
            serve(await: now)
        }
    }

    /// Waits until something can be done, and does it.
    private mutating func serve(await now: ContinuousClock.Instant) {
        let waiting = connections.filter { !$0.value.isUnderWay }
        let numbers = Array(waiting.keys)
        var polled = [pollfd(fd: mailbox.bell, events: Int16(POLLIN), revents: 0)]
        let isAccepting = listener != nil && (acceptAfter.map { $0 <= now } ?? true) && hasRoom
        // A negative descriptor is left alone.
        polled.append(pollfd(fd: isAccepting ? listener! : -1, events: Int16(POLLIN), revents: 0))
        polled += numbers.map { number in
            let connection = waiting[number]!
            return pollfd(
                fd: connection.file, events: Int16(connection.output.isEmpty ? POLLIN : POLLOUT), revents: 0)
        }
        let next = (waiting.values.map(\.deadline) + [acceptAfter, lookAt].compactMap { $0 }.filter { $0 > now }).min()
        let milliseconds = next.map { min(60_000, max(0, ($0 - now) / .milliseconds(1) + 1)) } ?? -1
        guard poll(&polled, nfds_t(polled.count), CInt(milliseconds)) > 0 else { return }
        for (number, polled) in zip(numbers, polled.dropFirst(2)) where polled.revents != 0 {
            if waiting[number]!.output.isEmpty { receive(number) }
            advance(number)
        }
        if polled[1].revents != 0 { acceptAll() }
    }

    /// Somebody may have emptied the folder: then commands find nobody, though the process is well.
    private mutating func look(at now: ContinuousClock.Instant) {
        lookAt = now + limits.look
        // It may have gone before this thread began.
        if listener != nil, let socket, SocketFile(path) == socket { return }
        if let listener { close(listener) }
        listener = nil
        do {
            listener = try UnixSocket.listen(at: path)
            socket = SocketFile(path)
            isLost = false
            tell(.success("\(path) was gone: commands are taken there again"))
        } catch {
            if !isLost { tell(.failure(error)) }
            isLost = true
        }
    }

    // MARK: - Connections

    /// A place is free, or one who only waits can be sent away for it.
    private var hasRoom: Bool {
        connections.count < limits.connections || connections.values.contains { !$0.isUnderWay }
    }

    private mutating func acceptAll() {
        acceptAfter = nil
        var isOneSentAway = false
        while let listener, hasRoom, !isOneSentAway {
            let file = UnixSocket.accept(listener)
            guard file >= 0 else {
                // Out of descriptors or memory; the client waits in the queue.
                if errno != EAGAIN, errno != EINTR, errno != ECONNABORTED { acceptAfter = .now + .seconds(1) }
                return
            }
            if connections.count >= limits.connections {
                dropLongestWaiting()
                // The others are listened to before the next one comes in.
                isOneSentAway = true
            }
            connections[count] = Connection(file: file, peer: ControlPeer(of: file), deadline: .now + limits.patience)
            receive(count)
            advance(count)
            count += 1
        }
    }

    /// So that clients that hang keep nobody else out.
    private mutating func dropLongestWaiting() {
        let waiting = connections.filter { !$0.value.isUnderWay }
        if let number = waiting.min(by: { $0.value.deadline < $1.value.deadline })?.key { drop(number) }
    }

    private mutating func drop(_ number: Int) {
        if let connection = connections.removeValue(forKey: number) { close(connection.file) }
    }

    private mutating func stopListening() {
        guard let listener else { return }
        unlink(path)
        close(listener)
        self.listener = nil
    }

    // MARK: - Requests and answers

    /// One byte more than a request may have, so that a longer one is noticed.
    private mutating func receive(_ number: Int) {
        guard let connection = connections[number] else { return }
        var bytes = [UInt8](repeating: 0, count: limits.requestBytes + 1 - connection.input.count)
        let count = recv(connection.file, &bytes, bytes.count, 0)
        if count > 0 {
            connections[number]!.input += bytes[..<count]
        } else if count == 0 || errno != EAGAIN && errno != EINTR {
            drop(number)
        }
    }

    /// Sends what there is to send, then takes the next request, until one is under way or the client has to do something.
    private mutating func advance(_ number: Int) {
        while let connection = connections[number], !connection.isUnderWay {
            if !connection.output.isEmpty {
                guard flush(number) else { return }
                if connection.isLast { return drop(number) }
                connections[number]!.deadline = .now + limits.patience
            } else if let end = connection.input.firstIndex(of: 0x0A) {
                let line = Array(connection.input[..<end])
                connections[number]!.input.removeSubrange(...end)
                begin(line, number)
            } else if connection.input.count > limits.requestBytes {
                let words = "a request has at most \(limits.requestBytes) bytes"
                connections[number]!.isLast = true
                connections[number]!.output = ControlAnswer(exit: 64, words: [words]).line[...]
            } else {
                return
            }
        }
    }

    private mutating func begin(_ line: [UInt8], _ number: Int) {
        do {
            let request = try ControlRequest(line: line)
            connections[number]!.isUnderWay = true
            let peer = connections[number]!.peer
            Task { [handler, mailbox] in mailbox.put(await handler(request, peer), for: number) }
        } catch {
            connections[number]!.output = ControlAnswer(failed: error).line[...]
        }
    }

    private mutating func finish(_ number: Int, with answer: ControlAnswer) {
        guard connections[number] != nil else { return }
        connections[number]!.isUnderWay = false
        connections[number]!.isLast = isStopping
        connections[number]!.deadline = .now + limits.patience
        connections[number]!.output = answer.line[...]
        advance(number)
    }

    /// False while the client does not take more, and after it has gone.
    private mutating func flush(_ number: Int) -> Bool {
        while let connection = connections[number], !connection.output.isEmpty {
            let sent = connection.output.withUnsafeBytes {
                send(connection.file, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if sent > 0 {
                connections[number]!.output.removeFirst(sent)
            } else if errno != EINTR {
                if errno != EAGAIN { drop(number) }
                return false
            }
        }
        return connections[number] != nil
    }
}
