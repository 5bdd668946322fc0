import Logging
import News
import Storage
import Synchronization

/// How the durable queue is worked off, by one pass and by the service.
extension Station {
    /// Pages that are read at a time, each of another server.
    private static let pagesAtATime = 32

    /// The pending entries that nobody is reading yet, in the order of the queue; not more than may be held at a time.
    /// - Parameter source: only this source's entries; nil for all.
    func pendingEntries(of source: SourceID? = nil) async throws -> [PendingEntry] {
        var unreadable: [MemberKey] = []
        let entries = try store.pendingEntries(
            of: source, in: Set(sources.keys), except: await desk.expected(), most: Limits.queueTakenMax,
            mostPerSource: isOnePass ? .max : Limits.queueTakenPerSourceMax, unreadable: { unreadable.append($0) })
        for key in unreadable {
            log.error(
                "the stored text of entry \(key.key) cannot be read back – it is taken from the feed anew",
                metadata: ["source": "\(key.source)", "stage": "read"])
            try store.forget(key)
        }
        return entries
    }

    /// Files these entries of the queue, but for those that are being filed already, and delivers what they alert.
    /// - Returns: how many alerts were decided.
    /// - Throws: what the first entry threw that could not be filed; all that were not filed are still pending.
    func file(_ pending: [PendingEntry]) async throws -> Int {
        let entries = await desk.expect(pending)
        let silent = SilentServers()
        do {
            let alerts = try await bounded(
                entries, width: Station.pagesAtATime, priority: .utility, lane: pageServer,
                { try await file($0, silent) })
            let last = try await desk.fileComplete()
            if last > 0 { try await courier.deliver() }
            return alerts.reduce(last, +)
        } catch {
            // Those that never got their turn, too: a sweep takes up only what is not expected.
            for entry in entries { await desk.giveUp(entry) }
            throw error
        }
    }

    private func file(_ entry: PendingEntry, _ silent: SilentServers) async throws -> Int {
        // Filed with the feed's own words while it waited for its server's turn, or its source is gone.
        guard let source = sources[entry.source], await desk.isExpected(entry) else { return 0 }
        let server = pageServer(of: entry)
        if isOnePass, let server, silent.contains(server) {
            return try await pipeline.decide(pipeline.ownWords(of: entry, source, because: .pageSilent), of: source)
        }
        let filed = try await pipeline.file(entry, of: source)
        if let server, filed.faults.contains(where: \.isSilence) { silent.insert(server) }
        return filed.alerts
    }

    /// Files those of the entries whose page does not come in time for an alert, where the feed's own words match a topic already.
    /// The others go on waiting for their pages.
    /// - Returns: how many alerts were decided.
    func fileLate(_ entries: [PendingEntry]) async throws -> Int {
        var alerts = 0
        for entry in entries {
            guard let source = sources[entry.source], pageServer(of: entry) != nil else { continue }
            let reading = pipeline.ownWords(of: entry, source, because: .pageLate)
            guard reading.topics.contains(where: { $0.match >= .likely }) else { continue }
            alerts += try await desk.take(reading)
        }
        return alerts
    }

    /// The server whose page is read for this entry; nil when none is.
    private func pageServer(of entry: PendingEntry) -> String? {
        guard sources[entry.source]?.fullText == .fetch else { return nil }
        return EntryIdentity.url(for: entry.entry).flatMap(WebURL.server)
    }
}

/// Servers that one pass waits for only once: what it files does not depend on how many pages of theirs it wanted.
private final class SilentServers: Sendable {
    private let servers = Mutex<Set<String>>([])

    func contains(_ server: String) -> Bool { servers.withLock { $0.contains(server) } }

    func insert(_ server: String) { servers.withLock { _ = $0.insert(server) } }
}
