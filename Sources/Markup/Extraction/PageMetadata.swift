import News

/// What a page says about itself: JSON-LD, `<meta>`, `<link>`, `<time>`, headings.
struct PageMetadata {
    let tree: HTMLTree
    let linkedData: LinkedData
    let url: String
    /// Names in lower case; the first non-empty value of each.
    private(set) var meta: [String: String] = [:]
    private(set) var authorMetas: [String] = []
    /// Each `<h1>` that is not only the site's name.
    private(set) var headings: [Heading] = []
    /// Headings that are only a link to the site's first page.
    private(set) var siteHeadings: [String] = []
    private(set) var documentTitle: String?
    private var canonicalLink: String?
    private var htmlLanguage: String?
    private(set) var times: [MarkedTime] = []
    /// What the site is called.
    private(set) var outletNames: Set<String> = []

    struct Heading {
        var line: String
        /// `StoryText.normal` of the line.
        var normal: String
        /// Not cut into elements of its own: a kicker or a second headline mostly stands in one.
        var isOneRun: Bool
    }

    /// An element whose markup says that it holds a time.
    struct MarkedTime {
        var index: Int
        var kind: Kind
        var value: String

        enum Kind { case published, modified, unsaid }
    }

    init(tree: HTMLTree, linkedData: LinkedData, url: String) {
        self.tree = tree
        self.linkedData = linkedData
        self.url = url
        for index in tree.nodes.indices { collect(index) }
        outletNames = Self.outletNames(meta, linkedData, url: url, siteHeadings)
    }

    private mutating func collect(_ index: Int) {
        switch tree.nodes[index].tag {
        case .meta:
            guard let content = tree.attribute(index, .content) else { return }
            let value = PlainText.line(content)
            guard !value.isEmpty else { return }
            for attribute in [AttributeName.property, .name, .itemprop, .httpEquiv] {
                guard let name = tree.attribute(index, attribute)?.lowercased() else { continue }
                if meta[name] == nil { meta[name] = value }
                if Self.authorNames.contains(name), authorMetas.count < Limits.authorsMax { authorMetas.append(value) }
            }
        case .title:
            if documentTitle == nil, !tree.isInside(index, .drawing) { documentTitle = title(of: index) }
        case .h1: collectHeading(index)
        case .html: htmlLanguage = tree.attribute(index, .lang) ?? tree.attribute(index, .xmlLang)
        case .link:
            if canonicalLink == nil, tree.attribute(index, .rel)?.lowercased() == "canonical" {
                canonicalLink = tree.attribute(index, .href)
            }
        case .time, .span, .div, .p: collectTime(index)
        default: break
        }
    }

    /// Whether it stands in navigation, a footer or an aside.
    func isAside(_ index: Int) -> Bool { tree.isInside(index, [.aside, .nav, .footer]) }

    /// `line` leaves `<title>` out as silent, so that it never shows up in a text.
    private func title(of index: Int) -> String? {
        let line = PlainText.cleaned(tree.rawText(index).prefix(Limits.titleCharactersMax * 4))
        return line.isEmpty ? nil : line
    }

    private mutating func collectHeading(_ index: Int) {
        guard headings.count + siteHeadings.count < Limits.pageHeadingsMax, !isAside(index) else { return }
        let line = tree.line(index)
        guard !line.isEmpty else { return }
        if linksHome(index) {
            siteHeadings.append(line)
        } else {
            let runs = tree.subtree(index).prefix(Limits.headingNodesMax).count { node in
                tree.nodes[node].tag == .text
                    && tree.text[Int(tree.nodes[node].textStart)..<Int(tree.nodes[node].textEnd)].contains { $0 > 0x20 }
            }
            headings.append(Heading(line: line, normal: StoryText.normal(line), isOneRun: runs == 1))
        }
    }

    /// Whether a heading is a link to the first page of the site, or stands in one.
    private func linksHome(_ index: Int) -> Bool {
        var links = tree.subtree(index).prefix(Limits.headingNodesMax).filter { tree.nodes[$0].tag == .a }
        let parent = Int(tree.nodes[index].parent)
        if links.isEmpty, parent >= 0, tree.nodes[parent].tag == .a { links.append(parent) }
        guard links.count == 1, let reference = tree.attribute(links[0], .href),
            let target = WebURL.resolve(reference, base: url).flatMap({ WebURL($0) }), let page = WebURL(url)
        else { return false }
        return target.host == page.host && ["", "/"].contains(target.path) && !["", "/"].contains(page.path)
    }

    private mutating func collectTime(_ index: Int) {
        guard times.count < Limits.pageTimesMax, !isAside(index) else { return }
        let tag = tree.nodes[index].tag
        let isNamed = [AttributeName.itemprop, .property, .pubdate].contains { tree.hasAttribute(index, $0) }
        guard tag == .time || isNamed else { return }
        let said = [tree.attribute(index, .itemprop), tree.attribute(index, .property)]
        let properties = said.compactMap { $0 }.flatMap { $0.lowercased().split(separator: " ").prefix(8) }
        var kind: MarkedTime.Kind?
        if properties.contains(where: Self.modifiedProperties.contains) {
            kind = .modified
        } else if properties.contains(where: Self.publishedProperties.contains)
            || tree.hasAttribute(index, .pubdate)
        {
            kind = .published
        } else if tag == .time {
            kind = .unsaid
        }
        guard let kind else { return }
        let value =
            tree.attribute(index, .datetime) ?? tree.attribute(index, .content) ?? tree.line(index, limit: 200)
        times.append(MarkedTime(index: index, kind: kind, value: value))
    }

    /// Of microdata (schema.org) and RDFa (Dublin Core, as Drupal writes it).
    private static let publishedProperties: Set<Substring> = [
        "datepublished", "schema:datepublished", "dc:created", "dc:issued", "dcterms:created", "dcterms:issued",
        "article:published_time",
    ]
    private static let modifiedProperties: Set<Substring> = [
        "datemodified", "schema:datemodified", "dc:modified", "dcterms:modified",
    ]

    private static let authorNames: Set<String> = [
        "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
        "authors", "article:byline", "citation_author", "twitter:misc:written by",
        "dc:creator", "article:author_name", "cxenseparse:author", "og:article:author",
    ]
}

extension PageMetadata {
    /// `StoryText.normal` of what the page, its JSON-LD and its address call the site.
    static func outletNames(_ meta: [String: String], _ linkedData: LinkedData, url: String, _ headings: [String])
        -> Set<String>
    {
        let copyright = meta["copyright"].map { String($0.prefix { !"(,|".contains($0) }.filter { !$0.isNumber }) }
        let publisher = meta["publisher"].map { String($0.prefix { $0 != "(" }) }
        var names = [
            meta["og:site_name"], linkedData.publisher, meta["application-name"], meta["twitter:site"],
            meta["dcterms.publisher"], publisher, copyright,
        ].compactMap { $0 }.filter { $0.utf8.count <= 120 }
        names += headings
        if let host = WebURL.host(of: url) {
            let bare = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
            names += [host, bare] + bare.split(separator: ".").dropLast().map(String.init).filter { $0.utf8.count > 2 }
        }
        return Set(names.map(StoryText.normal).filter { !$0.isEmpty })
    }

    var siteName: String? { meta["og:site_name"] ?? linkedData.publisher ?? meta["application-name"] }

    /// The page says in microdata, or in the tiers of `article:content_tier`, that its article is not free.
    var isPaid: Bool {
        meta["isaccessibleforfree"].map(LinkedData.saysFalse) ?? false
            || meta["article:content_tier"]?.lowercased() == "locked"
    }

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
}
