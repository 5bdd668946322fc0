/// A few numbers by which two texts under one id are told apart: another version of a text, or another text.
///
/// Where it stands, the words of the headline, and the smallest hashes of all words (bottom-k sketch: Cohen and Kaplan,
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

    init(title: [[UInt8]], words: [[UInt8]], place: String?) {
        self.place = place.map { UInt32(truncatingIfNeeded: FNV.mix(FNV.hash($0.utf8))) } ?? 0
        let hashes = Self.hashes(title)
        self.title = Array(Set(hashes.map { UInt16(truncatingIfNeeded: $0) }).sorted().prefix(Self.titleMax))
        self.words = Array(Set(Self.hashes(words)).sorted().prefix(Self.wordsMax))
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

    /// Whether the headlines have next to nothing in common; of two texts without one nobody knows.
    public func hasAnotherHeadline(than other: EntrySketch) -> Bool {
        let fewer = min(title.count, other.title.count)
        return fewer > 0 && title.count(where: other.title.contains) * 4 < fewer
    }

    /// Words of spaced scripts, pairs of East Asian characters, without those that stand in every English text.
    private static func hashes(_ words: [[UInt8]]) -> [UInt32] {
        var hashes: [UInt32] = []
        for (index, word) in words.enumerated() where word.count > 1 {
            var hash = FNV.hash(word)
            if CommonWords.english.contains(hash) { continue }
            if word[0] >= 0xE3, index + 1 < words.count, words[index + 1][0] >= 0xE3 {
                hash = words[index + 1].reduce(hash, FNV.step)
            }
            hashes.append(UInt32(truncatingIfNeeded: FNV.mix(hash)))
        }
        return hashes
    }
}

extension EntrySketch {
    /// One byte with the number of headline words, then these, then the place and the other words, big-endian.
    public var bytes: [UInt8] {
        [UInt8(title.count)] + title.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            + ([place] + words).flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
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
