/// "Did you mean": the nearest of a few known words.
enum Spelling {
    /// Longer words are not compared; nobody mistypes them into a key.
    private static let lengthMax = 64

    /// The known word with the fewest slips, at most two and at most a third of its length; the first of several.
    static func nearest(to word: String, among known: [String]) -> String? {
        guard word.utf8.count <= lengthMax else { return nil }
        let typed = Array(word.lowercased().unicodeScalars)
        var best: (word: String, slips: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased().unicodeScalars)
            let slips = distance(typed, letters)
            guard slips <= max(1, min(2, letters.count / 3)), slips < letters.count, slips < best?.slips ?? Int.max
            else { continue }
            best = (candidate, slips)
        }
        return best?.word
    }

    /// Letters left out, added, changed, or swapped with a neighbour: the optimal string alignment form of the
    /// Damerau-Levenshtein distance. Takes time in proportion to both lengths multiplied.
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for row in a.indices {
            var current = [row + 1]
            current.reserveCapacity(b.count + 1)
            for column in b.indices {
                var slips = min(last[column + 1] + 1, current[column] + 1, last[column] + (a[row] == b[column] ? 0 : 1))
                if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
                    slips = min(slips, beforeLast[column - 1] + 1)
                }
                current.append(slips)
            }
            beforeLast = last
            last = current
        }
        return last[b.count]
    }
}
