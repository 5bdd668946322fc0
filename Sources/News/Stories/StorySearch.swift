/// One article looked up in the index.
struct StorySearch {
    let article: IndexedArticle
    let index: StoryIndex
    let shelf: any ArticleShelf

    /// An article of the index.
    struct Candidate {
        var number: Int32
        var points: Float
    }

    func row(_ candidate: Candidate) -> StoryIndex.Row { index.rows[Int(candidate.number)] }

    func newStory() -> Placement {
        let id = article.storyID { address in index.holders(of: address).contains { $0.name != article.name } }
        return Placement(kind: .new(id), reason: "no earlier article on the same event")
    }
}

/// The first `limit` of many candidates, without sorting them all: those with most points, then the earliest.
struct Shortlist {
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
        candidates.append(candidate)
        while place > 0, Self.precedes(candidate, candidates[place - 1]) {
            candidates.swapAt(place, place - 1)
            place -= 1
        }
    }

    private static func precedes(_ a: StorySearch.Candidate, _ b: StorySearch.Candidate) -> Bool {
        (-a.points, a.number) < (-b.points, b.number)
    }
}

// MARK: Copies

extension StorySearch {
    /// Another source lists the very page: an aggregator, or the outlet's second feed.
    func sameAddress() throws -> Placement? {
        for (url, address) in zip(article.urls, article.addresses) {
            let holders = index.holders(of: address)
            // A page that one source gives to several entries is its front page or a live blog, not an article.
            let perSource = Dictionary(grouping: holders, by: \.source)
            guard let first = holders.first, perSource.values.allSatisfy({ $0.count == 1 }),
                perSource[FNV.hash(article.key.source.utf8)] == nil, let found = try shelf.article(at: first.turn)
            else { continue }
            return Placement(
                kind: .copy(of: found.original, story: found.story),
                reason: "same page as \(found.key.source): \(url)")
        }
        return nil
    }

    /// The same text, whole or in part, with an editor's small changes.
    func sameText() throws -> Placement? {
        var copies = CopySearch(self)
        guard let closest = try copies.closest(), let found = try shelf.article(at: closest.row.turn) else {
            return nil
        }
        let percent = Int((closest.comparison.containment * 100).rounded())
        return Placement(
            kind: .copy(of: found.original, story: found.story),
            reason: "same text as \(found.key.source): \(percent) % of the shorter one")
    }
}
