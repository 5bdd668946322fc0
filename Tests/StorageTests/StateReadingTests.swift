import Foundation
import News
import Storage
import Testing

@Suite struct StateReadingTests {
    let store: Store
    let now = Timestamp(seconds: 1_743_300_000)

    init() throws { store = try Store(path: try temporaryDatabase()) }

    private func source(_ id: String) -> Source { Source(id: id, url: "https://\(id).example/rss") }

    private func commit(_ id: String, at: Timestamp, keys: [(key: String, link: String)], fails: Bool = false) throws {
        let entries = keys.map { item in
            var entry = Entry()
            (entry.id, entry.link, entry.title) = (item.key, item.link, "Title of \(item.key)")
            return ListedEntry(entry)
        }
        let fault = Fault(stage: "fetch", code: "timed-out", detail: "no answer")
        _ = try store.commit(
            PollResult(
                source: source(id), at: at, nextDue: at + .seconds(3600), validators: Validators(etag: "\"x\""),
                outcome: fails ? .failed(fault) : .read(entries: entries, bodyHash: "b", faults: [])))
    }

    @Test("A reading has the sources' health, what is pending by source, and what waits in the outbox")
    func reading() throws {
        _ = try store.createdAt(orNow: now - .seconds(90_000))
        try commit("cape", at: now - .seconds(300), keys: [], fails: true)
        try commit("cape", at: now - .seconds(200), keys: [], fails: true)
        try commit("harbour", at: now - .seconds(90_000), keys: [("0", "https://harbour.example/0")])
        try commit("harbour", at: now - .seconds(100), keys: [("1", "https://harbour.example/1"), ("0", "")])
        let old = Parcel(kind: .alert, stem: "alerts/2025-03-28/a", json: [1], decided: now - .seconds(90_000))
        let new = Parcel(kind: .alert, stem: "alerts/2025-03-30/b", json: [1], decided: now - .seconds(60))
        try store.file { for parcel in [old, new] { try $0.put(parcel) } }
        try store.markDelivered(old, at: now)
        try store.deferDelivery(of: new, because: "no space", until: now)

        let reading = try store.reading(at: now)
        #expect(reading.health.map(\.source) == ["cape", "harbour"] && reading.health.map(\.failures) == [2, 0])
        #expect(reading.health[0].blindSince == now - .seconds(300))
        #expect(reading.health[1].listedInWindow == 2 && reading.health[1].newInWindow == 1)
        #expect(reading.pending == [PendingCount(source: "harbour", count: 1, oldest: now - .seconds(100))])
        #expect(reading.alerts == 1 && reading.waiting == 1)
        #expect(
            reading.parcels == [
                WaitingParcel(stem: new.stem, decided: new.decided, attempts: 1, fault: "no space")
            ])
        #expect(reading.bytes > 4096 && reading.createdAt == now - .seconds(90_000))
    }

    @Test("An entry is found by its key, or while it is pending by its link; a source's record has the newest ones")
    func entries() throws {
        try commit(
            "harbour", at: now - .seconds(500),
            keys: [("https://harbour.example/old", ""), ("guid-0", "https://harbour.example/0")])
        try commit("harbour", at: now - .seconds(100), keys: [("guid-1", "https://harbour.example/1")])
        let spellings = WebURL.spellings(of:)
        #expect(try store.entry(at: spellings("http://www.harbour.example/old/"))?.state == .baseline)
        #expect(try store.entry(at: spellings("https://harbour.example/1"))?.key == "guid-1")
        #expect(
            try store.entry(at: spellings("https://harbour.example/0")) == nil, "of a filed guid only the key is kept")
        #expect(try store.entry(at: ["guid-0", "x' OR 1=1 --"])?.key == "guid-0")

        let record = try #require(try store.record(of: "harbour", at: now))
        #expect(record.entries == 3 && record.validators.etag == "\"x\"" && record.baselineAt == now - .seconds(500))
        #expect(record.recent.map(\.key) == ["guid-1", "guid-0", "https://harbour.example/old"])
        #expect(record.recent[0].title == "Title of guid-1" && record.recent[0].state == .pending)
        #expect(try store.record(of: "nobody", at: now) == nil)
    }
}
