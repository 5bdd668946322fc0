import News

/// What is known of a page before it is read.
public struct ReadingGuide: Sendable {
    /// Where its source says that the article is; goes before everything else.
    public var select: Selector?
    /// What other pages of the site have taught.
    public var lesson: SiteLesson
    /// What the answer's headers ask of those who show or keep its text.
    public var terms: PageTerms
    public var time: ReadingTime

    public init(
        select: Selector? = nil, lesson: SiteLesson = SiteLesson(), terms: PageTerms = PageTerms(),
        time: ReadingTime = ReadingTime()
    ) {
        self.select = select
        self.lesson = lesson
        self.terms = terms
        self.time = time
    }
}

/// What a page, read without the memory of its site, teaches of it.
public struct PageLesson: Sendable, Hashable {
    var url: String
    var title: String?
    var container: String?
    /// Its paragraphs.
    var lines: [String]
}

extension SiteMemory {
    /// Takes in what a page teaches.
    /// - Parameter day: on which it was first listed, in days since 1970.
    public mutating func learn(_ page: PageLesson, day: Int) {
        note(
            SiteSighting(
                url: page.url, title: page.title, day: day, container: page.container, lines: page.lines),
            lines: page.lines)
    }
}

extension PageTerms {
    /// With what the page itself asks.
    func heeding(_ tree: HTMLTree) -> PageTerms {
        var terms = self
        for index in tree.nodes.indices where tree.nodes[index].tag == .meta {
            guard let name = tree.attribute(index, .name), let content = tree.attribute(index, .content) else {
                continue
            }
            terms.heed(meta: name, content: content)
        }
        return terms
    }
}

/// How a page was read by a guide.
struct GuidedReading {
    var attempt: PageReading.Attempt
    /// What it would have been without one.
    var own: PageReading.Attempt
    /// The selector has picked the text.
    var isSelected = false
    /// Lines that were left out because the site repeats them.
    var repeated: [String] = []
}

extension PageReading {
    func read(by guide: ReadingGuide, _ watch: ReadingTime.Watch? = nil) -> GuidedReading {
        let own = read(watch)
        var found = GuidedReading(attempt: own, own: own)
        if let select = guide.select {
            if let picked = picked(by: select) { (found.attempt, found.isSelected) = (picked, true) }
            return found
        }
        if watch?.isOver != true, let usual = usual(guide.lesson, instead: own) { found.attempt = usual }
        let boilerplate = guide.lesson.boilerplate(of: found.attempt.paragraphs)
        found.repeated = boilerplate.sorted().map { found.attempt.paragraphs[$0] }
        let lead = found.attempt.lead.indices.filter { !boilerplate.contains($0) }
        found.attempt.lead = lead.map { found.attempt.lead[$0] }
        found.attempt.paragraphs = found.attempt.paragraphs.indices.filter { !boilerplate.contains($0) }
            .map { found.attempt.paragraphs[$0] }
        return found
    }

    /// All text of the elements that a selector picks; nil where there is none.
    private func picked(by select: Selector) -> Attempt? {
        var ranges: [Range<Int>] = []
        for element in SelectorMatching(select, in: tree).elements() {
            // One within another is read with that.
            if let last = ranges.last, last.contains(element) { continue }
            ranges.append(tree.subtree(element))
        }
        guard let first = ranges.first else { return nil }
        var attempt = Attempt(strictness: .none)
        attempt.element = first.lowerBound
        let blocks = ranges.flatMap { BlockReader.blocks(of: tree, in: $0, isDropped: { _ in false }) }
        attempt.blocks = blocks.map { ($0, nil) }
        attempt.paragraphs = blocks.map(\.text)
        return attempt.paragraphs.isEmpty ? nil : attempt
    }

    /// The text where the site's articles stand, if it is a full one and the page does not plainly say otherwise.
    ///
    /// Where one of both elements is around the other, they must not differ much: then the page has a form of its own, and what was
    /// found in it stands.
    private func usual(_ lesson: SiteLesson, instead own: Attempt) -> Attempt? {
        guard let place = lesson.container, own.element.map({ tree.place($0) }) != place else { return nil }
        let places = tree.elements(at: place)
        guard places.count == 1, let element = places.first else { return nil }
        let range = tree.subtree(element)
        if let opening, own.element.map({ tree.subtree($0).contains(opening) }) ?? false, !range.contains(opening) {
            return nil
        }
        let isDropped = dropping(.names)
        guard !tree.ancestors(element).contains(where: isDropped) else { return nil }
        var attempt = Attempt(strictness: .names)
        attempt.element = element
        let blocks = BlockReader.blocks(of: tree, in: range, isDropped: isDropped)
        read(blocks, from: range.lowerBound, isDropped, &attempt)
        guard attempt.length >= Self.enough else { return nil }
        let isNested = own.element.map { tree.subtree($0).overlaps(range) } ?? false
        return isNested && (attempt.length * 2 < own.length || attempt.length > own.length * 2) ? nil : attempt
    }
}

extension HTMLTree {
    /// Where an element stands, by its name and classes and those of the one around it: the same on all pages of a template.
    ///
    /// Classes with digits, or of states (`category-sport`), are a page's own; so are ids with digits.
    func place(_ node: Int) -> String {
        let parent = Int(nodes[node].parent)
        return (parent >= 0 ? step(parent) + " > " : "") + step(node)
    }

    private func step(_ node: Int) -> String {
        func isStable(_ name: Substring) -> Bool {
            name.utf8.count <= 40 && !name.utf8.contains { (0x30...0x39).contains($0) } && !Boilerplate.isState(name)
        }
        let classes = (attribute(node, .class) ?? "").split(whereSeparator: \.isWhitespace).prefix(8).filter(isStable)
        let id = (attribute(node, .id) ?? "")[...]
        return name(node) + (id.isEmpty || !isStable(id) ? "" : "#" + id)
            + classes.prefix(3).map { "." + $0 }.joined()
    }

    /// The elements at a place, in document order.
    func elements(at place: String) -> [Int] {
        nodes.indices.filter { index in
            let tag = nodes[index].tag
            guard tag != .text, tag.isBlock || tag == .other || tag == .span else { return false }
            return place.hasSuffix(step(index)) && self.place(index).prefix(Limits.siteContainerCharactersMax) == place
        }
    }
}
