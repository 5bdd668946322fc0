import News
import NewsTesting
import Testing

@testable import Watch

@Suite struct FilingOrderTests {
    let start = Timestamp(seconds: 1_743_300_000)

    @Test("Without a patience a batch waits until everything expected is ready, and is in the order of the queue")
    func waits() {
        var order = FilingOrder()
        let entries = ["b", "a", "c"].map { entry($0) }
        #expect(order.admit(entries, at: start).count == 3)
        order.ready(reading(entries[2]))
        order.ready(reading(entries[1]))
        #expect(order.nextBatch(at: start, patience: nil, max: 100).isEmpty)
        order.ready(reading(entries[0]))
        #expect(order.nextBatch(at: start, patience: nil, max: 100).map(\.pending.key) == ["a", "b", "c"])
        #expect(order.isEmpty)
    }

    @Test("An entry that is not ready is passed over after the patience, and filed when it is")
    func patience() {
        var order = FilingOrder()
        let entries = ["a", "b"].map { entry($0) }
        _ = order.admit(entries, at: start)
        order.ready(reading(entries[1]))
        #expect(
            order.nextDeadline(after: start, patience: .seconds(10), late: .seconds(40)) == start + .seconds(10))
        #expect(order.nextBatch(at: start + .seconds(9), patience: .seconds(10), max: 100).isEmpty)
        #expect(order.nextBatch(at: start + .seconds(10), patience: .seconds(10), max: 100).map(\.pending.key) == ["b"])
        order.ready(reading(entries[0]))
        #expect(order.nextBatch(at: start + .seconds(11), patience: .seconds(10), max: 100).map(\.pending.key) == ["a"])
    }

    @Test("With a patience what is ready is filed at once, up to the first entry that may still be waited for")
    func prefix() {
        var order = FilingOrder()
        let early = ["a", "c"].map { entry($0) }
        let later = ["b", "d", "e"].map { entry($0) }
        _ = order.admit(early, at: start)
        _ = order.admit(later, at: start + .seconds(5))
        for entry in [early[0], early[1], later[2]] { order.ready(reading(entry)) }
        func keys(_ seconds: Int) -> [String] {
            order.nextBatch(at: start + .seconds(seconds), patience: .seconds(10), max: 100).map(\.pending.key)
        }
        #expect(keys(6) == ["a"], "nothing earlier is waited for")
        #expect(keys(14) == [], "b has time until 15: that a and c were expected earlier overtakes nobody")
        #expect(keys(15) == ["c", "e"], "b and d are overdue")
        order.ready(reading(later[1]))
        #expect(keys(16) == ["d"])
        #expect(order.keys.map(\.key) == ["b"])
    }

    @Test("An entry that is late is named once, and there is a deadline until nothing is waited for")
    func late() {
        var order = FilingOrder()
        let entries = ["a", "b"].map { entry($0) }
        _ = order.admit(entries, at: start)
        func deadline(_ seconds: Int) -> Timestamp? {
            order.nextDeadline(after: start + .seconds(seconds), patience: .seconds(10), late: .seconds(40))
        }
        #expect(deadline(3) == start + .seconds(10))
        #expect(deadline(10) == start + .seconds(40))
        order.ready(reading(entries[0]))
        #expect(order.late(at: start + .seconds(39), after: .seconds(40)).isEmpty)
        #expect(order.late(at: start + .seconds(40), after: .seconds(40)).map(\.key) == ["b"])
        #expect(order.late(at: start + .seconds(41), after: .seconds(40)).isEmpty)
        #expect(deadline(41) == nil)
    }

    @Test("Without a patience one that never comes holds the others, until it is given up")
    func givenUp() {
        var order = FilingOrder()
        let entries = ["a", "b"].map { entry($0) }
        _ = order.admit(entries, at: start)
        order.ready(reading(entries[1]))
        #expect(order.nextBatch(at: start + .seconds(9999), patience: nil, max: 100).isEmpty)
        order.giveUp(entries[0])
        #expect(order.nextBatch(at: start, patience: nil, max: 100).map(\.pending.key) == ["b"])
    }

    @Test("An entry is expected once, and again only after it was filed")
    func once() {
        var order = FilingOrder()
        #expect(order.admit([entry("a")], at: start).count == 1)
        #expect(order.admit([entry("a")], at: start).isEmpty)
        order.ready(reading(entry("a")))
        #expect(order.nextBatch(at: start, patience: nil, max: 100).count == 1)
        #expect(order.admit([entry("a")], at: start).count == 1)
    }

    @Test("However the readings arrive, batches are the same")
    func shuffled() {
        let seed = UInt64.random(in: 0...9999)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        let entries = (0..<250).map { entry("\($0 + 1000)") }
        for _ in 0..<20 {
            var order = FilingOrder()
            _ = order.admit(entries.shuffled(using: &random), at: start)
            var batches: [[String]] = []
            for entry in entries.shuffled(using: &random) {
                order.ready(reading(entry))
                while true {
                    let batch = order.nextBatch(at: start, patience: nil, max: 100)
                    if batch.isEmpty { break }
                    batches.append(batch.map(\.pending.key))
                }
            }
            #expect(batches.map(\.count) == [100, 100, 50])
            #expect(batches.flatMap(\.self) == entries.map(\.key))
        }
    }

    private func entry(_ key: String) -> PendingEntry {
        PendingEntry(source: "harbour", key: key, entry: Entry(), firstSeen: start, seen: start)
    }

    private func reading(_ entry: PendingEntry) -> Reading {
        Reading(
            pending: entry, article: Article(), readAt: start, topics: [], entities: [], strongEntities: [],
            fingerprint: Fingerprint(hashes: [], shingleCount: 0))
    }
}
