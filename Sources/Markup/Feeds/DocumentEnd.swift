import News

/// What stands behind the end of a document's root element: nothing by XML 1.0 §2.1, but feeds are put together by hand, or twice.
struct DocumentEnd {
    enum Following: Equatable {
        /// White space, comments and processing instructions.
        case nothing
        /// What is no part of any document: where it begins.
        case junk(Int)
        /// An element of a feed or of a sitemap: where it begins.
        case content(Int)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    /// Whether one of the kind may still end: looking for each end would cost quadratic time.
    private var mayHold = (comment: true, instruction: true, doctype: true)

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// What begins at `start`, seen from behind the root element.
    mutating func following(from start: Int) -> Following {
        var index = start
        var junk: Int?
        while index < bytes.count {
            if bytes[index] <= 0x20 {
                index += 1
            } else if bytes[index] != UInt8(ascii: "<") {
                junk = junk ?? index
                index = bytes.index(of: UInt8(ascii: "<"), from: index) ?? bytes.count
            } else if let end = miscellaneous(at: index) {
                index = end
            } else {
                if isContent(at: index + 1) { return .content(index) }
                junk = junk ?? index
                index += 1
            }
        }
        return junk.map { .junk($0) } ?? .nothing
    }

    /// Behind the comment, processing instruction or DOCTYPE that stands at `index`.
    private mutating func miscellaneous(at index: Int) -> Int? {
        if mayHold.comment, bytes.matches("<!--", at: index) {
            let end = bytes.end(of: "-->", from: index + 4)
            mayHold.comment = end != nil
            return end
        }
        if mayHold.instruction, bytes.matches("<?", at: index) {
            let end = bytes.end(of: "?>", from: index + 2)
            mayHold.instruction = end != nil
            return end
        }
        if mayHold.doctype, DocumentType.begins(bytes, at: index) {
            let end = DocumentType.end(bytes, at: index)
            mayHold.doctype = end != nil
            return end
        }
        return nil
    }

    private func isContent(at start: Int) -> Bool {
        guard let name = FeedSniffer.rootName(bytes, at: start) else { return false }
        return Self.content.contains(name.split(separator: ":").last.map(String.init) ?? "")
    }

    private static let content: Set<String> = [
        "rss", "rdf", "feed", "channel", "item", "entry", "urlset", "url", "sitemapindex", "sitemap",
    ]

    func fault(junkAt start: Int) -> MarkupFault {
        let text = String(decoding: bytes[start..<min(start + 40, bytes.count)], as: UTF8.self)
        let line = text.split { $0.isWhitespace }.joined(separator: " ")
        return MarkupFault("junk-after", "\(bytes.count - start) bytes behind the document's end, passed over: \(line)")
    }
}
