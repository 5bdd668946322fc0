import News

/// What a page says about itself: JSON-LD, `<meta>`, `<link>`, `<time>`, headings.
struct PageMetadata {
    let tree: HTMLTree
    let linkedData: LinkedData
    let url: String
    /// Names in lower case; the first non-empty value of each.
    private var meta: [String: String] = [:]
    private var authorMetas: [String] = []
    private var headings: [(line: String, normal: String)] = []
    private var documentTitle: String?
    private var canonicalLink: String?
    private var htmlLanguage: String?
    private var times: [(index: Int, isPublished: Bool, value: String)] = []
    /// For each node whether it stands in navigation, a footer or an aside.
    private let isAside: [Bool]
    /// For each node whether it stands in a drawing, which may have a title of its own.
    private let isDrawing: [Bool]

    init(tree: HTMLTree, linkedData: LinkedData, url: String) {
        self.tree = tree
        self.linkedData = linkedData
        self.url = url
        isAside = Self.inside([.aside, .nav, .footer], tree)
        isDrawing = Self.inside([.svg], tree)
        for index in tree.nodes.indices { collect(index) }
    }

    /// One pass: asking each node for its ancestors would multiply nodes and depth.
    private static func inside(_ tags: Set<Tag>, _ tree: HTMLTree) -> [Bool] {
        var inside: [Bool] = []
        inside.reserveCapacity(tree.nodes.count)
        for node in tree.nodes {
            inside.append(node.parent >= 0 && inside[Int(node.parent)] || tags.contains(node.tag))
        }
        return inside
    }

    private mutating func collect(_ index: Int) {
        switch tree.nodes[index].tag {
        case .meta:
            guard let content = tree.attribute(index, "content") else { return }
            let value = PlainText.line(content)
            guard !value.isEmpty else { return }
            for attribute in ["property", "name", "itemprop", "http-equiv"] {
                guard let name = tree.attribute(index, attribute)?.lowercased() else { continue }
                if meta[name] == nil { meta[name] = value }
                if Self.authorNames.contains(name), authorMetas.count < Limits.authorsMax { authorMetas.append(value) }
            }
        case .title:
            if documentTitle == nil, !isDrawing[index] { documentTitle = title(of: index) }
        case .h1:
            if headings.count < Limits.pageHeadingsMax, !isAside[index] {
                let line = tree.line(index)
                if !line.isEmpty { headings.append((line, StoryText.normal(line))) }
            }
        case .html: htmlLanguage = tree.attribute(index, "lang") ?? tree.attribute(index, "xml:lang")
        case .link:
            if canonicalLink == nil, tree.attribute(index, "rel")?.lowercased() == "canonical" {
                canonicalLink = tree.attribute(index, "href")
            }
        case .time, .span, .div, .p: collectTime(index)
        default: break
        }
    }

    /// `line` leaves `<title>` out as silent, so that it never shows up in a text.
    private func title(of index: Int) -> String? {
        let line = PlainText.cleaned(tree.rawText(index).prefix(Limits.titleCharactersMax * 4))
        return line.isEmpty ? nil : line
    }

    private mutating func collectTime(_ index: Int) {
        guard times.count < Limits.pageTimesMax, !isAside[index] else { return }
        let property = tree.attribute(index, "itemprop")?.lowercased()
        let isPublished = property == "datepublished" || tree.attribute(index, "pubdate") != nil
        guard tree.nodes[index].tag == .time || isPublished, property != "datemodified" else { return }
        let value =
            tree.attribute(index, "datetime") ?? tree.attribute(index, "content") ?? tree.line(index, limit: 200)
        times.append((index, isPublished, value))
    }

    private static let authorNames: Set<String> = [
        "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
        "authors",
        "dc:creator", "twitter:data1:author", "article:author_name", "cxenseparse:author", "og:article:author",
    ]
}

extension PageMetadata {
    var siteName: String? { meta["og:site_name"] ?? linkedData.publisher ?? meta["application-name"] }

    var section: String? {
        (linkedData.section ?? meta["article:section"]).map { String($0.prefix(200)) }
    }

    var canonicalURL: String? {
        for reference in [canonicalLink, meta["og:url"]] {
            guard let reference, let resolved = WebURL.resolve(reference, base: url), WebURL(resolved)?.isWeb == true
            else {
                continue
            }
            return resolved
        }
        return nil
    }

    /// BCP 47 as far as the page says it: `en_us` becomes `en-US`.
    var language: String? {
        for value in [htmlLanguage, meta["content-language"], meta["og:locale"], meta["language"], linkedData.language]
        {
            if let tag = value.flatMap(Self.languageTag) { return tag }
        }
        return nil
    }

    private static func languageTag(_ value: String) -> String? {
        let parts = value.split(whereSeparator: { "-_,; .".contains($0) }).prefix(3).map(String.init)
        guard let first = parts.first, (2...3).contains(first.utf8.count),
            first.utf8.allSatisfy({ $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A })
        else { return nil }
        let rest = parts.dropFirst().prefix { $0.utf8.count == 2 || $0.utf8.count == 4 }.map {
            $0.utf8.count == 2 ? $0.uppercased() : $0.prefix(1).uppercased() + $0.dropFirst().lowercased()
        }
        return ([first.lowercased()] + rest).joined(separator: "-")
    }

    var standfirst: String? { summaries.first }
    var summaries: [String] { ["og:description", "description", "twitter:description"].compactMap { meta[$0] } }

    /// The headline: the `<h1>` that agrees with what the page says of itself, else JSON-LD, `og:title`, `<title>`.
    var title: String? {
        let said = [linkedData.headline, meta["og:title"], meta["twitter:title"], documentTitle]
            .compactMap { $0 }.map(withoutSite).filter { !$0.isEmpty }
        let normals = said.map(StoryText.normal)
        for heading in headings {
            let normal = heading.normal
            guard normal.utf8.count > 5 else { continue }
            if normals.contains(where: { $0 == normal || $0.hasPrefix(normal) && normal.utf8.count * 2 > $0.utf8.count }
            ) {
                return heading.line
            }
        }
        return said.first ?? headings.first?.line
    }

    /// Everything that the page calls its title, for recognising the headline in the text.
    var titles: [String] {
        [linkedData.headline, meta["og:title"], meta["twitter:title"], documentTitle].compactMap { $0 }
            .flatMap { [$0, withoutSite($0)] } + headings.map(\.line)
    }

    /// Cuts ` | Site` off the end or the start when the site, or another title of the page, proves that it is no headline.
    private func withoutSite(_ title: String) -> String {
        let proofs = Set(
            ([siteName, linkedData.publisher, meta["application-name"], WebURL.host(of: url)].compactMap { $0 }
                + (WebURL.host(of: url)?.split(separator: ".").map(String.init) ?? []))
                .map(StoryText.normal).filter { !$0.isEmpty })
        var title = title
        for _ in 0..<3 {
            guard
                let cut = Self.cut(
                    title,
                    where: { part, rest in
                        let normal = StoryText.normal(part)
                        let restNormal = StoryText.normal(rest)
                        return proofs.contains(normal)
                            || proofs.contains {
                                $0.utf8.count > 3 && normal.hasPrefix($0) && normal.utf8.count <= $0.utf8.count + 8
                            }
                            || headings.contains { $0.normal == restNormal }
                    })
            else { break }
            title = cut
        }
        return title
    }

    private static func cut(_ title: String, where isSite: (_ part: String, _ rest: String) -> Bool) -> String? {
        for separator in [
            " | ", " - ", " – ", " — ", " :: ", " » ", " · ", "｜", "_", " : ", ": ", "：", " « ", "|", " / ",
        ] {
            let parts = title.components(separatedBy: separator)
            guard parts.count > 1, let last = parts.last, let first = parts.first else { continue }
            let head = parts.dropLast().joined(separator: separator)
            if isSite(last, head) { return head }
            let tail = parts.dropFirst().joined(separator: separator)
            if isSite(first, tail) { return tail }
        }
        return nil
    }

    var authors: [String] {
        if !linkedData.authors.isEmpty {
            let names = Authors.clean(linkedData.authors)
            if !names.isEmpty { return names }
        }
        let names = Authors.clean(authorMetas)
        return names.isEmpty ? Authors.clean(bylines) : names
    }

    /// `rel=author`, `itemprop=author`, and short elements of a class byline or author.
    private var bylines: [String] {
        var byRelation: [String] = []
        var byClass: [String] = []
        var looked = 0
        for index in tree.nodes.indices where tree.nodes[index].attributesEnd > tree.nodes[index].attributesStart {
            let isRelation =
                tree.attribute(index, "rel")?.lowercased() == "author"
                || tree.attribute(index, "itemprop")?.lowercased() == "author"
            let names = (tree.attribute(index, "class") ?? "").split(separator: " ").prefix(12)
            let isByline = names.contains { name in
                let words = Boilerplate.words(of: name)
                return words.contains("byline") || words.contains("author") || words.contains("autor")
                    || words.contains("auteur")
            }
            guard isRelation || isByline, !isAside[index] else { continue }
            guard looked < Limits.pageBylinesMax else { break }
            looked += 1
            let line = tree.line(index, limit: 300)
            guard !line.isEmpty, line.utf8.count < 120 else { continue }
            if isRelation { byRelation.append(line) } else if byClass.isEmpty { byClass.append(line) }
            if byRelation.count >= Limits.authorsMax { break }
        }
        return byRelation.isEmpty ? byClass : byRelation
    }

    var published: Timestamp? {
        if let time = linkedData.published.flatMap({ FeedDate.parse($0) }) { return time }
        for name in Self.publishedNames {
            if let time = meta[name].flatMap({ FeedDate.parse($0) }) { return time }
        }
        let marked = times.filter(\.isPublished) + times.filter { !$0.isPublished }
        for entry in marked { if let time = FeedDate.parse(entry.value) { return time } }
        return urlDate ?? shownDate ?? linkedData.modified.flatMap { FeedDate.parse($0) }
    }

    var modified: Timestamp? {
        let values = [
            linkedData.modified, meta["article:modified_time"], meta["og:updated_time"], meta["datemodified"],
            meta["last-modified"],
        ]
        for value in values { if let time = value.flatMap({ FeedDate.parse($0) }) { return time } }
        return nil
    }

    private static let publishedNames = [
        "article:published_time", "og:article:published_time", "og:published_time", "article:published",
        "datepublished",
        "parsely-pub-date", "sailthru.date", "publish-date", "publish_date", "publication_date", "publishdate",
        "pubdate",
        "article_date_original", "cxenseparse:recs:publishtime", "dcterms.created", "dc.date.issued", "dcterms.issued",
        "dc.date.created", "dc.date", "dcterms.date", "date", "article.published", "published_time",
        "originalpublicationdate",
        "citation_publication_date", "weibo:article:create_at", "displaydate", "pub_date", "release_date",
        "article:created", "created",
        "bt:pubdate", "rbpubdate", "publication-date", "date.issued", "last-modified", "article:modified_time",
        "og:updated_time",
    ]

    /// `/2025/03/30/`, `/2025-03-30`, `/20250330` in the address.
    var urlDate: Timestamp? {
        let address = canonicalURL ?? url
        guard let path = WebURL(address)?.path else { return nil }
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "-" || $0 == "_" || $0 == "." }).map(String.init)
        for (index, part) in parts.enumerated() {
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
            if part.utf8.count == 8, let time = Self.day(part.prefix(4), part.dropFirst(4).prefix(2), part.suffix(2)) {
                return time
            }
            if part.utf8.count == 4, index + 2 < parts.count, parts[index + 1].utf8.count <= 2,
                parts[index + 2].utf8.count <= 2,
                let time = Self.day(part[...], parts[index + 1][...], parts[index + 2][...])
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

    /// A date in a short element of a class such as `date` or `published`.
    private var shownDate: Timestamp? {
        var looked = 0
        for index in tree.nodes.indices where tree.nodes[index].attributesEnd > tree.nodes[index].attributesStart {
            let names = ((tree.attribute(index, "class") ?? "") + " " + (tree.attribute(index, "id") ?? "")).split(
                separator: " "
            ).prefix(12)
            let isDate = names.contains { name in Boilerplate.words(of: name).contains { Self.dateWords.contains($0) } }
            guard isDate else { continue }
            guard looked < Limits.pageDatesMax else { break }
            looked += 1
            let line = tree.line(index, limit: 200)
            guard line.utf8.count < 100 else { continue }
            if let time = FeedDate.parse(line) { return time }
            let parts = line.split(whereSeparator: { "|•·".contains($0) || $0 == ":" && false })
            for part in parts { if let time = FeedDate.parse(PlainText.cleaned(String(part))) { return time } }
        }
        return nil
    }

    private static let dateWords: Set<String> = [
        "date", "published", "publish", "pubdate", "posted", "time", "timestamp", "datum", "fecha", "data", "datetime",
        "meta",
        "updated", "dateline", "info", "byline", "postdate",
    ]
}

extension String {
    /// The parts between occurrences of a separator.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        let (whole, mark) = (Array(utf8), Array(separator.utf8))
        var start = 0
        var index = 0
        while index + mark.count <= whole.count {
            if whole[index] == mark[0], whole[index..<index + mark.count].elementsEqual(mark) {
                parts.append(String(decoding: whole[start..<index], as: UTF8.self))
                index += mark.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(String(decoding: whole[start...], as: UTF8.self))
        return parts
    }
}
