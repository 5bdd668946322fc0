import News

extension ArticleReader {
    /// How the article of a page was found, line by line: the element, and what of it was left out by which rule.
    /// - Throws: as `read(page:contentType:url:guide:)`.
    public static func trace(
        page: [UInt8], contentType: String?, url: String, guide: ReadingGuide = ReadingGuide()
    ) throws(MarkupError) -> [String] {
        let tree = HTMLTree(utf8: try decoded(page, contentType: contentType, url: url))
        let linkedData = LinkedData(tree: tree)
        let metadata = PageMetadata(tree: tree, linkedData: linkedData, url: url)
        let reading = PageReading(tree: tree, metadata: metadata, linkedData: linkedData)
        let found = reading.read(by: guide)
        let attempt = found.attempt
        var lines = ["left out beforehand: \(attempt.strictness.rawValue)"]
        if let headline = reading.headline { lines.append("headline: \(tree.path(headline))") }
        if let opening = reading.opening { lines.append("begins as the metadata say: \(tree.path(opening))") }
        if let select = guide.select {
            lines.append("selector: \(found.isSelected ? "\(select)" : "\(select) picks no text; it was looked for")")
        } else if attempt.element != found.own.element {
            lines.append("where the site's articles stand, and not \(found.own.element.map(tree.path) ?? "nowhere")")
        }
        lines.append("article: \(attempt.element.map(tree.path) ?? "no element; all sentences of the page")")
        lines += attempt.lead.map { "+ lead: \(shown($0))" }
        for (block, rule) in attempt.blocks {
            lines.append(rule.map { "- \($0.rawValue): \(shown(block.text))" } ?? "+ \(shown(block.text))")
        }
        lines += found.repeated.map { "- a line that the site repeats: \(shown($0))" }
        return lines
    }

    private static func shown(_ text: String) -> String {
        text.count > 100 ? String(text.prefix(100)) + "…" : text
    }
}

extension HTMLTree {
    /// `main > article.post > div#text`: the innermost elements around a node.
    func path(_ node: Int) -> String {
        var steps: [String] = []
        for current in ancestors(node).lazy.filter({ nodes[$0].tag != .text }).prefix(5) {
            let classes = (attribute(current, .class) ?? "").split(whereSeparator: \.isWhitespace).prefix(2)
            let id = attribute(current, .id).map { "#" + $0 } ?? ""
            steps.append(name(current) + id + classes.map { "." + $0 }.joined())
        }
        return steps.reversed().joined(separator: " > ")
    }
}
