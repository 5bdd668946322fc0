/// The words that say what a text is about, with their weight in it before rarity counts.
struct StoryTerms: Sendable {
    struct Term: Sendable {
        var hash: UInt32
        var weight: Float
    }

    /// Sorted by hash; at most `termsMax`.
    private(set) var terms: [Term] = []
    /// Terms of the title, sorted.
    private(set) var title: [UInt32] = []

    /// Of an article that nothing follows up any more.
    static let none = StoryTerms()

    private init() {}

    static let termsMax = 160
    /// Words of the text that are looked at: background further down is shared by other stories.
    static let wordsMax = 400
    static let titleWeight = 5
    static let entityWeight = 3

    init(_ article: Article) {
        var counts: [UInt32: Int] = [:]
        let title = Self.terms(article.title ?? "", limit: 64)
        for term in title { counts[term, default: 0] += Self.titleWeight }
        let text = [article.standfirst ?? "", article.text].joined(separator: "\n")
        for term in Self.terms(text, limit: Self.wordsMax) { counts[term, default: 0] += 1 }
        let kept = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.termsMax)
        terms = kept.map { Term(hash: $0.key, weight: Self.damped($0.value)) }.sorted { $0.hash < $1.hash }
        self.title = Set(title).sorted()
    }

    func contains(_ hash: UInt32) -> Bool {
        var low = 0
        var high = terms.count
        while low < high {
            let middle = (low + high) / 2
            if terms[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return low < terms.count && terms[low].hash == hash
    }

    /// Adds names that a topic calls strong: they are rare or common like words, whatever language they are written in.
    mutating func add(_ entities: [EntityID]) {
        guard !entities.isEmpty else { return }
        let names = entities.map {
            Term(
                hash: UInt32(truncatingIfNeeded: FNV.mix(FNV.hash("entity:\($0)".utf8))),
                weight: Self.damped(Self.entityWeight))
        }
        terms = (terms + names).sorted { $0.hash < $1.hash }
    }

    private static func damped(_ count: Int) -> Float {
        // 1 + log2, without a maths library: exact for powers of two, linear between them.
        let doublings = Int.bitWidth - 1 - count.leadingZeroBitCount
        return 1 + Float(doublings) + Float(count - 1 << doublings) / Float(1 << doublings)
    }

    /// Words of spaced scripts, pairs of East Asian characters; common words of English left out.
    private static func terms(_ text: String, limit: Int) -> [UInt32] {
        var terms: [UInt32] = []
        let words = WordScanner.words(FoldedText(text))
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
