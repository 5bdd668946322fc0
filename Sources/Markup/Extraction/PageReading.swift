import News

/// One page, read in attempts of growing tolerance until the text is long enough.
struct PageReading {
    let tree: HTMLTree
    let names: ElementNames
    let titles: [String]
    /// What the page's metadata say that it is about.
    let summaries: [String]
    /// Everything on the page, nothing dropped.
    let whole: [Block]
    let headline: Int?
    let opening: Int?
    /// What stands beside the article, by node.
    private let beside: [Beside]

    private enum Beside { case no, byName, byStructure }

    /// Weighted length below which the next attempt is made.
    static let enough = 350
    /// Above it, a text that stands where the page says that its article is, is short and no less the article.
    private static let short = 100
    /// And that above which what names took away is not looked at.
    private static let ample = 1500

    init(tree: HTMLTree, metadata: PageMetadata, linkedData: LinkedData) {
        self.tree = tree
        names = ElementNames(tree)
        titles = metadata.titles
        summaries = metadata.summaries
        whole = Self.blocks(of: tree)
        headline = Lead.headline(in: whole, of: tree, titles: titles)
        opening = Lead.opening(in: whole, like: metadata.summaries + [linkedData.body].compactMap { $0 })
        beside = Self.beside(tree, names, Container(tree: tree, names: names, blocks: whole))
    }

    static func blocks(of tree: HTMLTree) -> [Block] {
        BlockReader.blocks(of: tree, in: 0..<tree.nodes.count, isDropped: { _ in false })
    }

    /// What one attempt came to.
    struct Attempt {
        var strictness: Strictness
        /// Nil where no element holds an article.
        var element: Int?
        /// Those of the element, each with the rule that left it out.
        var blocks: [(block: Block, dropped: StoryText.Rule?)] = []
        /// Of the lead, which stands before the element.
        var lead: [String] = []
        var paragraphs: [String] = []

        var length: Int { paragraphs.reduce(0) { $0 + BlockReader.weight($1.utf8) } }
    }

    /// The attempt whose text is the article.
    func read(_ watch: ReadingTime.Watch? = nil) -> Attempt {
        var best = Attempt(strictness: .names)
        for strictness in Strictness.allCases where watch?.isOver != true {
            let attempt = attempt(strictness)
            if attempt.length > best.length * (best.paragraphs.isEmpty ? 1 : 2) { best = attempt }
            if best.length >= Self.enough || best.length >= Self.short && isCertain(best) { break }
        }
        guard best.length < Self.ample, watch?.isOver != true else { return best }
        return more(than: best) ?? best
    }

    /// Whether the text stands in an article around the headline, and is not only its lead.
    private func isCertain(_ attempt: Attempt) -> Bool {
        guard let element = attempt.element, let headline, attempt.paragraphs.count > attempt.lead.count else {
            return false
        }
        return tree.ancestors(element).contains { tree.isArticle($0) && tree.subtree($0).contains(headline) }
    }

    /// What names took away, where it is most of the text around what was read: `<div class="promo-story">` and the like.
    private func more(than best: Attempt) -> Attempt? {
        guard best.strictness == .names else { return nil }
        let wider = attempt(.structure)
        guard wider.length > 5 * best.length / 2 else { return nil }
        let all = Set(wider.paragraphs)
        return best.paragraphs.count { all.contains($0) } * 2 > best.paragraphs.count ? wider : nil
    }

    var pageText: String { Self.text(of: tree, whole) }

    /// All visible words of a page, to recognise paywalls and challenges.
    static func text(of tree: HTMLTree, _ blocks: [Block]) -> String {
        guard let body = tree.first(.body) else { return "" }
        let inside = tree.subtree(body)
        return blocks.lazy.filter { inside.contains($0.first) }.prefix(Limits.pageParagraphsMax).map(\.text)
            .joined(separator: "\n")
    }

    /// What is left out before the article's element is looked for.
    enum Strictness: String, CaseIterable {
        case names = "elements named as something else"
        case structure = "navigation, asides and what is hidden"
        case none = "nothing"
    }

    private func attempt(_ strictness: Strictness) -> Attempt {
        let isDropped = dropping(strictness)
        let blocks = BlockReader.blocks(of: tree, in: 0..<tree.nodes.count, isDropped: isDropped)
        let container = Container(tree: tree, names: names, blocks: blocks, headline: headline, opening: opening)
        var attempt = Attempt(strictness: strictness)
        guard let found = container.find() else {
            guard strictness == .none else { return attempt }
            attempt.paragraphs = blocks.filter { $0.linkShare < 0.5 && $0.endsSentence }.map(\.text)
            return attempt
        }
        attempt.element = found.element
        read(blocks.filter { found.range.contains($0.first) }, from: found.range.lowerBound, isDropped, &attempt)
        return attempt
    }

    func dropping(_ strictness: Strictness) -> (Int) -> Bool {
        guard strictness != .none else { return { _ in false } }
        // Where the text is known to begin, names around it do not count; nor do those of an article around its headline.
        let kept = Set(tree.ancestors(opening)).union(tree.ancestors(headline).filter { tree.isArticle($0) })
        let isByName = strictness == .names
        return { [beside] in
            beside[$0] != .no && (isByName || beside[$0] == .byStructure) && (kept.isEmpty || !kept.contains($0))
        }
    }

    /// The paragraphs of the article's blocks.
    /// - Parameter start: where its element begins, before which the lead stands.
    func read(_ blocks: [Block], from start: Int, _ isDropped: (Int) -> Bool, _ attempt: inout Attempt) {
        var story = StoryText(tree: tree, blocks: blocks, titles: titles)
        let paragraphs = story.paragraphs()
        attempt.blocks = Array(zip(story.blocks, story.dropped))
        attempt.lead = Lead(tree: tree, names: names, summaries: summaries).paragraphs(
            in: whole, behind: headline, before: start, unless: paragraphs, isDropped: isDropped)
        attempt.paragraphs = attempt.lead + paragraphs
    }

    /// Elements that stand beside the article, unless they hold most of the page's text.
    private static func beside(_ tree: HTMLTree, _ names: ElementNames, _ container: Container) -> [Beside] {
        let most = 0.4 * max(tree.nodes.isEmpty ? 0 : container.mass(0), 1)
        return tree.nodes.indices.map { index in
            guard tree.nodes[index].tag != .text, container.mass(index) < most else { return .no }
            if isBesideByStructure(tree, index) { return .byStructure }
            return isBesideByName(tree, names, index) ? .byName : .no
        }
    }

    /// Of schema.org: what is said of an article, or answers it.
    private static let besideProperties: Set<String> = ["author", "publisher", "comment", "review", "image", "logo"]

    private static func isBesideByStructure(_ tree: HTMLTree, _ index: Int) -> Bool {
        let node = tree.nodes[index]
        switch node.tag {
        case .html, .body, .main: return false
        case .nav, .footer, .aside: return true
        default: break
        }
        guard node.attributesEnd > node.attributesStart else { return false }
        if tree.hasAttribute(index, .hidden) { return true }
        if let property = tree.attribute(index, .itemprop), besideProperties.contains(property) { return true }
        guard let style = tree.attribute(index, .style)?.lowercased().filter({ $0 != " " }) else { return false }
        return PhraseSearch.stands(anyOf: ["display:none", "visibility:hidden"], in: style)
    }

    private static func isBesideByName(_ tree: HTMLTree, _ names: ElementNames, _ index: Int) -> Bool {
        switch tree.nodes[index].tag {
        case .html, .body, .main: return false
        // What is quoted is the article's, whatever the name: posts of a social network are told apart by that.
        case .blockquote: return false
        default: break
        }
        return names[index].contains(.beside) || tree.attribute(index, .role).map(Boilerplate.isBeside) ?? false
    }
}
