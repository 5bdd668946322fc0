import News

/// A link with what stands around it: the widest element that holds no other link of its kind.
struct Card {
    var anchor: Anchor
    /// The nodes of its element.
    var range: Range<Int>
    var title: String?
    var published: Listing.ListedDate?
    /// The date is the address's only.
    var isDateFromAddress = false
    /// A day without its year stands beside it.
    var hasDay = false
}

/// Finds the cards of links that belong together.
struct Cards {
    let tree: HTMLTree
    /// Nodes of all links that have a headline's words, ascending.
    let headlines: [Int]

    /// - Parameter anchors: in the order of the page.
    func cards(of anchors: [Anchor], titles: Selected?, dates: Selected?) -> [Card] {
        let nodes = anchors.map(\.node)
        var cards = anchors.map { anchor in
            Card(anchor: anchor, range: tree.subtree(element(around: anchor.node, among: nodes)))
        }
        for index in cards.indices {
            fillTitle(&cards[index], selected: titles)
            fillDate(&cards[index], selected: dates)
        }
        if dates == nil { fillDatesBetween(&cards) }
        for index in cards.indices where cards[index].published == nil && dates == nil {
            cards[index].published = cards[index].anchor.shape.date.map { Listing.ListedDate(day: $0) }
            cards[index].isDateFromAddress = cards[index].published != nil
        }
        return cards
    }

    /// - Parameter elements: one for each of `anchors`, from a selector that picks what holds the links.
    func cards(of anchors: [Anchor], in elements: [Int], titles: Selected?, dates: Selected?) -> [Card] {
        zip(anchors, elements).map { anchor, element in
            var card = Card(anchor: anchor, range: tree.subtree(element))
            fillTitle(&card, selected: titles)
            fillDate(&card, selected: dates)
            if card.published == nil, dates == nil {
                card.published = anchor.shape.date.map { Listing.ListedDate(day: $0) }
            }
            return card
        }
    }

    private func element(around node: Int, among nodes: [Int]) -> Int {
        var element = node
        // Alone of its kind, a link would own the page: then no other headline may stand in its card.
        let others = nodes.count < 3 ? headlines : nodes
        while true {
            let parent = Int(tree.nodes[element].parent)
            guard parent >= 0, tree.nodes[parent].tag != .body, tree.nodes[parent].tag != .html else { return element }
            let range = tree.subtree(parent)
            guard others.countOf(range) == others.countOf(tree.subtree(node)),
                nodes.countOf(range) == nodes.countOf(tree.subtree(node))
            else { return element }
            element = parent
        }
    }

    // MARK: Titles

    private func fillTitle(_ card: inout Card, selected: Selected?) {
        if let selected {
            card.title = selected.first(in: card.range).map { tree.line($0) }.flatMap { $0.isEmpty ? nil : $0 }
            return
        }
        if !card.anchor.title.isEmpty { card.title = card.anchor.title }
    }

    /// A headline in the card that is no other link's, for a link that says nothing itself.
    func borrowedTitle(_ card: Card) -> String? {
        let range = card.range
        guard range.count <= 2000 else { return nil }
        let heading = range.first { tree.nodes[$0].tag.headingLevel != nil && !holdsOtherLink($0, than: card.anchor) }
        if let heading, case let line = tree.line(heading), Words.count(line) >= 2 { return line }
        guard range.count <= 200 else { return nil }
        let lines = TextLines.read(tree, in: range, skip: { tree.nodes[$0].tag == .a && $0 != card.anchor.node })
        let own = AnchorWords.headline(among: lines)
        if (3...25).contains(Words.count(own)) { return own }
        let picture = tree.subtree(card.anchor.node).first { tree.name($0) == "img" }
        return picture.flatMap { tree.attribute($0, .alt) }.map { PlainText.cleaned($0) }.flatMap {
            Words.count($0) >= 3 ? $0 : nil
        }
    }

    private func holdsOtherLink(_ node: Int, than anchor: Anchor) -> Bool {
        if tree.isInside(node, .link), !tree.subtree(anchor.node).contains(node) { return true }
        return tree.subtree(node).contains {
            tree.nodes[$0].tag == .a && $0 != anchor.node && tree.hasAttribute($0, .href)
        }
    }

    // MARK: Dates

    private func fillDate(_ card: inout Card, selected: Selected?) {
        let range = card.range
        if let selected {
            card.published = selected.first(in: range).flatMap(date)
            return
        }
        guard range.count <= 2000 else { return }
        card.published = machineDate(in: range)
        // A date in a headline is what the text is about; in an element of its own within the link it is the list's.
        let headline = card.anchor.title
        for line in TextLines.read(tree, in: range) where card.published == nil && line != headline {
            let isAround = !headline.isEmpty && (line.hasPrefix(headline) || line.hasSuffix(headline))
            let rest = isAround ? line.replacing(headline, with: " ").trimming(\.isWhitespace) : line
            card.published = DateInText.first(in: rest).map { Listing.ListedDate(day: $0) }
            card.hasDay = card.hasDay || DateInText.isDayWithoutYear(rest)
        }
    }

    /// Of an element that is known to hold a date: its machine-readable form, else its text.
    private func date(_ element: Int) -> Listing.ListedDate? {
        for name in [AttributeName.datetime, .content, .title] {
            if let date = tree.attribute(element, name).flatMap({ Listing.ListedDate(machineReadable: $0) }) {
                return date
            }
        }
        let line = tree.line(element, limit: 400)
        return DateInText.first(in: line).map { Listing.ListedDate(day: $0) }
            ?? Listing.ListedDate(machineReadable: line)
    }

    /// The first machine-readable date of a range.
    private func machineDate(in range: Range<Int>) -> Listing.ListedDate? {
        for index in range where tree.nodes[index].tag == .time {
            if let date = tree.attribute(index, .datetime).flatMap({ Listing.ListedDate(machineReadable: $0) }) {
                return date
            }
        }
        return nil
    }

    /// Dates that stand before each card (`dt` and `dd`, a row of its own), or once before several (a heading for a day).
    private func fillDatesBetween(_ cards: inout [Card]) {
        guard cards.count >= 2, cards.count(where: { $0.published != nil }) * 2 < cards.count else { return }
        let start = commonStart(cards)
        var before: [Listing.ListedDate?] = []
        var from = start
        for card in cards {
            let until = max(from, card.range.lowerBound)
            before.append(from < until && until - from <= 400 ? dateAlone(in: from..<until) : nil)
            from = max(from, card.range.upperBound)
        }
        // A single one may be when the page was changed.
        guard before.count(where: { $0 != nil }) >= 2 else { return }
        var current: Listing.ListedDate?
        for index in cards.indices {
            current = before[index] ?? current
            if cards[index].published == nil { cards[index].published = current }
        }
    }

    private func dateAlone(in range: Range<Int>) -> Listing.ListedDate? {
        if let date = machineDate(in: range) { return date }
        let line = TextLines.read(tree, in: range).last { DateInText.isOnlyDate($0) }
        return line.flatMap { DateInText.first(in: $0) }.map { Listing.ListedDate(day: $0) }
    }

    /// Where the smallest element begins that holds all cards.
    private func commonStart(_ cards: [Card]) -> Int {
        let last = cards[cards.count - 1].range.lowerBound
        var element = Int(tree.nodes[cards[0].range.lowerBound].parent)
        while element >= 0, !tree.subtree(element).contains(last) { element = Int(tree.nodes[element].parent) }
        return element + 1
    }
}

/// The elements that a selector picks, for looking them up by range.
struct Selected {
    let elements: [Int]

    init(_ selector: Selector, in tree: HTMLTree) { elements = SelectorMatching(selector, in: tree).elements() }

    func first(in range: Range<Int>) -> Int? {
        let index = elements.firstIndex(from: range.lowerBound)
        return index < elements.count && elements[index] < range.upperBound ? elements[index] : nil
    }
}

extension [Int] {
    /// The place of the first value that is not less, in an ascending array.
    func firstIndex(from value: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many values of an ascending array are in the range.
    fileprivate func countOf(_ range: Range<Int>) -> Int {
        firstIndex(from: range.upperBound) - firstIndex(from: range.lowerBound)
    }
}
