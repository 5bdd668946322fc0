import News

/// Numbers, times and names in the words that readers get. English, whatever the locale.
public struct Words {
    let zone: ZoneSpans
    /// The day on which the document is read: times of that day need no date.
    let today: CivilDate

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `04:12` today, `Fri 14:00` in the six days before and after, `24 March 14:00` further away.
    func time(_ time: Timestamp) -> Line {
        let local = zone.local(time)
        return local.date == today ? "\(local.clock, at: time)" : dayAndTime(time)
    }

    /// `Sat 06:20`, today as well.
    func dayAndTime(_ time: Timestamp) -> Line {
        let local = zone.local(time)
        return "\("\(nearDay(local.date)) \(local.clock)", at: time)"
    }

    /// `Mon 24 March`: the day of a moment, wherever it lies.
    func day(_ time: Timestamp) -> Line {
        let date = zone.local(time).date
        let day = date.year == today.year ? Self.shortDay(date) : "\(Self.shortDay(date)) \(date.year)"
        return "\(day, at: time)"
    }

    private func nearDay(_ date: CivilDate) -> String {
        if abs(date.daysSince1970 - today.daysSince1970) < 7 { return String(Self.weekdays[date.weekday].prefix(3)) }
        return date.year == today.year
            ? "\(date.day) \(Self.months[date.month - 1])" : "\(date.day) \(Self.months[date.month - 1]) \(date.year)"
    }

    /// `Sunday 30 March 2025`
    static func fullDay(_ date: CivilDate) -> String {
        "\(weekdays[date.weekday]) \(date.day) \(months[date.month - 1]) \(date.year)"
    }

    /// `March 2025`
    static func month(_ date: CivilDate) -> String { "\(months[date.month - 1]) \(date.year)" }

    /// `Mon 31 March`
    static func shortDay(_ date: CivilDate) -> String {
        "\(weekdays[date.weekday].prefix(3)) \(date.day) \(months[date.month - 1])"
    }

    /// `Sunday 30`
    static func weekdayAndDay(_ date: CivilDate) -> String { "\(weekdays[date.weekday]) \(date.day)" }

    static func next(_ issue: Timestamp, _ zone: ZoneSpans) -> Line {
        let local = zone.local(issue)
        let time = "\(shortDay(local.date)), \(local.clock)"
        return "Next issue \(time, at: issue). If that has passed, feedwatch is not running."
    }

    /// `06:20 CEST (04:20Z)`, and in UTC `06:20 UTC`.
    func cutoff(_ time: Timestamp) -> Line {
        let utc = LocalDateTime(time, offset: 0)
        guard zone.span(at: time).offsetSeconds != 0 else {
            return "\(zone.local(time).clock, at: time) \(zone.span(at: time).abbreviation)"
        }
        return "\(zone.local(time).clock, at: time) \(zone.span(at: time).abbreviation) (\(utc.clock)Z)"
    }

    /// `1,204`
    public static func number(_ number: Int) -> String {
        var groups: [String] = []
        var rest = number.magnitude
        repeat {
            let group = String(rest % 1000)
            rest /= 1000
            groups.insert(rest > 0 ? String(repeating: "0", count: 3 - group.utf8.count) + group : group, at: 0)
        } while rest > 0
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `1 source`, `2 sources`
    public static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(self.number(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// `40 min`, `4 h`, `19 days`
    public static func duration(seconds: Int64) -> String {
        switch max(0, seconds) {
        case ..<3600: "\(max(0, seconds) / 60) min"
        case ..<(72 * 3600): "\(seconds / 3600) h"
        default: "\(number(Int(seconds / 86_400))) days"
        }
    }

    /// `day`, `2 days`, `6 h`: a configured length of time, told exactly.
    public static func habit(seconds: Int) -> String {
        if seconds == 86_400 { return "day" }
        return seconds > 0 && seconds % 86_400 == 0
            ? "\(number(seconds / 86_400)) days" : duration(seconds: Int64(seconds))
    }

    /// `a, b and 3 more`
    static func list(_ items: [Line], max: Int, separator: Line = ", ") -> Line {
        let shown = joined(Array(items.prefix(max)), separator)
        return items.count > max ? "\(shown) and \(number(items.count - max)) more" : shown
    }

    static func joined(_ items: [Line], _ separator: Line) -> Line {
        Line(parts: Array(items.map(\.parts).joined(separator: separator.parts)))
    }
}
