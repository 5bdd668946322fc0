/// How a text begins: a copy keeps the opening, a new report on the same background writes its own.
struct Opening: Sendable {
    /// Hashes of the word triples of the first `headWords`, and of the first `reachWords`, sorted.
    private let head: [UInt32]
    private let reach: [UInt32]

    /// About two paragraphs, and where an editor's cuts or a newsletter box may have moved them to.
    static let headWords = 60
    static let reachWords = 240

    init(_ article: Article) {
        var triples: [UInt32] = []
        var last: [UInt64] = []
        paragraphs: for paragraph in article.paragraphs {
            for word in WordScanner.words(FoldedText(paragraph), limit: Self.reachWords) {
                last.append(word.hash)
                if last.count > 3 { last.removeFirst() }
                guard last.count == 3 else { continue }
                triples.append(UInt32(truncatingIfNeeded: last.reduce(FNV.offset) { FNV.mix($0 ^ $1) }))
                if triples.count >= Self.reachWords { break paragraphs }
            }
        }
        head = Set(triples.prefix(Self.headWords)).sorted()
        reach = Set(triples).sorted()
    }

    /// The share of either text's head that stands near the other's beginning, 0 to 1, the mean of both ways: one way alone
    /// is a report that repeats the other's lead as background.
    func overlap(_ other: Opening) -> Double { (share(head, in: other.reach) + share(other.head, in: reach)) / 2 }

    private func share(_ head: [UInt32], in reach: [UInt32]) -> Double {
        guard !head.isEmpty else { return 0 }
        var common = 0
        var index = 0
        for hash in head {
            while index < reach.count, reach[index] < hash { index += 1 }
            if index < reach.count, reach[index] == hash { common += 1 }
        }
        return Double(common) / Double(head.count)
    }
}
