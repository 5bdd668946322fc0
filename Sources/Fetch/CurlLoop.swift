import CLibcurl
import Glibc
import Synchronization

/// The one thread that owns libcurl's multi handle: woken by `curl_multi_wakeup`, it takes transfers from an inbox.
///
/// `@unchecked Sendable`: `multi` is used by the loop's thread alone, but for `curl_multi_wakeup`, which is made for other
/// threads and is called under the inbox's lock while the loop runs; `active` and `idle` belong to that thread.
final class CurlLoop: @unchecked Sendable {
    private enum Message {
        case start(Transfer)
        case cancel(Transfer)
    }

    private struct Inbox {
        var messages: [Message] = []
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

    private var active: [UnsafeMutableRawPointer: EasyHandle] = [:]
    private var idle: [EasyHandle] = []

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

    private func send(_ message: Message) {
        let isTaken = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.messages.append(message)
            if inbox.messages.count == 1 { curl_multi_wakeup(multi) }
            return true
        }
        if !isTaken, case .start(let transfer) = message {
            transfer.refusal = .stopped
            transfer.done.give(())
        }
    }
}

// MARK: - The thread

extension CurlLoop {
    private func run() {
        let clock = ContinuousClock()
        var messages: [Message] = []
        while true {
            let begin = clock.now
            let isStopping = inbox.withLock { inbox in
                swap(&inbox.messages, &messages)
                return inbox.isStopping
            }
            for message in messages { take(message) }
            messages.removeAll(keepingCapacity: true)
            if isStopping { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            var code = CURLE_OK
            while let easy = feedwatch_multi_finished(multi, &code) { finish(easy, code, refusal: nil) }
            note(stall: begin.duration(to: clock.now))
            curl_multi_poll(multi, nil, 0, 1000, nil)
        }
        close()
    }

    private func take(_ message: Message) {
        switch message {
        case .start(let transfer):
            guard let handle = idle.popLast() ?? EasyHandle(userAgent: userAgent, caBundle: caBundle) else {
                transfer.refusal = .overloaded
                transfer.done.give(())
                return
            }
            handle.begin(transfer)
            active[handle.easy] = handle
            guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
                finish(handle.easy, CURLE_OUT_OF_MEMORY, refusal: .overloaded)
                return
            }
        case .cancel(let transfer):
            guard let handle = transfer.handle else { return }
            finish(handle.easy, CURLE_ABORTED_BY_CALLBACK, refusal: .cancelled)
        }
    }

    private func finish(_ easy: UnsafeMutableRawPointer, _ code: CURLcode, refusal: FetchError.Code?) {
        guard let handle = active.removeValue(forKey: easy) else { return }
        curl_multi_remove_handle(multi, easy)
        guard let transfer = handle.finish(code) else { return }
        if let refusal { transfer.refusal = refusal }
        received.add(transfer.received, ordering: .relaxed)
        if transfer.sending == nil { idle.append(handle) }
        transfer.done.give(())
    }

    private func close() {
        for easy in Array(active.keys) { finish(easy, CURLE_ABORTED_BY_CALLBACK, refusal: .stopped) }
        let late = inbox.withLock { inbox in
            defer { inbox.messages = [] }
            inbox.isClosed = true
            return inbox.messages
        }
        for case .start(let transfer) in late {
            transfer.refusal = .stopped
            transfer.done.give(())
        }
        idle = []
        curl_multi_cleanup(multi)
        ended.give(())
    }

    private func note(stall: Duration) {
        let parts = stall.components
        let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
        longestStallNanoseconds.max(nanoseconds, ordering: .relaxed)
    }
}
