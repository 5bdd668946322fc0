/// When issues come out: every local day once, also on the two days when clocks change.
public enum DigestClock {
    /// The first issue after a moment: when it is due and the local day whose issue it is.
    ///
    /// Where clocks were put forward over the hour it is due at the first moment after the gap; where they were put
    /// back it is the first of the two. A day that a zone left out (Apia had no 30 December 2011) has no issue.
    public static func next(
        after time: Timestamp, at hour: LocalTime, zone: Zone
    ) -> (due: Timestamp, day: CivilDate) {
        let today = zone.local(time).date.daysSince1970
        var days = today - 1
        while true {
            let day = CivilDate(daysSince1970: days)
            let due = zone.timestamp(of: day, hour: hour.hour, minute: hour.minute)
            let exists = zone.local(zone.timestamp(of: day, hour: 12, minute: 0)).date == day
            // No zone leaves out more than one day; a clamped far future must end all the same.
            if exists && due > time || days > today + 3 { return (due, day) }
            days += 1
        }
    }

    /// The last issue whose hour has come: a moment's own day, or the day before where its hour is still to come.
    public static func last(upTo time: Timestamp, at hour: LocalTime, zone: Zone) -> (due: Timestamp, day: CivilDate) {
        var days = zone.local(time).date.daysSince1970 + 1
        let oldest = days - 5
        while true {
            let day = CivilDate(daysSince1970: days)
            let due = zone.timestamp(of: day, hour: hour.hour, minute: hour.minute)
            let exists = zone.local(zone.timestamp(of: day, hour: 12, minute: 0)).date == day
            if exists && due <= time || days == oldest { return (due, day) }
            days -= 1
        }
    }

    /// A source that would come due so soon after the cut-off is asked before it.
    static let shortly = Duration.seconds(900)
    /// It is asked so long before the cut-off at least, and at most so much earlier, each source at a moment of its own.
    static let ahead = Duration.seconds(60)
    static let spread = Duration.seconds(240)

    /// When a source is asked that would come due shortly after an issue's cut-off: shortly before it, so that the issue tells
    /// what stands there then. Not where that would take more than half of its wait away.
    /// - Parameter share: from 0 to 1, where in the span before the cut-off.
    public static func pulledBeforeCutoff(
        _ due: Timestamp, tried: Timestamp, share: Double, at hour: LocalTime, cutoff: Duration, zone: Zone
    ) -> Timestamp {
        let issue = next(after: due + cutoff - shortly - .seconds(1), at: hour, zone: zone).due
        let end = windowEnd(due: issue, cutoff: cutoff)
        guard end < due else { return due }
        let earlier = Double(spread.components.seconds) * min(max(share, 0), 1)
        let pulled = end - ahead - .seconds(Int64(earlier))
        return pulled - tried >= (due - tried) / 2 ? pulled : due
    }

    /// The end of an issue's window: what is first seen later stands in the next one.
    public static func windowEnd(due: Timestamp, cutoff: Duration) -> Timestamp { due - cutoff }
}
