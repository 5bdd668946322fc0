import News
import Publish
import Storage

extension Station {
    /// Tells of sources that have been blind for long enough and of those that can be read again, together with the record
    /// that it was told.
    /// - Returns: how many alerts were decided.
    func tellBlindness() throws(StoreError) -> Int {
        let now = clock.now()
        let polled = Dictionary(uniqueKeysWithValues: enabledSources.map { ($0.id, $0) })
        var alerts = 0
        try store.tellBlindness { transaction in
            let health = Dictionary(
                try transaction.health().map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
            let sightings = enabledSources.map { source in
                let fares = health[source.id]
                return Blindness.Sighting(
                    source: source.id, isCritical: source.critical, blindSince: fares?.blindSince.map { min($0, now) },
                    isLookedAt: fares?.nextDue.map { now - $0 <= .seconds(Limits.lateSeconds) } ?? false)
            }
            let findings = Blindness.judge(sightings, told: try transaction.told(), now: now)
            let blindNow = sightings.count { $0.blindSince != nil }
            func tell(
                _ state: BlindAlert.State, _ sources: [BlindAlert.BlindSource], told: String?
            ) throws -> String {
                let decided = try AlertPlace.freeSecond(
                    BlindAlert.name(state, sources.map(\.id)), from: now, zone: zone, isTaken: transaction.isTaken)
                let alert = BlindAlert(
                    state, sources, polled: sightings.count, blindNow: blindNow, told: told, zone: zone,
                    decided: decided, version: feedwatchVersion)
                try transaction.put(
                    Parcel(kind: .blind, stem: alert.stem, json: try PublicJSON.encode(alert), decided: decided))
                alerts += 1
                return alert.stem
            }
            for source in findings.gone { try transaction.forget(source) }
            for group in findings.blind {
                let sources = group.compactMap { id in
                    polled[id].map {
                        BlindAlert.BlindSource(
                            $0, health[id], since: health[id]?.blindSince.map { min($0, now) } ?? now, until: nil)
                    }
                }
                let file = try tell(.blind, sources, told: nil)
                for source in sources {
                    try transaction.note(Blindness.Told(source: source.id, since: source.since, file: file))
                }
            }
            for group in findings.back {
                let sources = group.compactMap { told in
                    polled[told.source].map {
                        BlindAlert.BlindSource(
                            $0, health[told.source], since: told.since, until: health[told.source]?.lastRead ?? now)
                    }
                }
                guard let file = group.first?.file else { continue }
                _ = try tell(.back, sources, told: file.split(separator: "#").first.map(String.init))
                for told in group { try transaction.forget(told.source) }
                try transaction.part(file)
            }
            for file in findings.firstBack { try transaction.noteFirstBack(of: file, at: now) }
            try transaction.schedule(findings.next)
        }
        counters.count(filed: 0, alerts: alerts)
        return alerts
    }
}
