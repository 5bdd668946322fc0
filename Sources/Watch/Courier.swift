import Logging
import News
import Publish
import Storage

/// Takes what lies in the outbox to the reader's folders, one parcel at a time and in order.
public actor Courier {
    private let store: Store
    private var publisher: Publisher
    private let clock: WallClock
    private let log: Logger
    private let counters: Counters
    /// Rounds in a row that left something behind, for the backoff.
    private var failedRounds = 0
    /// Stems whose fault was told already.
    private var told: Set<String> = []

    public init(
        store: Store, publisher: Publisher, clock: WallClock, log: Logger, counters: Counters = Counters()
    ) {
        self.store = store
        self.publisher = publisher
        self.clock = clock
        self.log = log
        self.counters = counters
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { Office.shared.asUnownedSerialExecutor() }

    /// Takes another place for deliveries over.
    func use(_ publisher: Publisher) { self.publisher = publisher }

    /// Delivers everything that waits, each parcel for itself: one that cannot be written holds up the others only where
    /// the disk takes nothing at all. What fails is kept and tried again after 1, 2, 4 … 60 minutes.
    /// - Returns: the stems of what is still not delivered and why, in order.
    @discardableResult
    public func deliver() throws(StoreError) -> [Undelivered] {
        let again = clock.now() + .seconds(min(60 << min(failedRounds, 6), 3600))
        var failed: [Undelivered] = []
        let waiting = try store.undelivered()
        for (index, parcel) in waiting.enumerated() {
            do {
                try publisher.deliver(parcel)
                try record(parcel)
            } catch {
                failed.append(Undelivered(stem: parcel.stem, fault: "\(error)"))
                tell(failed[failed.count - 1])
                try store.deferDelivery(of: parcel, because: "\(error)", until: again)
                guard (error as? DeliveryError)?.concernsTheDisk == true else { continue }
                failed += waiting[(index + 1)...].map { Undelivered(stem: $0.stem, fault: "\(error)") }
                break
            }
            told.remove(parcel.stem)
            try store.markDelivered(parcel, at: clock.now())
        }
        if failed.isEmpty, failedRounds > 0 {
            log.notice("deliveries work again", metadata: ["stage": "publish"])
            counters.noteChange()
        }
        failedRounds = failed.isEmpty ? 0 : failedRounds + 1
        return failed
    }

    /// Issues are the record: their files are known from then on.
    private func record(_ parcel: Parcel) throws {
        guard parcel.kind == .digest, let day = parcel.stem.split(separator: "/").last else { return }
        let files = try publisher.files(of: parcel).map { PublishedFile(name: $0.name, bytes: $0.bytes) }
        try store.record(files, of: String(day))
    }

    private func tell(_ undelivered: Undelivered) {
        guard told.insert(undelivered.stem).inserted else { return }
        log.error("\(undelivered)", metadata: ["stage": "publish"])
        counters.noteChange()
    }
}

/// A parcel that waits on in the outbox.
public struct Undelivered: Sendable, Hashable, CustomStringConvertible {
    public var stem: String
    /// What failed, where, and what to do.
    public var fault: String

    public var description: String { "\(stem) could not be written: \(fault)" }
}
