import Foundation
import News
import Testing

/// The names of months and weekdays that CLDR gives for each language, as Foundation's own copy of it writes them.
@Suite struct CalendarWordsTests {
    static let languages = [
        "en", "de", "de-AT", "fr", "es", "es-MX", "pt", "pt-PT", "it", "ru", "el", "hu", "ko", "ja", "zh-Hans",
        "zh-Hant", "nl", "pl", "cs", "uk", "tr", "id", "ms", "nb", "da", "sv", "fi", "ro", "ca", "hi", "th", "ar", "vi",
    ]

    @Test("Every day is read as each language writes it out, with and without a time of day", arguments: languages)
    func days(language: String) {
        let formatter = Self.formatter(language)
        var wrong: [String] = []
        let styles = [DateFormatter.Style.full, .long, .medium]
        for (day, style) in stride(from: 0, to: 365, by: 4).flatMap({ day in styles.map { (day, $0) } }) {
            // 2025, at a minute that is never the same.
            let time = 1_735_689_600 + day * 86_400 + day % 24 * 3600 + day % 60 * 60
            formatter.dateStyle = style
            formatter.timeStyle = .none
            // Which of two numbers is the month is a matter of custom.
            let date = formatter.string(from: Date(timeIntervalSince1970: Double(time)))
            guard date.contains(where: \.isLetter) || date.hasPrefix("2025") else { continue }
            for clock in [DateFormatter.Style.none, .short] {
                formatter.timeStyle = clock
                let text = formatter.string(from: Date(timeIntervalSince1970: Double(time)))
                let expected = Timestamp(seconds: Int64(clock == .none ? time - time % 86_400 : time))
                let read = FeedDate.read(text)
                if read?.time != expected || read?.doubt != nil { wrong.append(text) }
            }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test("Each name of a month is known, with its stop and without, in capitals too", arguments: languages)
    func months(language: String) {
        let formatter = Self.formatter(language)
        let forms = [
            formatter.monthSymbols, formatter.standaloneMonthSymbols, formatter.shortMonthSymbols,
            formatter.shortStandaloneMonthSymbols,
        ]
        var wrong: [String] = []
        for (month, name) in forms.flatMap({ $0.enumerated() }) where !name.contains(where: \.isNumber) {
            for spelling in [name, name.replacing(".", with: ""), name.uppercased(with: formatter.locale)] {
                let expected = "2025-\(month < 9 ? "0" : "")\(month + 1)-27T00:00:00Z"
                if FeedDate.parse("27 \(spelling) 2025")?.rfc3339 != expected { wrong.append(spelling) }
            }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test("A weekday's name says which of day and month comes first", arguments: languages.dropLast())
    func weekdays(language: String) {
        let formatter = Self.formatter(language)
        for names in [formatter.weekdaySymbols, formatter.standaloneWeekdaySymbols] {
            // 5 March 2025 is a Wednesday, 3 May a Saturday.
            #expect(FeedDate.parse("\(names[3]), 05/03/2025")?.rfc3339 == "2025-03-05T00:00:00Z", "\(names[3])")
            #expect(FeedDate.parse("\(names[6]), 05/03/2025")?.rfc3339 == "2025-05-03T00:00:00Z", "\(names[6])")
        }
    }

    private static func formatter(_ language: String) -> DateFormatter {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: language)
        formatter.calendar = Calendar(identifier: .gregorian)
        formatter.timeZone = TimeZone(identifier: "UTC")
        return formatter
    }
}
