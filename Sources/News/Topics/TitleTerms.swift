/// The terms of a headline that a model weighs: words and pairs of words; of East Asian text one to three characters.
///
/// Words that say nothing stand only in pairs with others. Each term counts once.
public struct TitleTerms: Sendable {
    struct Term {
        var hash: UInt64
        /// As it stands in the headline, folded.
        var text: String
    }

    private(set) var terms: [Term] = []

    public init(_ title: String) {
        let text = FoldedText(title)
        let words = WordScanner.words(text, limit: Limits.titleTermWordsMax)
        var seen: Set<UInt64> = []
        for start in words.indices {
            var hash: UInt64 = 0
            let longest = words[start].isEastAsian ? 3 : 2
            for end in start..<min(start + longest, words.count) {
                if end > start, !Self.continues(words[end - 1], words[end]) { break }
                hash = FNV.mix(hash &+ words[end].hash)
                if (start...end).allSatisfy({ Self.saysNothing(words[$0]) }) { continue }
                guard seen.insert(hash).inserted else { continue }
                let range = words[start].range.lowerBound..<words[end].range.upperBound
                terms.append(Term(hash: hash, text: String(decoding: text.bytes[range], as: UTF8.self)))
            }
        }
    }

    /// A common word, or one of at most two letters, as articles and prepositions are in many languages.
    private static func saysNothing(_ word: WordScanner.Word) -> Bool {
        !word.isEastAsian && (word.range.count <= 2 || CommonWords.contains(word.hash))
    }

    /// East Asian characters side by side, or two words with a space or a mark between them.
    private static func continues(_ first: WordScanner.Word, _ second: WordScanner.Word) -> Bool {
        guard first.isEastAsian == second.isEastAsian else { return false }
        return !first.isEastAsian || first.range.upperBound == second.range.lowerBound
    }
}
