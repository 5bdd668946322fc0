import Synchronization

/// Counts how many are inside at once.
public final class Turnstile: Sendable {
    private let state = Mutex((inside: 0, most: 0))

    public init() {}

    public var most: Int { state.withLock { $0.most } }
    public func enter() { state.withLock { ($0.inside, $0.most) = ($0.inside + 1, max($0.most, $0.inside + 1)) } }
    public func leave() { state.withLock { $0.inside -= 1 } }
}
