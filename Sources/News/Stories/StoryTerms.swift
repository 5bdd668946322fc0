/// The words that say what a text is about, with their weight in it before rarity counts.
struct StoryTerms: Sendable {
    /// Sorted; at most `termsMax` and a name for each strong entity.
    private(set) var hashes: [UInt32] = []
    /// How often each is there, as far as `countMax`; with `isInTitle` where the title has it and `isListed` where the article is found by it.
    private var counts: [UInt8] = []

    private static let countMax = 0x3F
    private static let isInTitle: UInt8 = 0x80
    private static let isListed: UInt8 = 0x40

    static let termsMax = 160
    /// Those that are there most often, by which an article is found.
    static let listedMax = 48
    /// Words of the text that are looked at: background further down is shared by other stories.
    static let wordsMax = 400
    static let titleWeight = 5
    static let entityWeight = 3

    /// Names that a topic calls strong count too: they are rare or common like words, whatever language they are written in.
    init(_ member: StoryMember) {
        let article = member.article
        var counts: [UInt32: Int] = [:]
        for term in Self.terms(article.title ?? "", limit: 64) { counts[term, default: 0] += Self.titleWeight }
        let title = Set(counts.keys)
        let text = [article.standfirst ?? "", article.text].joined(separator: "\n")
        for term in Self.terms(text, limit: Self.wordsMax) { counts[term, default: 0] += 1 }
        var kept: [(hash: UInt32, count: UInt8)] = []
        for (hash, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(Self.termsMax) {
            let isListed = kept.count < Self.listedMax ? Self.isListed : 0
            let isInTitle = title.contains(hash) ? Self.isInTitle : 0
            kept.append((hash, UInt8(min(count, Self.countMax)) | isListed | isInTitle))
        }
        for entity in member.strongEntities {
            let hash = UInt32(truncatingIfNeeded: FNV.mix(FNV.hash("entity:\(entity)".utf8)))
            kept.append((hash, UInt8(Self.entityWeight) | Self.isListed))
        }
        kept.sort { $0.hash < $1.hash }
        hashes = kept.map(\.hash)
        self.counts = kept.map(\.count)
    }

    /// Terms of the title, sorted.
    var title: [UInt32] { hashes.indices.lazy.filter { counts[$0] & Self.isInTitle != 0 }.map { hashes[$0] } }

    /// Terms by which it is found, sorted.
    var listed: [UInt32] { hashes.indices.lazy.filter { counts[$0] & Self.isListed != 0 }.map { hashes[$0] } }

    var hasTitle: Bool { counts.contains { $0 & Self.isInTitle != 0 } }

    /// Of the term at a place among `hashes`, before rarity counts.
    func weight(at place: Int) -> Double { Self.damped[Int(counts[place]) & Self.countMax] }

    func contains(_ hash: UInt32) -> Bool {
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == hash
    }

    /// By count: 1 + log2, without a maths library: exact for powers of two, linear between them.
    private static let damped: [Double] = (0...countMax).map { count in
        guard count > 0 else { return 0 }
        let doublings = Int.bitWidth - 1 - count.leadingZeroBitCount
        return 1 + Double(doublings) + Double(count - 1 << doublings) / Double(1 << doublings)
    }

    /// Words of spaced scripts, pairs of East Asian characters; common words of English left out.
    private static func terms(_ text: String, limit: Int) -> [UInt32] {
        var terms: [UInt32] = []
        let words = WordScanner.words(FoldedText(text).simplified)
        for (index, word) in words.enumerated() {
            guard terms.count < limit else { break }
            if word.isEastAsian {
                guard index + 1 < words.count, words[index + 1].range.lowerBound == word.range.upperBound else {
                    continue
                }
                terms.append(UInt32(truncatingIfNeeded: FNV.mix(word.hash &+ FNV.mix(words[index + 1].hash))))
            } else if word.range.count > 2 || word.isNumber, !CommonWords.english.contains(word.hash) {
                terms.append(UInt32(truncatingIfNeeded: FNV.mix(word.hash)))
            }
        }
        return terms
    }
}
