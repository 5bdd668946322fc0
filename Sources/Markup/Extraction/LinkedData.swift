import News

/// What a page says of its article in JSON-LD (schema.org `Article` and its kinds).
struct LinkedData {
    var headline: String?
    var body: String?
    var authors: [String] = []
    var published: String?
    var modified: String?
    var section: String?
    var publisher: String?
    var language: String?
    /// `isAccessibleForFree: false` somewhere in the article.
    var isPaid = false

    init(tree: HTMLTree) {
        var bytesLeft = Limits.linkedDataBytesMax
        var valuesLeft = Limits.linkedDataValuesMax
        var best = -1
        var isPagePaid = false
        var people: [String: String] = [:]
        var titles: [String]?
        var isFound = false
        for index in tree.nodes.indices where tree.nodes[index].tag == .script {
            guard let type = tree.attribute(index, .type), type.lowercased().contains("ld+json") else { continue }
            let bytes = tree.rawText(index)
            bytesLeft -= bytes.count
            guard bytesLeft > 0 else { break }
            for object in Self.objects(.array(JSONValue.parse(all: bytes, left: &valuesLeft))) {
                if let id = object["@id"]?.string, let name = object["name"]?.string { people[id] = name }
                if Self.isPage(object), Self.isPaid(object) { isPagePaid = true }
                let rank = Self.rank(object)
                guard rank >= best, rank >= 0 else { continue }
                if rank == best {
                    // Of several articles it is the one whose headline the page has for its title.
                    guard !isFound else { continue }
                    let shown = titles ?? Self.titles(of: tree)
                    if titles == nil { isFound = Self.isNamed(headline, in: shown) }
                    titles = shown
                    guard !isFound, Self.isNamed(Self.headline(object), in: shown) else { continue }
                    isFound = true
                    self = LinkedData()
                } else {
                    (isFound, titles) = (false, nil)
                }
                best = rank
                read(object, people: people)
            }
        }
        isPaid = isPaid || isPagePaid
        authors = authors.map { people[$0] ?? $0 }.filter { !$0.hasPrefix("http") && !$0.hasPrefix("#") }
    }

    private init() {}

    /// `StoryText.normal` of the page's own titles and headings.
    private static func titles(of tree: HTMLTree) -> [String] {
        var titles: [String] = []
        for index in tree.nodes.indices where titles.count < Limits.pageHeadingsMax {
            let line: String?
            switch tree.nodes[index].tag {
            case .h1: line = tree.line(index)
            case .title: line = PlainText.cleaned(tree.rawText(index).prefix(Limits.titleCharactersMax * 4))
            case .meta:
                line =
                    tree.attribute(index, .property)?.lowercased() == "og:title" ? tree.attribute(index, .content) : nil
            default: line = nil
            }
            if let normal = line.map(StoryText.normal), !normal.isEmpty { titles.append(normal) }
        }
        return titles
    }

    private static func isNamed(_ headline: String?, in titles: [String]) -> Bool {
        let said = headline.map { StoryText.normal(String($0.prefix(Limits.titleCharactersMax))) }
        guard let normal = said, normal.utf8.count >= 8 else { return false }
        return titles.contains { $0.hasPrefix(normal) || $0.utf8.count >= 8 && normal.hasPrefix($0) }
    }

    private static func line(_ value: JSONValue?) -> String? {
        value?.list.first?.string.map { PlainText.line($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func headline(_ object: JSONValue) -> String? { line(object["headline"]) ?? line(object["name"]) }

    /// All objects in a document, `@graph` and nested ones included, outermost first.
    private static func objects(_ value: JSONValue) -> [JSONValue] {
        var found: [JSONValue] = []
        var waiting = [value]
        var next = 0
        while next < waiting.count {
            defer { next += 1 }
            switch waiting[next] {
            case .array(let values): waiting += values
            case .object(let members):
                found.append(waiting[next])
                waiting += members.map(\.value)
            default: break
            }
        }
        return found
    }

    /// How much an object is the article: 3 news, 2 other articles, 1 a video or page with a headline, -1 anything else.
    private static func rank(_ object: JSONValue) -> Int {
        var rank = -1
        for type in object["@type"]?.list.compactMap(\.string) ?? [] {
            let name = type.split(separator: "/").last.map(String.init) ?? type
            if name.hasSuffix("NewsArticle") {
                rank = max(rank, 3)
            } else if name.hasSuffix("Article") || name.hasSuffix("BlogPosting") || name == "Report" || name == "Review"
            {
                rank = max(rank, 2)
            } else if name == "LiveBlogPosting" {
                rank = max(rank, 3)
            } else if name == "WebPage" || name == "VideoObject" {
                rank = max(rank, object["datePublished"] == nil ? -1 : 1)
            }
        }
        return rank > 1 && object["headline"] == nil && object["datePublished"] == nil ? -1 : rank
    }

    private mutating func read(_ object: JSONValue, people: [String: String]) {
        let line = Self.line
        headline = Self.headline(object)
        body = object["articleBody"]?.string
        // What an object of a lower rank said stays where this one is silent: of one page they speak of one article.
        published = line(object["datePublished"]) ?? line(object["uploadDate"]) ?? published
        modified = line(object["dateModified"]) ?? modified
        section = line(object["articleSection"]) ?? section
        language = line(object["inLanguage"]) ?? language
        publisher = line(object["publisher"]?.list.first?["name"]) ?? publisher
        authors = Self.names(object["author"]) ?? Self.names(object["creator"]) ?? authors
        isPaid = Self.isPaid(object)
    }

    private static func isPage(_ object: JSONValue) -> Bool {
        object["@type"]?.list.contains { $0.string?.hasSuffix("WebPage") ?? false } ?? false
    }

    private static func isPaid(_ object: JSONValue) -> Bool {
        isFalse(object["isAccessibleForFree"])
            || object["hasPart"]?.list.contains { isFalse($0["isAccessibleForFree"]) } ?? false
    }

    private static func names(_ value: JSONValue?) -> [String]? {
        guard let value else { return nil }
        var names: [String] = []
        for entry in value.list.prefix(Limits.authorsMax * 2) {
            if let text = entry.string {
                names.append(text)
            } else if let name = entry["name"] {
                names += name.list.compactMap(\.string)
            } else if let id = entry["@id"]?.string {
                names.append(id)
            }
        }
        return names.isEmpty ? nil : names
    }

    private static func isFalse(_ value: JSONValue?) -> Bool {
        if case .bool(false)? = value { return true }
        return value?.string.map(saysFalse) ?? false
    }

    /// schema.org's Boolean as a word or as its address, `https://schema.org/False`.
    static func saysFalse(_ text: String) -> Bool {
        text.lowercased().split { $0 == "/" || $0.isWhitespace }.last == "false"
    }
}
