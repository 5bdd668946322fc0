import News

/// Turns the blocks of the article's element into its paragraphs: what sites put between and after them goes.
struct StoryText {
    let tree: HTMLTree
    let blocks: [Block]
    /// The short ones in lower case.
    private let lower: [String]
    /// The page's titles, normal forms, which are not repeated in the text.
    let titles: Set<String>
    /// Cells of a table of numbers.
    private var isData: [Bool]
    /// Why a block is left out; nil for one that stays.
    private(set) var dropped: [Rule?]

    enum Rule: String {
        case caption = "a caption or headline"
        case links = "mostly links"
        case noise = "a button or notice of the site"
        case offer = "an offer or a legal notice"
        case title = "repeats the headline"
        case related = "behind a heading such as Related"
        case repeated = "stands there twice"
        case loose = "no sentence, at an end"
        case bareHeading = "a heading without text"
    }

    /// - Parameter blocks: those of the article's element, in order.
    init(tree: HTMLTree, blocks: [Block], titles: [String]) {
        self.tree = tree
        self.blocks = blocks
        lower = blocks.map { $0.length < 300 ? $0.text.lowercased() : "" }
        self.titles = Set(titles.map(Self.normal))
        dropped = [Rule?](repeating: nil, count: blocks.count)
        isData = [Bool](repeating: false, count: blocks.count)
    }

    /// The paragraphs that remain, in order.
    mutating func paragraphs() -> [String] {
        dropSingleLines()
        dropLinkLists()
        dropAfterRelatedHeadings()
        dropRepeats()
        dropLooseEnds()
        dropEmptyHeadings()
        return blocks.indices.filter { isKept($0) }.map { blocks[$0].text }
    }

    private func isKept(_ index: Int) -> Bool { dropped[index] == nil }

    static func normal(_ line: String) -> String { ComparedText.letters(line) }

    private mutating func dropSingleLines() {
        for (index, block) in blocks.enumerated() { dropped[index] = rule(for: block, lower[index]) }
    }

    private func rule(for block: Block, _ lower: String) -> Rule? {
        if block.tag == .h1 || block.tag == .figure || block.tag == .caption || isCaption(block.element) {
            return .caption
        }
        if block.linkShare > 0.7 && (block.length < 300 || block.tag != .p || block.linkShare > 0.95) {
            return block.length < 300 && RelatedHeading.isRelated(lower) ? nil : .links
        }
        if block.length < 120, RelatedHeading.isNoise(lower) { return .noise }
        if block.length < 300, Obstacle.isOffer(lower) || RelatedHeading.isNotice(lower) { return .offer }
        if block.length < 400, titles.contains(Self.normal(block.text)) { return .title }
        return nil
    }

    private func isCaption(_ element: Int) -> Bool {
        tree.ancestors(element).prefix(3).contains { tree.nodes[$0].tag == .figcaption }
    }

    /// Lists and tables that are mostly links, item by item or together; not the results and counts of a table, which often
    /// link the names in its rows.
    private mutating func dropLinkLists() {
        var sums: [Int: ListSum] = [:]
        for block in blocks {
            guard let list = list(of: block) else { continue }
            sums[list, default: ListSum()].add(block)
        }
        for (index, block) in blocks.enumerated() {
            guard let list = list(of: block), let sum = sums[list] else { continue }
            if sum.isData {
                dropped[index] = nil
                isData[index] = true
            } else if sum.link * 2 > sum.length {
                dropped[index] = .links
            }
        }
    }

    private struct ListSum {
        var length = 0
        var link = 0
        private var cells = 0
        private var numbers = 0

        mutating func add(_ block: Block) {
            length += block.length
            link += block.linkLength
            guard block.tag == .td || block.tag == .th else { return }
            cells += 1
            if block.text.utf8.contains(where: { (0x30...0x39).contains($0) }), block.length < 20 { numbers += 1 }
        }

        /// A table of numbers.
        var isData: Bool { cells >= 12 && numbers * 3 >= cells }
    }

    private func list(of block: Block) -> Int? {
        for element in tree.ancestors(block.element).prefix(6) {
            switch tree.nodes[element].tag {
            case .ul, .ol, .dl, .menu, .table: return element
            case .body, .article, .main: return nil
            default: continue
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
            guard isKept(index), block.length < 120, RelatedHeading.isRelated(lower[index]) else {
                if isKept(index) { before += Container.mass(block) }
                index += 1
                continue
            }
            dropped[index] = .related
            let next = resumption.start(after: index, massBefore: before)
            for skipped in index..<next { dropped[skipped] = .related }
            index = max(next, index + 1)
        }
    }

    private func parent(_ block: Block) -> Int {
        block.tag == .p || block.tag.headingLevel != nil ? Int(tree.nodes[block.element].parent) : block.element
    }

    /// The element around most of the paragraphs.
    private func mainParent() -> Int {
        var masses: [Int: Double] = [:]
        for (index, block) in blocks.enumerated() where isKept(index) {
            masses[parent(block), default: 0] += Container.mass(block)
        }
        return masses.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? -1
    }

    /// Short lines that come twice are furniture; a long paragraph that comes twice is shown once.
    /// What breaks off is a teaser of what stands there whole.
    private mutating func dropRepeats() {
        let first = blocks.indices.first { isKept($0) && blocks[$0].length > 60 }.map { blocks[$0].text } ?? ""
        let isTelling = first.count > 30
        for (index, block) in blocks.enumerated() where block.length < 300 || isTelling {
            if isTelling, block.text != first, block.text.utf8.starts(with: first.utf8) { dropped[index] = .repeated }
            let rest =
                block.text.hasSuffix("…")
                ? block.text.dropLast() : block.text.dropLast(block.text.hasSuffix("...") ? 3 : 0)
            if rest.utf8.count < block.text.utf8.count, rest.utf8.count >= 30, first.hasPrefix(rest) {
                dropped[index] = .repeated
            }
        }
        var seen: [String: Int] = [:]
        for (index, block) in blocks.enumerated() where isKept(index) && block.tag != .td && block.tag != .th {
            guard let first = seen.updateValue(index, forKey: block.text) else { continue }
            if block.length < 60, !block.endsSentence { dropped[first] = .repeated }
            if block.length < 60 && !block.endsSentence || block.length > 80 { dropped[index] = .repeated }
        }
    }

    /// Short lines that are no sentence before the first paragraph and after the last: bylines, dates, buttons.
    private mutating func dropLooseEnds() {
        /// "Published: 6 January 2026, 17:29", "By …, 5 May 2026".
        func isDated(_ block: Block) -> Bool {
            guard block.length < 100, !block.text.hasSuffix(".") else { return false }
            let digits = block.text.utf8.count { (0x30...0x39).contains($0) }
            return digits >= 6 && digits * 6 > block.length
        }
        func isLoose(_ block: Block) -> Bool {
            block.length < 80 && !block.endsSentence && block.tag.headingLevel == nil || block.length < 20
        }
        let standing = blocks.indices.filter { isKept($0) }
        guard standing.contains(where: { !isLoose(blocks[$0]) && Container.mass(blocks[$0]) > 0 }) else { return }
        for index in standing {
            let block = blocks[index]
            if isLoose(block) || block.tag.headingLevel == nil && isDated(block) {
                dropped[index] = .loose
            } else if block.endsSentence || block.length >= 160 {
                break
            }
        }
        for index in standing.reversed() {
            let block = blocks[index]
            if isData[index] { break }
            if isLoose(block) && block.tag != .li || block.tag.headingLevel != nil {
                dropped[index] = .loose
            } else {
                break
            }
        }
    }

    /// A heading stays only directly before a paragraph.
    private mutating func dropEmptyHeadings() {
        var next: Int?
        for index in blocks.indices.reversed() where isKept(index) {
            if let level = blocks[index].tag.headingLevel {
                guard let next, isKept(next), blocks[next].tag.headingLevel.map({ $0 > level }) ?? true else {
                    dropped[index] = .bareHeading
                    continue
                }
            }
            next = index
        }
    }
}
