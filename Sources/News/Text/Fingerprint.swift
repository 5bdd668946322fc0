/// What is kept of a text to recognise copies of it: a sketch of its shingles, and its numbers with the words around them.
///
/// A shingle is five words, ten East Asian characters, or as much of both, over folded text with Chinese in one script, so that
/// typography, case and markup do not count, and a text in two scripts has the same shingles whichever of them prevails. The
/// sketch is the `sizeMax` smallest of their hashes (Broder, "On the resemblance and containment of documents", 1997): below the
/// smaller of two cut-offs both sketches are complete, so containment can be estimated between texts of very different lengths.
public struct Fingerprint: Sendable, Hashable {
    /// Sorted, without duplicates; at most `sizeMax`.
    public var hashes: [UInt32]
    /// For each hash how many shingles stand before it, at most 255; empty in one that was stored before places were kept.
    public var places: [UInt8]
    /// How many different shingles the whole text has.
    public var shingleCount: Int
    /// The numbers of the text, sorted: the hash of the words around each in the upper half, its own in the lower. The
    /// smallest `figuresMax`, so that two texts keep the same ones.
    public var figures: [UInt64]

    public init(hashes: [UInt32], places: [UInt8] = [], shingleCount: Int, figures: [UInt64] = []) {
        self.hashes = hashes
        self.places = places
        self.shingleCount = shingleCount
        self.figures = figures
    }

    /// Of a text that is like no other.
    public static let none = Fingerprint(hashes: [], shingleCount: 0)

    /// Hashes kept of one text: 480 bytes with their places.
    public static let sizeMax = 96
    /// Numbers kept of one text.
    public static let figuresMax = 32

    /// The title does not count, as outlets write their own.
    public init(article: Article) { self.init(text: article.text) }

    /// Of any text; linear in its length, but for the sorting.
    public init(text: String) {
        let words = WordScanner.words(FoldedText(text).simplified)
        // The earliest of equal shingles comes first.
        let sorted = Self.shingles(of: words).enumerated().map { UInt64($1) << 32 | UInt64($0) }.sorted()
        var hashes: [UInt32] = []
        var places: [UInt8] = []
        var count = 0
        var last: UInt32?
        for shingle in sorted {
            let hash = UInt32(shingle >> 32)
            guard hash != last else { continue }
            last = hash
            count += 1
            guard count <= Self.sizeMax else { continue }
            hashes.append(hash)
            places.append(UInt8(min(shingle & 0xFFFF_FFFF, 255)))
        }
        self.init(hashes: hashes, places: places, shingleCount: count, figures: Self.figures(of: words))
    }

    /// Up to this hash the sketch is complete.
    var cutoff: UInt32 { hashes.count < shingleCount ? hashes.last ?? 0 : .max }

    /// What a shingle weighs where an East Asian character weighs 1 and a word 2.
    private static let shingleWeight = 10

    /// Hashes of the shingles, in the order of the text; of one that is too short for any the hash of the whole.
    private static func shingles(of words: [WordScanner.Word]) -> [UInt32] {
        var shingles: [UInt32] = []
        shingles.reserveCapacity(words.count)
        var end = 0
        var weight = 0
        for start in words.indices {
            while end < words.count, weight < shingleWeight {
                weight += words[end].isEastAsian ? 1 : 2
                end += 1
            }
            if weight < shingleWeight {
                if start == 0 { shingles.append(hash(words[...])) }
                break
            }
            shingles.append(hash(words[start..<end]))
            weight -= words[start].isEastAsian ? 1 : 2
        }
        return shingles
    }

    private static func hash(_ words: ArraySlice<WordScanner.Word>) -> UInt32 {
        UInt32(truncatingIfNeeded: words.reduce(FNV.offset) { FNV.mix($0 ^ $1.hash) })
    }

    /// Two words before a number and one behind it, any other number among them being as good as another.
    private static func figures(of words: [WordScanner.Word]) -> [UInt64] {
        var figures: Set<UInt64> = []
        for (index, word) in words.enumerated() where word.isNumber {
            let before = index > 0 && words[index - 1].isEastAsian ? 4 : 2
            let around = words[max(0, index - before)..<index] + words[(index + 1)...].prefix(1)
            let context = around.reduce(FNV.offset) { FNV.mix($0 ^ ($1.isNumber ? 0 : $1.hash)) }
            figures.insert(context & ~0xFFFF_FFFF | FNV.mix(word.hash) & 0xFFFF_FFFF)
        }
        return Array(figures.sorted().prefix(figuresMax))
    }
}
