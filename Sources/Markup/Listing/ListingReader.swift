import News

/// Finds the links of stories on a listing page: the news of a ministry, the front of a paper, a board, an archive.
public enum ListingReader {
    /// Reads a page, by a selector where there is one, else automatically.
    ///
    /// Automatically, the links are sorted by the kind of place in which they stand, and each such group is judged by what
    /// can be counted of it: length of titles, dates beside them, form of the addresses, how many there are, and what part of
    /// the page it is. Every group that looks like stories is taken. Costs time in proportion to the page.
    ///
    /// - Parameters:
    ///   - page: the body, at most `Limits.pageBytesMax` bytes are read.
    ///   - contentType: the HTTP header's value, whose charset wins over the page's own.
    ///   - url: the address that the page came from.
    /// - Returns: what was found, with no links at worst.
    /// - Throws: `empty`, `not-html`, and `not-a-page` for a feed or a sitemap.
    public static func read(
        page: [UInt8], contentType: String?, url: String, rules: Source.LinkRules = Source.LinkRules()
    ) throws(MarkupError) -> Listing {
        let html = try ArticleReader.decoded(page, contentType: contentType, url: url)
        if let other = OtherDocument.kind(of: html) {
            throw MarkupError(
                code: "not-a-page", detail: "\(url): \(other.name), not a listing page; configure it as \(other.key):")
        }
        let tree = HTMLTree(utf8: html)
        let listed = ListingPage(tree: tree, url: url)
        var listing = Listing()
        listing.feeds = FeedLinks.all(in: tree, url: url)
        let titles = rules.title.map { Selected($0, in: tree) }
        let dates = rules.date.map { Selected($0, in: tree) }
        if let select = rules.select {
            take(listed.selected(select, titles: titles, dates: dates), by: select, into: &listing)
        } else {
            take(listed.groups(titles: titles, dates: dates), of: listed, into: &listing)
        }
        if tree.isTruncated || page.count > Limits.pageBytesMax || listed.isCut {
            listing.faults.append(MarkupFault("truncated", "\(url): larger than the limits, the end was not read"))
        }
        if listing.links.count > Limits.entriesMax {
            listing.faults.append(
                MarkupFault(
                    "too-many-entries", "\(listing.links.count) links; the first \(Limits.entriesMax) are taken"))
            listing.links.removeLast(listing.links.count - Limits.entriesMax)
        }
        return listing
    }

    /// The same, as the entries of a source.
    /// - Throws: also `no-links` when there are none, with what to do.
    public static func feed(
        page: [UInt8], contentType: String?, url: String, rules: Source.LinkRules
    ) throws(MarkupError) -> Feed {
        let listing = try read(page: page, contentType: contentType, url: url, rules: rules)
        guard listing.links.isEmpty else { return listing.feed }
        let what =
            if let select = rules.select {
                "the selector \"\(select)\" \(listing.groups.first?.reasons.first ?? "matches nothing")"
            } else {
                "no links that look like stories"
            }
        let hint = listing.feeds.first.map { "; the page names a feed, \($0)" } ?? ""
        throw MarkupError(code: "no-links", detail: "\(url): \(what)\(hint)", feedLink: listing.feeds.first)
    }

    private static func take(
        _ found: (matches: Int, cards: [Card]), by selector: Selector, into listing: inout Listing
    ) {
        listing.links = found.cards.map(\.link)
        let elements = found.matches == 1 ? "1 element" : "\(found.matches) elements"
        let reason =
            found.matches == 0
            ? "matches nothing"
            : found.cards.isEmpty ? "matches \(elements), but none holds a link" : "matches \(elements)"
        listing.groups = [
            Listing.Group(
                selector: selector.text, isTaken: !found.cards.isEmpty, reasons: [reason], links: listing.links)
        ]
    }

    private static func take(
        _ found: [(group: LinkGroup, features: LinkGroup.Features, selector: String)], of page: ListingPage,
        into listing: inout Listing
    ) {
        let choice = StoryChoice(found.map { ($0.group, $0.features) }, page: page.address)
        var taken: [Card] = []
        for (index, row) in found.enumerated() {
            let kept = choice.kept[index]
            taken += kept
            listing.groups.append(
                Listing.Group(
                    selector: row.selector, isTaken: !kept.isEmpty, reasons: choice.reasons[index],
                    links: (kept.isEmpty ? row.group.cards : kept).map(\.link)))
        }
        listing.links = taken.sorted { $0.anchor.node < $1.anchor.node }.map(\.link)
    }
}

extension Card {
    var link: Listing.Link { Listing.Link(url: anchor.url, title: title, published: published) }
}
