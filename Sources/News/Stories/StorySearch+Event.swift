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
            own.heaviest(StoryScale.probesMax), \.byTerm, visits: 128, limit: 24, weight: weights.rarity)
        {
            let other = item(candidate)
            guard isNear(other.article) else { continue }
            let similarity = similarity(own, other.article, weights)
            guard similarity >= StoryScale.sameEvent, similarity > best?.similarity ?? 0,
                sharesMore(other.article, weights), fits(own, other.story, weights)
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

    private func isNear(_ other: IndexedArticle) -> Bool {
        abs(other.firstSeen.seconds - article.firstSeen.seconds) <= Int64(StoryScale.windowDays) * 86_400
    }

    private func similarity(_ own: Weights.Vector, _ other: IndexedArticle, _ weights: Weights) -> Double {
        let cosine = own.cosine(weights.vector(other.terms))
        let shared = article.strongEntities.count(where: other.strongEntities.contains)
        return cosine + min(Double(shared) * StoryScale.entityBonus, StoryScale.entityBonusMax)
    }

    /// The headlines have a word in common that is not on everybody's lips, or the texts are very alike.
    private func sharesMore(_ other: IndexedArticle, _ weights: Weights) -> Bool {
        let known = Set(other.terms.title)
        return article.terms.title.contains { known.contains($0) && weights.rarity($0) >= StoryScale.rare }
            || other.terms.title.isEmpty || article.terms.title.isEmpty
    }

    private func fits(_ own: Weights.Vector, _ story: StoryID, _ weights: Weights) -> Bool {
        var sum = 0.0
        var members = 0
        for index in indexes {
            for number in index.members(of: story).prefix(8) {
                sum += similarity(own, index.items[Int(number)].article, weights)
                members += 1
            }
        }
        return members == 0 || sum / Double(members) >= StoryScale.sameStory
    }
}
