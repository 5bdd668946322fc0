import News

/// A link of a page as it stands there.
struct Anchor {
    /// Of the `a` element.
    var node: Int
    /// Absolute, canonical.
    var url: String
    var shape: AddressShape
    /// Its headline, as far as it has one: words of its own, less dates and labels around them. Empty for a picture.
    var title: String
    /// Within an `h1` to `h6`, or around one.
    var isHeadline: Bool

    /// Finds the links of a page that lead to another document: http and https, with words or pictures, each with the place
    /// where it stands. Mail addresses, scripts, and marks within the page are none.
    static func all(in tree: HTMLTree, page: PageAddress) -> (anchors: [Anchor], isCut: Bool) {
        var anchors: [Anchor] = []
        var open: [Int] = []
        var index = 0
        while index < tree.nodes.count {
            let node = tree.nodes[index]
            if node.tag.isSilent, node.tag != .head, node.tag != .button {
                index = Int(node.end)
                continue
            }
            if node.tag == .a, let href = tree.attribute(index, .href) {
                open.removeAll { Int(tree.nodes[$0].end) <= index }
                open.append(index)
                if open.count <= Limits.anchorNestingMax, let url = page.resolve(href) {
                    guard anchors.count < Limits.listingAnchorsMax else { return (anchors, true) }
                    let anchor = anchor(index, url, in: tree)
                    if !anchor.shape.isMedia { anchors.append(anchor) }
                }
            }
            index += 1
        }
        return (anchors, false)
    }

    private static func anchor(_ node: Int, _ url: WebURL, in tree: HTMLTree) -> Anchor {
        let words = AnchorWords(tree, node)
        return Anchor(
            node: node, url: url.description, shape: AddressShape(url), title: words.title,
            isHeadline: words.hasHeading || tree.isInside(node, .heading))
    }
}

/// The address of a listing page, against which its links are resolved.
struct PageAddress {
    let url: WebURL?
    /// Canonical.
    let text: String
    private let base: WebURL?

    /// - Parameter tree: the page, for its `base` element.
    init(_ url: String, tree: HTMLTree) {
        text = WebURL.canonical(url)
        self.url = WebURL(text)
        base = Self.base(of: tree, url: url)
    }

    /// What a page's references are relative to: its first `base` with an address, else its own.
    static func base(of tree: HTMLTree, url: String) -> WebURL? {
        let own = tree.nodes.indices.first { tree.nodes[$0].tag == .base && tree.hasAttribute($0, .href) }
        let href = own.flatMap { tree.attribute($0, .href) }
        return href.flatMap { WebURL.resolve($0, base: url) }.flatMap { WebURL($0) } ?? WebURL(url)
    }

    /// Canonical; nil for what leads nowhere else.
    func resolve(_ href: String) -> WebURL? {
        let reference = href.trimming(\.isWhitespace)
        guard !reference.isEmpty, reference.first != "#", let url = WebURL(reference),
            url.scheme == nil || url.isWeb, let absolute = WebURL.resolve(url, base: base)
        else { return nil }
        let canonical = WebURL.canonical(absolute)
        guard canonical != text, let parts = WebURL(canonical), parts.isWeb else { return nil }
        return parts
    }

    /// Whether two hosts belong to one site: the same name, one below the other, or both below one registered name.
    ///
    /// The last two labels are taken for the registered name, or three where the last but one is as short as in `co.jp`.
    func isSameSite(_ other: WebURL) -> Bool {
        guard let own = url?.host, let host = other.host else { return true }
        return Self.site(own) == Self.site(host)
    }

    private static func site(_ host: String) -> Substring {
        let labels = host.split(separator: ".")
        guard labels.count > 2, !host.hasPrefix("["), !labels.allSatisfy({ $0.allSatisfy(\.isNumber) }) else {
            return host[...]
        }
        let second = labels[labels.count - 2]
        let kept = second.utf8.count <= 3 && labels[labels.count - 1].utf8.count == 2 ? 3 : 2
        return host[labels[max(0, labels.count - kept)].startIndex...]
    }
}
