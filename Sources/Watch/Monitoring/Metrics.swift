import News

/// What is told about the process itself, beside `Status`.
struct ProcessFigures: Sendable, Hashable {
    var started: Timestamp
    /// Since the scheduler's loop made its last turn; nil before the first.
    var sinceBeat: Duration?
    var longestStall: Duration
    var receivedBytes: Int
    var residentBytes: Int?
}

/// The figures for Prometheus: of the whole service, never of one source, so that their number stays the same.
struct Metrics: Sendable {
    /// False in the last figures of a service that stops.
    var isUp: Bool
    var now: Timestamp
    var process: ProcessFigures
    var counts: Counts
    var configured: Int
    /// Nil while the database cannot be read.
    var status: Status?

    var text: String {
        var text = MetricsText()
        addProcess(to: &text)
        addCounts(to: &text)
        if let status { addStatus(status, to: &text) }
        return text.text
    }

    private func addProcess(to text: inout MetricsText) {
        text.add(.gauge, "feedwatch_up", "Whether the service runs; 0 after it was stopped.", isUp ? 1 : 0)
        text.add(
            .gauge, "feedwatch_build_info", "Always 1; the version is in the label.",
            [.init(1, ("version", feedwatchVersion))])
        text.add(
            .gauge, "feedwatch_start_time_seconds", "When the service was started, since 1970.",
            Double(process.started.seconds))
        text.add(
            .gauge, "feedwatch_written_timestamp_seconds", "When these figures were written, since 1970.",
            Double(now.seconds))
        text.add(
            .gauge, "feedwatch_scheduler_beat_age_seconds",
            "Since the scheduler's last turn; at most 15 when it is well.",
            process.sinceBeat.map { $0 / .seconds(1) })
        text.add(
            .gauge, "feedwatch_curl_stall_max_seconds",
            "The longest time since the start in which libcurl's thread did not look at its sockets.",
            process.longestStall / .seconds(1))
        text.add(
            .gauge, "feedwatch_resident_memory_bytes", "Memory of the process that is in RAM.",
            process.residentBytes.map(Double.init))
    }

    private func addCounts(to text: inout MetricsText) {
        text.add(
            .counter, "feedwatch_polls_total", "Polls of sources, by what came of them.",
            Counts.PollOutcome.allCases.map {
                .init(Double(counts.polls[$0] ?? 0), ("outcome", $0.rawValue))
            })
        let counters: [(name: String, help: String, count: Int)] = [
            ("entries_listed", "Entries in the documents that were read.", counts.listed),
            ("entries_new", "Entries that were not known before, without those of a first read.", counts.new),
            ("entries_changed", "Known entries that came with another text.", counts.changed),
            ("articles_filed", "Articles that the desk filed, new versions included.", counts.filed),
            ("alerts", "Alerts that were decided.", counts.alerts),
            ("digests", "Daily issues that were published.", counts.digests),
            ("received_bytes", "Bytes of bodies received, compressed as they came.", process.receivedBytes),
        ]
        for counter in counters {
            text.add(.counter, "feedwatch_\(counter.name)_total", counter.help, Double(counter.count))
        }
        text.add(.gauge, "feedwatch_sources_configured", "Sources in the configuration.", Double(configured))
        text.add(
            .gauge, "feedwatch_database_readable", "Whether the database could be read for these figures.",
            status == nil ? 0 : 1)
    }

    private func addStatus(_ status: Status, to text: inout MetricsText) {
        let counts = status.sourceCounts
        let states: [(Status.SourceStatus.State, Int)] = [
            (.ok, counts.ok), (.blind, counts.blind), (.neverRead, counts.neverRead), (.resting, counts.resting),
            (.overdue, counts.overdue), (.silent, counts.silent),
        ]
        text.add(
            .gauge, "feedwatch_sources", "Sources that are polled, by state.",
            states.map { .init(Double($1), ("state", $0.rawValue)) })
        let gauges: [(name: String, help: String, value: Double?)] = [
            ("sources_enabled", "Sources that are polled.", Double(status.sources.count)),
            (
                "sources_blind_over_a_day", "Sources that could not be read for more than a day.",
                Double(counts.blindOverADay)
            ),
            (
                "digest_last_timestamp_seconds", "Where the window of the last issue ends, since 1970.",
                status.digest.lastTo.map { Double($0.seconds) }
            ),
            (
                "digest_next_timestamp_seconds", "When the next issue is due, since 1970; it stays while it is late.",
                status.digest.nextDue.map { Double($0.seconds) }
            ),
            ("outbox_waiting", "Alerts and issues that are not written yet.", Double(status.undelivered)),
            (
                "outbox_undeliverable", "Alerts and issues that could not be written when it was tried.",
                Double(status.undeliverable)
            ),
            ("entries_pending", "Entries that wait to be filed.", Double(status.pending)),
            ("database_bytes", "Size of the database, without its log.", Double(status.databaseBytes)),
            ("database_log_bytes", "Size of the database's log.", status.disk.map { Double($0.log) }),
            (
                "databases_set_aside", "Damaged databases that lie aside.",
                Double(status.problems.count { $0.kind == .damage })
            ),
            ("disk_free_bytes", "What the state's disk has left.", status.disk?.free.map(Double.init)),
        ]
        if let disk = status.disk {
            text.add(
                .gauge, "feedwatch_folder_bytes", "Size of what readers have and taught, by folder.",
                [
                    .init(Double(disk.alerts), ("folder", "alerts")),
                    .init(Double(disk.digests), ("folder", "digests")),
                    .init(Double(disk.examples), ("folder", "examples")),
                ])
        }
        for gauge in gauges { text.add(.gauge, "feedwatch_\(gauge.name)", gauge.help, gauge.value) }
    }
}
