import Dispatch
import Glibc

/// SIGTERM, SIGINT and SIGHUP as an asynchronous sequence; SIGPIPE ignored.
public enum ServiceSignal: Sendable, Hashable {
    case stop, reload

    /// Takes the signals over for the rest of the process's life.
    public static func stream() -> AsyncStream<ServiceSignal> {
        signal(SIGPIPE, SIG_IGN)
        return AsyncStream { continuation in
            let queue = DispatchQueue(label: "signals")
            let sources = [(SIGTERM, ServiceSignal.stop), (SIGINT, .stop), (SIGHUP, .reload)].map { number, meaning in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { continuation.yield(meaning) }
                source.activate()
                return SignalSource(source: source)
            }
            continuation.onTermination = { _ in for source in sources { source.source.cancel() } }
        }
    }
}

/// `@unchecked Sendable`: a dispatch source may be cancelled from any thread; nothing else is done with it.
private struct SignalSource: @unchecked Sendable { let source: any DispatchSourceSignal }
