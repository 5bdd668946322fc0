/// What is kept of a text to recognise copies of it: a sketch of its shingles.
///
/// Shingles are five words long (ten characters where most words are East Asian), over folded text, so that typography, case
/// and markup do not count. The sketch is the `sizeMax` smallest of their hashes (Broder, "On the resemblance and containment
/// of documents", 1997): below the larger of two cut-offs both sketches are complete, so containment can be
/// estimated between texts of very different lengths.
public struct Fingerprint: Sendable, Hashable, Codable {
    /// Sorted, without duplicates; at most `sizeMax`.
    public var hashes: [UInt32]
    /// How many different shingles the whole text has.
    public var shingleCount: Int

    public init(hashes: [UInt32], shingleCount: Int) {
        self.hashes = hashes
        self.shingleCount = shingleCount
    }

    /// Hashes kept of one text: 2 KB.
    public static let sizeMax = 512

    /// The title does not count, as outlets write their own.
    public init(article: Article) { self.init(text: article.text) }

    /// Of any text; linear in its length.
    public init(text: String) {
        let words = WordScanner.words(FoldedText(text))
        let eastAsian = words.reduce(0) { $0 + ($1.isEastAsian ? 1 : 0) }
        let length = eastAsian * 2 > words.count ? 10 : 5
        var hashes: [UInt32] = []
        if words.count >= length {
            hashes.reserveCapacity(words.count)
            for start in 0...(words.count - length) {
                var hash = FNV.offset
                for word in words[start..<start + length] { hash = FNV.mix(hash ^ word.hash) }
                hashes.append(UInt32(truncatingIfNeeded: hash))
            }
        } else if !words.isEmpty {
            hashes = [UInt32(truncatingIfNeeded: words.reduce(FNV.offset) { FNV.mix($0 ^ $1.hash) })]
        }
        hashes.sort()
        var distinct: [UInt32] = []
        distinct.reserveCapacity(hashes.count)
        for hash in hashes where distinct.last != hash { distinct.append(hash) }
        self.init(hashes: Array(distinct.prefix(Self.sizeMax)), shingleCount: distinct.count)
    }

    /// The share, 0 to 1, of the smaller text's shingles that the other one has too, estimated from the sketches.
    public func containment(_ other: Fingerprint) -> Double {
        let shared = overlap(other)
        return shared.of == 0 ? 0 : Double(shared.common) / Double(shared.of)
    }

    /// How many hashes of the smaller text's part that both sketches cover are in both, and how many there are.
    public func overlap(_ other: Fingerprint) -> (common: Int, of: Int) {
        let (small, large) = shingleCount <= other.shingleCount ? (self, other) : (other, self)
        let cutoff = min(small.cutoff, large.cutoff)
        var common = 0
        var of = 0
        var index = 0
        for hash in small.hashes {
            guard hash <= cutoff else { break }
            of += 1
            while index < large.hashes.count, large.hashes[index] < hash { index += 1 }
            if index < large.hashes.count, large.hashes[index] == hash { common += 1 }
        }
        return (common, of)
    }

    /// Up to this hash the sketch is complete.
    private var cutoff: UInt32 { hashes.count < shingleCount ? hashes.last ?? 0 : .max }
}
