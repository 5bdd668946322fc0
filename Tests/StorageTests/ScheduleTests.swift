import Foundation
import GRDB
import News
import Storage
import Testing

@Suite struct ScheduleTests {
    let path: String
    let store: Store
    let start = Timestamp(seconds: 1_743_300_000)

    init() throws {
        path = try temporaryDatabase()
        store = try Store(path: path)
    }

    @Test("New sources are due now, others keep their time, those that are gone lose it")
    func fits() throws {
        #expect(times(try schedule(["a": 3600, "b": 3600])) == ["a": 0, "b": 0])
        try poll("a", next: 3600)
        try poll("b", next: 3600)
        #expect(times(try schedule(["b": 3600, "c": 3600], at: 60)) == ["b": 3600, "c": 60])
        #expect(times(try schedule(["b": 3600, "c": 3600], at: 99)) == ["b": 3600, "c": 60])
    }

    @Test("Another address is due now and begins without failures, once")
    func otherAddress() throws {
        _ = try schedule(["a": 3600])
        try poll("a", next: 86_400, fault: Fault(stage: "fetch", code: "not-found", detail: "404"))
        #expect(times(try schedule(["a": 3600], at: 60, path: "/atom")) == ["a": 60])
        #expect(try store.pollState(of: source("a")).failures == 0)
        try poll("a", next: 7200, fault: Fault(stage: "fetch", code: "not-found", detail: "404"))
        #expect(times(try schedule(["a": 3600], at: 120, path: "/atom")) == ["a": 7200], "it fails as well and waits")
    }

    @Test("A shorter interval pulls a time in, and not one that a server or failures have put off")
    func shorter() throws {
        _ = try schedule(["a": 36_000, "b": 36_000, "c": 3600])
        try poll("a", next: 36_000)
        try poll("b", next: 86_400)
        try poll("c", next: 3600)
        let jobs = try schedule(["a": 3600, "b": 3600, "c": 7200], at: 60)
        #expect(times(jobs) == ["a": 3600, "b": 86_400, "c": 3600])
    }

    @Test(
        "What was asked in the future, by a clock that was set back, waits as long as it was to wait, from now on, once"
    )
    func setBack() throws {
        _ = try schedule(["a": 3600, "b": 3600], at: 86_400)
        try poll("a", at: 86_400, next: 90_000)
        #expect(times(try schedule(["a": 3600, "b": 3600], at: 60)) == ["a": 3660, "b": 60])
        #expect(times(try schedule(["a": 3600, "b": 3600], at: 600)) == ["a": 3660, "b": 60])
    }

    @Test("An outage of the own network counts as no failure of the source")
    func outage() throws {
        for code in ["not-found", "unresolved", "unreachable"] {
            try poll("a", next: 0, fault: Fault(stage: "fetch", code: code, detail: code))
        }
        #expect(try store.pollState(of: source("a")).failures == 1)
    }

    @Test("What goes wrong in the middle leaves the schedule, and a poll, as they were")
    func together() throws {
        _ = try schedule(["a": 3600])
        try poll("a", next: 3600)
        let database = try DatabaseQueue(path: path)
        func broken(_ what: String, _ body: () throws -> Void) throws {
            try database.write {
                try $0.execute(sql: "CREATE TRIGGER broken BEFORE \(what) BEGIN SELECT raise(ABORT, 'broken'); END")
            }
            let before = try contents(database)
            #expect(throws: StoreError.self) { try body() }
            #expect(try contents(database) == before, "\(what)")
            try database.write { try $0.execute(sql: "DROP TRIGGER broken") }
        }
        try broken("DELETE ON due") { _ = try schedule(["b": 3600]) }
        let entry = listed("1")
        for what in ["UPDATE ON due", "INSERT ON entry", "UPDATE OF etag ON source", "UPDATE OF body_hash ON source"] {
            try broken(what) {
                _ = try store.commit(
                    PollResult(
                        source: source("a"), at: start, nextDue: start + .seconds(99),
                        validators: Validators(etag: "\"2\""),
                        outcome: .read(entries: [entry], bodyHash: "2", faults: [])))
            }
        }
    }

    @Test(
        "The queue is read in parts: not what is expected, not of sources that are gone, so many of each, and not the damaged"
    )
    func queue() throws {
        for id in ["a", "b", "gone"] {
            for keys in [["base"], (0..<5).map { "\($0)" }] {
                _ = try store.commit(
                    PollResult(
                        source: source(id), at: start, nextDue: start, validators: Validators(),
                        outcome: .read(
                            entries: keys.map(listed),
                            bodyHash: keys[0], faults: [])))
            }
        }
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "UPDATE entry SET payload = x'7b' WHERE source = 'b' AND key = '0'")
        }
        var damaged: [MemberKey] = []
        let expected: Set = [MemberKey(source: "a", key: "0")]
        let entries = try store.pendingEntries(
            in: ["a", "b"], except: expected, most: 4, mostPerSource: 3, unreadable: { damaged.append($0) })
        #expect(entries.map { "\($0.source)\($0.key)" } == ["a1", "a2", "b1", "b2"])
        #expect(damaged == [MemberKey(source: "b", key: "0")])
        try store.forget(damaged[0])
        #expect(try store.pendingEntries(of: "b").map(\.key) == ["1", "2", "3", "4"])
        #expect(try store.pollState(of: source("b")).bodyHash == nil)
    }

    private func contents(_ database: DatabaseQueue) throws -> [[Row]] {
        try database.read { db in
            try ["due", "source", "entry", "meta"].map { try Row.fetchAll(db, sql: "SELECT * FROM \($0)") }
        }
    }

    private func listed(_ id: String) -> ListedEntry {
        var entry = Entry()
        entry.id = id
        return ListedEntry(entry)
    }

    private func source(_ id: SourceID) -> Source { Source(id: id, url: "https://\(id).example/rss") }

    private func schedule(_ intervals: [SourceID: Int], at seconds: Int = 0, path: String = "/rss") throws -> [DueJob] {
        try store.schedule(
            intervals.sorted { $0.key < $1.key }.map {
                PollPlan(source: $0.key, url: "https://\($0.key).example\(path)", interval: .seconds($0.value))
            }, digest: start + .seconds(500_000), at: start + .seconds(seconds))
    }

    private func times(_ jobs: [DueJob]) -> [String: Int] {
        let polls = jobs.filter { $0.kind == .poll }
        return Dictionary(uniqueKeysWithValues: polls.map { ($0.key, Int($0.at.seconds - start.seconds)) })
    }

    private func poll(_ id: SourceID, at seconds: Int = 0, next: Int, fault: Fault? = nil) throws {
        _ = try store.commit(
            PollResult(
                source: source(id), at: start + .seconds(seconds), nextDue: start + .seconds(next),
                validators: Validators(),
                outcome: fault.map { .failed($0) } ?? .unchanged))
    }
}
