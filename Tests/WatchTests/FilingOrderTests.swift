import News
import NewsTesting
import Testing

@testable import Watch

@Suite struct FilingOrderTests {
    let start = Timestamp(seconds: 1_743_300_000)

    @Test("A batch waits until everything expected is ready, and is in the order of the queue")
    func waits() {
        var order = FilingOrder()
        let entries = ["b", "a", "c"].map { entry($0) }
        #expect(order.admit(entries, at: start).count == 3)
        order.ready(reading(entries[2]))
        order.ready(reading(entries[1]))
        #expect(order.nextBatch(at: start, patience: .seconds(10), max: 100).isEmpty)
        order.ready(reading(entries[0]))
        #expect(order.nextBatch(at: start, patience: .seconds(10), max: 100).map(\.pending.key) == ["a", "b", "c"])
        #expect(order.isEmpty)
    }

    @Test("An entry that is not ready is passed over after the patience, and filed when it is")
    func patience() {
        var order = FilingOrder()
        let entries = ["a", "b"].map { entry($0) }
        _ = order.admit(entries, at: start)
        order.ready(reading(entries[1]))
        #expect(order.nextDeadline(patience: .seconds(10)) == start + .seconds(10))
        #expect(order.nextBatch(at: start + .seconds(9), patience: .seconds(10), max: 100).isEmpty)
        #expect(order.nextBatch(at: start + .seconds(10), patience: .seconds(10), max: 100).map(\.pending.key) == ["b"])
        order.ready(reading(entries[0]))
        #expect(order.nextBatch(at: start + .seconds(11), patience: .seconds(10), max: 100).map(\.pending.key) == ["a"])
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
