@testable import News

/// The desk's two indexes and the shelf of both, without a database.
struct FiledStories {
    private(set) var base = StoryIndex()
    private(set) var fresh = StoryIndex()
    private(set) var shelf = MemoryShelf()
    private var batch: [(article: IndexedArticle, story: StoryID, turn: Int64)] = []

    init(_ readings: [Reading] = []) {
        for reading in readings { file(IndexedArticle(reading)) }
        commit()
    }

    func place(_ article: IndexedArticle) -> Placement {
        // A shelf in memory does not fail.
        // swift-format-ignore: NeverUseForceTry
        try! StoryIndex.place(article, base: base, fresh: fresh, shelf: shelf)
    }

    @discardableResult
    mutating func file(_ article: IndexedArticle) -> Placement {
        let placement = place(article)
        var article = article
        if case .copy(let original, _) = placement.kind { article.original = original }
        file(article, into: placement.story)
        return placement
    }

    mutating func file(_ article: IndexedArticle, into story: StoryID) {
        batch.append((article, story, shelf.next))
        fresh.insert(article, into: story, turn: shelf.next)
        shelf.put(article, in: story)
    }

    mutating func commit() {
        for (article, story, turn) in batch { base.insert(article, into: story, turn: turn) }
        batch = []
        fresh = StoryIndex()
    }

    mutating func forget(before time: Timestamp) { base.forget(before: time) }

    /// The story of an article in the base.
    func story(of key: MemberKey) -> StoryID? {
        base.number(of: key.mark).flatMap { shelf.article(at: base.rows[Int($0)].turn)?.story }
    }
}
