import Logging
import News
import Publish
import Storage

/// Takes what lies in the outbox to the reader's folders, one parcel at a time and in order.
public actor Courier {
    private let store: Store
    private let publisher: Publisher
    private let clock: WallClock
    private let log: Logger
    /// Failed attempts in a row, for the backoff and for telling once.
    private var failures = 0

    public init(store: Store, publisher: Publisher, clock: WallClock, log: Logger) {
        self.store = store
        self.publisher = publisher
        self.clock = clock
        self.log = log
    }

    /// Delivers everything that waits. What fails is kept and tried again after 1, 2, 4 … 60 minutes.
    public func deliver() throws(StoreError) {
        for parcel in try store.undelivered() {
            do {
                try publisher.deliver(parcel)
            } catch {
                let pause = min(60 << min(failures, 6), 3600)
                if failures == 0 {
                    log.error("\(parcel.stem) could not be written: \(error)", metadata: ["stage": "publish"])
                }
                failures += 1
                try store.deferDelivery(of: parcel, because: "\(error)", until: clock.now() + .seconds(pause))
                return
            }
            if failures > 0 { log.notice("deliveries work again", metadata: ["stage": "publish"]) }
            failures = 0
            try store.markDelivered(parcel, at: clock.now())
        }
    }
}
