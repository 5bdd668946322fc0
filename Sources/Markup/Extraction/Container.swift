import News

/// Finds the element that holds the article: the deepest one that keeps most of the page's paragraph mass.
struct Container {
    let tree: HTMLTree
    let names: ElementNames
    /// In the order of the page.
    let blocks: [Block]
    /// Paragraph mass before each node: the mass of a subtree is a difference.
    private let massBefore: [Double]
    /// The same for the number of paragraphs worth the name.
    private let paragraphsBefore: [Int]
    /// The node of the headline, where one on the page says what its titles say.
    private let headline: Int?
    /// The node of the paragraph that begins as the page's metadata say that the article does.
    private let opening: Int?

    init(tree: HTMLTree, names: ElementNames, blocks: [Block], headline: Int? = nil, opening: Int? = nil) {
        self.tree = tree
        self.names = names
        self.blocks = blocks
        self.headline = headline
        self.opening = opening
        var masses = [Double](repeating: 0, count: tree.nodes.count + 1)
        var paragraphs = [Int](repeating: 0, count: tree.nodes.count + 1)
        for block in blocks {
            // A header may hold the lead, and often a gallery with its captions.
            let mass = Self.mass(block) * (tree.isInside(block.first, .header) ? 0.3 : 1)
            masses[block.first + 1] += mass
            if mass > 40 { paragraphs[block.first + 1] += 1 }
        }
        for index in masses.indices.dropFirst() {
            masses[index] += masses[index - 1]
            paragraphs[index] += paragraphs[index - 1]
        }
        massBefore = masses
        paragraphsBefore = paragraphs
    }

    /// What a block speaks for being part of an article: its length, less what is linked; little where it is no sentence.
    static func mass(_ block: Block) -> Double {
        guard block.linkShare < 0.5, block.tag.headingLevel == nil, block.length >= 20 else { return 0 }
        let length = Double(min(block.length, 3000)) * (1 - block.linkShare)
        let isProse = block.endsSentence || block.length >= 160
        let place =
            switch block.tag {
            case .figcaption, .caption, .address, .th, .summary: 0.1
            case .li, .td, .dd, .dt: 0.5
            default: 1.0
            }
        return length * (isProse ? 1 : 0.25) * place
    }

    func mass(_ node: Int) -> Double { massBefore[Int(tree.nodes[node].end)] - massBefore[node] }

    /// The range of nodes that holds the article, and its element; nil on a page without mass.
    func find() -> (element: Int, range: Range<Int>)? {
        element().map { ($0, widened($0)) }
    }

    private func element() -> Int? {
        guard var current = tree.first(.body) ?? (tree.nodes.isEmpty ? nil : 0) else { return nil }
        let whole = mass(current)
        guard whole > 0 else { return nil }
        if let named = namedBody(whole: whole) {
            if named.isSure { return named.element }
            current = named.element
        }
        while let child = heaviestChild(current) {
            if let near = childByHeadline(current, heaviest: child), near != child {
                current = near
            } else if shouldDescend(from: current, to: child) {
                current = child
            } else {
                break
            }
        }
        return current
    }

    /// The child that says that it is an article and in which the headline stands, if it holds text enough: what is heavier may
    /// be other articles, teasers, comments or a word on cookies. Where it is known how the text begins, that decides.
    private func childByHeadline(_ node: Int, heaviest: Int) -> Int? {
        guard mayDescend(to: heaviest) else { return nil }
        let inside = tree.subtree(node)
        let least = max(150, 0.15 * mass(heaviest))
        if let opening, inside.contains(opening) {
            if tree.subtree(heaviest).contains(opening) { return nil }
            guard let child = children(node).first(where: { tree.subtree($0).contains(opening) }),
                kind(child) != kind(heaviest) || isOneOfSeveral(child, in: node)
            else { return nil }
            return mass(child) >= (tree.isArticle(child) ? least : max(250, 0.25 * mass(node))) ? child : nil
        }
        guard let headline, inside.contains(headline),
            let child = children(node).first(where: { tree.subtree($0).contains(headline) }),
            tree.isArticle(child), kind(child) != kind(heaviest) || isOneOfSeveral(child, in: node)
        else { return nil }
        return mass(child) >= least ? child : nil
    }

    /// Whether an article has an `<h1>`, and so has one of its kind beside it: those of pages that go on with the next article, which
    /// the posts of a live blog do not have.
    private func isOneOfSeveral(_ child: Int, in node: Int) -> Bool {
        func hasOwnHeading(_ element: Int) -> Bool {
            tree.subtree(element).contains { tree.nodes[$0].tag == .h1 && !tree.isInside($0, .aside) }
        }
        let kind = kind(child)
        return tree.isArticle(child) && hasOwnHeading(child)
            && children(node).contains { $0 != child && self.kind($0) == kind && hasOwnHeading($0) }
    }

    /// The element whose names say "article body", if it holds enough of the page to be believed; what is around all of them
    /// where a text is cut in pieces.
    private func namedBody(whole: Double) -> (element: Int, isSure: Bool)? {
        var bodies: [(element: Int, mass: Double)] = []
        var isSaid = false
        for index in tree.nodes.indices {
            let tag = tree.nodes[index].tag
            guard tag == .div || tag == .section || tag == .article || tag == .main || tag == .td || tag == .span else {
                continue
            }
            let isMarked = tree.attribute(index, .itemprop)?.split(separator: " ").contains("articleBody") ?? false
            guard isMarked || names[index].contains(.body) else { continue }
            let mass = mass(index)
            guard mass > 100 else { continue }
            if let last = bodies.last, tree.subtree(last.element).contains(index) {
                // The innermost one: a "page content" is around the "article body".
                if mass > 0.6 * last.mass { bodies[bodies.count - 1] = (index, mass) }
            } else {
                bodies.append((index, mass))
            }
            if isMarked, mass > 300 { isSaid = true }
        }
        guard let best = bodies.max(by: { $0.mass < $1.mass }) else { return nil }
        let pieces = bodies.filter { kind($0.element) == kind(best.element) && $0.mass > 0.15 * best.mass }
        let sum = pieces.reduce(0) { $0 + $1.mass }
        let element = sum > 1.2 * best.mass ? around(pieces.map(\.element)) : best.element
        guard sum > 300, sum > whole * 0.3 || isSaid && pieces.count == 1 else { return nil }
        return (element, sum > whole * 0.5 || isSaid && pieces.count == 1)
    }

    /// The deepest element around all of them.
    private func around(_ elements: [Int]) -> Int {
        var current = elements[0]
        while let last = elements.last, !tree.subtree(current).contains(last), tree.nodes[current].parent >= 0 {
            current = Int(tree.nodes[current].parent)
        }
        return current
    }

    private func children(_ node: Int) -> [Int] {
        var children: [Int] = []
        var index = node + 1
        while index < Int(tree.nodes[node].end) {
            if tree.nodes[index].tag != .text { children.append(index) }
            index = Int(tree.nodes[index].end)
        }
        return children
    }

    private func heaviestChild(_ node: Int) -> Int? {
        children(node).max { mass($0) < mass($1) }.flatMap { mass($0) > 0 ? $0 : nil }
    }

    private func shouldDescend(from node: Int, to child: Int) -> Bool {
        guard mayDescend(to: child) else { return false }
        let tag = tree.nodes[child].tag
        let share = mass(child) / max(mass(node), 1)
        if share > 0.8 { return paragraphs(child) > 1 || share > 0.95 }
        if share > 0.5, let opening, tree.subtree(child).contains(opening), !hasKin(child, in: node) { return true }
        if tag == .article, mass(child) > 400, !leavesHeadline(from: node, to: child) { return true }
        guard share > 0.35, paragraphs(child) >= 3 else { return false }
        if hasKin(child, in: node) { return false }
        let others = mass(node) - mass(child) - kinMass(child, in: node)
        // Paragraphs that lie openly beside the child belong to the same text.
        let isOpen = children(node).contains { tree.nodes[$0].tag == .p && mass($0) > 80 }
        return !isOpen && others > 0
    }

    private func mayDescend(to child: Int) -> Bool {
        let tag = tree.nodes[child].tag
        return (tag.isBlock || tag == .span || tag == .font || tag == .other) && tag != .p && tag != .li && tag != .tr
    }

    /// Text that is split over sibling containers of one kind stays together.
    private func hasKin(_ child: Int, in node: Int) -> Bool { kinMass(child, in: node) > 0.15 * mass(node) }

    private func kinMass(_ child: Int, in node: Int) -> Double {
        let kind = kind(child)
        return children(node).reduce(0) { $0 + ($1 != child && self.kind($1) == kind ? mass($1) : 0) }
    }

    private func leavesHeadline(from node: Int, to child: Int) -> Bool {
        headline.map { tree.subtree(node).contains($0) && !tree.subtree(child).contains($0) } ?? false
    }

    private func kind(_ node: Int) -> String {
        tree.nodes[node].tag.rawValue + " " + (tree.attribute(node, .class) ?? "")
    }

    private func paragraphs(_ node: Int) -> Int {
        paragraphsBefore[Int(tree.nodes[node].end)] - paragraphsBefore[node]
    }
}

extension Container {
    /// The element's range, grown over siblings that hold paragraphs of the same text.
    private func widened(_ element: Int) -> Range<Int> {
        var range = tree.subtree(element)
        let parent = Int(tree.nodes[element].parent)
        guard parent >= 0, tree.nodes[element].tag != .body, tree.nodes[element].tag != .article else { return range }
        let kind = tree.attribute(element, .class)
        var index = parent + 1
        while index < Int(tree.nodes[parent].end) {
            let end = Int(tree.nodes[index].end)
            let tag = tree.nodes[index].tag
            let isKin = tag == tree.nodes[element].tag && kind != nil && tree.attribute(index, .class) == kind
            if tag != .text, index != element, mass(index) > 80, isKin || tag == .p {
                range = min(range.lowerBound, index)..<max(range.upperBound, end)
            }
            index = end
        }
        return range
    }
}

extension HTMLTree {
    /// Whether an element says that it is an article.
    func isArticle(_ node: Int) -> Bool {
        let tag = nodes[node].tag
        if tag == .article || tag == .main { return true }
        if let type = attribute(node, .itemtype) { return type.hasSuffix("Article") || type.hasSuffix("BlogPosting") }
        // The microformat, and WordPress.
        return attribute(node, .class)?.split(separator: " ").contains(where: Self.articleClasses.contains) ?? false
    }

    private static let articleClasses: [Substring] = ["hentry", "h-entry", "type-post"]
}
