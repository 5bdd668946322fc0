/// Where an article belongs, and why.
public struct Placement: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// It opens a story.
        case new(StoryID)
        /// The same text as a member's, which is the first one that has it.
        case copy(of: MemberKey, story: StoryID)
        /// A text of its own on the same event.
        case followUp(story: StoryID)
    }

    public var kind: Kind
    /// For people: `same text as minami/abc: 92 % of the shorter one`.
    public var reason: String

    /// The story that it is put into.
    public var story: StoryID {
        switch kind {
        case .new(let story), .copy(_, let story), .followUp(let story): story
        }
    }
}

extension StoryIndex {
    /// Places an article among those of the index.
    ///
    /// A copy before a follow-up, the closest before others, the earlier one among equals; articles first seen more than
    /// `windowDays` apart are never joined as follow-ups.
    public func place(_ article: IndexedArticle, shelf: any ArticleShelf) throws -> Placement {
        let search = StorySearch(article: article, index: self, shelf: shelf)
        return try search.sameAddress() ?? search.sameText() ?? search.sameEvent() ?? search.newStory()
    }

    /// The articles that share most of an article's text, with what decides whether it is a copy of theirs, closest first.
    public func compare(
        _ article: IndexedArticle, shelf: any ArticleShelf
    ) throws -> [(key: MemberKey, comparison: CopyComparison)] {
        var copies = CopySearch(StorySearch(article: article, index: self, shelf: shelf))
        return try copies.compared(whole: true).compactMap { found in
            try shelf.article(at: found.row.turn).map { ($0.key, found.comparison) }
        }
    }
}
