import News

/// Tags that a text only mentions, as in `List<String>`.
extension XMLRepair {
    /// Whether an element is a text that people read, or inside one, and what the feed says of its kind.
    enum TextPlace {
        case outside, text, plainText, xhtml
        /// Inside an element of HTML in a text of no kind: the text is markup, then.
        case markup
    }

    private static let textNames: Set<String> = [
        "title", "description", "summary", "subtitle", "tagline", "content", "encoded", "creator", "author", "name",
        "category", "subject", "rights", "copyright",
    ]

    /// Of an element that begins where the innermost one is; `attributes` are its own.
    func place(of name: Range<Int>) -> TextPlace {
        if let top = open.last, top.place != .outside { return top.place == .text ? .markup : top.place }
        guard Self.textNames.contains(lowercased(name).split(separator: ":").last.map(String.init) ?? "") else {
            return .outside
        }
        let type = attributes.first { bytes[$0.name].elementsEqual("type".utf8) }?.value
        switch type.map(lowercased) {
        case "text", "text/plain": return .plainText
        case "xhtml", "application/xhtml+xml": return .xhtml
        default: return .text
        }
    }

    /// Whether a tag stands in a text to which it means nothing: neither HTML's nor a feed's own, as in `List<String>`, nor HTML's
    /// where the feed says that the text is plain.
    func isForeignToText(_ name: Range<Int>) -> Bool {
        guard let place = open.last?.place, place != .outside else { return false }
        let name = lowercased(name)
        guard !name.contains(":"), FeedElement.of(name, .core) == .unknown, FeedElement.of(name, .atom) == .unknown
        else { return false }
        return place == .plainText || !PlainText.isTagName(name)
    }

    private func lowercased(_ name: Range<Int>) -> String {
        String(decoding: bytes[name], as: UTF8.self).lowercased()
    }

    /// Whether an end tag follows before that of the innermost element, and near enough.
    /// - Parameter ifUnknown: said where the document ends before either, or no more may be looked through.
    mutating func isEnded(_ element: OpenElement, from start: Int, ifUnknown: Bool) -> Bool {
        guard let top = open.last, lookaheadBudget > 0 else { return ifUnknown }
        let limit = min(bytes.count, start + Limits.tagLookaheadEachBytesMax)
        var index = start
        defer { lookaheadBudget -= min(index, limit) - start }
        while let less = bytes.index(of: UInt8(ascii: "<"), from: index), less + 1 < limit {
            index = less + 1
            if bytes.matches("![CDATA[", at: index) {
                index = bytes.end(of: "]]>", from: index, limit: limit) ?? limit
            } else if bytes.matches("!--", at: index) {
                index = bytes.end(of: "-->", from: index, limit: limit) ?? limit
            } else if bytes[index] == UInt8(ascii: "/") {
                let name = index + 1..<endOfName(from: index + 1)
                if isSame(element, name, ignoringCase: true) { return true }
                if isSame(top, name, ignoringCase: true) { return false }
            }
        }
        index = limit
        return limit == bytes.count && ifUnknown
    }

    mutating func literalTag(at index: Int) -> Int {
        faults.record("literal-tag", "a tag in a text that is neither HTML nor ended, kept as text")
        replace(index..<index + 1, with: open.last?.place == .markup ? "&amp;lt;".utf8 : "&lt;".utf8)
        return index + 1
    }

    var isInText: Bool { open.last.map { $0.place != .outside } ?? false }

    /// `a<b && b>c`: no tag holds an ampersand there. What is markup elsewhere must not read as a tag later.
    mutating func comparison(at index: Int) -> Int {
        faults.record("stray-less-than", "a < that begins no tag, kept as text")
        let isMarkup = open.last?.place == .text || open.last?.place == .markup
        replace(index..<index + 1, with: isMarkup ? "&amp;lt;".utf8 : "&lt;".utf8)
        return index + 1
    }
}
