/// A few numbers by which two texts under one id are told apart: another version of a text, or another text.
///
/// Where it stands, the words of the headline, and the smallest hashes of all words, pairs of East Asian characters for words
/// there, without those that stand in every English text (bottom-k sketch: Cohen and Kaplan,
/// "Summarizing data using bottom-k sketches", 2007). At most 117 bytes.
public struct EntrySketch: Sendable, Hashable {
    /// A hash of path and query of the address; 0 without one.
    private var place: UInt32 = 0
    /// 16 bits of each different word of the headline, sorted; at most `titleMax`.
    private var title: [UInt16] = []
    /// The smallest 32-bit hashes of the different words, sorted; at most `wordsMax`.
    private var words: [UInt32] = []

    private static let titleMax = 16
    private static let wordsMax = 20

    /// - Parameter title: how many of the words, from the first on, are the headline's.
    init(_ words: EntryWords, title: Int, place: String?) {
        self.place = place.map { UInt32(truncatingIfNeeded: FNV.mix(FNV.hash($0.utf8))) } ?? 0
        var heads = Smallest<UInt16>(most: Self.titleMax)
        var smallest = Smallest<UInt32>(most: Self.wordsMax)
        words.forEachLong { index, hash, word in
            let mixed = UInt32(truncatingIfNeeded: FNV.mix(hash))
            let short = UInt16(truncatingIfNeeded: mixed)
            let isHead = index < title && heads.wants(short)
            guard isHead || smallest.wants(mixed), !CommonWords.contains(word) else { return }
            if isHead { heads.insert(short) }
            smallest.insert(mixed)
        }
        self.title = heads.values
        self.words = smallest.values
    }

    /// The same wherever it stands: for one whose page says that its address is another.
    public var placeless: EntrySketch {
        var sketch = self
        sketch.place = 0
        return sketch
    }

    /// Whether there are words enough for the same ones to be the same text, and no "Today's notices".
    var isTelling: Bool { words.count >= 8 }

    /// A guid or a place in a feed that was used again: address and headline are others, or nothing of the headline is left
    /// and next to nothing of the text.
    public func isAnotherText(than other: EntrySketch) -> Bool {
        if place != 0, other.place != 0, place != other.place, title != other.title { return true }
        let fewer = min(title.count, other.title.count)
        if fewer > 0, title.count(where: other.title.contains) * 4 >= fewer { return false }
        let both = Set(words).union(other.words).sorted().prefix(Self.wordsMax)
        guard !words.isEmpty, !other.words.isEmpty else { return false }
        let shared = both.count { words.contains($0) && other.words.contains($0) }
        return shared * 7 <= both.count
    }

    /// Whether both stand at one address.
    public func isAtPlace(of other: EntrySketch) -> Bool { place != 0 && place == other.place }

    /// Whether the headlines have next to nothing in common; of two texts without one nobody knows.
    public func hasAnotherHeadline(than other: EntrySketch) -> Bool {
        let fewer = min(title.count, other.title.count)
        return fewer > 0 && title.count(where: other.title.contains) * 4 < fewer
    }
}

/// The smallest of the values that are put in, each once, sorted.
private struct Smallest<Value: FixedWidthInteger> {
    /// Of at most 20 places: an array on the heap would cost more than what is done with it.
    let most: Int
    private var places = InlineArray<20, Value>(repeating: 0)
    private var count = 0

    init(most: Int) {
        precondition(most <= places.count)
        self.most = most
    }

    var values: [Value] { (0..<count).map { places[$0] } }

    func wants(_ value: Value) -> Bool { count < most || value < places[count - 1] }

    mutating func insert(_ value: Value) {
        guard wants(value) else { return }
        var place = count
        while place > 0, places[place - 1] >= value { place -= 1 }
        if place < count, places[place] == value { return }
        var index = min(count, most - 1)
        count = index + 1
        while index > place {
            places[index] = places[index - 1]
            index -= 1
        }
        places[place] = value
    }
}

extension EntrySketch {
    /// One byte with the number of headline words, then these, then the place and the other words, big-endian.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + 2 * title.count + 4 + 4 * words.count)
        bytes.append(UInt8(title.count))
        for word in title { bytes.append(big: word) }
        bytes.append(big: place)
        for word in words { bytes.append(big: word) }
        return bytes
    }

    /// Nil for bytes that are none.
    public init?(bytes: [UInt8]) {
        guard let count = bytes.first.map(Int.init), bytes.count >= 5 + 2 * count,
            (bytes.count - 1 - 2 * count) % 4 == 0
        else { return nil }
        title = (0..<count).map { UInt16(bytes[1 + 2 * $0]) << 8 | UInt16(bytes[2 + 2 * $0]) }
        let rest = stride(from: 1 + 2 * count, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        place = rest[0]
        words = Array(rest.dropFirst())
    }
}

extension [UInt8] {
    fileprivate mutating func append<Value: FixedWidthInteger>(big value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }
}
