/// What decides about a few articles and need not be in memory for all of them: the database, or a list.
public protocol ArticleShelf {
    /// - Parameter turn: of the filing of a version of the article, one that the index keeps.
    /// - Returns: nil where there is no such article any more.
    func fingerprint(at turn: Int64) throws -> Fingerprint?
    func article(at turn: Int64) throws -> ShelvedArticle?
}

/// What a placement names of the article that it goes by.
public struct ShelvedArticle: Sendable, Hashable {
    public var key: MemberKey
    /// The first article with its text: itself where it is no copy.
    public var original: MemberKey
    public var story: StoryID

    public init(key: MemberKey, original: MemberKey, story: StoryID) {
        self.key = key
        self.original = original
        self.story = story
    }
}

/// A shelf in memory, for articles that no database has.
public struct MemoryShelf: ArticleShelf {
    /// By turn.
    private var articles: [(fingerprint: Fingerprint, article: ShelvedArticle)] = []

    public init() {}

    /// The turn of the next one.
    public var next: Int64 { Int64(articles.count) }

    public mutating func put(_ article: IndexedArticle, in story: StoryID) {
        articles.append(
            (article.fingerprint, ShelvedArticle(key: article.key, original: article.original, story: story)))
    }

    public func fingerprint(at turn: Int64) -> Fingerprint? { articles[Int(turn)].fingerprint }

    public func article(at turn: Int64) -> ShelvedArticle? { articles[Int(turn)].article }
}

extension StoryIndex {
    /// Takes in an article that no database has, where it was placed.
    public mutating func insert(_ article: IndexedArticle, as placement: Placement, on shelf: inout MemoryShelf) {
        var article = article
        if case .copy(let original, _) = placement.kind { article.original = original }
        insert(article, into: placement.story, turn: shelf.next)
        shelf.put(article, in: placement.story)
    }
}
