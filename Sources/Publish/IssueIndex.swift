import News

/// What the folder of issues holds, for `digests/index.html`.
///
/// Only the newest `Limits.indexIssuesReadMax` issues are read; of older ones the day is told, which their file's name
/// gives. So a list of thousands costs no more than the names of its files.
struct IssueIndex {
    /// What the list tells of an issue; the other keys of its JSON are not looked at.
    struct Issue: Decodable {
        struct Window: Decodable {
            let from: Timestamp
            let to: Timestamp
        }

        struct Sight: Decodable { let grade: News.Sight.Grade }

        struct Told: Decodable { let story: Story }

        struct Story: Decodable {
            let shownID: String
            let title: String
            let language: String?
            let alertedAt: Timestamp?

            enum CodingKeys: String, CodingKey {
                case title, language
                case shownID = "shown_id"
                case alertedAt = "alerted_at"
            }
        }

        let kind: String
        let day: CivilDate
        let nextIssue: Timestamp
        let zone: ZoneSpans
        let window: Window
        let sight: Sight
        let stories: [Told]

        enum CodingKeys: String, CodingKey {
            case kind, day, zone, window, sight, stories
            case nextIssue = "next_issue"
        }

        /// Alerts that were given in its window.
        var alerts: Int {
            stories.count { told in told.story.alertedAt.map { $0 > window.from && $0 <= window.to } ?? false }
        }
    }

    struct Entry {
        let day: CivilDate
        /// `2025-03-30.html`, or what an issue of an earlier version has instead.
        let page: String
        /// Nil where the file is none of ours or broken.
        let issue: Issue?
    }

    /// Newest first.
    let entries: [Entry]
    /// Not read, newest first.
    let older: [Entry]
    /// JSON files beside them that are no issues by their name.
    let foreign: [String]

    /// - Parameters:
    ///   - names: All files of the folder.
    ///   - read: The bytes of one, nil when they cannot be had.
    init(names: [String], read: (String) throws -> [UInt8]?) rethrows {
        let there = Set(names)
        let json = names.filter { $0.hasSuffix(".json") && $0 != "latest.json" }
        let days = Self.days(of: names)
        entries = try days.prefix(Limits.indexIssuesReadMax).map { day in
            Entry(
                day: day, page: Self.page(of: day, there),
                issue: try read("\(day).json").flatMap { Self.issue($0, day) })
        }
        older = days.dropFirst(Limits.indexIssuesReadMax).map { day in
            Entry(day: day, page: Self.page(of: day, there), issue: nil)
        }
        foreign = json.filter { Self.day(of: $0) == nil && !$0.hasPrefix(".") }.sorted()
    }

    /// The days of the issues among these files, newest first.
    static func days(of names: [String]) -> [CivilDate] { names.compactMap { day(of: $0) }.sorted(by: >) }

    private static func issue(_ json: [UInt8], _ day: CivilDate) -> Issue? {
        guard let issue = try? PublicJSON.decode(Issue.self, from: json), issue.kind == "digest", issue.day == day
        else { return nil }
        return issue
    }

    private static func page(of day: CivilDate, _ there: Set<String>) -> String {
        ["\(day).html", "\(day).md"].first(where: there.contains) ?? "\(day).json"
    }

    /// `2025-03-30.json`, and nothing like it.
    private static func day(of name: String) -> CivilDate? {
        guard name.utf8.count == 15, let midnight = Timestamp(rfc3339: "\(name.prefix(10))T00:00:00Z")
        else { return nil }
        let day = LocalDateTime(midnight, offset: 0).date
        return "\(day).json" == name ? day : nil
    }
}
