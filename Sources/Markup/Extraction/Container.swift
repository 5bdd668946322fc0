import News

/// Finds the element that holds the article: the deepest one that keeps most of the page's paragraph mass.
struct Container {
    let tree: HTMLTree
    /// In the order of the page.
    let blocks: [Block]
    /// Paragraph mass before each node: the mass of a subtree is a difference.
    private let massBefore: [Double]
    /// The same for the number of paragraphs worth the name.
    private let paragraphsBefore: [Int]

    init(tree: HTMLTree, blocks: [Block]) {
        self.tree = tree
        self.blocks = blocks
        var masses = [Double](repeating: 0, count: tree.nodes.count + 1)
        var paragraphs = [Int](repeating: 0, count: tree.nodes.count + 1)
        for block in blocks {
            let mass = Self.mass(block)
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

    /// The article's element, nil on a page without mass.
    func find() -> Int? {
        guard var current = tree.first(.body) ?? (tree.nodes.isEmpty ? nil : 0) else { return nil }
        let whole = mass(current)
        guard whole > 0 else { return nil }
        if let named = namedBody(whole: whole) { current = named.element; if named.isSure { return current } }
        while let child = heaviestChild(current), shouldDescend(from: current, to: child) { current = child }
        return current
    }

    /// The element whose names say "article body", if it holds enough of the page to be believed.
    private func namedBody(whole: Double) -> (element: Int, isSure: Bool)? {
        var best: (element: Int, mass: Double)?
        for index in tree.nodes.indices {
            let tag = tree.nodes[index].tag
            guard tag == .div || tag == .section || tag == .article || tag == .main || tag == .td || tag == .span else {
                continue
            }
            guard
                Boilerplate.isBody(
                    classes: tree.attribute(index, "class"), id: tree.attribute(index, "id"),
                    itemprop: tree.attribute(index, "itemprop"))
            else { continue }
            let mass = mass(index)
            if mass > (best?.mass ?? 0) { best = (index, mass) }
        }
        guard let best, best.mass > 300, best.mass > whole * 0.3 else { return nil }
        return (best.element, best.mass > whole * 0.5)
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
        let tag = tree.nodes[child].tag
        guard tag.isBlock || tag == .span || tag == .font || tag == .other, tag != .p, tag != .li, tag != .tr else {
            return false
        }
        let share = mass(child) / max(mass(node), 1)
        if share > 0.8 { return paragraphs(child) > 1 || share > 0.95 }
        if tag == .article, mass(child) > 400 { return true }
        guard share > 0.35, paragraphs(child) >= 3 else { return false }
        // Text that is split over sibling containers of one kind stays together.
        let kind = kind(child)
        let kin = children(node).filter { $0 != child && mass($0) > 0 && self.kind($0) == kind }
        let kinMass = kin.reduce(0) { $0 + mass($1) }
        let others = mass(node) - mass(child) - kinMass
        if kinMass > 0.15 * mass(node) { return false }
        // Paragraphs that lie openly beside the child belong to the same text.
        let isOpen = children(node).contains { tree.nodes[$0].tag == .p && mass($0) > 80 }
        return !isOpen && others > 0
    }

    private func kind(_ node: Int) -> String {
        tree.nodes[node].tag.rawValue + " " + (tree.attribute(node, "class") ?? "")
    }

    private func paragraphs(_ node: Int) -> Int {
        paragraphsBefore[Int(tree.nodes[node].end)] - paragraphsBefore[node]
    }
}
