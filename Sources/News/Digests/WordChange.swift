/// What differs between two sentences, in the fewest words that make sense: `9 ships` and `7 ships`.
public struct WordChange: Sendable, Hashable, Codable {
    /// Empty where words were only added.
    public var old: String
    /// Empty where words were only removed.
    public var new: String

    /// The words between the common beginning and the common end, with the next common word beside them, so that a
    /// number keeps its noun; longer differences are cut at `Self.charactersMax`.
    public init(from old: String, to new: String) {
        let before = CleanText.line(old).split(separator: " ")
        let after = CleanText.line(new).split(separator: " ")
        let shorter = min(before.count, after.count)
        var head = 0
        while head < shorter, before[head] == after[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, before[before.count - 1 - tail] == after[after.count - 1 - tail] { tail += 1 }
        if head > 0 || tail > 0 { tail > 0 ? (tail -= 1) : (head -= 1) }
        self.old = before[head..<(before.count - tail)].joined(separator: " ").cut(to: Self.charactersMax)
        self.new = after[head..<(after.count - tail)].joined(separator: " ").cut(to: Self.charactersMax)
    }

    public init(old: String, new: String) {
        self.old = CleanText.line(old).cut(to: Self.charactersMax)
        self.new = CleanText.line(new).cut(to: Self.charactersMax)
    }

    static let charactersMax = 160

    /// Pairs the sentences that are gone with the new ones that stand in their place: those that share at least half of
    /// their words; the rest stand alone. Order of the old text, then what is only new.
    static func pairs(removed: [String], added: [String]) -> [WordChange] {
        var rest = added
        var changes: [WordChange] = []
        for old in removed {
            let words = Set(CleanText.line(old).split(separator: " "))
            let best = rest.indices.max { likeness(rest[$0], words) < likeness(rest[$1], words) }
            if let best, likeness(rest[best], words) >= 0.5 {
                changes.append(WordChange(from: old, to: rest.remove(at: best)))
            } else {
                changes.append(WordChange(old: old, new: ""))
            }
        }
        return changes + rest.map { WordChange(old: "", new: $0) }
    }

    private static func likeness(_ text: String, _ words: Set<Substring>) -> Double {
        let other = Set(CleanText.line(text).split(separator: " "))
        let union = words.union(other).count
        return union == 0
            ? 0 : Double(words.intersection(other).count) / Double(min(words.count, other.count).clampedPositive)
    }
}

extension Int {
    fileprivate var clampedPositive: Int { Swift.max(self, 1) }
}
