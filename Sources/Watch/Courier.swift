import Logging
import News
import Publish
import Storage

/// Takes what lies in the outbox to the reader's folders, one parcel at a time and in order.
public actor Courier {
    private let store: Store
    private var publisher: Publisher
    private var leaving: Leaving
    private let clock: WallClock
    private let log: Logger
    private let counters: Counters
    private let isService: Bool
    /// Rounds in a row that left something behind, for the backoff.
    private var failedRounds = 0
    /// Causes of the last round's faults, each told once.
    private var told: Set<String> = []

    /// - Parameter isService: what an earlier process has told is not told again. A command says each time why it has failed.
    public init(
        store: Store, publisher: Publisher, leaving: Leaving = Leaving(), clock: WallClock, log: Logger,
        counters: Counters = Counters(), isService: Bool = false
    ) {
        self.store = store
        self.publisher = publisher
        self.leaving = leaving
        self.clock = clock
        self.log = log
        self.counters = counters
        self.isService = isService
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { Office.shared.asUnownedSerialExecutor() }

    /// Writes by other templates from now on, and has other ways take it further.
    func use(_ publisher: Publisher, _ leaving: Leaving) {
        self.publisher = publisher
        self.leaving = leaving
    }

    /// Delivers everything that waits, each parcel for itself: one that cannot be written holds up the others of its folder
    /// only where its disk takes nothing at all. What fails is kept and tried again after 1, 2, 4 … 60 minutes.
    /// - Returns: the stems of what is still not delivered and why, in order, last `alerts/alerts.atom`.
    /// - Throws: what could not be noted in the database; everything was tried before.
    @discardableResult
    public func deliver() throws(StoreError) -> [Undelivered] {
        let again = clock.now() + .seconds(min(60 << min(failedRounds, 6), 3600))
        var failed: [Undelivered] = []
        var causes: Set<String> = []
        /// Why nothing more is tried in a folder in this round.
        var full: [Substring: String] = [:]
        var unnoted: StoreError?
        var hasNewAlerts = false
        for parcel in try store.undelivered() {
            let folder = parcel.stem.prefix { $0 != "/" }
            if let fault = full[folder] {
                failed.append(Undelivered(stem: parcel.stem, fault: fault))
                continue
            }
            do throws(StoreError) {
                let error: DeliveryError
                switch attempt(parcel) {
                case .success(let files):
                    if let day = parcel.day { try store.record(files, of: day) }
                    try store.markDelivered(parcel, at: clock.now(), ways: leaving.ways(for: parcel.kind))
                    hasNewAlerts = hasNewAlerts || parcel.kind != .digest
                    continue
                case .failure(let failure): error = failure
                }
                failed.append(Undelivered(stem: parcel.stem, fault: "\(error)"))
                if error.concernsTheDisk { full[folder] = "\(error)" }
                let cause = error.code == 0 ? parcel.stem : "\(error.code) \(folder)"
                causes.insert(cause)
                tell(failed[failed.count - 1], cause)
                try store.deferDelivery(of: parcel, because: "\(error)", until: again)
            } catch {
                unnoted = unnoted ?? error
            }
        }
        var feed = try store.feedFault().map { Undelivered(stem: Self.feed, fault: $0.words) }
        // An alert that comes late comes into the feed with it. Where everything else can be written again so can the feed,
        // perhaps.
        if try isFeedDue() || hasNewAlerts || feed != nil && failed.isEmpty {
            feed = try renewFeed(unfinished: failed.isEmpty ? nil : again, &causes)
        }
        if failed.isEmpty, failedRounds > 0 {
            log.notice("deliveries work again", metadata: ["stage": "publish"])
            counters.noteChange()
        }
        failedRounds = failed.isEmpty ? 0 : failedRounds + 1
        told = causes
        if let unnoted { throw unnoted }
        return failed + [feed].compactMap { $0 }
    }

    /// - Returns: of an issue its files, which are the record from then on.
    private func attempt(_ parcel: Parcel) -> Result<[PublishedFile], DeliveryError> {
        do {
            try publisher.deliver(parcel) { try store.issue(of: $0.description, cameAfter: $1.description) }
            guard parcel.day != nil else { return .success([]) }
            return .success(try publisher.files(of: parcel).map { PublishedFile(name: $0.name, bytes: $0.bytes) })
        } catch { return .failure(Self.deliveryError(error, parcel.stem)) }
    }

    private static func deliveryError(_ error: any Error, _ path: String) -> DeliveryError {
        error as? DeliveryError ?? DeliveryError(doing: "deliver", path: path, code: 0, detail: "\(error)")
    }

    /// An alert was decided, or an embargo is over.
    private func isFeedDue() throws(StoreError) -> Bool {
        try store.dueTime(of: .feed).map { $0 <= clock.now() } ?? false
    }

    /// Makes `alerts.atom` anew. One that cannot be written now is made with a later delivery.
    /// - Parameters:
    ///   - unfinished: when what could not be delivered is tried again; it is missing in the feed until then.
    ///   - causes: takes up what kept the feed from being written.
    /// - Returns: nil where it was written.
    private func renewFeed(unfinished: Timestamp?, _ causes: inout Set<String>) throws(StoreError) -> Undelivered? {
        let now = clock.now()
        let newest = try store.newestAlerts(limit: Limits.alertFeedMax, now: now)
        var next = unfinished
        var failed: Undelivered?
        do {
            let end = try publisher.renewFeed(newest, now: now)
            next = [next, end].compactMap { $0 }.min()
        } catch {
            // What is wrong with the folder is tried as seldom as its parcels are.
            next = unfinished ?? now + .seconds(60)
            let error = Self.deliveryError(error, Self.feed)
            let cause = "\(error.code) alerts"
            causes.insert(cause)
            let fault = Undelivered(stem: Self.feed, fault: "\(error)")
            tell(fault, cause)
            failed = fault
        }
        try store.keepFeedFault(failed?.fault, at: now)
        try store.setDue(.feed, next)
        return failed
    }

    private static let feed = "alerts/alerts.atom"

    /// Tells a cause once, whatever waits because of it; a service also not again after a restart, for the fault is kept with
    /// the parcel.
    private func tell(_ undelivered: Undelivered, _ cause: String) {
        guard told.insert(cause).inserted else { return }
        let known =
            undelivered.stem == Self.feed
            ? try? store.feedFault()?.words : try? store.deliveryFault(of: undelivered.stem)
        if isService, known == undelivered.fault { return }
        log.error("\(undelivered)", metadata: ["stage": "publish"])
        counters.noteChange()
    }
}

extension Parcel {
    /// Of an issue; nil for everything else.
    fileprivate var day: String? { kind == .digest ? stem.split(separator: "/").last.map(String.init) : nil }
}

/// A parcel that waits on in the outbox.
public struct Undelivered: Sendable, Hashable, CustomStringConvertible {
    public var stem: String
    /// What failed, where, and what to do.
    public var fault: String

    public var description: String { "\(stem) could not be written: \(fault)" }
}
