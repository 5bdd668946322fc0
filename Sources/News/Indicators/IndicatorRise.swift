/// How far an indicator's alerts have come. Changed only in the transaction that decides.
///
/// A rise begins with an unusual count and lasts until a whole window has passed since the count was unusual last: until all
/// that made it so has left the window. It alerts once, when its count is as seldom as the indicator's `alert` says. Counts
/// are judged at the moments at which their articles were first seen, never by the clock: a restart, a second pass and a
/// late one judge the same moments and come to the same.
public struct IndicatorRise: Sendable, Hashable {
    /// The last moment that was judged.
    public var judgedTo: Timestamp
    /// When its count was unusually high last.
    public var unusualAt: Timestamp?
    /// The rise of that time has alerted.
    public var isTold: Bool

    public init(judgedTo: Timestamp, unusualAt: Timestamp? = nil, isTold: Bool = false) {
        self.judgedTo = judgedTo
        self.unusualAt = unusualAt
        self.isTold = isTold
    }

    /// An alert that was given.
    public struct Told: Sendable, Hashable {
        /// The end of the window that it told of.
        public var at: Timestamp
        public var decided: Timestamp
        /// Relative to the state folder, without extension.
        public var file: String

        public init(at: Timestamp, decided: Timestamp, file: String) {
            self.at = at
            self.decided = decided
            self.file = file
        }
    }

    /// What was first seen longer ago than this is no news of today.
    public static let reach = Duration.seconds(7 * 86_400)
    /// Moments that are judged at a time, the newest: polls after a long sleep come in a burst.
    private static let momentsMax = 50

    /// - Returns: how far it has come, nil where it does not alert; and what is to be told, at most one count.
    public static func judge(
        _ indicator: Indicator, _ record: PublishedIndicators.Record, _ sight: IndicatorSight, now: Timestamp
    ) -> (rise: IndicatorRise?, alert: IndicatorCount?) {
        guard let alertFrom = indicator.alert else { return (nil, nil) }
        let window = Duration.seconds(indicator.windowDays * 86_400)
        // A clock that was ahead has left times in the future.
        let judgedTo = min(record.rise?.judgedTo ?? now - window, now)
        let first = max(judgedTo, now - reach)
        let moments = Set(record.hits.map(\.firstSeen).filter { $0 >= first && $0 <= now }).sorted()
            .suffix(momentsMax)
        var next = IndicatorRise(
            judgedTo: moments.last ?? judgedTo, unusualAt: record.rise?.unusualAt.map { min($0, now) },
            isTold: record.rise?.isTold ?? false)
        var alert: IndicatorCount?
        for moment in moments {
            guard let count = IndicatorCount(of: indicator, record, sight, at: moment), count.isComparable,
                count.isHigh(from: indicator.threshold)
            else { continue }
            let goesOn = next.unusualAt.map { moment - $0 < window } ?? false
            if !goesOn { next.isTold = false }
            next.unusualAt = max(moment, next.unusualAt ?? moment)
            guard !next.isTold || alert != nil, count.isHigh(from: alertFrom) else { continue }
            // Told before the clock was set back, or by a database that was lost.
            if record.told.contains(where: { $0.at - window < moment && moment < $0.at + window }) {
                next.isTold = true
                continue
            }
            (alert, next.isTold) = (count, true)
        }
        return (next, alert)
    }
}
