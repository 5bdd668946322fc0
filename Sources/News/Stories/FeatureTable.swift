/// A number for each feature. Features are hashes already, so that they are their own places: half the time and memory of a
/// dictionary.
struct FeatureTable: Sendable {
    private var slots: [(feature: UInt32, value: Int32)]
    private var usedCount = 0
    /// Of a feature's product with the golden ratio these bits are not in its place.
    private var shift: UInt32

    private static let empty = Int32.min
    /// A feature that has no number any more.
    private static let gone = Int32.min + 1

    init() { self.init(bits: 4) }

    /// For so many features that are looked up far more often than changed: most of its slots are empty.
    init(expecting count: Int) { self.init(bits: tableBits(4 * count)) }

    private init(bits: UInt32) {
        slots = Array(repeating: (0, Self.empty), count: 1 << bits)
        shift = 32 - bits
    }

    subscript(feature: UInt32) -> Int32? {
        get {
            let value = slots[place(of: feature)].value
            return value <= Self.gone ? nil : value
        }
        set {
            let place = place(of: feature)
            if slots[place].value == Self.empty {
                guard let newValue else { return }
                slots[place] = (feature, newValue)
                usedCount += 1
                if usedCount * 4 > slots.count * 3 { grow() }
            } else {
                slots[place].value = newValue ?? Self.gone
            }
        }
    }

    /// The numbers of several features, looked up together: what is read of one does not wait for the other's.
    func values(of features: [UInt32]) -> [Int32?] {
        let first = features.map { slots[home(of: $0)] }
        return zip(features, first).map { feature, slot in
            slot.feature == feature && slot.value > Self.gone ? slot.value : self[feature]
        }
    }

    /// Adds to a feature's number, which is 0 where it has none, and is none when it comes to 0.
    mutating func add(_ count: Int32, to feature: UInt32) {
        let place = place(of: feature)
        if slots[place].value > Self.gone {
            slots[place].value += count
            if slots[place].value == 0 { slots[place].value = Self.gone }
        } else {
            self[feature] = count
        }
    }

    func forEach(_ body: (UInt32, Int32) -> Void) {
        for slot in slots where slot.value > Self.gone { body(slot.feature, slot.value) }
    }

    private func home(of feature: UInt32) -> Int { Int(feature.spread >> shift) }

    /// Where it is, or would be put.
    private func place(of feature: UInt32) -> Int {
        var place = home(of: feature)
        while slots[place].feature != feature, slots[place].value != Self.empty {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    /// Makes room: twice as much, or as much as before where half of it was of features that have no number any more.
    private mutating func grow() {
        let old = slots
        let count = old.count { $0.value > Self.gone }
        if count * 2 > old.count {
            slots = Array(repeating: (0, Self.empty), count: 2 * old.count)
            shift -= 1
        } else {
            slots = Array(repeating: (0, Self.empty), count: old.count)
        }
        usedCount = count
        for slot in old where slot.value > Self.gone { slots[place(of: slot.feature)] = slot }
    }
}

/// Points of the articles that share something with one that is looked up: a small table.
struct SharedPoints {
    private var slots: [(number: Int32, points: Float)]
    private var usedCount = 0
    private var shift: UInt32

    private static let empty: Int32 = -1

    /// - Parameter count: at most so many different articles, as far as is known.
    init(expecting count: Int) {
        let bits = tableBits(2 * count)
        slots = Array(repeating: (Self.empty, 0), count: 1 << bits)
        shift = 32 - bits
    }

    mutating func add(_ points: Float, to number: Int32) {
        var place = place(of: number)
        if slots[place].number == Self.empty {
            if usedCount * 2 >= slots.count {
                grow()
                place = self.place(of: number)
            }
            usedCount += 1
        }
        slots[place] = (number, slots[place].points + points)
    }

    /// In no order.
    func forEach(_ body: (Int32, Float) -> Void) {
        for slot in slots where slot.number != Self.empty { body(slot.number, slot.points) }
    }

    private func place(of number: Int32) -> Int {
        var place = Int(UInt32(bitPattern: number).spread >> shift)
        while slots[place].number != number, slots[place].number != Self.empty {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: (Self.empty, 0), count: 2 * old.count)
        shift -= 1
        for slot in old where slot.number != Self.empty { slots[place(of: slot.number)] = slot }
    }
}

/// Bits of the number of slots of a table: more than so many, and more than 16.
private func tableBits(_ slots: Int) -> UInt32 { UInt32(Int.bitWidth - max(slots, 16).leadingZeroBitCount) }

extension UInt32 {
    /// Its product with the golden ratio, another for each number: small numbers and such as lie side by side are spread evenly
    /// (Knuth, "The Art of Computer Programming", 6.4).
    var spread: UInt32 { self &* 0x9E37_79B1 }
}
