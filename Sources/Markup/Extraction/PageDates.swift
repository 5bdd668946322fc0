import News

/// When the article was published and changed, by what the page says of itself.
extension PageMetadata {
    /// The first that is there of: JSON-LD, `<meta>` of publication, microdata and RDFa, a date in the title, the date shown by
    /// the headline, that of the address, any of a change, and a date at the text's beginning or the page's end.
    func published(shown: ShownLines) -> Timestamp? {
        if let time = linkedData.published.flatMap(moment) { return time }
        for name in Self.publishedNames {
            if let time = meta[name].flatMap(moment) { return time }
        }
        for time in times where time.kind == .published {
            if let time = moment(time.value) { return time }
        }
        return titleDate ?? shownDate(shown) ?? modified ?? shown.outerDate
    }

    var modified: Timestamp? {
        let marked = times.filter { $0.kind == .modified }.map(\.value)
        let said = [linkedData.modified] + Self.modifiedNames.map { meta[$0] }
        for value in said.compactMap({ $0 }) + marked { if let time = moment(value) { return time } }
        return nil
    }

    /// Near the headline, where it is not another day than the address says.
    private func shownDate(_ shown: ShownLines) -> Timestamp? {
        guard let day = urlDate else { return shown.dates.first }
        return shown.dates.first { abs($0.seconds - day.seconds) <= 2 * 86_400 } ?? day
    }

    /// As machines write it, or with what they add: `2025-03-30T04:20:00:684Z`.
    func moment(_ value: String) -> Timestamp? {
        FeedDate.parse(value, dayOrder) ?? DateInText.first(in: value, dayOrder)
    }

    /// By the page's language.
    var dayOrder: DayOrder { DayOrder(language: language) }

    /// `Title | Outlet | 30.03.2025`
    private var titleDate: Timestamp? {
        for title in [meta["og:title"], documentTitle] {
            guard let title else { continue }
            let parts = title.split(whereSeparator: { "|·•".contains($0) })
            guard parts.count > 1 else { continue }
            for part in [parts[parts.count - 1], parts[0]].map({ PlainText.cleaned(String($0)) })
            where Self.isDate(part) {
                return DateInText.first(in: part, dayOrder)
            }
        }
        return nil
    }

    private static let publishedNames = [
        "article:published_time", "og:article:published_time", "og:published_time", "article:published",
        "datepublished", "og:pubdate",
        "parsely-pub-date", "sailthru.date", "publish-date", "publish_date", "publication_date", "publishdate",
        "pubdate",
        "article_date_original", "cxenseparse:recs:publishtime", "dcterms.created", "dc.date.issued", "dcterms.issued",
        "dc.date.created", "dc.date", "dc:date", "dcterms.date", "date", "article.published", "published_time",
        "originalpublicationdate",
        "citation_publication_date", "citation_date", "weibo:article:create_at", "displaydate", "pub_date",
        "release_date",
        "article:created", "created",
        "bt:pubdate", "rbpubdate", "publication-date", "date.issued", "ob:date",
    ]

    private static let modifiedNames = [
        "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified",
        "dc.date.modified",
    ]

    /// `/2025/03/30/`, `/2025-03-30`, `/20250330` in the address.
    var urlDate: Timestamp? {
        let address = canonicalURL ?? url
        guard let path = WebURL(address)?.path else { return nil }
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "-" || $0 == "_" || $0 == "." })
        for (index, part) in parts.enumerated() {
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
            if part.utf8.count == 8, let time = Self.day(part.prefix(4), part.dropFirst(4).prefix(2), part.suffix(2)) {
                return time
            }
            if part.utf8.count == 4, index + 2 < parts.count, parts[index + 1].utf8.count <= 2,
                parts[index + 2].utf8.count <= 2, let time = Self.day(part, parts[index + 1], parts[index + 2])
            {
                return time
            }
        }
        return nil
    }

    private static func day(_ year: Substring, _ month: Substring, _ day: Substring) -> Timestamp? {
        guard let year = Int(year), let month = Int(month), let day = Int(day), (1990...2100).contains(year),
            (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        return Timestamp(seconds: Int64(CivilDate(year: year, month: month, day: day).daysSince1970) * 86_400)
    }
}
