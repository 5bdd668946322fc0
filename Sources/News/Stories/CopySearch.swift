/// One article among those that may have its text.
///
/// A text is a copy when most of the shorter of both is in the other, or when a part of it is and both begin alike: an editor
/// cuts from the end and puts in a paragraph of his own, while a new report on the same matter has its own beginning and
/// takes its background from an older one. Shingles that are everywhere count for nothing.
struct CopySearch {
    struct Found {
        var row: StoryIndex.Row
        var comparison: CopyComparison
    }

    let search: StorySearch
    /// What is known of shingles so far: whether each is boilerplate.
    private var usual: [UInt32: Bool] = [:]

    init(_ search: StorySearch) { self.search = search }

    /// Articles that share most of the sketch, and how many holders of one shingle are looked at.
    private static let candidatesMax = 12
    private static let holdersMax = 64

    /// The closest article with the same text.
    mutating func closest() -> Found? { Self.closest(of: compared(whole: false)) }

    static func closest(of compared: [Found]) -> Found? {
        var best: Found?
        for found in compared where found.comparison.isCopy {
            guard found.comparison.containment > best?.comparison.containment ?? 0 else { continue }
            // What is like one copy of a text alone took from it what that one had added.
            let copies = compared.filter { $0.row.hasTextOf(found.row) }
            if found.comparison.containment >= StoryScale.copy
                || copies.count(where: \.comparison.isCopy) * 2 >= copies.count
            {
                best = found
            }
        }
        return best
    }

    /// The articles that share most with this one, each compared with it.
    /// - Parameter whole: also in what decides nothing any more.
    mutating func compared(whole: Bool) -> [Found] {
        guard search.article.fingerprint.shingleCount >= StoryScale.shinglesMin else { return [] }
        let sketch = sketch(of: search.article)
        let rows = candidates(sketch.hashes)
        var compared: [Found] = []
        for row in rows where row.article.fingerprint.shingleCount >= StoryScale.shinglesMin {
            compared.append(Found(row: row, comparison: compare(sketch, with: row, among: rows, whole: whole)))
        }
        return compared
    }

    private func candidates(_ hashes: [UInt32]) -> [StoryIndex.Row] {
        search.candidates(
            hashes, \.byShingle, among: \.isCurrent, visits: Self.holdersMax, limit: Self.candidatesMax,
            weight: { _ in 1 }
        ).map(search.row)
    }

    private mutating func compare(
        _ sketch: Sketch, with row: StoryIndex.Row, among rows: [StoryIndex.Row], whole: Bool
    ) -> CopyComparison {
        let other = self.sketch(of: row.article)
        var comparison = CopyComparison(
            containment: sketch.containment(other), beginnings: sketch.beginnings(other))
        guard whole || comparison.isEnough else { return comparison }
        comparison.isOfOneTemplate = search.article.fingerprint.isOfOneTemplate(row.article.fingerprint)
        guard whole || !comparison.isOfOneTemplate else { return comparison }
        // Whichever of the three came last.
        let rest = sketch.without(other)
        let othersRest = other.without(sketch)
        comparison.isMadeOfTwo =
            !rest.isEmpty && isElsewhere(rest, in: rows, than: row)
            || !othersRest.isEmpty && isElsewhere(othersRest, in: candidates(othersRest), than: row)
        return comparison
    }

    /// Whether most of what two texts do not have in common is in a third.
    private func isElsewhere(_ rest: [UInt32], in rows: [StoryIndex.Row], than row: StoryIndex.Row) -> Bool {
        rows.contains { third in
            guard !third.hasTextOf(row), third.article.key != search.article.key else { return false }
            let fingerprint = third.article.fingerprint
            let seen = rest.prefix { $0 <= fingerprint.cutoff }
            guard seen.count >= StoryScale.restHashes else { return false }
            let common = Sketch.common(seen, fingerprint.hashes)
            return Double(common) >= StoryScale.restElsewhere * Double(seen.count)
        }
    }

    private mutating func sketch(of article: IndexedArticle) -> Sketch {
        var sketch = Sketch(article.fingerprint)
        sketch.drop { isBoilerplate($0) }
        return sketch
    }

    private mutating func isBoilerplate(_ hash: UInt32) -> Bool {
        if let known = usual[hash] { return known }
        let articles = search.indexes.indices.reduce(0) { $0 + search.indexes[$1].byShingle.count(hash) }
        var isUsual = false
        if articles >= StoryScale.boilerplateArticles {
            var texts: Set<MemberKey> = []
            for place in search.indexes.indices {
                search.indexes[place].byShingle.forEach(
                    hash, limit: Self.holdersMax, where: search.indexes[place].isCurrent
                ) { texts.insert(search.indexes[place].rows[Int($0)].article.original) }
            }
            isUsual = texts.count >= StoryScale.boilerplateTexts
        }
        usual[hash] = isUsual
        return isUsual
    }
}

extension StoryIndex.Row {
    fileprivate func hasTextOf(_ other: StoryIndex.Row) -> Bool { article.original == other.article.original }
}

extension StorySearch {
    /// The same text, whole or in part, with an editor's small changes.
    func sameText() -> Placement? {
        var copies = CopySearch(self)
        guard let found = copies.closest() else { return nil }
        let percent = Int((found.comparison.containment * 100).rounded())
        return Placement(
            kind: .copy(of: found.row.article.original, story: found.row.story),
            reason: "same text as \(found.row.article.key.source): \(percent) % of the shorter one")
    }
}
