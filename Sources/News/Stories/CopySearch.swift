/// One article among those that may have its text.
///
/// A text is a copy when most of the shorter of both is in the other, or when a part of it is and both begin alike: an editor
/// cuts from the end and puts in a paragraph of his own, while a new report on the same matter has its own beginning and
/// takes its background from an older one. Shingles that are everywhere count for nothing.
struct CopySearch {
    /// An article that has some of its text.
    struct Relative {
        var row: StoryIndex.Row
        var fingerprint: Fingerprint
    }

    struct Found {
        var row: StoryIndex.Row
        var comparison: CopyComparison
    }

    private struct Holders {
        var articles: [Int32] = []
        var isBoilerplate = false
    }

    let search: StorySearch
    /// What was looked up so far, by shingle.
    private var met: [UInt32: Holders] = [:]
    /// And by turn.
    private var fingerprints: [Int64: Fingerprint] = [:]

    init(_ search: StorySearch) { self.search = search }

    /// Articles that share most of the sketch, and how many holders of one shingle are looked at.
    private static let relativesMax = 12
    private static let holdersMax = Postings.visitsMax

    /// The closest article with the same text.
    mutating func closest() throws -> Found? { Self.closest(of: try compared(whole: false)) }

    static func closest(of compared: [Found]) -> Found? {
        var best: Found?
        for found in compared where found.comparison.isCopy {
            guard found.comparison.containment > best?.comparison.containment ?? 0 else { continue }
            // What is like one copy of a text alone took from it what that one had added.
            let copies = compared.filter { $0.row.original == found.row.original }
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
    mutating func compared(whole: Bool) throws -> [Found] {
        let fingerprint = search.article.fingerprint
        guard search.article.foldsCopies, fingerprint.shingleCount >= StoryScale.shinglesMin else { return [] }
        let sketch = sketch(of: fingerprint)
        let candidates = candidates(sketch.hashes)
        let probes = fingerprint.probes
        let kept = Double(Sketch.common(probes, sketch.hashes)) / Double(probes.count)
        var compared: [Found] = []
        for candidate in candidates {
            let share = probeShare(candidate, kept: kept)
            if share < StoryScale.probeShareMin {
                var comparison = CopyComparison(containment: share, beginnings: nil)
                comparison.isOfProbes = true
                compared.append(Found(row: search.row(candidate), comparison: comparison))
                continue
            }
            guard let relative = try relative(candidate),
                relative.fingerprint.shingleCount >= StoryScale.shinglesMin
            else { continue }
            let comparison = try compare(sketch, with: relative, among: candidates, whole: whole)
            compared.append(Found(row: relative.row, comparison: comparison))
        }
        return compared
    }

    /// The containment of the shorter text, as far as the probes alone tell: in a large window most that share one do so by
    /// chance, and are not worth reading.
    /// - Parameter kept: the part of the article's probes that is no boilerplate.
    private func probeShare(_ candidate: StorySearch.Candidate, kept: Double) -> Double {
        let other = Int(search.index.shingleCounts[Int(candidate.number)])
        let expected = ArticleTrace.probesIfContained(search.article.fingerprint.shingleCount, other)
        return Double(candidate.points) / (expected * kept)
    }

    /// Those that share most of some shingles: those most often met first, then the earliest.
    private mutating func candidates(_ hashes: [UInt32]) -> [StorySearch.Candidate] {
        let met = holders(of: Array(hashes.prefix(ArticleTrace.probesMax)))
        var shared = SharedPoints(expecting: met.reduce(0) { $0 + $1.articles.count })
        for holders in met {
            for article in holders.articles { shared.add(1, to: article) }
        }
        var best = Shortlist(limit: Self.relativesMax)
        shared.forEach { number, count in best.add(StorySearch.Candidate(number: number, points: count)) }
        return best.candidates
    }

    /// - Returns: nil where the shelf has it no more.
    private mutating func relative(_ candidate: StorySearch.Candidate) throws -> Relative? {
        let row = search.row(candidate)
        guard let fingerprint = try fingerprints[row.turn] ?? search.shelf.fingerprint(at: row.turn) else { return nil }
        fingerprints[row.turn] = fingerprint
        return Relative(row: row, fingerprint: fingerprint)
    }

    /// The newest articles that are found by each shingle.
    private mutating func holders(of hashes: [UInt32]) -> [Holders] {
        zip(hashes, search.index.byShingle.find(hashes)).map { hash, found in
            if let known = met[hash] { return known }
            var holders = Holders()
            search.index.byShingle.forEach(found, limit: Self.holdersMax, where: search.index.isCurrent) {
                holders.articles.append($0)
            }
            if holders.articles.count >= StoryScale.boilerplateArticles {
                let texts = Set(holders.articles.map { search.index.rows[Int($0)].original })
                holders.isBoilerplate = texts.count >= StoryScale.boilerplateTexts
            }
            // Most have none, and are not asked for again.
            if !holders.articles.isEmpty { met[hash] = holders }
            return holders
        }
    }

    private mutating func compare(
        _ sketch: Sketch, with relative: Relative, among candidates: [StorySearch.Candidate], whole: Bool
    ) throws -> CopyComparison {
        let other = self.sketch(of: relative.fingerprint)
        var comparison = CopyComparison(
            containment: sketch.containment(other), beginnings: sketch.beginnings(other))
        guard whole || comparison.isEnough else { return comparison }
        comparison.isOfOneTemplate = search.article.fingerprint.isOfOneTemplate(relative.fingerprint)
        guard whole || !comparison.isOfOneTemplate else { return comparison }
        // Whichever of the three came last.
        let rest = sketch.without(other)
        let othersRest = other.without(sketch)
        comparison.isMadeOfTwo = try !rest.isEmpty && isElsewhere(rest, in: candidates, than: relative)
        if !comparison.isMadeOfTwo, !othersRest.isEmpty {
            comparison.isMadeOfTwo = try isElsewhere(othersRest, in: self.candidates(othersRest), than: relative)
        }
        return comparison
    }

    /// Whether most of what two texts do not have in common is in a third.
    private mutating func isElsewhere(
        _ rest: [UInt32], in candidates: [StorySearch.Candidate], than other: Relative
    ) throws -> Bool {
        try candidates.contains { candidate in
            let row = search.row(candidate)
            guard row.original != other.row.original, row.name != search.article.name,
                let third = try relative(candidate)
            else { return false }
            let seen = rest.prefix { $0 <= third.fingerprint.cutoff }
            guard seen.count >= StoryScale.restHashes else { return false }
            let common = Sketch.common(seen, third.fingerprint.hashes)
            return Double(common) >= StoryScale.restElsewhere * Double(seen.count)
        }
    }

    private mutating func sketch(of fingerprint: Fingerprint) -> Sketch {
        var sketch = Sketch(fingerprint)
        // The others are in too few articles' probes to be told from what is rare.
        let last = fingerprint.probes.last ?? 0
        sketch.drop { $0 <= last && search.index.byShingle.isFrequent($0) && holders(of: [$0])[0].isBoilerplate }
        return sketch
    }
}
