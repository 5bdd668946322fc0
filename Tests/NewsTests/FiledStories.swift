@testable import News

/// The desk's index and its shelf, without a database.
struct FiledStories {
    private(set) var index = StoryIndex()
    private(set) var shelf = MemoryShelf()

    init(_ readings: [Reading] = []) {
        for reading in readings { file(IndexedArticle(reading)) }
    }

    func place(_ article: IndexedArticle) -> Placement {
        // A shelf in memory does not fail.
        // swift-format-ignore: NeverUseForceTry
        try! index.place(article, shelf: shelf)
    }

    @discardableResult
    mutating func file(_ article: IndexedArticle) -> Placement {
        let placement = place(article)
        index.insert(article, as: placement, on: &shelf)
        return placement
    }

    mutating func file(_ article: IndexedArticle, into story: StoryID) {
        index.insert(article, into: story, turn: shelf.next)
        shelf.put(article, in: story)
    }

    mutating func forget(before time: Timestamp) { index.forget(before: time) }

    func story(of key: MemberKey) -> StoryID? {
        index.number(of: key.mark).flatMap { shelf.article(at: index.rows[Int($0)].turn)?.story }
    }
}
