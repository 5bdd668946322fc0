import Foundation
import GRDB
import News
import Synchronization
import Testing

@testable import Storage
@testable import Watch

@Suite struct PollCommitsTests {
    let start = Timestamp(seconds: 1_743_300_000)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)")

    @Test(
        "Of hundreds of polls at a time each gets its own tally, or its own fault, and all that could be is committed")
    func many() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("feedwatch.db").path
        let store = try Store(path: path)
        defer { store.close() }
        try refuse("s77", path)
        let commits = PollCommits(store: store)
        let workers = Workers(count: 2)
        let tallies = await withTaskGroup(of: (Int, Result<PollTally, StoreError>).self) { group in
            for number in 0..<400 {
                group.addTask(executorPreference: workers) {
                    do throws(StoreError) {
                        return (number, .success(try await commits.commit(self.poll(number))))
                    } catch { return (number, .failure(error)) }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(tallies.count == 400)
        for (number, tally) in tallies {
            switch tally {
            case .success(let tally): #expect(tally.baseline == number % 3 + 1 && number != 77)
            case .failure(let error): #expect(error.detail.contains("refused") && number == 77)
            }
        }
        for number in 0..<400 {
            #expect(try store.pollState(of: source(number)).listed == (number == 77 ? 0 : number % 3 + 1))
        }
        // Whoever leads next, after all have ended.
        #expect(try await commits.commit(poll(1)).listed == 2)
    }

    @Test("Polls that end together share transactions")
    func together() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appendingPathComponent("feedwatch.db").path)
        defer { store.close() }
        let begun = Begun()
        try await #require(store.pool).writeWithoutTransaction { db in
            db.trace { event in if "\(event)".hasPrefix("BEGIN") { begun.count.withLock { $0 += 1 } } }
        }
        let commits = PollCommits(store: store)
        let workers = Workers(count: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask(executorPreference: workers) { _ = try await commits.commit(self.poll(number)) }
            }
            try await group.waitForAll()
        }
        // How many exactly depends on how soon each of them is there.
        #expect(begun.count.withLock { $0 } < 200)
    }

    private func refuse(_ source: SourceID, _ path: String) throws {
        try DatabaseQueue(path: path).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refusal BEFORE INSERT ON entry WHEN NEW.source = '\(source)'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """)
        }
    }

    private func source(_ number: Int) -> Source {
        Source(id: "s\(number)", url: "https://outlet-\(number).example/rss")
    }

    private func poll(_ number: Int) -> PollResult {
        let entries = (0...number % 3).map { place in
            var entry = Entry()
            entry.id = "\(place)"
            entry.title = "Piece \(place)"
            return ListedEntry(entry)
        }
        return PollResult(
            source: source(number), at: start, nextDue: start + .seconds(3600), validators: .none,
            outcome: .read(entries: entries, bodyHash: "", faults: []))
    }
}

/// Transactions that were begun.
private final class Begun: Sendable {
    let count = Mutex(0)
}
