import News

/// Collects the addresses of a sitemap or an index of sitemaps from SAX events.
final class SitemapBuilder: SAXTarget {
    var faults = FaultLog()
    private let base: WebURL?
    private var rows: [Row] = []
    private var row: Row?
    private var depth = 0
    /// Where the row that is being read was opened.
    private var rowDepth = 0
    private var field: Field?
    private var buffer: [UInt8] = []

    /// A `url` or a `sitemap`.
    private struct Row {
        var address: String?
        var title: String?
        var language: String?
        var published: Timestamp?
        var changed: Timestamp?
        /// `changed` has a time of day.
        var changedExactly = false

        var time: Timestamp? { [published, changed].compactMap { $0 }.max() }
    }

    private enum Field { case address, changed, title, published, language }

    init(url: String) { base = WebURL(url) }

    // MARK: Events

    override func start(_ name: SAXName, _ attributes: SAXAttributes) {
        depth += 1
        let local = name.localText.lowercased()
        if row == nil, local == "url" || local == "sitemap" {
            row = Row()
            rowDepth = depth
            return
        }
        guard row != nil else { return }
        buffer.removeAll(keepingCapacity: true)
        // `image:loc`, `video:title` and the like are the pictures' own.
        let prefix = name.prefixText?.lowercased()
        switch local {
        case "loc" where depth == rowDepth + 1: field = .address
        case "lastmod" where depth == rowDepth + 1: field = .changed
        case "title" where prefix == "news": field = .title
        case "publication_date" where prefix == "news": field = .published
        case "language" where prefix == "news": field = .language
        default: field = nil
        }
    }

    override func end() {
        if let field { take(field, PlainText.cleaned(buffer[...])) }
        field = nil
        if row != nil, depth == rowDepth { finishRow() }
        depth -= 1
    }

    override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard field != nil, buffer.count + bytes.count <= Limits.urlBytesMax else { return }
        buffer.append(contentsOf: bytes)
    }

    override func dropOpenEntry() {
        row = nil
        field = nil
    }

    private func take(_ field: Field, _ value: String) {
        guard !value.isEmpty else { return }
        switch field {
        case .address: row?.address = WebURL.resolve(value, base: base?.description)
        case .changed:
            row?.changed = faults.date(value, zone: nil)
            row?.changedExactly = value.contains(":")
        case .title: row?.title = String(PlainText.line(value).prefix(Limits.titleCharactersMax))
        case .published: row?.published = faults.date(value, zone: nil)
        case .language: row?.language = FeedBuilder.tag(value)
        }
    }

    private func finishRow() {
        defer { row = nil }
        guard let done = row, let address = done.address, let url = WebURL(address), url.isWeb else {
            faults.record("no-address", "an entry without a web address")
            return
        }
        guard rows.count < Limits.sitemapAddressesMax else {
            faults.record("too-many-addresses", "more than \(Limits.sitemapAddressesMax); the rest is not looked at")
            return
        }
        rows.append(done)
    }

    // MARK: Results

    func feed() -> Feed {
        var feed = Feed(format: .sitemap)
        let kept = newest(rows, most: Limits.entriesMax)
        if kept.count < rows.count {
            faults.record(
                "too-many-entries", "\(rows.count) addresses; the newest \(Limits.entriesMax) are taken")
        }
        feed.entries = kept.map { row in
            var entry = Entry()
            entry.link = row.address.map(WebURL.canonical)
            entry.title = row.title.flatMap { $0.isEmpty ? nil : $0 }
            entry.published = row.published
            entry.updated = row.changed
            entry.language = row.language
            return entry
        }
        feed.faults = faults.faults
        return feed
    }

    func index() -> SitemapIndex {
        let kept = newest(rows, most: Limits.sitemapChildrenMax)
        if kept.count < rows.count {
            faults.record(
                "too-many-sitemaps", "\(rows.count) sitemaps; the newest \(Limits.sitemapChildrenMax) are read")
        }
        var index = SitemapIndex()
        index.children = kept.compactMap(\.address)
        index.tellsChanges = !rows.isEmpty && rows.allSatisfy(\.changedExactly)
        index.faults = faults.faults
        return index
    }

    /// By date, undated ones last; where none is dated, half from each end: new ones are added at one of the two.
    private func newest(_ rows: [Row], most: Int) -> [Row] {
        guard rows.contains(where: { $0.time != nil }) else {
            return rows.count <= most ? rows : Array(rows.prefix((most + 1) / 2) + rows.suffix(most / 2))
        }
        let sorted = rows.enumerated().sorted { a, b in
            guard let first = a.element.time else { return b.element.time == nil && a.offset < b.offset }
            guard let second = b.element.time else { return true }
            return first == second ? a.offset < b.offset : first > second
        }
        return sorted.prefix(most).map(\.element)
    }
}
