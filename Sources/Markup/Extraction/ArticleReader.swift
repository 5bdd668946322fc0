import News

/// Reads the article that a page or a feed entry holds.
public enum ArticleReader {
    /// Reads an article page.
    ///
    /// Cost is linear in the page, at most `Limits.pageNodesMax` nodes are looked at; nothing recurses over the page's tree.
    /// - Parameters:
    ///   - page: the body, at most `Limits.pageBytesMax` bytes are read.
    ///   - contentType: the HTTP header's value, whose charset wins over the page's own.
    ///   - url: the address the page came from, against which its links are resolved.
    /// - Returns: an article, whose paragraphs are empty when the page holds none; obstacles and cuts stand in `faults`:
    ///   `paywall`, `challenge`, `needs-script`, `truncated`, `no-text`, `selector` (picks no text on this page), `slow` (beyond the guide's time).
    /// - Throws: `empty` for no bytes, `not-html` for other kinds of document.
    public static func read(
        page: [UInt8], contentType: String?, url: String, guide: ReadingGuide = ReadingGuide()
    ) throws(MarkupError) -> Article {
        try look(page: page, contentType: contentType, url: url, guide: guide).article
    }

    /// The same, with what the page teaches of its site.
    public static func look(
        page: [UInt8], contentType: String?, url: String, guide: ReadingGuide
    ) throws(MarkupError) -> (article: Article, lesson: PageLesson) {
        let watch = guide.time.watch()
        let html = try decoded(page, contentType: contentType, url: url)
        let tree = HTMLTree(utf8: html)
        let linkedData = LinkedData(tree: tree)
        let metadata = PageMetadata(tree: tree, linkedData: linkedData, url: url)
        var article = Article()
        article.title = metadata.title.map { String($0.prefix(Limits.titleCharactersMax)) }
        article.standfirst = metadata.standfirst.map { cut($0, to: Limits.articleFieldBytesMax) }
        article.modified = metadata.modified
        article.canonicalURL = metadata.canonicalURL
        article.siteName = metadata.siteName.map { cut($0, to: Limits.articleFieldBytesMax) }
        article.section = metadata.section
        let terms = guide.terms.heeding(tree)
        article.terms = terms.isEmpty ? nil : terms
        let reading = PageReading(tree: tree, metadata: metadata, linkedData: linkedData)
        let shown = ShownLines(
            metadata: metadata, names: reading.names, blocks: reading.whole, headline: reading.headline)
        article.authors = metadata.authors(shown: shown)
        article.published = metadata.published(shown: shown)
        let found = reading.read(by: guide, watch)
        let attempt = found.attempt
        let isPaid = linkedData.isPaid || metadata.isPaid
        if !found.isSelected, !isPaid, let rescued = rescue(linkedData, instead: attempt.paragraphs) {
            keep(rescued, in: &article)
        } else {
            keep(attempt.paragraphs, lead: attempt.lead.count, in: &article)
        }
        article.captions = attempt.element.flatMap {
            Captions.texts(of: reading, in: tree.subtree($0), unless: article.paragraphs)
        }
        let unquoted = Unquoted.texts(of: tree, reading.whole)
        if !unquoted.isEmpty {
            article.unquoted = article.paragraphs.indices.filter { unquoted.contains(article.paragraphs[$0]) }
        }
        article.language = metadata.language ?? scriptLanguage(article.text)
        let place = url.isEmpty ? "" : "\(url): "
        if watch.isOver {
            let limit = "\(guide.time.limit.components.seconds) s of the processor"
            article.faults.append(
                MarkupFault("slow", "\(place)reading it took more than \(limit); what was found by then is kept"))
        }
        if guide.select != nil, !found.isSelected {
            article.faults.append(
                MarkupFault("selector", "\(place)the source's \"article\" picks no text here; it was looked for"))
        }
        if tree.isTruncated || page.count > Limits.pageBytesMax {
            article.faults.append(MarkupFault("truncated", "\(place)larger than the limits, the end was not read"))
        }
        article.faults += Obstacle.faults(
            title: article.title, text: article.text, pageText: { reading.pageText }, isPaid: isPaid)
        if article.paragraphs.isEmpty {
            article.faults.append(MarkupFault("no-text", "\(place)no article found on the page"))
        }
        let lesson = PageLesson(
            url: article.canonicalURL ?? url, title: article.title, container: found.own.element.map(tree.place),
            lines: found.own.paragraphs)
        return (article, lesson)
    }

    /// An entry's title as text; nil where it has none.
    public static func headline(of entry: Entry) -> String? {
        entry.title.map { PlainText.line($0, kind: entry.titleKind) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads what the feed itself carries: the content, or else the summary.
    public static func read(entry: Entry, language: String?) -> Article {
        var article = Article()
        article.title = headline(of: entry)
        var paragraphs = PlainText.paragraphs(html: entry.content ?? "", kind: entry.contentKind)
        let summary = PlainText.paragraphs(html: entry.summary ?? "", kind: entry.summaryKind)
        if paragraphs.isEmpty { paragraphs = summary } else if let first = summary.first { article.standfirst = first }
        article.authors = Authors.clean(entry.authors.compactMap(\.name))
        article.published = entry.published
        article.modified = entry.updated
        article.canonicalURL = nil
        article.section = entry.categories.first.map { PlainText.line($0) }.flatMap { $0.isEmpty ? nil : $0 }
        keep(paragraphs.filter { $0.utf8.count > 120 || !RelatedHeading.isNoise($0.lowercased()) }, in: &article)
        article.language = entry.language ?? language ?? scriptLanguage(article.text)
        return article
    }

    static func decoded(_ page: [UInt8], contentType: String?, url: String) throws(MarkupError) -> [UInt8] {
        let place = url.isEmpty ? "" : "\(url): "
        guard !page.isEmpty else { throw MarkupError(code: "empty", detail: "\(place)the page has no bytes") }
        if let kind = BinaryDocument.kind(of: page) {
            throw MarkupError(code: "not-html", detail: "\(place)\(kind), not a page")
        }
        let body = page.count > Limits.pageBytesMax ? Array(page.prefix(Limits.pageBytesMax)) : page
        let decoded = Decoding.decode(body, contentType: contentType, kind: .html)
        // Text of one byte a character has no NUL (the MIME sniffing standard's "binary data byte"), but for a slip in a page.
        guard
            !body.prefix(1024).contains(0) || Challenge.isPage(body)
                || decoded.encoding.lowercased().hasPrefix("utf-16")
                || decoded.encoding.lowercased().hasPrefix("utf-32")
        else { throw MarkupError(code: "not-html", detail: "\(place)binary data, not a page") }
        return decoded.bytes
    }

    /// JSON-LD's text, only where the page itself shows hardly any; it must not be asked for where the page sells it.
    private static func rescue(_ data: LinkedData, instead paragraphs: [String]) -> [String]? {
        guard let body = data.body else { return nil }
        let length = paragraphs.reduce(0) { $0 + BlockReader.weight($1.utf8) }
        guard length < 600, BlockReader.weight(body.utf8) > 2 * length + 200 else { return nil }
        let rescued = PlainText.paragraphs(html: body)
        return rescued.isEmpty ? nil : rescued
    }

    /// - Parameter lead: how many of the paragraphs stand before the text, which begins with the dateline.
    private static func keep(_ paragraphs: [String], lead: Int = 0, in article: inout Article) {
        var left = Limits.articleBytesMax
        for paragraph in paragraphs {
            guard paragraph.utf8.count <= left else {
                article.paragraphs.append(cut(paragraph, to: left))
                article.faults.append(
                    MarkupFault("truncated", "the text is longer than \(Limits.articleBytesMax) bytes"))
                break
            }
            article.paragraphs.append(paragraph)
            left -= paragraph.utf8.count
        }
        article.paragraphs.removeAll(where: \.isEmpty)
        guard let first = article.paragraphs.dropFirst(lead).first ?? article.paragraphs.first else { return }
        let dateline = Dateline(first)
        article.dateline = dateline.place
        article.credit = dateline.credit
    }

    private static func cut(_ text: String, to bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bytes)
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    /// Kana is Japanese, Hangul Korean, Han without either Chinese; other scripts say no language.
    private static func scriptLanguage(_ text: String) -> String? {
        var (kana, hangul, han, other) = (0, 0, 0, 0)
        for scalar in text.unicodeScalars.prefix(2000) {
            switch scalar.value {
            case 0x3040...0x30FF: kana += 1
            case 0xAC00...0xD7AF: hangul += 1
            case 0x4E00...0x9FFF: han += 1
            case 0x41...: other += 1
            default: break
            }
        }
        guard kana + hangul + han > other else { return nil }
        if kana * 5 > han { return "ja" }
        return hangul > han ? "ko" : "zh"
    }
}
