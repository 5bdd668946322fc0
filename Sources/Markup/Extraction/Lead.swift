import News

/// The headline on the page, and the sentences under it that many sites keep apart from the text.
struct Lead {
    let tree: HTMLTree
    let names: ElementNames
    /// What the page's metadata say that it is about.
    let summaries: [String]

    /// The node of the first line that says what one of the page's titles says, of a heading before any other.
    static func headline(in blocks: [Block], of tree: HTMLTree, titles: [String]) -> Int? {
        let titles = titles.map(StoryText.normal).filter { !$0.isEmpty }
        func isHeadline(_ block: Block) -> Bool {
            guard block.length <= 400 else { return false }
            let line = StoryText.normal(block.text)
            let weight = BlockReader.weight(line.utf8)
            return titles.contains { title in
                if title == line { return weight >= 6 }
                return min(weight, BlockReader.weight(title.utf8)) >= 12
                    && (title.contains(line) || line.contains(title))
            }
        }
        return blocks.first { $0.tag == .h1 && isHeadline($0) && !tree.isInside($0.first, [.nav, .listItem]) }?.first
            ?? blocks.first { $0.tag.headingLevel != nil && isHeadline($0) }?.first
    }

    /// The node of the longest paragraph that begins as one of these texts does.
    static func opening(in blocks: [Block], like texts: [String]) -> Int? {
        let beginnings = texts.compactMap { text -> String? in
            let line = beginning(text).prefix(40)
            return BlockReader.weight(line.utf8) >= 40 ? String(line) : nil
        }
        guard !beginnings.isEmpty else { return nil }
        let found = blocks.filter { block in
            guard block.length >= 80, block.linkShare < 0.5 else { return false }
            return PhraseSearch.begins(anyOf: beginnings, beginning(block.text))
        }
        return found.max { $0.length < $1.length }?.first
    }

    private static func beginning(_ text: String) -> String {
        StoryText.normal(String(text.unicodeScalars.prefix(200)))
    }

    /// The lines between the headline and the text that are named as its lead, or that the page's metadata repeat.
    ///
    /// - Parameter isDropped: whether a node was taken for something beside the article.
    func paragraphs(
        in blocks: [Block], behind headline: Int?, before text: Int, unless known: [String], isDropped: (Int) -> Bool
    ) -> [String] {
        guard let headline, headline < text, !known.isEmpty else { return [] }
        let summaries = summaries.map(StoryText.normal).filter { BlockReader.weight($0.utf8) >= 40 }
        let known = known.prefix(3).map(StoryText.normal)
        var lead: [String] = []
        for block in blocks where block.first > headline && block.first < text && block.length >= 40 {
            guard block.linkShare < 0.3, block.tag != .figcaption, block.length < 1500 else { continue }
            let line = StoryText.normal(block.text)
            let isRepeated = summaries.contains { $0.hasPrefix(line) || line.hasPrefix($0.prefix(80)) }
            guard isRepeated || block.endsSentence && isNamed(block.element) else { continue }
            guard !known.contains(where: { $0.contains(line) }), !isBeside(block.element, isDropped) else { continue }
            lead.append(block.text)
            if lead.count == 3 { break }
        }
        return lead
    }

    /// What is around the named element counts; a teaser of other news is no lead, and a lead may be called a teaser.
    private func isBeside(_ element: Int, _ isDropped: (Int) -> Bool) -> Bool {
        tree.ancestors(element).dropFirst(2).contains(where: isDropped)
    }

    private static func isNamed(_ property: String) -> Bool {
        var judge = NameJudge()
        return judge.meaning(of: property).contains(.lead)
    }

    private func isNamed(_ element: Int) -> Bool {
        tree.ancestors(element).prefix(2).contains { current in
            names[current].contains(.lead)
                || tree.attribute(current, .itemprop).map { Self.isNamed($0) } ?? false
        }
    }
}
