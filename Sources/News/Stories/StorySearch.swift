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

    /// How many articles have terms, and how many this one.
    var count: Int { indexes.reduce(0) { $0 + $1.termedCount } }

    func count(_ term: UInt32) -> Int {
        var count = 0
        // By place: a copy of an index would cost more than the look-up.
        for place in indexes.indices { count += indexes[place].byTerm.count(term) }
        return count
    }

    /// The articles that share most of some features: those most often met first, then the earliest; at most `limit`.
    func candidates(
        _ features: some Sequence<UInt32>, _ postings: KeyPath<StoryIndex, Postings>,
        among isFound: KeyPath<StoryIndex, [Bool]>,
        visits: Int, limit: Int, weight: (UInt32) -> Double
    ) -> [Candidate] {
        var best = Shortlist(limit: limit)
        let features = Array(features)
        for (position, index) in indexes.enumerated() {
            let postings = index[keyPath: postings]
            let isFound = index[keyPath: isFound]
            var sums: [Int32: Double] = [:]
            sums.reserveCapacity(features.reduce(0) { $0 + min(visits, postings.count($1)) })
            for feature in features {
                let points = weight(feature)
                postings.forEach(feature, limit: visits, where: isFound) { sums[$0, default: 0] += points }
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
                kind: .copy(of: first.article.original, story: first.story),
                reason: "same page as \(first.article.key.source): \(url)")
        }
        return nil
    }
}
