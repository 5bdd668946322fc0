import CLibcurl
import Glibc
import Synchronization

/// The one thread that owns libcurl's multi handle: woken by `curl_multi_wakeup`, it takes transfers from an inbox.
///
/// It is a task executor too, on which the decisions about a request are taken: they are short, and between each of them and
/// the transfer no other thread has to be woken, which would cost more than the decision.
///
/// `@unchecked Sendable`: `multi` is used by the loop's thread alone, but for `curl_multi_wakeup`, which is made for other
/// threads and is called under the inbox's lock while the loop runs; `handles` and `idle` belong to that thread.
final class CurlLoop: TaskExecutor, @unchecked Sendable {
    private enum Message {
        case run(UnownedJob)
        case start(Transfer)
        case cancel(Transfer)
    }

    private struct Inbox {
        var messages: [Message] = []
        /// The thread sleeps, or is about to: whoever has a message wakes it.
        var isAsleep = false
        var isStopping = false
        /// The thread has ended: nothing more is taken.
        var isClosed = false
    }

    private let multi: UnsafeMutableRawPointer
    private let userAgent: String
    private let caBundle: String
    private let inbox = Mutex(Inbox())
    private let ended = OneShot<Void>()
    private let longestStallNanoseconds = Atomic<Int64>(0)
    private let received = Atomic<Int>(0)

    private let watch = FloodWatch()
    /// All of them; those that are not in `idle` are under way.
    private var handles: [EasyHandle] = []
    private var idle: [EasyHandle] = []
    /// Who last put a name into libcurl's own memory of names.
    private var namers: [String: EasyHandle] = [:]

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// - Parameter name: of the thread, as `top -H` shows it.
    init(name: String = "fetch-curl", userAgent: String, caBundle: String, transfersMax: Int) {
        precondition(Self.isReady, "libcurl could not be set up")
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory") }
        self.multi = multi
        self.userAgent = userAgent
        self.caBundle = caBundle
        feedwatch_multi_long(multi, CURLMOPT_MAXCONNECTS, transfersMax)
        let hasThread = WorkThread.start(name: name) { [self] in run() }
        precondition(hasThread, "no thread for libcurl: raise the limit of tasks")
    }

    /// The longest time in which the thread did not look at its sockets.
    var longestStall: Duration { .nanoseconds(longestStallNanoseconds.load(ordering: .relaxed)) }

    /// Bytes of the bodies of all transfers that have ended.
    var receivedBytes: Int { received.load(ordering: .relaxed) }

    /// The transfer's `done` is given when it has ended, cancelled or not.
    func start(_ transfer: Transfer) { send(.start(transfer)) }

    /// Ends the transfer now, if it has not ended.
    func cancel(_ transfer: Transfer) { send(.cancel(transfer)) }

    /// Ends all transfers; returns when the thread is gone and all connections are closed. A second call does nothing.
    func stop() async {
        if beginStop() { await ended.wait() }
    }

    /// Asks the thread to end; false when it was asked before.
    @discardableResult
    func beginStop() -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isStopping else { return false }
            inbox.isStopping = true
            curl_multi_wakeup(multi)
            return true
        }
    }

    func enqueue(_ job: consuming ExecutorJob) { send(.run(UnownedJob(job))) }

    private func send(_ message: Message) {
        let isTaken = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.messages.append(message)
            if inbox.isAsleep {
                inbox.isAsleep = false
                curl_multi_wakeup(multi)
            }
            return true
        }
        if !isTaken { leave(message) }
    }

    /// What comes when the thread has ended: a request still learns on another one that it is too late.
    private func leave(_ message: Message) {
        switch message {
        case .run(let job): globalConcurrentExecutor.enqueue(ExecutorJob(job))
        case .start(let transfer):
            transfer.refusal = .stopped
            transfer.done.give(())
        case .cancel: break
        }
    }
}

// MARK: - The thread

extension CurlLoop {
    private func run() {
        let clock = ContinuousClock()
        watch.begin()
        var messages: [Message] = []
        while true {
            let begin = clock.now
            takeAll(&messages)
            if inbox.withLock(\.isStopping) { break }
            var running: Int32 = 0
            watch.turns()
            curl_multi_perform(multi, &running)
            watch.turns()
            var code = CURLE_OK
            while let easy = feedwatch_multi_finished(multi, &code) {
                finish(EasyHandle.around(easy), code, refusal: nil)
            }
            // Answers go on their way before the thread sleeps, all that came at once together.
            takeAll(&messages)
            note(stall: begin.duration(to: clock.now))
            let timeout: Int32 = inbox.withLock { inbox in
                inbox.isAsleep = inbox.messages.isEmpty && !inbox.isStopping
                return inbox.isAsleep ? 1000 : 0
            }
            curl_multi_poll(multi, nil, 0, timeout, nil)
            inbox.withLock { $0.isAsleep = false }
        }
        close()
    }

    /// What is in the inbox, and what that brings in at once; others who go on sending do not keep the thread from its sockets.
    private func takeAll(_ messages: inout [Message]) {
        for _ in 0..<4 {
            inbox.withLock { swap(&$0.messages, &messages) }
            guard !messages.isEmpty else { return }
            for message in messages { take(message) }
            messages.removeAll(keepingCapacity: true)
        }
    }

    private func take(_ message: Message) {
        switch message {
        case .run(let job): job.runSynchronously(on: asUnownedTaskExecutor())
        case .start(let transfer): begin(transfer)
        case .cancel(let transfer):
            guard let handle = transfer.handle else { return }
            finish(handle, CURLE_ABORTED_BY_CALLBACK, refusal: .cancelled)
        }
    }

    private func begin(_ transfer: Transfer) {
        guard let handle = idle.popLast() ?? makeHandle() else {
            transfer.refusal = .overloaded
            transfer.done.give(())
            return
        }
        handle.begin(transfer, forgetting: unused(by: handle))
        handle.name = transfer.url.hostAndPort
        namers[handle.name] = handle
        guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
            return finish(handle, CURLE_OUT_OF_MEMORY, refusal: .overloaded)
        }
    }

    /// The name of the handle's last transfer, unless another has come to need it. libcurl goes through all names that it remembers
    /// at the end of every transfer: with 2,000 of them that is a third of what a transfer costs.
    private func unused(by handle: EasyHandle) -> String? {
        guard namers[handle.name] === handle else { return nil }
        namers[handle.name] = nil
        // There is no way to say this of an IPv6 address: it stays until it is old.
        return handle.name.hasPrefix("[") ? nil : handle.name
    }

    /// Nil when out of memory.
    private func makeHandle() -> EasyHandle? {
        guard let handle = EasyHandle(userAgent: userAgent, caBundle: caBundle, sockets: watch.sockets) else {
            return nil
        }
        handles.append(handle)
        return handle
    }

    private func finish(_ handle: EasyHandle, _ code: CURLcode, refusal: FetchError.Code?) {
        curl_multi_remove_handle(multi, handle.easy)
        guard let transfer = handle.finish(code) else { return }
        if let refusal { transfer.refusal = refusal }
        received.add(transfer.received, ordering: .relaxed)
        if transfer.sending == nil {
            idle.append(handle)
        } else {
            // One that has sent something serves no second time.
            handles.removeAll { $0 === handle }
            if namers[handle.name] === handle { namers[handle.name] = nil }
        }
        transfer.done.give(())
    }

    /// Ends what is under way, then what that and late senders bring in, until nothing comes any more.
    private func close() {
        var messages: [Message] = []
        while true {
            for handle in handles { finish(handle, CURLE_ABORTED_BY_CALLBACK, refusal: .stopped) }
            let isOver = inbox.withLock { inbox in
                swap(&inbox.messages, &messages)
                inbox.isClosed = messages.isEmpty
                return inbox.isClosed
            }
            if isOver { break }
            for message in messages {
                if case .run = message { take(message) } else { leave(message) }
            }
            messages.removeAll()
        }
        (handles, idle, namers) = ([], [], [:])
        curl_multi_cleanup(multi)
        watch.end()
        ended.give(())
    }

    private func note(stall: Duration) {
        let parts = stall.components
        let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
        longestStallNanoseconds.max(nanoseconds, ordering: .relaxed)
    }
}
