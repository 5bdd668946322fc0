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

    /// The end of an issue's window: what is first seen later stands in the next one.
    public static func windowEnd(due: Timestamp, cutoff: Duration) -> Timestamp { due - cutoff }
}
