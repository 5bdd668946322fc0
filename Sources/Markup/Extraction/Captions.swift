import News

/// What stands under the pictures and tables of an article.
enum Captions {
    /// - Parameters:
    ///   - range: of the article's element.
    ///   - text: what was taken for the article's paragraphs, which are no captions.
    /// - Returns: at most `Limits.captionsMax`, each once, none longer than `Limits.articleFieldBytesMax`.
    static func texts(of reading: PageReading, in range: Range<Int>, unless text: [String]) -> [String]? {
        var known = Set(text)
        var captions: [String] = []
        for block in reading.whole where range.contains(block.first) && isCaption(block, reading) {
            guard block.text.utf8.count <= Limits.articleFieldBytesMax, known.insert(block.text).inserted else {
                continue
            }
            captions.append(block.text)
            if captions.count == Limits.captionsMax { break }
        }
        return captions.isEmpty ? nil : captions
    }

    private static func isCaption(_ block: Block, _ reading: PageReading) -> Bool {
        let isUnder = reading.tree.ancestors(block.element).prefix(3).contains { element in
            let tag = reading.tree.nodes[element].tag
            return tag == .figcaption || tag == .caption || reading.names[element].contains(.caption)
        }
        return isUnder && block.tag != .h1 && !RelatedHeading.isNoise(block.text.lowercased())
    }
}
