import News
import Publish
import Storage

extension Station {
    /// Tells of sources that have been blind for long enough and of those that can be read again, together with the record
    /// that it was told.
    /// - Returns: how many alerts were decided.
    func tellBlindness() throws(StoreError) -> Int {
        var alerts = 0
        try store.tellBlindness { transaction in
            var desk = try BlindnessDesk(transaction, enabledSources, zone: zone, now: clock.now())
            try desk.tell()
            alerts = desk.alerts
        }
        counters.count(filed: 0, alerts: alerts)
        return alerts
    }
}

/// Where it is decided what is told of sources that cannot be read, inside one transaction.
private struct BlindnessDesk {
    private let transaction: BlindnessTransaction
    private let polled: [SourceID: Source]
    private let health: [SourceID: SourceHealth]
    private let sightings: [Blindness.Sighting]
    private let zone: Zone
    private let now: Timestamp
    private(set) var alerts = 0

    init(_ transaction: BlindnessTransaction, _ sources: [Source], zone: Zone, now: Timestamp) throws {
        self.transaction = transaction
        self.zone = zone
        self.now = now
        polled = Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) })
        let health = Dictionary(
            try transaction.health().map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        self.health = health
        // One that this database has never polled is as it was told, until it is polled.
        let told = Dictionary(
            try transaction.told().map { ($0.source, $0.since) }, uniquingKeysWith: { first, _ in first })
        sightings = sources.map { source in
            let fares = health[source.id]
            let since = fares?.lastTried == nil ? told[source.id] : fares?.blindSince
            let late = fares?.nextDue.map { now - $0 }
            return Blindness.Sighting(
                source: source.id, isCritical: source.critical, blindSince: since.map { min($0, now) },
                isLookedAt: late.map { $0 <= .seconds(Limits.lateSeconds) } ?? false)
        }
    }

    mutating func tell() throws {
        let findings = Blindness.judge(sightings, told: try transaction.told(), now: now)
        for source in findings.gone { try transaction.forget(source) }
        for group in findings.blind { try tellBlind(group) }
        for group in findings.back { try tellBack(group) }
        for file in findings.firstBack { try transaction.noteFirstBack(of: file, at: now) }
        try transaction.schedule(findings.next)
    }

    private mutating func tellBlind(_ group: [SourceID]) throws {
        let sources = group.compactMap { id in
            polled[id].map { source in
                BlindAlert.BlindSource(
                    source, health[id], since: health[id]?.blindSince.map { min($0, now) } ?? now, until: nil)
            }
        }
        let file = try put(.blind, sources, told: nil)
        for source in sources {
            try transaction.note(Blindness.Told(source: source.id, since: source.since, file: file))
        }
    }

    private mutating func tellBack(_ group: [Blindness.Told]) throws {
        guard let file = group.first?.file else { return }
        let sources = group.compactMap { told in
            polled[told.source].map { source in
                BlindAlert.BlindSource(
                    source, health[told.source], since: told.since, until: health[told.source]?.lastRead ?? now)
            }
        }
        _ = try put(.back, sources, told: file.split(separator: "#").first.map(String.init))
        for told in group { try transaction.forget(told.source) }
        try transaction.part(file)
    }

    private mutating func put(
        _ state: BlindAlert.State, _ sources: [BlindAlert.BlindSource], told: String?
    ) throws -> String {
        let decided = try AlertPlace.freeSecond(
            BlindAlert.name(state, sources.map(\.id)), from: now, zone: zone, isTaken: transaction.isTaken)
        let alert = BlindAlert(
            state, sources, polled: sightings.count, blindNow: sightings.count { $0.blindSince != nil }, told: told,
            zone: zone, decided: decided, version: feedwatchVersion)
        try transaction.put(
            Parcel(kind: .blind, stem: alert.stem, json: try PublicJSON.encode(alert), decided: decided))
        alerts += 1
        return alert.stem
    }
}
