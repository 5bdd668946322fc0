import Foundation
import News
import Storage
import Testing

@Suite struct PollCommitTests {
    let store = try! Store(path: temporaryDatabase())
    let source = Source(id: "harbour", url: "https://harbour.example/rss")
    let start = Timestamp(seconds: 1_743_300_000)

    @Test("The first read of a source is a silent baseline; what comes later is pending")
    func baseline() throws {
        let first = try store.commit(read([entry("a"), entry("b")], at: start))
        #expect(first.baseline == 2 && first.new == 0)
        #expect(try store.pendingEntries().isEmpty)
        let second = try store.commit(read([entry("c"), entry("a"), entry("b")], at: start + .seconds(3600)))
        #expect(second.new == 1 && second.baseline == 0)
        #expect(try store.pendingEntries().map(\.key) == ["c"])
    }

    @Test("With last-24h the first read files what was published in the last day")
    func lastDay() throws {
        var source = source
        source.firstRead = .last24h
        var young = entry("young")
        young.entry.published = start - .seconds(3600)
        var old = entry("old")
        old.entry.published = start - .seconds(100_000)
        let result = PollResult(
            source: source, at: start, nextDue: start, validators: Validators(),
            outcome: .read(entries: [young, old, entry("undated")], bodyHash: "1", faults: []))
        #expect(try store.commit(result).new == 1)
        #expect(try store.pendingEntries().map(\.key) == ["young"])
    }

    @Test("A poll that was put off changes nothing but when the next one is due, also of a source that is failing")
    func postponed() throws {
        let failing = PollResult(
            source: source, at: start, nextDue: start + .seconds(3600), validators: .none,
            outcome: .failed(Fault(stage: "fetch", code: "timed-out", detail: "no answer")))
        _ = try store.commit(failing)
        let before = try #require(try store.health(from: start - .seconds(1), to: start).first)
        let later = start + .seconds(3600)
        let tally = try store.commit(
            PollResult(
                source: source, at: later, nextDue: later + .seconds(60), validators: .none, outcome: .postponed))
        #expect(tally == PollTally())
        var expected = before
        expected.nextDue = later + .seconds(60)
        #expect(try store.health(from: start - .seconds(1), to: start).first == expected)
        #expect(try store.pollState(of: source).failures == 1)
    }

    @Test(
        "A rest stands with its source until that is asked again, read or not, and is on record as a gap if it was long"
    )
    func resting() throws {
        func commit(_ outcome: PollResult.Outcome, after seconds: Int) throws {
            let at = start + .seconds(seconds)
            _ = try store.commit(
                PollResult(
                    source: source, at: at, nextDue: at + .seconds(20_000), validators: .none, outcome: outcome))
        }
        func gaps() throws -> [Int64] {
            try store.issueMaterial(from: start, to: start + .seconds(99_999), filedAfter: 0, limit: 1).outages
                .map { ($0.until - $0.since).components.seconds }
        }
        let fault = Fault(stage: "fetch", code: "timed-out", detail: "no answer")
        let rest = Rest(domain: "harbour.example", since: start, until: start + .seconds(3600))
        for (asked, outcome) in [(3600, .unchanged), (7200, .failed(fault))] as [(Int, PollResult.Outcome)] {
            try commit(.resting(rest), after: 0)
            try commit(.postponed, after: 60)
            let health = try #require(try store.health(from: start, to: start).first)
            #expect(try store.pollState(of: source).rest == rest && health.rest == rest)
            #expect(health.failures == 0 && health.blindSince == nil && health.fault == nil)
            try commit(outcome, after: asked)
            #expect(try store.pollState(of: source).rest == nil)
            #expect(try gaps() == (asked == 3600 ? [] : [7200]))
        }
        // While it is blind, that is what is told.
        try commit(.resting(rest), after: 7200)
        try commit(.unchanged, after: 20_000)
        #expect(try gaps() == [7200, 12_800])
        // Another address is another matter.
        try commit(.resting(rest), after: 20_000)
        var moved = source
        moved.url = "https://quay.example/rss"
        for url in [source.url, moved.url] {
            _ = try store.schedule(
                [PollPlan(source: source.id, url: url, interval: .seconds(3600))], digest: start,
                at: start + .seconds(20_100))
        }
        #expect(try store.pollState(of: moved).rest == nil)
    }

    @Test("A poll brings entries, validators, the due time and the source's health")
    func together() throws {
        let validators = Validators(etag: "W/\"x\"", lastModified: "Sun, 30 Mar 2025 03:00:00 GMT")
        let due = start + .seconds(3660)
        _ = try store.commit(
            PollResult(
                source: source, at: start, nextDue: due, validators: validators,
                outcome: .read(entries: [entry("a")], bodyHash: "h", faults: [MarkupFault("bad-date", "no date")])))
        let state = try store.pollState(of: source)
        #expect(state.validators == validators && state.bodyHash == "h" && state.hasBaseline && state.failures == 0)
        #expect(try store.dueJobs() == [DueJob(kind: .poll, key: "harbour", at: due)])
        let health = try #require(try store.health(from: start - .seconds(1), to: start).first)
        #expect(health.lastRead == start && health.listedInWindow == 1 && health.nextDue == due)
        #expect(health.markupFaults.map(\.code) == ["bad-date"])
    }

    @Test("A failed poll keeps validators and baseline, and blindness begins with the first failure")
    func failure() throws {
        let validators = Validators(etag: "\"1\"")
        _ = try store.commit(
            PollResult(
                source: source, at: start, nextDue: start, validators: validators,
                outcome: .read(entries: [entry("a")], bodyHash: "h", faults: [])))
        let fault = Fault(stage: "fetch", code: "timed-out", detail: "no answer in 60 s")
        for hour in 1...2 {
            let at = start + .seconds(3600 * hour)
            _ = try store.commit(
                PollResult(source: source, at: at, nextDue: at, validators: validators, outcome: .failed(fault)))
        }
        #expect(try store.pollState(of: source).validators == validators)
        #expect(try store.pollState(of: source).failures == 2)
        let blind = try #require(try store.health(from: start, to: start).first)
        #expect(blind.blindSince == start + .seconds(3600) && blind.fault == fault)
        _ = try store.commit(
            PollResult(
                source: source, at: start + .seconds(9000), nextDue: start, validators: validators, outcome: .unchanged)
        )
        let seeing = try #require(try store.health(from: start, to: start).first)
        #expect(seeing.blindSince == nil && seeing.fault == nil)
    }

    @Test("Validators are not used for another address in the configuration")
    func otherAddress() throws {
        _ = try store.commit(
            PollResult(
                source: source, at: start, nextDue: start, validators: Validators(etag: "\"1\""),
                outcome: .read(entries: [entry("a")], bodyHash: "h", faults: [])))
        var moved = source
        moved.url = "https://harbour.example/atom"
        let state = try store.pollState(of: moved)
        #expect(state.validators == Validators() && state.bodyHash == nil && state.hasBaseline)
    }

    @Test("Changed text makes a filed entry pending again as a new version, and a pending one newer")
    func versions() throws {
        _ = try store.commit(read([entry("old")], at: start))
        _ = try store.commit(read([entry("a", text: "nine ships")], at: start + .seconds(60)))
        _ = try store.commit(read([entry("a", text: "eight ships")], at: start + .seconds(120)))
        let waiting = try #require(try store.pendingEntries().first)
        #expect(waiting.version == 1 && waiting.entry.content == "eight ships" && waiting.seen == start + .seconds(120))
        try store.file { try $0.markFiled(waiting) }
        #expect(try store.commit(read([entry("a", text: "eight ships")], at: start + .seconds(180))).changed == 0)
        #expect(try store.commit(read([entry("a", text: "seven ships")], at: start + .seconds(240))).changed == 1)
        let changed = try #require(try store.pendingEntries().first)
        #expect(
            changed.version == 2 && changed.firstSeen == start + .seconds(60) && changed.seen == start + .seconds(240))
    }

    @Test("A baseline entry whose text changes stays known and silent")
    func baselineChange() throws {
        _ = try store.commit(read([entry("a", text: "one")], at: start))
        let tally = try store.commit(read([entry("a", text: "two")], at: start + .seconds(60)))
        #expect(tally.new == 0 && tally.changed == 0)
        #expect(try store.pendingEntries().isEmpty)
    }

    @Test("The queue is ordered by the poll's time, then source id, then key")
    func order() throws {
        for (id, offset) in [("zebra", 0), ("alpha", 0), ("mike", -10)] {
            let source = Source(id: id, url: "https://\(id).example/rss")
            for keys in [["base"], ["2", "10"]] {
                _ = try store.commit(
                    PollResult(
                        source: source, at: start + .seconds(offset), nextDue: start, validators: Validators(),
                        outcome: .read(entries: keys.map { entry($0) }, bodyHash: keys[0], faults: [])))
            }
        }
        #expect(
            try store.pendingEntries().map { "\($0.source) \($0.key)" } == [
                "mike 10", "mike 2", "alpha 10", "alpha 2", "zebra 10", "zebra 2",
            ])
    }

    private func read(_ entries: [ListedEntry], at time: Timestamp) -> PollResult {
        PollResult(
            source: source, at: time, nextDue: time + .seconds(3660), validators: Validators(),
            outcome: .read(entries: entries, bodyHash: "\(time)", faults: []))
    }

    private func entry(_ key: String, text: String = "text") -> ListedEntry {
        var entry = Entry()
        entry.id = key
        entry.title = "Headline \(key)"
        entry.content = text
        return ListedEntry(entry)
    }
}

/// A path in a new folder; the system cleans its temporary folder.
func temporaryDatabase() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feedwatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appendingPathComponent("feedwatch.db").path
}
