import News

/// What a decoded document is, and where in it the feed begins.
enum FeedSniffer {
    enum Finding: Equatable {
        /// The offset of the root element's `<`.
        case xml(root: Int, format: Feed.Format)
        case json(start: Int)
        case other
    }

    /// Looks for the first root element of a feed, whatever stands before it: white space, a PHP warning, a page around it.
    static func find(_ bytes: [UInt8]) -> Finding {
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }) else { return .other }
        if let start = jsonStart(bytes, from: first) { return .json(start: start) }
        var index = first
        var isFirstElement = true
        var mayBeComment = true
        var mayBeDoctype = true
        while let open = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            if mayBeComment, bytes[open...].starts(with: "<!--".utf8) {
                if let end = bytes[(open + 4)...].firstRange(of: Array("-->".utf8))?.upperBound {
                    index = end
                    continue
                }
                // Nor does any comment after this one end.
                mayBeComment = false
            }
            if mayBeDoctype, let end = bytes.withUnsafeBufferPointer({ pastDoctype($0, at: open, &mayBeDoctype) }) {
                index = end
                continue
            }
            let name = rootName(bytes, at: open + 1)
            if let name, let format = format(of: name, isFirst: isFirstElement) {
                return .xml(root: open, format: format)
            }
            if name != nil { isFirstElement = false }
            index = open + 1
        }
        return .other
    }

    /// JSON begins with its object; a comment or a call around it is passed over where the version behind it proves that it is a feed.
    private static func jsonStart(_ bytes: [UInt8], from first: Int) -> Int? {
        if bytes[first] == UInt8(ascii: "{") { return first }
        let head = bytes[first...].prefix(Limits.jsonHeadBytesMax)
        guard bytes[first] != UInt8(ascii: "<"), let start = head.firstIndex(of: UInt8(ascii: "{")),
            head[start...].firstRange(of: Array("jsonfeed.org/version".utf8)) != nil
        else { return nil }
        return start
    }

    /// Behind the DOCTYPE that stands at `open`: its entities may name a root element.
    private static func pastDoctype(_ bytes: UnsafeBufferPointer<UInt8>, at open: Int, _ mayBe: inout Bool) -> Int? {
        guard DocumentType.begins(bytes, at: open) else { return nil }
        let end = DocumentType.end(bytes, at: open)
        mayBe = end != nil
        return end
    }

    /// `<atom:feed>` and the like count too; the commoner words only where nothing stands before them.
    private static func format(of name: String, isFirst: Bool) -> Feed.Format? {
        let local = name.split(separator: ":").last ?? ""
        switch local {
        case "rss" where local == name || isFirst: return .rss
        case "rdf": return .rdf
        case "feed" where local == name || isFirst: return .atom
        case "channel" where isFirst: return .rss
        case "entry" where isFirst: return .atom
        default: return nil
        }
    }

    /// The element's name in lower case, when it may be one and is short.
    static func rootName<Bytes: RandomAccessCollection>(_ bytes: Bytes, at start: Int) -> String?
    where Bytes.Element == UInt8, Bytes.Index == Int {
        let name = bytes[start...].prefix(24).prefix {
            (0x61...0x7A).contains($0 | 0x20) || $0 == 0x3A || (0x30...0x39).contains($0)
        }
        guard !name.isEmpty, name.count < 24, start + name.count < bytes.count else { return nil }
        let next = bytes[start + name.count]
        guard next <= 0x20 || next == UInt8(ascii: ">") || next == UInt8(ascii: "/") else { return nil }
        return String(decoding: name, as: UTF8.self).lowercased()
    }

    // MARK: What is no feed

    static func refusal(_ bytes: [UInt8], contentType: String?, url: String) -> MarkupError {
        let head = String(decoding: bytes.prefix(Limits.refusedBytesMax), as: UTF8.self).lowercased()
        let start = head.drop { $0.isWhitespace }
        if start.isEmpty { return MarkupError(code: "not-a-feed", detail: "the document is empty") }
        if head.contains("<opml") {
            return MarkupError(code: "not-a-feed", detail: "an OPML list of feeds, not a feed")
        }
        if isPage(head) || head.contains("<body") {
            let page = Array(bytes.prefix(Limits.refusedBytesMax))
            if let fault = Challenge.fault(page: page, isAnswer: true) {
                return MarkupError(code: fault.code, detail: fault.detail)
            }
            let tree = HTMLTree(utf8: page)
            let links = FeedLinks.all(in: tree, url: url)
            let named = links.count == 1 ? "the feed that it names is" : "the feeds that it names are"
            let hint = links.isEmpty ? kind(of: tree) : "an HTML page; \(named) \(links.joined(separator: ", "))"
            return MarkupError(code: "not-a-feed", detail: hint, feedLink: links.first)
        }
        if head.contains("<urlset") || head.contains("<sitemapindex") {
            return MarkupError(code: "not-a-feed", detail: "a sitemap, not a feed; configure it as sitemap:")
        }
        let begin = start.prefix(60).split { $0.isWhitespace }.joined(separator: " ")
        let type = contentType.map { " (\($0.prefix(60)))" } ?? ""
        return MarkupError(code: "not-a-feed", detail: "no RSS, Atom, RDF or JSON Feed\(type); it begins: \(begin)")
    }

    /// Whether an HTML page begins in what stands before a root element.
    static func isPage(_ before: ArraySlice<UInt8>) -> Bool {
        isPage(String(decoding: before.prefix(Limits.refusedBytesMax), as: UTF8.self).lowercased())
    }

    private static func isPage(_ head: String) -> Bool { head.contains("<html") || head.contains("<!doctype html") }

    /// What kind of HTML page it is that names no feed.
    private static func kind(of tree: HTMLTree) -> String {
        hasPassword(tree)
            ? "an HTML page that asks to log in; give the source a login: or look for an address that needs none"
            : "an HTML page that names no feed; look for the feed's address on the site, or configure it as page:"
    }

    private static func hasPassword(_ tree: HTMLTree) -> Bool {
        tree.nodes.indices.contains { index in
            tree.nodes[index].tag == .input && tree.attribute(index, .type)?.lowercased() == "password"
        }
    }
}
