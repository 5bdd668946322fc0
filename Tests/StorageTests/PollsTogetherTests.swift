import Foundation
import GRDB
import News
import Synchronization
import Testing

@testable import Storage

/// Polls of several sources in one transaction.
@Suite struct PollsTogetherTests {
    let start = Timestamp(seconds: 1_743_300_000)

    @Test("Polls that are committed together leave the same rows, and tell the same, as one after the other")
    func same() throws {
        let together = try Store(path: temporaryDatabase())
        let apart = try Store(path: temporaryDatabase())
        for round in 0..<3 {
            let results = round == 0 ? [0, 1, 2, 3].map { read($0, round: 0) } : mixed(round: round)
            let tallies = try together.commit(results).map { try $0.get() }
            #expect(try tallies == results.map { try apart.commit($0) })
        }
        #expect(try rows(together) == rows(apart))
        #expect(try together.pendingEntries() == apart.pendingEntries())
        #expect(try together.pendingEntries().count == 4)
    }

    @Test("A poll that the database does not take fails alone; the others of its group are committed whole")
    func alone() throws {
        let store = try Store(path: temporaryDatabase())
        for tally in store.commit((0..<4).map { read($0, round: 0) }) { _ = try tally.get() }
        let before = try store.pollState(of: source(2))
        try #require(store.pool).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refusal BEFORE INSERT ON entry WHEN NEW.source = 's2' AND NEW.key = '1-1'
                    BEGIN SELECT RAISE(ABORT, 'not this one'); END
                    """)
        }
        let tallies = store.commit((0..<4).map { read($0, round: 1) })
        for (number, tally) in tallies.enumerated() {
            switch tally {
            case .success(let tally): #expect(tally.new == 2 && number != 2)
            case .failure(let error): #expect(error.detail.contains("not this one") && number == 2)
            }
        }
        // Nothing of it is left: neither the first of its entries nor the validators, by which they would be lost.
        #expect(try store.pendingEntries().map(\.source) == ["s0", "s0", "s1", "s1", "s3", "s3"])
        #expect(try store.pollState(of: source(2)) == before)
        #expect(try store.pollState(of: source(3)).validators == Validators(etag: "\"1\""))
        #expect(try store.dueTime(of: .poll, "s2") == start + .seconds(3600))
        #expect(try store.dueTime(of: .poll, "s3") == start + .seconds(7200))
    }

    @Test("A database that takes nothing fails every poll, each with the reason")
    func none() throws {
        let store = try Store(path: temporaryDatabase())
        store.close()
        let tallies = store.commit((0..<3).map { read($0, round: 0) })
        #expect(tallies.count == 3)
        for tally in tallies { #expect(throws: StoreError.self) { try tally.get() } }
        #expect(store.commit([PollResult]()).isEmpty)
    }

    @Test("A lock of another process is waited for once, not once for each poll")
    func locked() throws {
        let path = try temporaryDatabase()
        let store = try Store(path: path, patience: 0.1)
        let other = try DatabaseQueue(path: path)
        let begun = Begun()
        try #require(store.pool).writeWithoutTransaction { db in
            db.trace { event in if "\(event)".hasPrefix("BEGIN") { begun.count.withLock { $0 += 1 } } }
        }
        try other.inDatabase { db in
            try db.beginTransaction(.immediate)
            for tally in store.commit((0..<50).map { read($0, round: 0) }) {
                #expect(throws: StoreError.self) { try tally.get() }
            }
            #expect(begun.count.withLock { $0 } == 1)
            try db.rollback()
        }
        for tally in store.commit((0..<50).map { read($0, round: 0) }) { #expect(try tally.get().listed == 2) }
    }

    private func source(_ number: Int) -> Source {
        Source(id: "s\(number)", url: "https://outlet-\(number).example/rss")
    }

    private func result(_ number: Int, round: Int, _ outcome: PollResult.Outcome) -> PollResult {
        let at = start + .seconds(3600 * Int64(round))
        return PollResult(
            source: source(number), at: at, nextDue: at + .seconds(3600), validators: Validators(etag: "\"\(round)\""),
            outcome: outcome)
    }

    private func read(_ number: Int, round: Int) -> PollResult {
        let entries = (0..<2).map { place in
            var entry = Entry()
            entry.id = "\(round)-\(place)"
            entry.title = "Outlet \(number), round \(round), piece \(place)"
            entry.link = "https://outlet-\(number).example/\(round)/\(place)"
            return ListedEntry(entry)
        }
        return result(number, round: round, .read(entries: entries, bodyHash: "\(round)", faults: []))
    }

    private func mixed(round: Int) -> [PollResult] {
        [
            read(0, round: round), result(1, round: round, .unchanged), result(3, round: round, .postponed),
            result(2, round: round, .failed(Fault(stage: "fetch", code: "timed-out", detail: "no answer"))),
        ]
    }

    private func rows(_ store: Store) throws -> [[Row]] {
        try store.database.read { db in
            try ["source", "entry", "due", "outage"].map { try Row.fetchAll(db, sql: "SELECT * FROM \($0)") }
        }
    }
}

/// Transactions that were begun.
private final class Begun: Sendable {
    let count = Mutex(0)
}

@Suite struct EntryJSONTests {
    @Test("An entry is written as the encoder writes it, byte for byte, and read back as it was")
    func bytes() throws {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var unseen = Set(Mirror(reflecting: Entry()).children.compactMap(\.label))
        for _ in 0..<500 {
            let entry = made(&random)
            for field in Mirror(reflecting: entry).children where !Self.isNothing(field.value) {
                field.label.map { _ = unseen.remove($0) }
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let bytes = Data(JSONColumn.bytes(entry))
            #expect(try bytes == encoder.encode(entry))
            #expect(try JSONColumn.decode(Entry.self, from: bytes) == entry)
        }
        #expect(unseen.isEmpty, "a field of entries that is never given here")
    }

    private static func isNothing(_ value: Any) -> Bool {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional && mirror.children.isEmpty
    }

    private func made(_ random: inout SplitMix64) -> Entry {
        func text() -> String? {
            guard Int.random(in: 0..<4, using: &random) > 0 else { return nil }
            return (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                Self.pieces.randomElement(using: &random) ?? ""
            }.joined()
        }
        func time() -> Timestamp? {
            Bool.random(using: &random) ? Timestamp(seconds: .random(in: -70_000_000_000...260_000_000_000)) : nil
        }
        func few() -> Range<Int> { 0..<Int.random(in: 0..<3, using: &random) }
        var entry = Entry()
        (entry.id, entry.title, entry.link, entry.originalLink) = (text(), text(), text(), text())
        (entry.summary, entry.content, entry.language) = (text(), text(), text())
        (entry.published, entry.updated) = (time(), time())
        entry.categories = few().map { _ in text() ?? "" }
        entry.authors = few().map { _ in Person(name: text(), email: text(), url: text()) }
        entry.enclosures = few().map { _ in
            Enclosure(
                url: text() ?? "", type: text(), length: Bool.random(using: &random) ? .random(in: .min ... .max) : nil)
        }
        let kinds: [TextKind?] = [nil, .plain, .html]
        (entry.titleKind, entry.summaryKind) = (
            kinds.randomElement(using: &random)!, kinds.randomElement(using: &random)!
        )
        entry.contentKind = kinds.randomElement(using: &random)!
        entry.inReplyTo = text()
        entry.commentCount = Bool.random(using: &random) ? .random(in: 0...9999, using: &random) : nil
        if Bool.random(using: &random) { entry.origin = EntryOrigin(title: text(), url: text(), id: text()) }
        let degrees: [Double] = [0, 12, -33.9, 0.1, 89.999_999, 1e-7, -0.0, 45.25]
        entry.point = GeoPoint(
            latitude: degrees.randomElement(using: &random)!,
            longitude: degrees.randomElement(using: &random)! * (Bool.random(using: &random) ? 1 : 200))
        // Times outside the years 0 to 9999 are clamped when they are written.
        entry.published = entry.published.map { Timestamp(rfc3339: $0.rfc3339) ?? $0 }
        entry.updated = entry.updated.map { Timestamp(rfc3339: $0.rfc3339) ?? $0 }
        return entry
    }

    private static let pieces =
        (0...0x1F).map { String(UnicodeScalar($0)) }
        + [
            "\"", "\\", "/", "</p>", "\u{7F}", "\u{80}", "\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{10FFFF}",
            "é", "e\u{301}",
        ]
        + ["日本海軍", "🙂", "The fleet", " ", "\r\n", "&amp;"]
}
