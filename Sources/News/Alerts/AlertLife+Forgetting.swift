extension AlertLife {
    /// What is left of it after articles of its story were forgotten: no key of theirs, and nothing held that only they gave
    /// cause for.
    /// - Parameter rest: the members that stay.
    public func without(_ gone: Set<MemberKey>, rest: [StoryMember]) -> AlertLife {
        var life = self
        life.folded.removeAll { gone.contains($0.text) }
        guard var held else { return life }
        if let news = held.news {
            held.news = news.without(gone, rest: rest)
        } else {
            held.reasons.removeAll { reason in !rest.contains { $0.topics.contains { $0.topic == reason.topic } } }
        }
        held.isThinned = true
        life.held = held.reasons.isEmpty || held.news?.why.isEmpty ?? false ? nil : held
        return life
    }
}

extension AlertNews {
    fileprivate func without(_ gone: Set<MemberKey>, rest: [StoryMember]) -> AlertNews {
        guard texts.contains(where: gone.contains) || corrections.contains(where: gone.contains) else { return self }
        var news = self
        news.texts.removeAll(where: gone.contains)
        news.corrections.removeAll(where: gone.contains)
        let left = rest.filter { news.texts.contains(MemberKey($0)) }
        let entities = Set(left.flatMap(\.strongEntities))
        let numbers = Set(left.flatMap { $0.article.title.map(HeadlineNumbers.found) ?? [] })
        let topics = Set(left.flatMap(\.topics).map(\.topic))
        news.entities.removeAll { !entities.contains($0) }
        news.numbers.removeAll { !numbers.contains($0) }
        news.rules.removeAll { !topics.contains($0.topic) }
        return news
    }
}
