import Synchronization

/// One registrable domain's part of the byte budget.
///
/// What a domain holds beyond its share counts for the domain only: its own next transfers wait, and its bodies beyond
/// `Limits.compressionFreeBytes` are given up but for one, so that large documents come one after another. Nobody else waits.
final class ByteShare: Sendable {
    let budget: ByteBudget
    /// Nil where no domain is asked: a file of this machine.
    let domain: String?
    private let held = Atomic<Int>(0)
    /// The one body that goes on while the share is spent, by its address; 0 for none.
    private let leader = Atomic<UInt>(0)

    init(_ budget: ByteBudget, of domain: String? = nil) {
        self.budget = budget
        self.domain = domain
    }

    var isEmpty: Bool { held.load(ordering: .relaxed) == 0 }
    var isSpent: Bool { held.load(ordering: .relaxed) >= budget.shareMax }

    func take(_ count: Int) {
        let (before, after) = held.add(count, ordering: .relaxed)
        budget.take(count, counted: counted(after) - counted(before))
    }

    /// True when somebody may wait for it, or nothing is left.
    func giveBack(_ count: Int) -> Bool {
        let (before, after) = held.subtract(count, ordering: .relaxed)
        let isOpened = before >= budget.shareMax && after < budget.shareMax
        return budget.giveBack(count, counted: counted(before) - counted(after)) || isOpened || after == 0
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
