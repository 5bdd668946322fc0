import Foundation
import News
import Publish
import Storage

/// What a configuration would have done in simulated days. The public JSON of `feedwatch simulate`.
public struct SimulationReport: Sendable, Encodable {
    public var schema = 1
    public var from: CivilDate
    public var days: Int
    public var seed: UInt64
    public var zone: String
    public var sources: Int
    public var topics: Int
    /// By day.
    public var perDay: [Day]
    public var alerts: [TopicAlerts]
    /// Of the alerts those that are updates of earlier ones.
    public var updates: Int
    /// Other files among the alerts, by their kind: `more` is what was held back and went out together.
    public var others: [String: Int]
    public var busiestHost: Host?
    public var pages: Int
    /// Polls without a document, by why; most first.
    public var faults: [Fault]
    public var databaseBytes: Int
    /// Of real time.
    public var seconds: Double

    enum CodingKeys: String, CodingKey {
        case schema, from, days, seed, zone, sources, topics, alerts, pages, faults, seconds, updates, others
        case perDay = "per_day"
        case busiestHost = "busiest_host"
        case databaseBytes = "database_bytes"
    }

    public struct Day: Sendable, Encodable {
        public var day: CivilDate
        public var polls: Int
        public var failed: Int
        public var alerts: Int
        public var issue: Issue?
    }

    public struct Issue: Sendable, Encodable {
        /// Local time at which it was published: `06:30 CEST`.
        public var at: String
        public var windowSeconds: Int
        public var stories: Int
        public var sight: Sight.Grade

        enum CodingKeys: String, CodingKey {
            case at, stories, sight
            case windowSeconds = "window_seconds"
        }
    }

    public struct TopicAlerts: Sendable, Encodable {
        public var topic: TopicID
        public var name: String
        public var alerts: Int
        public var busiestDay: Int

        enum CodingKeys: String, CodingKey {
            case topic, name, alerts
            case busiestDay = "busiest_day"
        }
    }

    public struct Host: Sendable, Encodable {
        public var host: String
        /// Of feeds and pages, on an average day.
        public var requestsPerDay: Int

        enum CodingKeys: String, CodingKey {
            case host
            case requestsPerDay = "requests_per_day"
        }
    }

    public struct Fault: Sendable, Encodable {
        public var fault: String
        public var polls: Int
    }
}

extension SimulationReport {
    /// Reads what a simulation has left in a state folder.
    init(
        _ configuration: Configuration, state: StateFolder, from: CivilDate, days: Int, seed: UInt64,
        counts: SimulationTally.Counts, seconds: Double
    ) throws {
        let told = try Self.read(Told.self, state.path + "/alerts") { _ in true }
        let alerts = told.filter { $0.kind == "alert" }
        let issues = try Self.read(Digest.self, state.path + "/digests") { !$0.hasPrefix("latest") }
        let issueByDay = Dictionary(issues.map { ($0.day, $0) }, uniquingKeysWith: { first, _ in first })
        let alertsByDay = Dictionary(grouping: alerts, by: \.day)
        let range = (0...days).map { CivilDate(daysSince1970: from.daysSince1970 + $0) }
        self.init(
            from: from, days: days, seed: seed, zone: configuration.settings.timezone,
            sources: configuration.sources.count(where: \.enabled), topics: configuration.topics.count,
            perDay: range.filter { counts.polls[$0] != nil || issueByDay[$0] != nil }.map { day in
                Day(
                    day: day, polls: counts.polls[day] ?? 0, failed: counts.failed[day] ?? 0,
                    alerts: alertsByDay[day]?.count ?? 0, issue: issueByDay[day].map(Issue.init))
            },
            alerts: configuration.topics.map { topic in
                let own = alertsByDay.mapValues {
                    $0.count { $0.story?.topics.contains { $0.id == topic.id } ?? false }
                }
                return TopicAlerts(
                    topic: topic.id, name: topic.name, alerts: own.values.reduce(0, +),
                    busiestDay: own.values.max() ?? 0)
            },
            updates: alerts.count { $0.updateOf != nil },
            others: Dictionary(grouping: told.map(\.kind).filter { $0 != "alert" }) { $0 }.mapValues(\.count),
            busiestHost: counts.byHost.max { ($0.value, $1.key) < ($1.value, $0.key) }.map {
                Host(host: $0.key, requestsPerDay: $0.value / max(1, days))
            },
            pages: counts.pages,
            faults: counts.faults.map { Fault(fault: $0.key, polls: $0.value) }.sorted {
                ($1.polls, $0.fault) < ($0.polls, $1.fault)
            },
            databaseBytes: (try FileManager.default.attributesOfItem(atPath: state.database)[.size] as? Int) ?? 0,
            seconds: seconds)
    }

    private static func names(_ folder: String) throws -> [String] {
        FileManager.default.fileExists(atPath: folder)
            ? try FileManager.default.subpathsOfDirectory(atPath: folder) : []
    }

    private static func read<Value: Decodable>(
        _ type: Value.Type, _ folder: String, where isWanted: (String) -> Bool
    ) throws -> [Value] {
        try names(folder).filter { $0.hasSuffix(".json") && isWanted($0) }.sorted().map { name in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
            return try PublicJSON.decode(Value.self, from: [UInt8](data))
        }
    }
}

/// What is read of a file among the alerts, of whatever kind.
private struct Told: Decodable {
    var kind: String
    var day: CivilDate
    var story: Story?
    var updateOf: Update?

    struct Update: Decodable {}
    struct Story: Decodable { var topics: [Topic] }
    struct Topic: Decodable { var id: TopicID }

    enum CodingKeys: String, CodingKey {
        case kind, day, story
        case updateOf = "update_of"
    }
}

extension SimulationReport.Issue {
    init(_ digest: Digest) {
        at = "\(digest.zone.local(digest.issued).clock) \(digest.zone.span(at: digest.issued).abbreviation)"
        windowSeconds = Int((digest.window.to - digest.window.from).components.seconds)
        stories = digest.stories.count
        sight = digest.sight.grade
    }
}

extension SimulationReport {
    public var lines: [StyledLine] {
        let polls = perDay.reduce(0) { $0 + $1.polls }
        let total = perDay.reduce(0) { $0 + $1.alerts }
        var lines = [
            StyledLine(
                "\(Words.count(days, "day")) from \(from), \(zone), seed \(seed): "
                    + "\(Words.count(sources, "source")), \(Words.count(topics, "topic"))"),
            StyledLine(),
            StyledLine(
                "polls     \(Words.number(polls / max(1, days))) a day"
                    + (busiestHost.map { ", busiest host \($0.host) with \(Words.count($0.requestsPerDay, "request"))" }
                        ?? "")
                    + "; \(Words.count(pages, "page")) read"),
            StyledLine(
                "failed    "
                    + (faults.isEmpty
                        ? "none" : faults.map { "\($0.fault) \(Words.number($0.polls))" }.joined(separator: ", "))),
            StyledLine(
                "alerts    \(Words.number(total)), \(oneDecimal(total, days)) a day"
                    + (updates > 0 ? ", \(Words.number(updates)) of them updates" : "")
                    + others.sorted { $0.key < $1.key }.map { "; \(Words.number($0.value)) of kind \($0.key)" }.joined()
            ),
            StyledLine("issues    \(perDay.count { $0.issue != nil })"),
            StyledLine(
                "database  \(databaseBytes >> 20) MB; \(oneDecimal(days * 10, Int(seconds * 10))) simulated days a second"
            ),
            StyledLine(),
        ]
        lines += topicTable.lines + [StyledLine()] + dayTable.lines
        return lines
    }

    private var topicTable: TextTable {
        var table = TextTable(["TOPIC", "ALERTS", "A DAY", "BUSIEST DAY"], rightAligned: [1, 2, 3])
        table.rows = alerts.map { topic in
            [
                .init(topic.topic), .init(Words.number(topic.alerts)), .init(oneDecimal(topic.alerts, days)),
                .init("\(topic.busiestDay)"),
            ]
        }
        return table
    }

    private var dayTable: TextTable {
        var table = TextTable(
            ["DAY", "POLLS", "FAILED", "ALERTS", "ISSUE", "WINDOW", "STORIES", "SIGHT"], rightAligned: [1, 2, 3, 5, 6])
        table.rows = perDay.map { day in
            let issue = day.issue
            return [
                .init("\(day.day)"), .init(Words.number(day.polls)), .init("\(day.failed)"), .init("\(day.alerts)"),
                .init(issue?.at ?? "–"), .init(issue.map { Words.duration(seconds: Int64($0.windowSeconds)) } ?? "–"),
                .init(issue.map { "\($0.stories)" } ?? "–"), .init(issue?.sight.rawValue ?? "–"),
            ]
        }
        return table
    }

    private func oneDecimal(_ number: Int, _ by: Int) -> String {
        let tenths = number * 10 / max(1, by)
        return "\(Words.number(tenths / 10)).\(tenths % 10)"
    }
}
