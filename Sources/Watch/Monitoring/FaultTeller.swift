import Synchronization

/// Tells a fault that goes on only once: when it begins and when it becomes another.
final class FaultTeller: Sendable {
    /// The fault that goes on, by what it is a fault of.
    private let told = Mutex<[String: String]>([:])

    /// Whether this is not what was told of `subject` last.
    func isNews(_ fault: String, of subject: String) -> Bool {
        told.withLock { $0.updateValue(fault, forKey: subject) != fault }
    }

    /// The fault of `subject` is over. Whether there was one.
    func isRecovery(of subject: String) -> Bool { told.withLock { $0.removeValue(forKey: subject) != nil } }
}
