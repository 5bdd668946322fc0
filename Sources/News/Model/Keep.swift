/// How long things are kept, each counted from the time at which they last changed.
public struct Keep: Sendable, Hashable {
    /// Articles' texts.
    public var text: Duration
    /// What earlier versions of a text said.
    public var versions: Duration
    /// Everything else that is known of entries, articles, stories, alerts and outages.
    public var metadata: Duration

    public init(text: Duration, versions: Duration, metadata: Duration) {
        self.text = text
        self.versions = versions
        self.metadata = metadata
    }
}

extension StoryMember {
    /// Without its text: headline, address, dates, matches and evidence stay.
    public func withoutText(at time: Timestamp) -> StoryMember {
        var member = self
        member.article.paragraphs = []
        member.article.standfirst = nil
        member.textExpiredAt = time
        return member
    }

    /// Without what its earlier versions said; that there were some, when, and whether one was a correction, stays.
    public var withoutVersionTexts: StoryMember {
        var member = self
        member.changes = changes.map {
            ArticleChange(
                version: $0.version, at: $0.at, correction: $0.correction, isWithdrawn: $0.isWithdrawn)
        }
        return member
    }

    /// What a new text is compared with: where one of both is not there, or is not to be kept, only the headline can be seen to
    /// change.
    public func comparable(with new: Article) -> Article {
        guard !hasText || !(new.terms?.keepsText ?? true) else { return article }
        var old = new
        old.title = article.title
        return old
    }
}

extension ArticleChange {
    /// What it said was dropped.
    public var isExpired: Bool { titleBefore == nil && removed.isEmpty && added.isEmpty }
}
