import News

/// A listing page while its links are sorted.
struct ListingPage {
    let tree: HTMLTree
    let address: PageAddress
    let anchors: [Anchor]
    let isCut: Bool

    init(tree: HTMLTree, url: String) {
        self.tree = tree
        address = PageAddress(url, tree: tree)
        (anchors, isCut) = Anchor.all(in: tree, page: address)
    }

    // MARK: By a selector

    /// The links that a selector picks, or of the elements that it picks the one link that is most like a headline.
    func selected(_ selector: Selector, titles: Selected?, dates: Selected?) -> (matches: Int, cards: [Card]) {
        let elements = Selected(selector, in: tree).elements
        var chosen: [Anchor] = []
        var holders: [Int] = []
        var known: [String: Int] = [:]
        var next = 0
        for element in elements {
            while next < anchors.count, anchors[next].node < element { next += 1 }
            var best: Anchor?
            var index = next
            while index < anchors.count, anchors[index].node < Int(tree.nodes[element].end), index - next < 64 {
                if best.map({ Self.isBetter(anchors[index], than: $0) }) ?? true { best = anchors[index] }
                index += 1
            }
            guard let best else { continue }
            if let place = known[best.url] {
                if Self.isBetter(best, than: chosen[place]) { chosen[place] = best }
                continue
            }
            known[best.url] = chosen.count
            chosen.append(best)
            holders.append(element)
        }
        let cards = Cards(tree: tree, headlines: [])
        // What picks the links themselves says nothing of what is around them.
        let picksLinks = zip(chosen, holders).allSatisfy { $0.node == $1 }
        let isAscending = zip(chosen, chosen.dropFirst()).allSatisfy { $0.node < $1.node }
        let found =
            picksLinks && isAscending
            ? cards.cards(of: chosen, titles: titles, dates: dates)
            : cards.cards(of: chosen, in: holders, titles: titles, dates: dates)
        return (
            elements.count,
            found.map { card in
                var card = card
                if card.title == nil, titles == nil { card.title = cards.borrowedTitle(card) }
                return card
            }
        )
    }

    private static func isBetter(_ a: Anchor, than b: Anchor) -> Bool {
        if a.isHeadline != b.isHeadline, !a.title.isEmpty { return a.isHeadline }
        return min(Words.count(a.title), 8) > min(Words.count(b.title), 8)
    }

    // MARK: Automatically

    /// The links sorted by where they stand, each with what speaks for it, in the order of the page.
    func groups(titles: Selected?, dates: Selected?) -> [(
        group: LinkGroup, features: LinkGroup.Features, selector: String
    )] {
        let zones = PageZones(tree, anchors: anchors)
        let labels = repeatedTitles()
        let chosen = mainAnchors(zones, labels)
        var places = AnchorPlaces(tree)
        var order: [[Int]] = []
        var members: [[Int]: [Anchor]] = [:]
        for anchor in chosen {
            let key = [places.place(of: anchor.node), Int(zones[anchor.node].rawValue)]
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(anchor)
        }
        let cards = Cards(tree: tree, headlines: chosen.filter { Words.count($0.title) >= 4 }.map(\.node))
        return order.map { key in
            let anchors = members[key, default: []]
            var group = LinkGroup(
                zone: PageZones.Zone(rawValue: UInt8(key[1])) ?? .content,
                cards: cards.cards(of: anchors, titles: titles, dates: dates))
            for index in group.cards.indices where titles == nil {
                if let title = group.cards[index].title, !labels.contains(title), Words.count(title) >= 1 { continue }
                group.cards[index].title = cards.borrowedTitle(group.cards[index]) ?? group.cards[index].title
            }
            return (group, group.features(page: address, isInText: isInText), places.selector(of: key[0]))
        }
    }

    /// Of all links to one address the one that says most: picture, headline and "read more" of a card are one link.
    private func mainAnchors(_ zones: PageZones, _ labels: Set<String>) -> [Anchor] {
        var best: [String: Int] = [:]
        func rank(_ index: Int) -> (Int, Int, Double) {
            let anchor = anchors[index]
            let isSilent = anchor.title.isEmpty || labels.contains(anchor.title)
            return (
                3 - Int(zones[anchor.node].rawValue), isSilent ? 0 : anchor.isHeadline ? 2 : 1,
                isSilent ? 0 : min(Words.count(anchor.title), 8)
            )
        }
        for index in anchors.indices {
            guard let other = best[anchors[index].url] else {
                best[anchors[index].url] = index
                continue
            }
            if rank(index) > rank(other) { best[anchors[index].url] = index }
        }
        return best.values.sorted().map { anchors[$0] }
    }

    /// Short texts that lead to several addresses: "read more", "PDF", 続きを読む, whatever the language.
    private func repeatedTitles() -> Set<String> {
        var first: [String: String] = [:]
        var repeated: Set<String> = []
        for anchor in anchors where !anchor.title.isEmpty && Words.count(anchor.title) < 6 {
            if let url = first[anchor.title] {
                if url != anchor.url { repeated.insert(anchor.title) }
            } else {
                first[anchor.title] = anchor.url
            }
        }
        return repeated
    }

    /// Whether several words of the same paragraph stand before a link.
    private func isInText(_ node: Int) -> Bool {
        let block = nearestBlock(node)
        var words: [String] = []
        var index = node - 1
        while index > block, index >= node - 40, words.count < 8 {
            let tag = tree.nodes[index].tag
            if tag == .br || tag.isBlock { break }
            if tag == .text, nearestBlock(index) == block {
                let node = tree.nodes[index]
                words.append(PlainText.cleaned(tree.text[Int(node.textStart)..<Int(node.textEnd)].suffix(200)))
            }
            index -= 1
        }
        let before = words.reversed().joined(separator: " ")
        return Words.count(before) >= 5 && !DateInText.isOnlyDate(before)
    }

    private func nearestBlock(_ node: Int) -> Int {
        var current = Int(tree.nodes[node].parent)
        while current > 0, !tree.nodes[current].tag.isBlock { current = Int(tree.nodes[current].parent) }
        return current
    }
}
