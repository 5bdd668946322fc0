import News
import Publish

/// Times as an operator reads them: how long ago, and when on the wall of the configured zone.
struct Ages {
    let now: Timestamp
    let zone: Zone

    /// `12 min ago`, `in 48 min`, `now`; a dash for never.
    func relative(_ time: Timestamp?) -> String {
        guard let time else { return "–" }
        let seconds = time.seconds - now.seconds
        if abs(seconds) < 60 { return "now" }
        return seconds > 0 ? "in \(Words.duration(seconds: seconds))" : "\(Words.duration(seconds: -seconds)) ago"
    }

    /// `39 h`
    func since(_ time: Timestamp) -> String { Words.duration(seconds: now.seconds - time.seconds) }

    /// `04:12` today, `Fri 14:00` in the six days before and after, `2025-03-24 14:00` further away.
    func wall(_ time: Timestamp) -> String {
        let local = zone.local(time)
        return local.date == zone.local(now).date ? local.clock : dayAndTime(time)
    }

    /// `Sun 06:30`, today too.
    func dayAndTime(_ time: Timestamp) -> String {
        let local = zone.local(time)
        let days = local.date.daysSince1970 - zone.local(now).date.daysSince1970
        let day = abs(days) < 7 ? Self.weekdays[local.date.weekday] : "\(local.date)"
        return "\(day) \(local.clock)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// `12 min ago (06:28)`
    func both(_ time: Timestamp) -> String { "\(relative(time)) (\(wall(time)))" }
}
