import News

/// One page, read in attempts of growing tolerance until the text is long enough.
struct PageReading {
    let tree: HTMLTree
    let titles: [String]

    /// Weighted length below which the next attempt is made.
    private static let enough = 350

    func paragraphs() -> [String] {
        var best: [String] = []
        var bestLength = 0
        for strictness in [Strictness.names, .structure, .none] {
            let paragraphs = attempt(strictness)
            let length = paragraphs.reduce(0) { $0 + BlockReader.weight($1.utf8) }
            if length > bestLength * (best.isEmpty ? 1 : 2) { (best, bestLength) = (paragraphs, length) }
            if bestLength >= Self.enough { break }
        }
        return best
    }

    /// All visible words of the page, to recognise paywalls and challenges.
    var pageText: String {
        guard let body = tree.first(.body) else { return "" }
        return BlockReader.blocks(of: tree, in: tree.subtree(body), isDropped: { _ in false })
            .prefix(Limits.pageParagraphsMax).map(\.text).joined(separator: "\n")
    }

    private enum Strictness { case names, structure, none }

    private func attempt(_ strictness: Strictness) -> [String] {
        let dropped = strictness == .none ? [] : droppedNodes(byName: strictness == .names)
        let isDropped: (Int) -> Bool = dropped.isEmpty ? { _ in false } : { dropped[$0] }
        let blocks = BlockReader.blocks(of: tree, in: 0..<tree.nodes.count, isDropped: isDropped)
        let container = Container(tree: tree, blocks: blocks)
        guard let element = container.find() else {
            return strictness == .none ? blocks.filter { $0.linkShare < 0.5 && $0.endsSentence }.map(\.text) : []
        }
        let range = container.widened(element)
        var story = StoryText(tree: tree, blocks: blocks.filter { range.contains($0.first) }, titles: titles)
        return story.paragraphs()
    }

    /// Elements that stand beside the article, unless they hold most of the page's text.
    private func droppedNodes(byName: Bool) -> [Bool] {
        var dropped = [Bool](repeating: false, count: tree.nodes.count)
        let blocks = BlockReader.blocks(of: tree, in: 0..<tree.nodes.count, isDropped: { _ in false })
        let container = Container(tree: tree, blocks: blocks)
        let whole = max(tree.nodes.isEmpty ? 0 : container.mass(0), 1)
        for index in tree.nodes.indices where tree.nodes[index].tag != .text {
            guard isBeside(index, byName: byName) else { continue }
            if container.mass(index) < 0.4 * whole { dropped[index] = true }
        }
        return dropped
    }

    private func isBeside(_ index: Int, byName: Bool) -> Bool {
        let node = tree.nodes[index]
        switch node.tag {
        case .html, .body, .main: return false
        case .nav, .footer, .aside: return true
        default: break
        }
        guard node.attributesEnd > node.attributesStart else { return false }
        if tree.attribute(index, "hidden") != nil { return true }
        if let style = tree.attribute(index, "style")?.lowercased().filter({ $0 != " " }),
            style.contains("display:none") || style.contains("visibility:hidden")
        {
            return true
        }
        guard byName else { return false }
        return Boilerplate.isBeside(
            classes: tree.attribute(index, "class"), id: tree.attribute(index, "id"),
            role: tree.attribute(index, "role"))
    }
}

extension Container {
    /// The element's range, grown over siblings that hold paragraphs of the same text.
    func widened(_ element: Int) -> Range<Int> {
        var range = tree.subtree(element)
        let parent = Int(tree.nodes[element].parent)
        guard parent >= 0, tree.nodes[element].tag != .body, tree.nodes[element].tag != .article else { return range }
        let kind = tree.attribute(element, "class")
        var index = parent + 1
        while index < Int(tree.nodes[parent].end) {
            let end = Int(tree.nodes[index].end)
            let tag = tree.nodes[index].tag
            let isKin = tag == tree.nodes[element].tag && kind != nil && tree.attribute(index, "class") == kind
            if tag != .text, index != element, mass(index) > 80, isKin || tag == .p {
                range = min(range.lowerBound, index)..<max(range.upperBound, end)
            }
            index = end
        }
        return range
    }
}
