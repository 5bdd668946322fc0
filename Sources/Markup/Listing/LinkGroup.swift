import News

/// Links that stand in the same kind of place on a page, and what speaks for their being stories.
struct LinkGroup {
    var zone: PageZones.Zone
    /// In the order of the page, each address once.
    var cards: [Card]

    /// What can be counted of a group; shares are from 0 to 1.
    struct Features {
        var count = 0
        /// Words of the title in the middle, as `Words` counts.
        var words = 0.0
        var dated = 0.0
        /// With a date in the address, or a day without its year beside the link.
        var datedInPart = 0.0
        var articles = 0.0
        var headlines = 0.0
        /// Of the commonest form of address.
        var oneForm = 0.0
        var elsewhere = 0.0
        var services = 0.0
        /// Links in the middle of a text.
        var inText = 0.0
        /// Different titles.
        var distinct = 0.0
        /// Titles whose first two words are those of the most.
        var alike = 0.0
        var zone = PageZones.Zone.content
    }

    /// One thing that speaks for a group or against it.
    struct Reason {
        var points: Double
        var words: String
    }

    func features(page: PageAddress, isInText: (Int) -> Bool) -> Features {
        var features = Features()
        features.count = cards.count
        features.zone = zone
        func share(_ holds: (Card) -> Bool) -> Double {
            Double(cards.count(where: holds)) / Double(max(cards.count, 1))
        }
        let words = cards.map { $0.title.map(Words.count) ?? 0 }.sorted()
        features.words = words.isEmpty ? 0 : words[words.count / 2]
        features.dated = share { $0.published != nil && !$0.isDateFromAddress }
        features.datedInPart = share { $0.isDateFromAddress || $0.hasDay }
        features.articles = share { $0.anchor.shape.isArticle }
        features.headlines = share { $0.anchor.isHeadline }
        features.elsewhere = share { !page.isSameSite($0.anchor.shape.url) }
        features.services = share { $0.anchor.shape.isService }
        features.inText = share { isInText($0.anchor.node) }
        var forms: [String: Int] = [:]
        for card in cards { forms[card.anchor.shape.form, default: 0] += 1 }
        features.oneForm = Double(forms.values.max() ?? 0) / Double(max(cards.count, 1))
        var beginnings: [String: Int] = [:]
        for case let title? in cards.map(\.title) {
            let words = title.split(separator: " ").prefix(2)
            if words.count == 2 { beginnings[words.joined(separator: " "), default: 0] += 1 }
        }
        features.alike = Double(beginnings.values.max() ?? 0) / Double(max(cards.count, 1))
        features.distinct = Double(Set(cards.compactMap(\.title)).count) / Double(max(cards.count, 1))
        return features
    }
}

extension LinkGroup.Features {
    /// Points at which a group counts as stories.
    static let enough = 3.5
    /// A group that has so much less than the page's best one is something else.
    static let lag = 3.5

    /// Everything that counts, the heaviest first. The weights were set by hand on lists of ministries, papers and boards.
    var reasons: [LinkGroup.Reason] {
        var reasons: [LinkGroup.Reason] = []
        func add(_ points: Double, _ words: String) { reasons.append(LinkGroup.Reason(points: points, words: words)) }
        switch words {
        case 5...: add(2, "titles as long as headlines")
        case 3.5..<5: add(1, "titles of several words")
        case ..<1: add(-4, "no titles")
        case ..<2: add(-2.5, "titles too short for headlines")
        case ..<2.5 where isUndated: add(-2.5, "titles too short for headlines")
        default: break
        }
        if dated >= 0.5 {
            add(2, "dates beside them")
        } else if datedInPart >= 0.5 {
            add(1.5, "dates in their addresses, or days beside them")
        } else if dated >= 0.2 {
            add(1, "dates beside some")
        }
        if articles >= 0.7 {
            add(2, "addresses like articles")
        } else if articles >= 0.4 {
            add(1, "some addresses like articles")
        } else if articles < 0.2 {
            add(-1, "addresses like rubrics")
        }
        if headlines >= 0.5 { add(1, "in headings") }
        if count >= 5 { add(1, "\(count) of a kind") } else if count >= 3 { add(0.5, "\(count) of a kind") }
        if count < 3 { add(-1, "hardly any of a kind") }
        if count >= 3, alike >= 0.6, isUndated { add(-1.5, "titles that begin alike") }
        if count >= 3, oneForm >= 0.6 { add(0.5, "one form of address") }
        switch zone {
        case .navigation: add(-4, "in navigation")
        case .beside: add(-1.5, "beside the main part")
        case .content: break
        }
        if elsewhere >= 0.5 { add(dated >= 0.5 ? -1 : -2.5, "lead to other sites") }
        if inText >= 0.5 { add(-3, "in the middle of a text") }
        if count >= 3, distinct < 0.7 { add(isUndated ? -2 : -1, "titles that repeat") }
        if services >= 0.5 { add(-4, "keywords, authors, accounts or further pages") }
        return reasons.sorted { abs($0.points) > abs($1.points) }
    }

    /// Dates tell apart what has one name: a press conference on each day.
    private var isUndated: Bool { dated < 0.5 && datedInPart < 0.5 }

    var points: Double { reasons.reduce(0) { $0 + $1.points } }
}
