import Glibc
import Logging
import News
import Storage

extension Station {
    /// When hardly anything is published: local time.
    private static let retentionHour = LocalTime(hour: 3, minute: 30)

    /// Sets the time of the first retention; later ones set their own.
    func scheduleRetention() throws(StoreError) {
        if try store.dueTime(of: .retention) == nil { try store.setDue([nextRetention()]) }
    }

    private func nextRetention() -> DueJob {
        DueJob(
            kind: .retention, at: DigestClock.next(after: clock.now(), at: Self.retentionHour, zone: zone).due)
    }

    /// Drops what was kept for long enough, in transactions of milliseconds between which everybody else gets a turn.
    /// Cut off, it goes on with the next one.
    /// - Returns: when it is due again.
    func retain() async throws -> DueJob {
        var retention = try Retention(store, keep: configuration.settings.keep, now: clock.now())
        var dropped = RetentionTally()
        while let step = try retention.step() {
            dropped += step
            try Task.checkCancellation()
            await Task.yield()
        }
        let freed = try store.shrink(room: DiskSpace.of(state.path)?.free ?? 0)
        if dropped != RetentionTally() || freed != nil {
            log.info("\(dropped.words(freed: freed))", metadata: ["stage": "retention"])
        }
        let next = nextRetention()
        try store.setDue([next])
        return next
    }
}

extension RetentionTally {
    /// `dropped 12 texts, 3 articles; 80 MB of disk given back`
    func words(freed: Int?) -> String {
        let parts = [
            (texts, "text", "texts"), (versions, "text's versions", "texts' versions"), (entries, "entry", "entries"),
            (articles, "article", "articles"), (stories, "story", "stories"),
            (parcels, "delivered file's copy", "delivered files' copies"),
            (sources, "source not read any more", "sources not read any more"),
            (waiting, "entry that waited in vain", "entries that waited in vain"),
        ].filter { $0.0 > 0 }.map { $0.0 == 1 ? "1 \($0.1)" : "\($0.0) \($0.2)" }
        let dropped = parts.isEmpty ? "nothing to drop" : "dropped \(parts.joined(separator: ", "))"
        return dropped + (freed.map { "; \($0 >> 20) MB of disk given back" } ?? "")
    }
}
