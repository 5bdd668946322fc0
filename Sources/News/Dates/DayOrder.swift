/// Which of `03/04/2025` is the day.
public enum DayOrder: Sendable {
    case monthFirst, dayFirst

    /// As a language is written (CLDR's short dates): English has the month first where it is America's or nobody says whose, and so
    /// have the languages that write the year first when they write it last.
    /// - Parameter language: BCP 47.
    public init(language: String?) {
        let parts = (language ?? "").lowercased().split(separator: "-")
        guard let first = parts.first else {
            self = .monthFirst
            return
        }
        let isOfOthers = parts.dropFirst().contains { $0.utf8.count == 2 && !Self.monthFirstRegions.contains($0) }
        self = first == "en" && isOfOthers || !Self.monthFirstLanguages.contains(first) ? .dayFirst : .monthFirst
    }

    private static let monthFirstLanguages: Set<Substring> = ["en", "fil", "tl", "ja", "zh", "ko"]
    /// Canada writes all three orders.
    private static let monthFirstRegions: Set<Substring> = ["us", "ph", "ca"]
}
