import News

/// Who wrote the article, by what the page says of itself.
extension PageMetadata {
    /// The first names that are not the outlet's of: JSON-LD, `<meta>`, `rel=author` and microdata, elements of a class such as
    /// `byline`, lines of text that are a byline; else the outlet where it is given as author.
    func authors(shown: ShownLines) -> [String] {
        let told = [Authors.clean(linkedData.authors), Authors.clean(authorMetas + [writtenBy].compactMap { $0 })]
        for names in told {
            let people = withoutOutlet(names)
            if !people.isEmpty { return people }
        }
        let (related, named) = markedNames(shown)
        let outlet = told.first { !$0.isEmpty } ?? []
        // Where the outlet is named as author, a class of that name holds anything.
        let people = [related, outlet.isEmpty ? named : named.filter(Byline.isPersonal), shown.bylines].map(
            withoutOutlet)
        let outlets = [outlet] + [related, named].map { $0.filter { outletNames.contains(StoryText.normal($0)) } }
        return (people + outlets).first { !$0.isEmpty } ?? []
    }

    /// `twitter:label1` says what `twitter:data1` is.
    private var writtenBy: String? {
        let label = meta["twitter:label1"]?.lowercased() ?? ""
        return Self.writtenBy.contains(where: label.hasPrefix) ? meta["twitter:data1"] : nil
    }

    private static let writtenBy = [
        "written by", "verfasst von", "geschrieben von", "écrit par", "escrito por", "scritto da", "geschreven door",
        "skrevet av", "skrevet af", "skriven av", "napisane przez", "автор", "написано", "執筆者", "作者", "글쓴이", "yazan",
    ]

    func withoutOutlet(_ names: [String]) -> [String] {
        names.filter { name in
            let normal = StoryText.normal(name)
            // What follows a long name belongs to it: `Basin News Monday`.
            return !outletNames.contains { $0 == normal || $0.utf8.count >= 8 && normal.hasPrefix($0) }
        }
    }

    /// Of elements that are marked as naming an author, by a relation before those by a class.
    private func markedNames(_ shown: ShownLines) -> (related: [String], named: [String]) {
        var byRelation: [(index: Int, names: [String])] = []
        var byClass: [(index: Int, names: [String])] = []
        var looked = 0
        for index in tree.nodes.indices where tree.nodes[index].attributesEnd > tree.nodes[index].attributesStart {
            let isRelation = isRelation(index)
            guard isRelation || shown.names[index].contains(.byline), !isAside(index) else { continue }
            guard looked < Limits.pageBylinesMax else { break }
            looked += 1
            let line = name(within: index) ?? tree.line(index, limit: 300)
            guard !line.isEmpty, line.utf8.count < Byline.bytesMax, !shown.isForeign(index) else { continue }
            let names = Authors.clean([Byline.names(in: line)])
            guard !names.isEmpty else { continue }
            if isRelation { byRelation.append((index, names)) } else { byClass.append((index, names)) }
        }
        return (shown.nearest(byRelation) ?? [], shown.nearest(byClass) ?? [])
    }

    private func isRelation(_ index: Int) -> Bool {
        [AttributeName.rel, .itemprop, .property].contains { name in
            guard let value = tree.attribute(index, name)?.lowercased(), value.utf8.count <= 200 else { return false }
            return value == "author" || value == "schema:author" || value.split(separator: " ").contains("author")
        }
    }

    /// The name proper of an author of microdata or hCard, whose element may hold a biography too.
    private func name(within index: Int) -> String? {
        for node in tree.subtree(index).dropFirst().prefix(Limits.headingNodesMax) where tree.nodes[node].tag != .text {
            let isName =
                tree.attribute(node, .itemprop)?.lowercased() == "name"
                || tree.attribute(node, .class)?.split(separator: " ").contains("fn") == true
            guard isName else { continue }
            let line = tree.attribute(node, .content) ?? tree.line(node, limit: 300)
            if !line.isEmpty { return PlainText.cleaned(line) }
        }
        return nil
    }
}

/// Names.
extension ShownLines {
    /// The names nearest to the headline, with those marked closely behind them; the first where none is near it.
    func nearest(_ marked: [(index: Int, names: [String])]) -> [String]? {
        guard !marked.isEmpty else { return nil }
        let places = marked.map { (names: $0.names, block: block(of: $0.index), node: $0.index) }
        var first = 0
        var least = Int.max
        for (at, place) in places.enumerated() {
            let cost = place.block.flatMap(distance) ?? Int.max
            // Of elements one in another the innermost holds least beside the name.
            if cost < least || cost == least && tree.subtree(places[first].node).contains(place.node) {
                (first, least) = (at, cost)
            }
        }
        let kind = tree.attribute(places[first].node, .class)
        var names = places[first].names
        var last = places[first]
        for place in places[(first + 1)...] {
            guard let block = place.block, let before = last.block, block - before <= 3, names.count < Limits.authorsMax
            else { break }
            let new = place.names.filter { name in
                !names.contains { StoryText.normal($0) == StoryText.normal(name) }
            }
            guard tree.attribute(place.node, .class) == kind else { continue }
            names += new
            last = place
        }
        return names
    }

    /// Of lines by the headline, or at the end of the text, that are a byline and nothing else.
    var bylines: [String] {
        guard let headline else { return [] }
        let near = headline + 1..<min(headline + 1 + Self.behind, blocks.count)
        let beforehand = max(0, headline - Self.before)..<headline
        for index in Array(near) + beforehand.reversed() {
            let block = blocks[index]
            guard Byline.isWhole(block.text), !isForeign(block.first) else { continue }
            return Authors.clean([Byline.names(in: block.text)])
        }
        return []
    }
}
