import News

/// What the template of the list of issues shows, as HTML. Names are the template's.
struct IndexView {
    struct Month {
        let title: String
        let issues: [Issue]
    }

    struct Issue {
        let page: String
        let date: String
        let day: String
        /// `full`, `impaired` or `blind`; nil where the issue could not be read.
        let grade: String?
        let unreadable: String?
        let counts: String
        let headlines: [Headline]
        let more: String?
    }

    struct Headline {
        let page: String
        let words: String
    }

    struct OlderMonth {
        let title: String
        let days: [Day]
    }

    struct Day {
        let page: String
        let date: String
        let number: String
    }

    let pageTitle = "All issues – feedwatch"
    let generator = "feedwatch"
    let summary: String
    let next: String?
    let months: [Month]
    let hasOlder: Bool
    let older: [OlderMonth]
    let foreign: String?

    init(_ index: IssueIndex) {
        summary = Self.write(Self.summary(index))
        next = index.entries.first?.issue.map { Self.write(Words.next($0.nextIssue, $0.zone)) }
        months = Self.byMonth(index.entries).map { Month(title: Words.month($0[0].day), issues: $0.map(Self.issue)) }
        older = Self.byMonth(index.older).map { entries in
            OlderMonth(
                title: Words.month(entries[0].day),
                days: entries.reversed().map {
                    Day(page: $0.page, date: "\($0.day)", number: "\($0.day.day)")
                })
        }
        hasOlder = !older.isEmpty
        let names: [Line] = index.foreign.map { "\(code: $0)" }
        foreign = names.isEmpty ? nil : Self.write(Words.list(names, max: 5))
    }

    private static func write(_ line: Line) -> String { Form.html.write(line) }

    private static func summary(_ index: IssueIndex) -> Line {
        let count = index.entries.count + index.older.count
        guard let first = (index.older.last ?? index.entries.last)?.day else { return "No issue is in this folder." }
        return "\(Words.count(count, "issue")), since \(Words.fullDay(first))."
    }

    /// Neighbours of one month together, in the order that they have.
    private static func byMonth(_ entries: [IssueIndex.Entry]) -> [[IssueIndex.Entry]] {
        entries.reduce(into: []) { months, entry in
            if let last = months.last?.first?.day, (last.year, last.month) == (entry.day.year, entry.day.month) {
                months[months.count - 1].append(entry)
            } else {
                months.append([entry])
            }
        }
    }

    private static let headlinesMax = 3

    private static func issue(_ entry: IssueIndex.Entry) -> Issue {
        let stories = entry.issue?.stories.map(\.story) ?? []
        let counts: [Line] = [
            "\(Words.count(stories.count, "story", "stories"))",
            "\(Words.count(entry.issue?.alerts ?? 0, "alert"))",
        ]
        let unreadable: Line = "\(code: "\(entry.day).json") cannot be read as an issue of this version."
        let more = stories.count - headlinesMax
        return Issue(
            page: entry.page, date: "\(entry.day)", day: Words.weekdayAndDay(entry.day),
            grade: entry.issue?.sight.grade.rawValue, unreadable: entry.issue == nil ? write(unreadable) : nil,
            counts: entry.issue == nil ? "" : write(Words.joined(counts, " · ")),
            headlines: stories.prefix(headlinesMax).map { headline($0, entry.page) },
            more: more > 0 ? "and \(Words.number(more)) more" : nil)
    }

    private static func headline(_ story: IssueIndex.Issue.Story, _ page: String) -> Headline {
        let place = page.hasSuffix(".html") ? HTML.anchor(story.shownID).map { "#\($0)" } : nil
        return Headline(page: page + (place ?? ""), words: write("\(headline: story.title, language: story.language)"))
    }
}
