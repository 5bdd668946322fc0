import Logging
import News
import Publish
import Storage
import Synchronization

/// Where it is decided: which story an article belongs to, whether it is a copy or a version, and whether it alerts.
///
/// One serial section. A batch is decided inside one synchronous write transaction, so that three copies that arrive
/// together make one alert; should the commit fail, the index in memory is read again.
public actor Desk {
    private static let pageWait = Duration.seconds(Limits.pageWaitSeconds)
    /// How long indicators are not judged after a count, so that what comes with one round of polls is told together.
    fileprivate static let indicatorWait = Duration.seconds(60)

    private let store: Store
    private let clock: WallClock
    /// How long a ready entry waits for an earlier one; nil waits for every one (one pass).
    private let patience: Duration?
    private let rules: Mutex<AlertDesk>
    private let counters: Counters
    private let log: Logger?
    private var order = FilingOrder()
    /// Nil until the first filing: polling does not wait for it.
    private var index: StoryIndex?
    /// The sources whose copies are not folded in it.
    private var apart: Set<SourceID> = []

    public init(
        store: Store, rules: AlertDesk, clock: WallClock, patience: Duration?, counters: Counters = Counters(),
        log: Logger? = nil
    ) {
        self.store = store
        self.rules = Mutex(rules)
        self.clock = clock
        self.patience = patience
        self.counters = counters
        self.log = log
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { Office.shared.asUnownedSerialExecutor() }

    /// Decides by another configuration from the next batch on.
    public nonisolated func use(_ rules: AlertDesk) { self.rules.withLock { $0 = rules } }

    /// Expects these entries and returns those that were not expected already.
    public func expect(_ entries: [PendingEntry]) -> [PendingEntry] { order.admit(entries, at: clock.now()) }

    /// Has something forgotten between two batches; the index learns of it by being restored anew.
    func forget(_ subject: String, by forgetting: Forgetting) throws -> Forgotten {
        defer { index = nil }
        return try forgetting.forget(subject)
    }

    /// Has stories changed by hand between two batches; the index is read again before the next.
    func rearrange(_ change: @Sendable () throws -> ControlAnswer) rethrows -> ControlAnswer {
        defer { index = nil }
        return try change()
    }

    /// Articles were judged anew: the index is read again before the next batch.
    func restoreIndex() { index = nil }

    public func giveUp(_ entry: PendingEntry) { order.giveUp(entry) }

    /// What is expected and not filed yet.
    func expected() -> Set<MemberKey> { order.keys }

    func isExpected(_ entry: PendingEntry) -> Bool { order.contains(entry) }

    /// Takes a reading and files every batch that is complete.
    /// - Returns: how many alerts were decided.
    public func take(_ reading: Reading) throws(StoreError) -> Int {
        order.ready(reading)
        return try fileComplete()
    }

    /// Files every batch that is complete.
    public func fileComplete() throws(StoreError) -> Int {
        var alerts = 0
        while true {
            let batch = order.nextBatch(at: clock.now(), patience: patience, max: Limits.deskBatchMax)
            if batch.isEmpty { return alerts }
            alerts += try file(batch)
        }
    }

    /// Files what has waited long enough.
    /// - Returns: how many alerts were decided, the entries whose page has not come in time (each named once), and when to
    ///   look again though nothing new has come; nil when nothing is waited for.
    func review() throws(StoreError) -> (alerts: Int, late: [PendingEntry], next: Timestamp?) {
        let now = clock.now()
        let alerts = try fileComplete()
        let late = order.late(at: now, after: Desk.pageWait)
        let next = patience.flatMap { order.nextDeadline(after: now, patience: $0, late: Desk.pageWait) }
        return (alerts, late, next)
    }

    private func file(_ batch: [Reading]) throws(StoreError) -> Int {
        let now = clock.now()
        let rules = rules.withLock { $0 }
        let apart = Set(rules.sources.values.lazy.filter { !$0.foldsCopies }.map(\.id))
        if apart != self.apart {
            (self.apart, index) = (apart, nil)
        }
        // One that has looked ahead takes nothing that is seen now.
        if index?.isAhead(of: now) == true { index = nil }
        var filed = if let index { index } else { try restoredIndex(now) }
        // Uniquely held from here on, so that nothing is copied; restored anew should the commit fail.
        index = nil
        filed.forget(before: now - StoryIndex.window)
        var decisions: AlertDecisions?
        try store.file { transaction in
            var filing = Filing(transaction: transaction, apart: apart, now: now)
            for reading in batch {
                try filing.file(reading, among: &filed)
                try filing.count(reading, by: rules)
            }
            decisions = try filing.alert(by: rules)
        }
        let alerts = decisions?.alerts ?? 0
        counters.count(filed: batch.count, alerts: alerts)
        index = filed
        tell(decisions)
        return alerts
    }

    /// Looks at what alert rules hold, and alerts what has been held for long enough.
    /// - Parameter all: at what is not due as well: rules may have changed, or the clock was set back.
    /// - Returns: how many files were decided.
    func release(all: Bool) throws(StoreError) -> Int {
        let rules = rules.withLock { $0 }
        let now = clock.now()
        var decisions: AlertDecisions?
        try store.file { transaction in
            var made = try AlertDecisions(transaction, rules, now: now)
            try made.release(all: all)
            decisions = made
        }
        let alerts = decisions?.alerts ?? 0
        counters.count(filed: 0, alerts: alerts)
        tell(decisions)
        return alerts
    }

    /// What went otherwise than was promised, once it is committed.
    private func tell(_ decisions: AlertDecisions?) {
        for story in decisions?.setAside ?? [] {
            log?.error(
                "what was kept of the alerts of story \(story) cannot be read: it counts as alerted when the story says so, and what was held of it is lost",
                metadata: ["stage": "desk"])
        }
        for (story, topics) in decisions?.ended ?? [] {
            log?.warning(
                "the held alert of story \(story) ends in silence: no longer configured: \(topics.joined(separator: ", "))",
                metadata: ["stage": "desk"])
        }
    }

    private func restoredIndex(_ now: Timestamp) throws(StoreError) -> StoryIndex {
        var index = StoryIndex()
        index.forget(before: now - StoryIndex.window)
        try store.eachFiled(since: now - StoryIndex.window) { trace, recent in
            var trace = trace
            if apart.contains(trace.source) { trace.probes = [] }
            try index.insert(trace, try recent())
        }
        return index
    }
}

/// One batch inside its transaction.
private struct Filing {
    let transaction: DeskTransaction
    /// Sources whose copies are not folded.
    let apart: Set<SourceID>
    let now: Timestamp
    /// Stories that this batch touched, and what came to each, in order.
    private var touched: [(story: StoryID, filed: [FiledReading])] = []

    init(transaction: DeskTransaction, apart: Set<SourceID>, now: Timestamp) {
        self.transaction = transaction
        self.apart = apart
        self.now = now
    }

    /// - Parameter index: what was filed so far, which learns of it.
    mutating func file(_ reading: Reading, among index: inout StoryIndex) throws {
        if try transaction.isForgotten(reading.pending, canonicalURL: reading.article.canonicalURL) {
            return try transaction.drop(reading.pending)
        }
        let key = MemberKey(source: reading.pending.source, key: reading.pending.key)
        if let filed = try transaction.filed(key) {
            // The same words once more, in other markup or after an upgrade, are no reason to judge the story anew.
            if let change = try replace(filed.member, in: filed.story, by: reading, &index) {
                touch(
                    filed.story, FiledReading(reading, isCopy: filed.member.relation == .copy, change: change))
            }
        } else {
            let (story, isCopy) = try place(reading, &index)
            touch(story, FiledReading(reading, isCopy: isCopy))
        }
        try transaction.markFiled(reading.pending)
    }

    /// Counts what was filed for the indicators that it speaks of.
    func count(_ reading: Reading, by rules: AlertDesk) throws {
        let key = MemberKey(source: reading.pending.source, key: reading.pending.key)
        guard !rules.indicators.indicators.isEmpty, let source = rules.sources[key.source],
            let filed = try transaction.filed(key)
        else { return }
        let hits = rules.indicators.hits(in: reading.article, entities: reading.entities, source: source)
        try transaction.note(hits, of: key, firstSeen: filed.member.firstSeen)
        if rules.indicators.alerts(on: hits) { try transaction.scheduleIndicators(at: now + Desk.indicatorWait) }
    }

    /// Decides what the touched stories alert, each at most once.
    func alert(by rules: AlertDesk) throws -> AlertDecisions {
        var decisions = try AlertDecisions(transaction, rules, now: now)
        for (id, filed) in touched { try decisions.decide(id, filed) }
        try transaction.scheduleHeld()
        return decisions
    }

    private func place(_ reading: Reading, _ index: inout StoryIndex) throws -> (story: StoryID, isCopy: Bool) {
        var member = StoryMember(reading)
        var article = indexed(member, reading)
        let placement = try index.place(article, shelf: transaction)
        member.reason = placement.reason
        let story: StoryID
        switch placement.kind {
        case .new(let id):
            story =
                try transaction.toldStory(reading.pending, opening: id)
                ?? open(id, for: article, firstSeen: reading.pending.firstSeen)
        case .copy(let original, let other):
            story = other
            member.relation = .copy
            member.copyOf = original
            article.original = original
        case .followUp(let other):
            story = other
            member.relation = .followUp
        }
        let turn = try transaction.add(member, article, validators: reading.validators, to: story)
        index.insert(article, into: story, turn: turn)
        return (story, member.relation == .copy)
    }

    /// Opens a story. Where its address had one already, long ago and forgotten, the address is no identity.
    private func open(_ id: StoryID, for article: IndexedArticle, firstSeen: Timestamp) throws -> StoryID {
        let story = try transaction.hasStory(id) ? article.ownStoryID : id
        guard try !transaction.hasStory(story) else { return story }
        let shown = try ShownID.shortest(for: story) {
            try AlertPlace.reserved.contains($0) || transaction.isShownIDTaken($0)
        }
        try transaction.open(story: story, shownID: shown, firstSeen: firstSeen)
        return story
    }

    /// - Returns: nil where a reader would notice no change.
    private func replace(
        _ old: StoryMember, in story: StoryID, by reading: Reading, _ index: inout StoryIndex
    ) throws -> ArticleChange? {
        guard
            let change = ArticleChange.between(
                old: old.comparable(with: reading.article), new: reading.article,
                version: max(reading.pending.version, (old.changes.last?.version ?? 1) + 1), at: now)
        else { return nil }
        var member = StoryMember(reading)
        member.relation = old.relation
        member.copyOf = old.copyOf
        member.reason = old.reason
        member.changes = (old.changes + [change]).suffix(Limits.changesMax)
        let article = indexed(member, reading)
        let turn = try transaction.replace(member, article, validators: reading.validators, in: story, at: now)
        index.insert(article, into: story, turn: turn)
        return change
    }

    private func indexed(_ member: StoryMember, _ reading: Reading) -> IndexedArticle {
        IndexedArticle(
            member, fingerprint: reading.fingerprint, foldsCopies: !apart.contains(member.source))
    }

    private mutating func touch(_ story: StoryID, _ filed: FiledReading) {
        if let index = touched.firstIndex(where: { $0.story == story }) {
            touched[index].filed.append(filed)
        } else {
            touched.append((story, [filed]))
        }
    }
}
