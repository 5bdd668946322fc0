/// One article looked up in the indexes.
struct StorySearch {
    let article: IndexedArticle
    let indexes: [StoryIndex]

    /// An article of an index.
    struct Candidate {
        var index: Int
        var number: Int32
        var similarity = 0.0
    }

    func row(_ candidate: Candidate) -> StoryIndex.Row { indexes[candidate.index].rows[Int(candidate.number)] }

    /// How many articles in all, and with a term.
    var count: Int { indexes.reduce(0) { $0 + $1.count } }

    func count(_ term: UInt32) -> Int {
        var count = 0
        // By place: a copy of an index would cost more than the look-up.
        for place in indexes.indices { count += indexes[place].byTerm.count(term) }
        return count
    }

    /// The articles that share most of some features: those most often met first, then the earliest; at most `limit`.
    func candidates(
        _ features: some Sequence<UInt32>, _ postings: KeyPath<StoryIndex, Postings>, visits: Int, limit: Int,
        weight: (UInt32) -> Double
    ) -> [Candidate] {
        var best = Shortlist(limit: limit)
        let features = Array(features)
        for (position, index) in indexes.enumerated() {
            let postings = index[keyPath: postings]
            var sums: [Int32: Double] = [:]
            sums.reserveCapacity(features.reduce(0) { $0 + min(visits, postings.count($1)) })
            for feature in features {
                let points = weight(feature)
                postings.forEach(feature, limit: visits, where: index.isCurrent) { sums[$0, default: 0] += points }
            }
            let own = index.number(of: article.key)
            for (number, sum) in sums where number != own {
                best.add(Candidate(index: position, number: number, similarity: sum))
            }
        }
        return best.candidates
    }
}

/// The first `limit` of many candidates, without sorting them all.
private struct Shortlist {
    let limit: Int
    /// In order.
    private(set) var candidates: [StorySearch.Candidate] = []

    init(limit: Int) { self.limit = limit }

    mutating func add(_ candidate: StorySearch.Candidate) {
        if candidates.count == limit {
            guard let last = candidates.last, Self.precedes(candidate, last) else { return }
            candidates.removeLast()
        }
        var place = candidates.count
        while place > 0, Self.precedes(candidate, candidates[place - 1]) { place -= 1 }
        candidates.insert(candidate, at: place)
    }

    private static func precedes(_ a: StorySearch.Candidate, _ b: StorySearch.Candidate) -> Bool {
        (-a.similarity, a.index, a.number) < (-b.similarity, b.index, b.number)
    }
}

extension StorySearch {
    func newStory() -> Placement {
        let id = article.storyID { url in
            indexes.contains { $0.holders(of: url).contains { $0.article.key != article.key } }
        }
        return Placement(kind: .new(id), reason: "no earlier article on the same event")
    }
}

// MARK: Copies

extension StorySearch {
    /// Another source lists the very page: an aggregator, or the outlet's second feed.
    func sameAddress() -> Placement? {
        for url in article.urls {
            let holders = indexes.flatMap { $0.holders(of: url) }
            // A page that one source gives to several entries is its front page or a live blog, not an article.
            let perSource = Dictionary(grouping: holders, by: \.article.key.source)
            guard let first = holders.first, perSource.values.allSatisfy({ $0.count == 1 }),
                perSource[article.key.source] == nil
            else { continue }
            return Placement(
                kind: .copy(of: first.article.key, story: first.story),
                reason: "same page as \(first.article.key.source): \(url)")
        }
        return nil
    }

    /// The same text, whole or in part, with an editor's small changes.
    func sameText() -> Placement? {
        guard article.fingerprint.shingleCount >= StoryScale.shinglesMin else { return nil }
        var best: (row: StoryIndex.Row, containment: Double)?
        let probes = article.fingerprint.hashes.prefix(StoryIndex.probesMax)
        for candidate in candidates(probes, \.byShingle, visits: 64, limit: 12, weight: { _ in 1 }) {
            let row = row(candidate)
            guard row.article.fingerprint.shingleCount >= StoryScale.shinglesMin else { continue }
            let containment = article.fingerprint.containment(row.article.fingerprint)
            guard containment > best?.containment ?? 0, isCopy(row.article, containment),
                sameNumbers(row.article, containment)
            else { continue }
            best = (row, containment)
        }
        guard let best else { return nil }
        let percent = Int((best.containment * 100).rounded())
        return Placement(
            kind: .copy(of: best.row.article.key, story: best.row.story),
            reason: "same text as \(best.row.article.key.source): \(percent) % of the shorter one")
    }

    /// A new report that quotes half a page of an older one is not its copy: a copy of less than most of a text begins alike.
    private func isCopy(_ other: IndexedArticle, _ containment: Double) -> Bool {
        if containment >= StoryScale.copy { return true }
        return containment >= StoryScale.copyThatBeginsAlike
            && article.opening.overlap(other.opening) >= StoryScale.beginsAlike
    }

    /// Reports made from a template share their words and differ in their numbers.
    private func sameNumbers(_ other: IndexedArticle, _ containment: Double) -> Bool {
        let (small, large) =
            article.numbers.count <= other.numbers.count
            ? (article.numbers, other.numbers) : (other.numbers, article.numbers)
        guard small.count >= 4, containment < StoryScale.copyWhateverNumbers else { return true }
        let known = Set(large)
        let shared = small.count(where: known.contains)
        return Double(shared) >= Double(small.count) * StoryScale.sharedNumbers
    }
}
