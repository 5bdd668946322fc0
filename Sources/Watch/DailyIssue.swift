import News
import Publish
import Storage

/// Composes issues from what the database knows: the same for the daily issue and for a preview beside a running daemon.
public struct DailyIssue: Sendable {
    let store: Store
    let configuration: Configuration
    let zone: Zone
    let clock: WallClock

    /// The key of the due time at which an issue that waits is looked at once more, and how long it waits.
    static let again = "again"
    static let wait = Duration.seconds(60)

    /// - Throws: `StateError`, `ZoneError` when the configured zone cannot be read.
    public init(store: Store, configuration: Configuration, clock: WallClock) throws {
        self.init(
            store: store, configuration: configuration, zone: try ZoneFile.load(configuration.settings.timezone),
            clock: clock)
    }

    init(store: Store, configuration: Configuration, zone: Zone, clock: WallClock) {
        self.store = store
        self.configuration = configuration
        self.zone = zone
        self.clock = clock
    }

    /// Today's issue as it would be now; nothing is written.
    public func preview() throws -> Digest {
        let now = clock.now()
        var digest = try compose(day: zone.local(now).date, to: now).digest
        // Of a day that has none yet that is today's own.
        digest.nextIssue = try nextDue()
        return digest
    }

    /// When the next issue is due: that of the first day whose hour is to come and that has none. Or of a day whose hour has
    /// just become earlier than now, where the last issue's window ends before it.
    /// - Parameter day: has an issue, too: it is being published.
    func nextDue(besides day: CivilDate? = nil) throws(StoreError) -> Timestamp {
        let at = configuration.settings.digestAt
        let now = clock.now()
        let last = DigestClock.last(upTo: now, at: at, zone: zone)
        var taken = try store.issueDays(from: last.day.description)
        if let day { taken.insert(day.description) }
        var covered = try store.createdAt() ?? now
        if let issue = try store.lastDigest() { covered = issue.to }
        if last.due > covered, !taken.contains(last.day.description) { return last.due }
        var next = DigestClock.next(after: now, at: at, zone: zone)
        for _ in taken where taken.contains(next.day.description) {
            next = DigestClock.next(after: next.due, at: at, zone: zone)
        }
        return next.due
    }

    /// The window goes from the end of the last issue's, or from when this state was created, up to `to`. Where the clock ran
    /// ahead and came back that end is later than `to`: the window is empty then, and what was filed since stands in the issue
    /// as filed late, so that nothing is lost and nothing told twice.
    func compose(day: CivilDate, to: Timestamp) throws -> (digest: Digest, record: PublishedDigest) {
        let last = try store.lastDigest()
        let from = try last?.to ?? (store.createdAt() ?? clock.now()) - .seconds(1)
        let seen = try seenFrom(from, to: to)..<to
        let material = try store.issueMaterial(
            from: from, to: max(from, to), seen: seen, filedAfter: last?.filedTo ?? 0, turnAfter: last?.turnTo ?? 0,
            limit: configuration.settings.belowTheLine)
        let digest = try compose(
            material, day: day, window: from..<max(from, to), seenFrom: seen.lowerBound, previousTo: last?.to)
        let record = PublishedDigest(
            day: day.description, from: from, to: max(from, to), stem: "digests/\(day)", filedTo: material.filedTo,
            turnTo: material.turnTo)
        return (digest, record)
    }

    /// Where a window begins in the future, or with its own end, there is a time to tell of all the same.
    private func seenFrom(_ from: Timestamp, to: Timestamp) throws(StoreError) -> Timestamp {
        if from < to { return from }
        return try store.lastWritten(before: to) ?? to - .seconds(86_400)
    }

    /// An issue that was published, composed from what the database says now.
    func again(_ record: PublishedDigest) throws -> Digest {
        let last = try store.digest(before: record)
        let material = try store.issueMaterial(
            from: record.from, to: record.to, filedAfter: last?.filedTo ?? 0, turnAfter: last?.turnTo ?? 0,
            filedUpTo: record.filedTo, limit: 0)
        guard let day = CivilDate(record.day) else {
            throw StateError(code: .failed, detail: "\(record.day) is no day – the database is not as it was written")
        }
        return try compose(material, day: day, window: record.from..<record.to, previousTo: last?.to)
    }

    private func compose(
        _ material: IssueMaterial, day: CivilDate, window: Range<Timestamp>, seenFrom: Timestamp? = nil,
        previousTo: Timestamp?
    ) throws -> Digest {
        let settings = configuration.settings
        var input = DigestInput(
            day: day, window: window, seenFrom: seenFrom, previousTo: previousTo, issued: clock.now(),
            nextIssue: try nextDue(besides: day), zone: zone,
            stories: material.stories, nearMisses: material.nearMisses, health: material.health,
            // A clock that ran ahead has left some that end in the future.
            outages: material.outages.filter { $0.until <= clock.now() }, pageFaults: material.pageFaults,
            issues: material.issues.compactMap { issue in
                CivilDate(issue.day).map { DigestInput.Issue(day: $0, from: issue.from, to: issue.to) }
            },
            sources: configuration.sourcesByID,
            topics: configuration.topics,
            gazetteer: Gazetteer(configuration.entities, knownSince: material.knownSince),
            excerptMax: settings.excerpt, belowTheLine: settings.belowTheLine,
            version: feedwatchVersion, configurationHash: String(configuration.hash.prefix(4)),
            lateChanges: material.lateChanges, rereads: material.rereads)
        (input.held, input.heldTold) = (material.held, material.heldTold)
        input.indicators = settings.indicators
        (input.indicatorRecords, input.indicatorSight) = (material.indicators, material.indicatorSight)
        return Digest.compose(input)
    }
}

extension Station {
    var dailyIssue: DailyIssue { DailyIssue(store: store, configuration: configuration, zone: zone, clock: clock) }

    /// When the next issue is due, after the last one that was published.
    func nextDigest() throws(StoreError) -> Timestamp { try dailyIssue.nextDue() }

    /// Publishes the issue that was due at `due`, once: for a day that has one nothing changes. It is named by the last day
    /// whose hour has come, however late it is.
    func publishDigest(due: Timestamp) async throws -> (stem: String, isNew: Bool, undelivered: [Undelivered]) {
        let now = clock.now()
        let cutoff = configuration.settings.digestCutoff
        let day = DigestClock.last(upTo: max(now, due), at: configuration.settings.digestAt, zone: zone).day
        // Asleep at the hour: everything that was found on waking belongs to this issue.
        return try await publishDigest(day: day, to: now - due > cutoff ? now : due - cutoff)
    }

    /// Publishes today's issue now, ahead of its hour, with everything that was seen until now.
    /// - Throws: `StateError` when no source was asked yet.
    public func publishDigestNow() async throws -> (stem: String, isNew: Bool, undelivered: [Undelivered]) {
        guard try store.hasAsked() else {
            throw StateError(
                code: .failed,
                detail: "no source was asked yet: an issue would say nothing and take the place of today's own "
                    + "– run \"feedwatch once\" first, or look at it with --preview")
        }
        _ = try store.createdAt(orNow: clock.now())
        return try await publishDigest(day: zone.local(clock.now()).date, to: clock.now())
    }

    /// The pages that its articles were read from.
    private func pages(of digest: Digest) -> [IssuePage] {
        digest.stories.flatMap(\.story.members).compactMap { member in
            guard sources[member.source]?.fullText == .fetch, let url = member.url else { return nil }
            return IssuePage(source: member.source, url: url)
        }
    }

    private func publishDigest(day: CivilDate, to: Timestamp) async throws -> (
        stem: String, isNew: Bool, undelivered: [Undelivered]
    ) {
        let issue = dailyIssue
        let isNew = try store.digest(day: day.description) == nil
        let (digest, record) = try issue.compose(day: day, to: to)
        let parcel = Parcel(kind: .digest, stem: record.stem, json: try PublicJSON.encode(digest), decided: clock.now())
        try store.publish(
            record, as: parcel, nextDue: issue.nextDue(besides: day),
            rereading: pages(of: digest))
        if isNew { counters.countDigest() }
        observe(.desk, "")
        let undelivered = try await courier.deliver()
        observe(.publish, "")
        return (record.stem, isNew, undelivered)
    }
}
