/// Where a text goes on behind a heading such as "Related": looked up from the end once, since a page may hold thousands of
/// such headings.
struct Resumption {
    private let blocks: [Block]
    private let isMain: [Bool]
    /// Blocks from each on that are mostly a link.
    private let linkedFrom: [Int]
    /// The first paragraph from each block on that is prose on the main level; the number of blocks where there is none.
    private let proseFrom: [Int]
    /// The same, but not directly behind a link.
    private let freeProseFrom: [Int]

    /// - Parameters:
    ///   - main: the element around most of the paragraphs.
    ///   - parent: the element that a block belongs to.
    init(_ blocks: [Block], main: Int, parent: (Block) -> Int) {
        let end = blocks.count
        let isMain = blocks.map { parent($0) == main }
        var linked = [Int](repeating: 0, count: end + 1)
        var prose = [Int](repeating: end, count: end + 1)
        var freeProse = prose
        for index in blocks.indices.reversed() {
            let block = blocks[index]
            linked[index] = linked[index + 1] + (Self.isLink(block) ? 1 : 0)
            let isProse = isMain[index] && block.tag == .p && block.linkShare < 0.25 && Container.mass(block) > 60
            prose[index] = isProse ? index : prose[index + 1]
            let isFree = isProse && index > 0 && !Self.isLink(blocks[index - 1])
            freeProse[index] = isFree ? index : freeProse[index + 1]
        }
        self.blocks = blocks
        self.isMain = isMain
        (linkedFrom, proseFrom, freeProseFrom) = (linked, prose, freeProse)
    }

    /// The block at which the text goes on; the number of blocks when all that follows is not the article's.
    ///
    /// - Parameter massBefore: what of the article stands before the heading.
    func start(after heading: Int, massBefore: Double) -> Int {
        let isLate = massBefore > 200
        let isManyLinks = linkedFrom[heading + 1] > 2
        if isMain[heading], isLate, blocks[heading].tag.headingLevel != nil || isManyLinks { return blocks.count }
        let next = proseFrom[heading + 1]
        // Teasers are links with a sentence each; behind a box there is no further link.
        let isBox =
            next < blocks.count
            && (linkedFrom[next] == 0
                || linkedFrom[heading + 1] - linkedFrom[next] <= 2 && linkedFrom[next] <= 1
                    && blocks[next].length > 200)
        let prose = isMain[heading] && isLate && !isBox ? freeProseFrom[heading + 1] : next
        if prose < blocks.count { return prose }
        return isLate || isManyLinks ? blocks.count : heading + 1
    }

    private static func isLink(_ block: Block) -> Bool { block.linkShare > 0.7 }
}
