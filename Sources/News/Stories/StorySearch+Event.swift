// MARK: Follow-ups

extension StorySearch {
    /// Texts of their own on one event: the same rare words and names within a few days.
    ///
    /// Rarity is what keeps stories on the same big actors apart: a name that is in half of the articles weighs nothing. A
    /// story grows only by articles that are like its members on average, so that it does not chain on.
    func sameEvent() throws -> Placement? {
        let total = index.recentCount
        guard total > 0 else { return nil }
        let weights = Weights(index: index, total: total)
        let own = weights.vector(article.terms)
        var best: (candidate: Candidate, similarity: Double, like: StoryIndex.Recent)?
        for candidate in alike(own, weights) {
            guard let least = leastSimilarity(row(candidate)), let other = index.recent(candidate.number)
            else { continue }
            let similarity = weights.cosine(own, other.terms, least: max(least, best?.similarity ?? 0))
            guard let similarity, similarity > best?.similarity ?? 0, sharesHeadlineWord(other, weights),
                fits(own, other.story, weights, least: least * StoryScale.sameStory)
            else { continue }
            best = (candidate, similarity, other)
        }
        guard let best, let found = try shelf.article(at: row(best.candidate).turn) else { return nil }
        let names = article.strongEntities.filter(best.like.strongEntities.contains).prefix(4)
        let shared = names.isEmpty ? "rare words" : "rare words and \(names.joined(separator: ", "))"
        let percent = Int((best.similarity * 100).rounded())
        return Placement(
            kind: .followUp(story: found.story),
            reason: "same event as \(found.key.source): \(shared), \(percent) % alike")
    }

    /// The articles that share most of its heaviest terms: those with most weight first, then the earliest.
    private func alike(_ own: Weights.Vector, _ weights: Weights) -> [Candidate] {
        var best = Shortlist(limit: StoryScale.alikeMax)
        // The rarest first: by them it is found, and they have the shortest lists.
        let terms = own.heaviest(StoryScale.probesMax).map { (hash: $0, rarity: Float(weights.rarity($0))) }
            .sorted { ($1.rarity, $0.hash) < ($0.rarity, $1.hash) }
        let found = index.byTerm.find(terms.map(\.hash))
        var shared = SharedPoints(expecting: min(found.reduce(0) { $0 + $1.count }, StoryScale.visitsMax))
        var visited = 0
        for (term, found) in zip(terms, found) where visited < StoryScale.visitsMax {
            visited += index.byTerm.forEach(found, limit: Postings.visitsMax, where: index.isRecent) {
                shared.add(term.rarity, to: $0)
            }
        }
        let number = index.number(of: article.name)
        shared.forEach { if $0 != number { best.add(Candidate(number: $0, points: $1)) } }
        return best.candidates
    }

    /// How alike two articles must be for the time between them; nil when they are too far apart.
    private func leastSimilarity(_ other: StoryIndex.Row) -> Double? {
        var days = Double(StoryScale.windowDays)
        if other.firstSeen != IndexedArticle.unknownTime, article.firstSeen != IndexedArticle.unknownTime {
            days = Double(abs(other.firstSeen.seconds - article.firstSeen.seconds)) / 86_400
        }
        guard days <= Double(StoryScale.windowDays) else { return nil }
        return StoryScale.sameEvent + StoryScale.sameEventPerDay * days
    }

    /// A word of one headline that is not on everybody's lips stands in the other article, or one has no headline.
    private func sharesHeadlineWord(_ other: StoryIndex.Recent, _ weights: Weights) -> Bool {
        let (own, others) = (article.terms, other.terms)
        guard own.hasTitle, others.hasTitle else { return true }
        return own.title.contains { others.contains($0) && weights.rarity($0) >= StoryScale.rare }
            || others.title.contains { own.contains($0) && weights.rarity($0) >= StoryScale.rare }
    }

    private func fits(_ own: Weights.Vector, _ story: UInt64, _ weights: Weights, least: Double) -> Bool {
        var sum = 0.0
        var members = 0
        for number in index.members(of: story).prefix(8) {
            guard let member = index.recent(number) else { continue }
            sum += weights.cosine(own, member.terms, least: 0) ?? 0
            members += 1
        }
        return members == 0 || sum / Double(members) >= least
    }
}
