import News
import Synchronization

/// One registrable domain's part of the permits and of the byte budget.
///
/// What a domain holds beyond its share counts for the domain only: its own next transfers wait, and its bodies beyond
/// `Limits.compressionFreeBytes` are given up but for one, so that large documents come one after another. Nobody else waits.
final class DomainShare: Sendable {
    // Both belong to `Permits`, which touches them under its lock only.
    /// Its transfers under way and those in the common line.
    nonisolated(unsafe) var admitted = 0
    /// Those beyond its share, who wait without holding up other domains.
    nonisolated(unsafe) var line = FIFO<OneShot<Bool>>()

    private let budget: ByteBudget
    private let held = Atomic<Int>(0)
    /// The one body that goes on while the share is spent, by its address; 0 for none.
    private let leader = Atomic<UInt>(0)

    init(_ budget: ByteBudget) { self.budget = budget }

    /// While nobody has a permit, nobody waits either. Called under the lock of `Permits`.
    var isInUse: Bool { admitted > 0 || held.load(ordering: .relaxed) > 0 }
    var isSpent: Bool { held.load(ordering: .relaxed) >= budget.shareMax }

    func take(_ count: Int) {
        let (before, after) = held.add(count, ordering: .relaxed)
        budget.take(count, counted: counted(after) - counted(before))
    }

    /// True when somebody may wait for it.
    func giveBack(_ count: Int) -> Bool {
        let (before, after) = held.subtract(count, ordering: .relaxed)
        let isOpened = before >= budget.shareMax && after < budget.shareMax
        return budget.giveBack(count, counted: counted(before) - counted(after)) || isOpened
    }

    /// Whether this body may grow though the share is spent.
    func isLed(by body: HeldBytes) -> Bool {
        let (_, found) = leader.compareExchange(expected: 0, desired: Self.address(body), ordering: .relaxed)
        return found == 0 || found == Self.address(body)
    }

    /// It grows no more: another one may.
    func follow(_ body: HeldBytes) {
        _ = leader.compareExchange(expected: Self.address(body), desired: 0, ordering: .relaxed)
    }

    private func counted(_ bytes: Int) -> Int { min(bytes, budget.shareMax) }

    private static func address(_ body: HeldBytes) -> UInt { UInt(bitPattern: ObjectIdentifier(body)) }
}
