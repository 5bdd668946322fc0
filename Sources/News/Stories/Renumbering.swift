/// The numbers that articles have from now on: a bit each, so that those of a million fit a processor's cache while all that the
/// index holds is written anew.
struct Renumbering {
    /// For each article: it is kept.
    private var words: [UInt64]
    /// For each word how many articles before it are kept; none where every article keeps its number.
    private var ranks: [Int32] = []
    /// How many numbers there are from now on.
    let count: Int

    /// Those that are kept keep their numbers as well.
    init(keeping isKept: [Bool]) {
        words = Self.words(isKept)
        count = isKept.count
    }

    /// Those that are kept close up.
    init(closingUp isKept: [Bool]) {
        words = Self.words(isKept)
        var kept = 0
        for word in words {
            ranks.append(Int32(kept))
            kept += word.nonzeroBitCount
        }
        count = kept
    }

    private static func words(_ isKept: [Bool]) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (isKept.count + 63) / 64)
        for (number, isKept) in isKept.enumerated() where isKept { words[number / 64] |= 1 << UInt64(number % 64) }
        return words
    }

    /// nil: it is gone.
    subscript(number: Int32) -> Int32? {
        words[Int(number) / 64] >> UInt64(number % 64) & 1 == 0 ? nil : self.number(of: number)
    }

    /// Of one that is kept.
    func number(of kept: Int32) -> Int32 {
        guard !ranks.isEmpty else { return kept }
        let (word, bit) = (Int(kept) / 64, UInt64(kept % 64))
        return ranks[word] + Int32((words[word] & (1 << bit - 1)).nonzeroBitCount)
    }
}
