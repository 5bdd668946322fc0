// MARK: Follow-ups

extension StorySearch {
    /// Texts of their own on one event: the same rare words and names within a few days.
    ///
    /// Rarity is what keeps stories on the same big actors apart: a name that is in half of the articles weighs nothing. A
    /// story grows only by articles that are like its members on average, so that it does not chain on.
    func sameEvent() -> Placement? {
        let total = count
        guard total > 0 else { return nil }
        let weights = Weights(search: self, total: total)
        let own = weights.vector(article.terms)
        var best: (story: StoryID, similarity: Double, like: IndexedArticle)?
        for candidate in candidates(
            own.heaviest(StoryScale.probesMax), \.byTerm, among: \.hasTerms, visits: 128, limit: 24,
            weight: weights.rarity)
        {
            let other = row(candidate)
            guard let least = leastSimilarity(other.article) else { continue }
            let similarity = weights.cosine(own, other.article.terms, least: max(least, best?.similarity ?? 0))
            guard let similarity, similarity > best?.similarity ?? 0, sharesHeadlineWord(other.article, weights),
                fits(own, other.story, weights, least: least * StoryScale.sameStory)
            else { continue }
            best = (other.story, similarity, other.article)
        }
        guard let best else { return nil }
        let names = article.strongEntities.filter(best.like.strongEntities.contains).prefix(4)
        let shared = names.isEmpty ? "rare words" : "rare words and \(names.joined(separator: ", "))"
        let percent = Int((best.similarity * 100).rounded())
        return Placement(
            kind: .followUp(story: best.story),
            reason: "same event as \(best.like.key.source): \(shared), \(percent) % alike")
    }

    /// How alike two articles must be for the time between them; nil when they are too far apart.
    private func leastSimilarity(_ other: IndexedArticle) -> Double? {
        var days = Double(StoryScale.windowDays)
        if other.firstSeen != IndexedArticle.unknownTime, article.firstSeen != IndexedArticle.unknownTime {
            days = Double(abs(other.firstSeen.seconds - article.firstSeen.seconds)) / 86_400
        }
        guard days <= Double(StoryScale.windowDays) else { return nil }
        return StoryScale.sameEvent + StoryScale.sameEventPerDay * days
    }

    /// A word of one headline that is not on everybody's lips stands in the other article, or one has no headline.
    private func sharesHeadlineWord(_ other: IndexedArticle, _ weights: Weights) -> Bool {
        let (own, others) = (article.terms, other.terms)
        if own.title.isEmpty || others.title.isEmpty { return true }
        return own.title.contains { others.contains($0) && weights.rarity($0) >= StoryScale.rare }
            || others.title.contains { own.contains($0) && weights.rarity($0) >= StoryScale.rare }
    }

    private func fits(_ own: Weights.Vector, _ story: StoryID, _ weights: Weights, least: Double) -> Bool {
        var sum = 0.0
        var members = 0
        for index in indexes {
            for number in index.members(of: story).prefix(8) {
                sum += weights.cosine(own, index.rows[Int(number)].article.terms, least: 0) ?? 0
                members += 1
            }
        }
        return members == 0 || sum / Double(members) >= least
    }
}
