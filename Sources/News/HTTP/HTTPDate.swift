/// Dates as HTTP writes them (RFC 9110 §5.6.7): always UTC.
public enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Reads all three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`,
    /// `Sun Nov  6 08:49:37 1994`. The weekday is not checked. Nil for anything else.
    ///
    /// A year of two digits that would lie more than 50 years after `now` is one of the century before.
    public static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        guard text.utf8.count <= 64 else { return nil }
        let tokens = text.split { $0 == " " || $0 == "," || $0 == "-" || $0 == "\t" }.map { $0.lowercased() }
        let asctime = tokens.count == 5 && month(tokens[1]) != nil
        guard asctime || (tokens.count == 6 && (tokens[5] == "gmt" || tokens[5] == "utc")),
            let month = month(asctime ? tokens[1] : tokens[2]),
            let day = number(asctime ? tokens[2] : tokens[1], digits: 1...2),
            let second = secondOfDay(asctime ? tokens[3] : tokens[4]),
            let year = year(asctime ? tokens[4] : tokens[3], now: now),
            day >= 1, day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        return Timestamp(seconds: Int64(days) * 86_400 + Int64(second))
    }

    private static func month(_ token: String) -> Int? { months.firstIndex(of: token).map { $0 + 1 } }

    private static func year(_ token: String, now: Timestamp) -> Int? {
        if let year = number(token, digits: 4...4) { return year }
        guard let short = number(token, digits: 2...2) else { return nil }
        let current = CivilDate(daysSince1970: Int(now.seconds.floorDivided(by: 86_400))).year
        let year = current - current % 100 + short
        return year > current + 50 ? year - 100 : year
    }

    /// `08:49:37`; a leap second is read as the second before it.
    private static func secondOfDay(_ token: String) -> Int? {
        let parts = token.split(separator: ":", omittingEmptySubsequences: false).map {
            number(String($0), digits: 2...2)
        }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + min(second, 59)
    }

    private static func number(_ token: String, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(token.utf8.count), token.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(token)
    }
}
