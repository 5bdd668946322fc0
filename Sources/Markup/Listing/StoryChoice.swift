import News

/// Decides which groups of links are stories, and which links of such a group are.
struct StoryChoice {
    /// For each group the cards that are taken; none where it is left.
    private(set) var kept: [[Card]]
    /// For each group, why.
    private(set) var reasons: [[String]]

    init(_ groups: [(group: LinkGroup, features: LinkGroup.Features)], page: PageAddress) {
        kept = groups.map { _ in [] }
        reasons = groups.map { $0.features.reasons.map(\.words) }
        let points = groups.map(\.features.points)
        let best = zip(groups, points).filter { $0.0.features.count >= 3 }.map(\.1).max() ?? points.max() ?? 0
        let bar = max(LinkGroup.Features.enough, best - LinkGroup.Features.lag)
        for index in groups.indices where points[index] >= bar && groups[index].features.words >= 2 {
            // Among long titles a single word is the name of a file's other form, unless it stands in a heading.
            let least = groups[index].features.words >= 4.5 ? 2.0 : 1.0
            kept[index] = groups[index].group.cards.filter {
                Self.isStory($0, page: page) && ($0.anchor.isHeadline || Words.count($0.title ?? "") >= least)
            }
        }
        for index in groups.indices where points[index] >= LinkGroup.Features.enough && points[index] < bar {
            reasons[index].insert("less like stories than what was taken", at: 0)
        }
        // Where whole texts stand under headings that link to them, the links in those texts are not the list's; and a
        // "download" beside each headline is no second story.
        leave(inside: { $0.headlines >= 0.5 && $0.count >= 3 }, { $0.headlines < 0.5 }, groups)
        leave(inside: { $0.distinct >= 0.7 && $0.count >= 3 }, { $0.distinct < 0.7 }, groups)
        takeAlike(groups, page: page)
    }

    /// Leaves the links of one kind of group that stand in the cards of another kind.
    private mutating func leave(
        inside isOuter: (LinkGroup.Features) -> Bool, _ isInner: (LinkGroup.Features) -> Bool,
        _ groups: [(group: LinkGroup, features: LinkGroup.Features)]
    ) {
        let ranges = groups.indices.filter { !kept[$0].isEmpty && isOuter(groups[$0].features) }.flatMap {
            groups[$0].group.cards.map(\.range)
        }.sorted { $0.lowerBound < $1.lowerBound }
        let starts = ranges.map(\.lowerBound)
        var ends: [Int] = []
        for range in ranges { ends.append(max(ends.last ?? 0, range.upperBound)) }
        for index in groups.indices where isInner(groups[index].features) && !kept[index].isEmpty {
            kept[index].removeAll { card in
                // The last range that begins before the link, and how far all those before it reach.
                let next = starts.firstIndex(from: card.anchor.node)
                return next > 0 && ends[next - 1] > card.anchor.node
            }
            if kept[index].isEmpty { reasons[index].insert("inside what was taken", at: 0) }
        }
    }

    /// A lead story stands alone of its kind; its address has the form of the others, and it has a headline.
    private mutating func takeAlike(
        _ groups: [(group: LinkGroup, features: LinkGroup.Features)], page: PageAddress
    ) {
        let forms = Set(kept.joined().filter { $0.anchor.shape.isArticle }.map(\.anchor.shape.form))
        for index in groups.indices where kept[index].isEmpty {
            let (group, features) = groups[index]
            guard features.zone == .content, features.inText < 0.5, features.services < 0.5, features.words >= 3 else {
                continue
            }
            let alike = group.cards.filter { card in
                guard forms.contains(card.anchor.shape.form), Self.isStory(card, page: page) else { return false }
                return Words.count(card.title ?? "") >= 4 || card.anchor.isHeadline
            }
            guard alike.count * 2 > group.cards.count else { continue }
            kept[index] = alike
            reasons[index].insert("addresses of the same form as what was taken", at: 0)
        }
    }

    /// Whether one link of a group of stories is one: it has words, and leads neither to an account nor up the site.
    private static func isStory(_ card: Card, page: PageAddress) -> Bool {
        guard let title = card.title, Words.count(title) >= 1 else { return false }
        let shape = card.anchor.shape
        if shape.isService, !shape.isArticle || card.published == nil { return false }
        let isDated = card.published != nil && !card.isDateFromAddress
        if Words.count(title) < 2, !shape.isArticle, !isDated { return false }
        guard let own = page.url, own.host == shape.url.host, !isDated else { return true }
        // The list itself with other parameters, its front page, or a rubric above it.
        let path = shape.url.path
        if shape.url.query == nil, path.hasSuffix("/") || path.isEmpty, own.path.hasPrefix(path) { return false }
        return !(path == own.path && Words.count(title) < 3)
    }
}
