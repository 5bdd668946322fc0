import News

/// Which of the pending entries the desk files next.
///
/// Entries are filed in the order of their polls, source ids and keys, so that the same entries make the same stories
/// whichever page was read first. One that is not ready is waited for until a deadline and then passed over; it is filed
/// when it is ready.
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
        var admitted: Timestamp
    }

    /// Sorted by place.
    private var slots: [Slot] = []
    private var places: Set<Place> = []
    private var readings: [Place: Reading] = [:]

    var isEmpty: Bool { slots.isEmpty }

    /// Expects these entries; those already expected are left as they are and not returned.
    mutating func admit(_ entries: [PendingEntry], at now: Timestamp) -> [PendingEntry] {
        let unknown = entries.filter { places.insert(Place($0)).inserted }
        guard !unknown.isEmpty else { return [] }
        slots += unknown.map { Slot(place: Place($0), admitted: now) }
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
    /// - Parameter patience: how long an entry is waited for; nil waits for every one.
    mutating func nextBatch(at now: Timestamp, patience: Duration?, max limit: Int) -> [Reading] {
        let isOverdue = patience.map { patience in slots.contains { $0.admitted + patience <= now } } ?? false
        let ready =
            isOverdue
            ? slots.filter { readings[$0.place] != nil } : Array(slots.prefix { readings[$0.place] != nil })
        guard ready.count >= limit || ready.count == slots.count || isOverdue else { return [] }
        let batch = ready.prefix(limit).map(\.place)
        defer { remove(Set(batch)) }
        return batch.compactMap { readings[$0] }
    }

    /// When `nextBatch` is worth another look though nothing new is ready.
    func nextDeadline(patience: Duration) -> Timestamp? {
        readings.isEmpty ? nil : slots.map(\.admitted).min().map { $0 + patience }
    }

    private mutating func remove(_ taken: Set<Place>) {
        slots.removeAll { taken.contains($0.place) }
        places.subtract(taken)
        for place in taken { readings[place] = nil }
    }
}
