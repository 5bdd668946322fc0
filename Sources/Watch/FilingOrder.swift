import News

/// Which of the pending entries the desk files next.
///
/// Entries are filed in the order of their polls, source ids and keys, so that the same entries make the same stories
/// whichever page was read first. One that is not ready is waited for until its own deadline and then passed over; it is
/// filed when it is ready.
struct FilingOrder {
    struct Place: Hashable, Comparable {
        var seen: Timestamp
        var key: MemberKey
        static func < (a: Place, b: Place) -> Bool {
            (a.seen, a.key.source, a.key.key) < (b.seen, b.key.source, b.key.key)
        }
        init(_ entry: PendingEntry) {
            seen = entry.seen
            key = MemberKey(source: entry.source, key: entry.key)
        }
    }

    private struct Slot {
        var place: Place
        var entry: PendingEntry
        var admitted: Timestamp
        /// It was asked once whether it can do without its page.
        var isAsked = false
    }

    /// Sorted by place.
    private var slots: [Slot] = []
    private var places: Set<Place> = []
    private var readings: [Place: Reading] = [:]

    var isEmpty: Bool { slots.isEmpty }

    /// What is expected and not filed yet.
    var keys: Set<MemberKey> { Set(slots.map(\.place.key)) }

    func contains(_ entry: PendingEntry) -> Bool { places.contains(Place(entry)) }

    /// Expects these entries; those already expected are left as they are and not returned.
    mutating func admit(_ entries: [PendingEntry], at now: Timestamp) -> [PendingEntry] {
        let unknown = entries.filter { places.insert(Place($0)).inserted }
        guard !unknown.isEmpty else { return [] }
        slots += unknown.map { Slot(place: Place($0), entry: $0, admitted: now) }
        slots.sort { $0.place < $1.place }
        return unknown
    }

    mutating func ready(_ reading: Reading) {
        let place = Place(reading.pending)
        if places.contains(place) { readings[place] = reading }
    }

    /// It will not come: it stays pending in the database for a later sweep.
    mutating func giveUp(_ entry: PendingEntry) { remove([Place(entry)]) }

    /// The next batch, in order; empty when there is something to wait for.
    ///
    /// Without a patience a batch is full or holds everything that is expected, so that its extent does not depend on which
    /// page was read first. With one it holds what is ready, up to the first entry that is not and may still be waited for.
    /// - Parameter patience: how long an entry is waited for; nil waits for every one.
    mutating func nextBatch(at now: Timestamp, patience: Duration?, max limit: Int) -> [Reading] {
        var batch: [Place] = []
        for slot in slots {
            if readings[slot.place] != nil {
                batch.append(slot.place)
                if batch.count == limit { break }
            } else if patience.map({ slot.admitted + $0 > now }) ?? true {
                break
            }
        }
        guard patience != nil || batch.count == limit || batch.count == slots.count else { return [] }
        defer { remove(Set(batch)) }
        return batch.compactMap { readings[$0] }
    }

    /// The entries that are not ready `wait` after they were expected, each once.
    mutating func late(at now: Timestamp, after wait: Duration) -> [PendingEntry] {
        var late: [PendingEntry] = []
        for index in slots.indices where slots[index].admitted + wait <= now && !slots[index].isAsked {
            slots[index].isAsked = true
            if readings[slots[index].place] == nil { late.append(slots[index].entry) }
        }
        return late
    }

    /// When `nextBatch` or `late` is worth another look though nothing new is ready; nil when nothing is waited for.
    func nextDeadline(after now: Timestamp, patience: Duration, late: Duration) -> Timestamp? {
        slots.lazy.filter { readings[$0.place] == nil }.compactMap { slot in
            [slot.admitted + patience, slot.admitted + late].filter { $0 > now }.min()
        }.min()
    }

    private mutating func remove(_ taken: Set<Place>) {
        slots.removeAll { taken.contains($0.place) }
        places.subtract(taken)
        for place in taken { readings[place] = nil }
    }
}
