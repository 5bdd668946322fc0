import Synchronization

/// A value that is given once and awaited by one task; the first giver wins.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        /// Resumed once, for leaving this state takes the lock: a checked continuation would say the same at a cost.
        case waiting(UnsafeContinuation<Value, Never>)
        case full(Value)
    }

    private let state = Mutex(State.empty)

    /// False when a value was given before: what was to be handed over still belongs to the caller.
    @discardableResult
    func give(_ value: Value) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, UnsafeContinuation<Value, Never>?) in
            switch state {
            case .full: return (false, nil)
            case .empty:
                state = .full(value)
                return (true, nil)
            case .waiting(let continuation):
                state = .full(value)
                return (true, continuation)
            }
        }
        continuation?.resume(returning: value)
        return isFirst
    }

    /// Called once.
    func wait() async -> Value {
        await withUnsafeContinuation { continuation in
            let value: Value? = state.withLock { state in
                if case .full(let value) = state { return value }
                state = .waiting(continuation)
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
