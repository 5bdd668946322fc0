import News

/// The feeds that a page names.
enum FeedLinks {
    /// `<link rel="alternate" type="application/rss+xml" href="…">`, absolute by the page's own `base`, each once, at most eight.
    static func all(in tree: HTMLTree, url: String) -> [String] {
        let base = PageAddress.base(of: tree, url: url)
        var feeds: [String] = []
        for index in tree.nodes.indices where tree.nodes[index].tag == .link && feeds.count < 8 {
            guard tree.attribute(index, .rel)?.lowercased().hasWord("alternate") == true,
                let type = tree.attribute(index, .type)?.lowercased(),
                ["application/rss+xml", "application/atom+xml", "application/feed+json"].contains(
                    where: type.hasPrefix),
                let href = tree.attribute(index, .href), let link = resolve(href, base),
                !feeds.contains(link)
            else { continue }
            feeds.append(link)
        }
        return feeds
    }

    private static func resolve(_ href: String, _ base: WebURL?) -> String? {
        let href = href.trimming(\.isWhitespace)
        // Of a page from a file an address is shown as it stands.
        let isFromFile = base?.scheme == nil && !href.isEmpty
        return WebURL(href).flatMap { WebURL.resolve($0, base: base) ?? (isFromFile ? href : nil) }
    }
}

/// What a document is that was configured as a listing page.
enum OtherDocument {
    /// The name for people, and the configuration's key; nil for what may be a page.
    static func kind(of bytes: [UInt8]) -> (name: String, key: String)? {
        let head = bytes.prefix(2048)
        if let root = SitemapReader.root(of: head) {
            return (root.name == "urlset" ? "a sitemap" : "a sitemap index", "sitemap")
        }
        guard let first = head.first(where: { $0 > 0x20 }) else { return nil }
        let text = String(decoding: head, as: UTF8.self).lowercased()
        if first == UInt8(ascii: "{") { return ("a JSON document", "feed") }
        guard !text.contains("<html"), !text.contains("<!doctype html"), !text.contains("<body") else { return nil }
        if case .xml(_, let format) = FeedSniffer.find(bytes) { return ("a feed (\(format.rawValue))", "feed") }
        return nil
    }
}
