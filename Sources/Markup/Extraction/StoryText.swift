import News

/// Turns the blocks of the article's element into its paragraphs: what sites put between and after them goes.
struct StoryText {
    let tree: HTMLTree
    let blocks: [Block]
    /// The page's titles, normal forms, which are not repeated in the text.
    let titles: Set<String>
    private var kept: [Bool]

    /// - Parameter blocks: those of the article's element, in order.
    init(tree: HTMLTree, blocks: [Block], titles: [String]) {
        self.tree = tree
        self.blocks = blocks
        self.titles = Set(titles.map(Self.normal))
        kept = [Bool](repeating: true, count: blocks.count)
    }

    /// The paragraphs that remain, in order.
    mutating func paragraphs() -> [String] {
        dropSingleLines()
        dropLinkLists()
        dropAfterRelatedHeadings()
        dropRepeats()
        dropLooseEnds()
        dropEmptyHeadings()
        return blocks.indices.filter { kept[$0] }.map { blocks[$0].text }
    }

    static func normal(_ line: String) -> String {
        String(
            String.UnicodeScalarView(
                line.lowercased().unicodeScalars.filter {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                }))
    }

    private mutating func dropSingleLines() {
        for (index, block) in blocks.enumerated() {
            if block.tag == .h1 || block.tag == .figcaption || block.tag == .caption || block.tag == .figure {
                kept[index] = false
            } else if block.linkShare > 0.7 && (block.length < 300 || block.tag != .p) {
                kept[index] = RelatedHeading.isRelated(block.text)
            } else if block.length < 120, RelatedHeading.isNoise(block.text) {
                kept[index] = false
            } else if block.length < 400, titles.contains(Self.normal(block.text)) {
                kept[index] = false
            }
        }
    }

    /// Lists and tables that are mostly links, item by item or together.
    private mutating func dropLinkLists() {
        var sums: [Int: (length: Int, link: Int)] = [:]
        for block in blocks {
            guard let list = list(of: block) else { continue }
            sums[list, default: (0, 0)].length += block.length
            sums[list, default: (0, 0)].link += block.linkLength
        }
        for (index, block) in blocks.enumerated() {
            guard let list = list(of: block), let sum = sums[list] else { continue }
            if sum.link * 2 > sum.length { kept[index] = false }
        }
    }

    private func list(of block: Block) -> Int? {
        var current = block.element
        for _ in 0..<6 where current >= 0 {
            switch tree.nodes[current].tag {
            case .ul, .ol, .dl, .menu, .table: return current
            case .body, .article, .main: return nil
            default: current = Int(tree.nodes[current].parent)
            }
        }
        return nil
    }

    /// What follows "You may also like" is not the article, unless the article plainly goes on after a box.
    private mutating func dropAfterRelatedHeadings() {
        let resumption = Resumption(blocks, main: mainParent(), parent: parent)
        var before = 0.0
        var index = 0
        while index < blocks.count {
            let block = blocks[index]
            guard kept[index], block.length < 120, RelatedHeading.isRelated(block.text) else {
                if kept[index] { before += Container.mass(block) }
                index += 1
                continue
            }
            kept[index] = false
            let next = resumption.start(after: index, massBefore: before)
            for skipped in index..<next { kept[skipped] = false }
            index = max(next, index + 1)
        }
    }

    private func parent(_ block: Block) -> Int {
        block.tag == .p || block.tag.headingLevel != nil ? Int(tree.nodes[block.element].parent) : block.element
    }

    /// The element around most of the paragraphs.
    private func mainParent() -> Int {
        var masses: [Int: Double] = [:]
        for (index, block) in blocks.enumerated() where kept[index] {
            masses[parent(block), default: 0] += Container.mass(block)
        }
        return masses.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? -1
    }

    /// Short lines that come twice are furniture; a long paragraph that comes twice is shown once.
    private mutating func dropRepeats() {
        var seen: [String: Int] = [:]
        for (index, block) in blocks.enumerated() where kept[index] {
            guard let first = seen.updateValue(index, forKey: block.text) else { continue }
            if block.length < 60, !block.endsSentence { kept[first] = false }
            if block.length < 60 && !block.endsSentence || block.length > 80 { kept[index] = false }
        }
    }

    /// Short lines that are no sentence before the first paragraph and after the last: bylines, dates, buttons.
    private mutating func dropLooseEnds() {
        func isLoose(_ block: Block) -> Bool {
            block.length < 80 && !block.endsSentence && block.tag.headingLevel == nil || block.length < 20
        }
        let standing = blocks.indices.filter { kept[$0] }
        guard standing.contains(where: { !isLoose(blocks[$0]) && Container.mass(blocks[$0]) > 0 }) else { return }
        for index in standing {
            if isLoose(blocks[index]) { kept[index] = false } else { break }
        }
        for index in standing.reversed() {
            let block = blocks[index]
            if isLoose(block) && block.tag != .li || block.tag.headingLevel != nil {
                kept[index] = false
            } else {
                break
            }
        }
    }

    /// A heading stays only directly before a paragraph.
    private mutating func dropEmptyHeadings() {
        var next: Int?
        for index in blocks.indices.reversed() where kept[index] {
            if let level = blocks[index].tag.headingLevel {
                guard let next, kept[next], blocks[next].tag.headingLevel.map({ $0 > level }) ?? true else {
                    kept[index] = false
                    continue
                }
            }
            next = index
        }
    }
}
