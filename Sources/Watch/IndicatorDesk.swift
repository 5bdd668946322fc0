import News
import Publish
import Storage

extension Station {
    /// Tells of indicators that count far more than usual, together with the record that it was told.
    /// - Returns: how many alerts were decided.
    func tellIndicators() throws(StoreError) -> Int {
        guard try store.dueTime(of: .indicator) != nil else { return 0 }
        let alerting = configuration.settings.indicators.filter { $0.alert != nil }
        let now = clock.now()
        var alerts = 0
        try store.tellIndicators { transaction in
            let records = try transaction.records(of: alerting.map(\.id), to: now)
            let sight = try transaction.sight(at: now)
            for indicator in alerting {
                guard let record = records[indicator.id] else { continue }
                let found = IndicatorRise.judge(indicator, record, sight, now: now)
                if let rise = found.rise { try transaction.keep(rise, of: indicator.id) }
                guard let count = found.alert else { continue }
                try tell(indicator, count, at: now, in: transaction)
                alerts += 1
            }
        }
        counters.count(filed: 0, alerts: alerts)
        return alerts
    }

    private func tell(
        _ indicator: Indicator, _ count: IndicatorCount, at now: Timestamp, in transaction: IndicatorTransaction
    ) throws {
        let decided = try AlertPlace.freeSecond(
            IndicatorAlert.name(of: indicator.id), from: now, zone: zone, isTaken: transaction.isTaken)
        let alert = IndicatorAlert(
            indicator, count, shown: try transaction.shownIDs(of: count.stories.prefix(Limits.indicatorStoriesMax)),
            sources: sources, unread: try transaction.blind(), zone: zone, decided: decided, version: feedwatchVersion)
        try transaction.put(
            Parcel(kind: .indicator, stem: alert.stem, json: try PublicJSON.encode(alert), decided: decided),
            telling: .init(at: count.window.upperBound, decided: decided, file: alert.stem), of: indicator.id)
    }
}
