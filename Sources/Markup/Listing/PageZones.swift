import News

/// Which parts of a listing page lead through the site, and which stand beside the list.
struct PageZones {
    enum Zone: UInt8, Comparable {
        case content, beside, navigation

        static func < (a: Zone, b: Zone) -> Bool { a.rawValue < b.rawValue }
    }

    private var zones: [Zone]

    /// An element is believed by its tag, role, class and id, unless it holds most of the page's long links: layouts are
    /// named `content-with-sidebar`, too.
    init(_ tree: HTMLTree, anchors: [Anchor]) {
        var before = [Int32](repeating: 0, count: tree.nodes.count + 1)
        for anchor in anchors where Words.count(anchor.title) >= 4 { before[anchor.node + 1] += 1 }
        for index in before.indices.dropFirst() { before[index] += before[index - 1] }
        let whole = Double(before.last ?? 0)
        zones = [Zone](repeating: .content, count: tree.nodes.count)
        var named: [String: Zone] = [:]
        for (index, node) in tree.nodes.enumerated() where node.tag != .text {
            let above = node.parent >= 0 ? zones[Int(node.parent)] : .content
            zones[index] = above
            guard above != .navigation, let (own, isSure) = Self.own(tree, index, &named), own > above else { continue }
            let share = whole > 0 ? Double(before[Int(node.end)] - before[index]) / whole : 0
            if share < (isSure ? 0.8 : 0.4) { zones[index] = own }
        }
    }

    subscript(node: Int) -> Zone { zones[node] }

    private static func own(
        _ tree: HTMLTree, _ index: Int, _ named: inout [String: Zone]
    ) -> (zone: Zone, isSure: Bool)? {
        let node = tree.nodes[index]
        switch node.tag {
        case .html, .body, .main, .article, .a, .h1, .h2, .h3, .h4, .li, .td, .tr: return nil
        case .nav, .footer: return (.navigation, true)
        case .aside: return (.beside, true)
        case .header: return tree.isInside(index, [.main, .article, .section, .listItem]) ? nil : (.navigation, false)
        default: break
        }
        guard node.attributesEnd > node.attributesStart else { return nil }
        switch tree.attribute(index, .role)?.lowercased() {
        case "navigation", "contentinfo", "search", "menu", "menubar", "dialog": return (.navigation, true)
        case "complementary": return (.beside, true)
        default: break
        }
        var zone = Zone.content
        for names in [tree.attribute(index, .class), tree.attribute(index, .id)] {
            guard let names, names.utf8.count < 500 else { continue }
            for name in names.split(whereSeparator: \.isWhitespace).prefix(8) {
                let key = String(name)
                let found = named[key] ?? Self.zone(named: name)
                named[key] = found
                zone = max(zone, found)
            }
        }
        return zone == .content ? nil : (zone, false)
    }

    private static func zone(named name: Substring) -> Zone {
        let words = Boilerplate.words(of: name)
        if words.count > 1, let first = words.first, ["has", "no", "with", "is", "js", "without"].contains(first) {
            return .content
        }
        if words.contains(where: navigation.contains) { return .navigation }
        return words.contains(where: beside.contains) ? .beside : .content
    }

    private static let navigation: Set<String> = [
        "nav", "navi", "navbar", "navigation", "gnav", "gnavi", "gnb", "lnb", "snb", "globalnav", "localnav", "menu",
        "menus",
        "submenu", "megamenu", "footer", "foot", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "topicpath",
        "pagination",
        "pager", "paging", "paginate", "share", "social", "socials", "sns", "login", "cookie", "cookies", "consent",
        "language", "languages", "lang", "skip", "skiplink", "skiplinks", "tagcloud", "dropdown", "toolbar", "sitemap",
        "copyright", "utility", "filters", "facet", "facets",
    ]

    private static let beside: Set<String> = [
        "sidebar", "side", "aside", "subcolumn", "widget", "widgets", "related", "popular", "ranking", "mostread",
        "trending",
        "recommended", "recommend", "banner", "banners", "promo", "sponsor", "sponsored", "ad", "ads", "quicklinks",
        "quicklink", "bnr", "sitelink", "familysite",
    ]
}
