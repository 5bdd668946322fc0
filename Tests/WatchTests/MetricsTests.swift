import Foundation
import News
import Storage
import Testing

@testable import Watch

/// The text format 0.0.4 and the names of what is exposed.
@Suite struct MetricsTests {
    static let now = Timestamp(rfc3339: "2025-03-30T06:40:00Z")!

    private static func metrics(_ status: Status?) -> Metrics {
        var counts = Counts()
        counts.polls = [.unchanged: 40, .failed: 2]
        (counts.listed, counts.new, counts.filed, counts.alerts) = (1200, 31, 30, 2)
        return Metrics(
            isUp: true, now: now,
            process: ProcessFigures(
                started: now - .seconds(3600), sinceBeat: .milliseconds(1500), longestStall: .microseconds(250),
                receivedBytes: 5_000_000, residentBytes: 90 << 20), counts: counts, configured: 6, status: status)
    }

    private static func status() throws -> Status {
        let folder = try ConfigurationFolder([
            "sources.d/a.yaml": "sources:\n  a: https://a.example/\n  b: https://b.example/\n"
        ])
        var reading = StateReading()
        reading.health = [
            SourceHealth(source: "a", lastRead: now, nextDue: now),
            SourceHealth(source: "b", blindSince: now - .seconds(90_000), failures: 3, nextDue: now),
        ]
        reading.digestDue = now + .seconds(60)
        reading.waiting = 3
        reading.failing = 2
        return .compose(reading, try folder.load(), zone: .utc, now: now, isRunning: true)
    }

    @Test("Every figure stands under its HELP and TYPE, in base units")
    func golden() throws {
        let lines = Set(Self.metrics(try Self.status()).text.split(separator: "\n").map(String.init))
        for line in [
            "# TYPE feedwatch_up gauge", "feedwatch_up 1",
            "feedwatch_build_info{version=\"\(feedwatchVersion)\"} 1",
            "feedwatch_start_time_seconds \(Self.now.seconds - 3600)",
            "feedwatch_scheduler_beat_age_seconds 1.5", "feedwatch_curl_stall_max_seconds 0.00025",
            "# TYPE feedwatch_polls_total counter", "feedwatch_polls_total{outcome=\"unchanged\"} 40",
            "feedwatch_polls_total{outcome=\"unkept\"} 0", "feedwatch_received_bytes_total 5000000",
            "feedwatch_sources{state=\"ok\"} 1", "feedwatch_sources{state=\"never-read\"} 0",
            "feedwatch_sources_blind_over_a_day 1", "feedwatch_sources_enabled 2", "feedwatch_sources_configured 6",
            "feedwatch_digest_next_timestamp_seconds \(Self.now.seconds + 60)", "feedwatch_outbox_waiting 3",
            "feedwatch_outbox_undeliverable 2", "feedwatch_database_readable 1",
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(!lines.contains { $0.hasPrefix("feedwatch_digest_last") }, "no issue yet is no figure, and not 0")
    }

    @Test(
        "Every line is one of the format, every metric is said once, and its name has its unit",
        arguments: [true, false])
    func format(isReadable: Bool) throws {
        let text = Self.metrics(isReadable ? try Self.status() : nil).text
        #expect(text.hasSuffix("\n") && text.contains("feedwatch_database_readable \(isReadable ? 1 : 0)\n"))
        var types: [String: String] = [:]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let type = line.wholeMatch(of: #/# TYPE (feedwatch_[a-z_]+) (counter|gauge)/#) {
                #expect(types.updateValue(String(type.2), forKey: String(type.1)) == nil, "\(line)")
                #expect((type.2 == "counter") == type.1.hasSuffix("_total"), "\(line)")
            } else if !line.hasPrefix("# HELP feedwatch_") {
                let sample = try #require(
                    line.wholeMatch(of: /(feedwatch_[a-z_]+)(\{[a-z]+="[^"\\]*"\})? ([0-9.e+-]+)/), "\(line)")
                #expect(types[String(sample.1)] != nil && Double(sample.3) != nil, "\(line)")
            }
        }
        #expect(types.keys.contains("feedwatch_sources") == isReadable)
    }

    @Test("Help and labels are escaped, and a number is one that a scraper reads")
    func escaping() {
        var text = MetricsText()
        text.add(
            .gauge, "x", "a \"b\" \\ c\nd",
            [.init(.infinity, ("name", "a \"b\" \\ c\nd")), .init(-.infinity), .init(.nan), .init(1e18)])
        text.add(.gauge, "y", "nothing", nil)
        #expect(
            text.text == """
                # HELP x a "b" \\\\ c\\nd
                # TYPE x gauge
                x{name="a \\"b\\" \\\\ c\\nd"} +Inf
                x -Inf
                x NaN
                x 1e+18

                """)
    }

    @Test("The shipped alert rules ask for figures that exist")
    func rules() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let rules = try String(
            contentsOf: root.appendingPathComponent("docs/examples/feedwatch.rules.yml"), encoding: .utf8)
        var status = try Self.status()
        status.disk = DiskUse(database: 1, log: 2, alerts: 3, digests: 4, examples: 5, copies: 6, free: 7)
        let text = Self.metrics(status).text
        let expressions = rules.matches(of: /feedwatch_[a-z_]+/).map { String($0.output) }
        #expect(Set(expressions).count >= 8)
        for name in expressions { #expect(text.contains("# TYPE \(name) "), "\(name)") }
        for label in rules.matches(of: /(state|outcome)="([a-z-]+)"/) {
            #expect(text.contains("\(label.1)=\"\(label.2)\""), "\(label.output)")
        }
    }

    @Test("What the program tells the monitoring page names, and the page names nothing else")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/monitoring.md"), encoding: .utf8)
        var status = try Self.status()
        status.digest.lastTo = Self.now
        status.disk = DiskUse(database: 1, log: 2, alerts: 3, digests: 4, examples: 5, copies: 6, free: 7)
        let told = Set(Self.metrics(status).text.matches(of: #/# TYPE (feedwatch_[a-z_]+) /#).map { String($0.1) })
        #expect(Set(page.matches(of: /`(feedwatch_[a-z_]+)/).map { String($0.1) }) == told)
    }
}
