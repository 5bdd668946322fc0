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
        var people: [String: String] = [:]
        for index in tree.nodes.indices where tree.nodes[index].tag == .script {
            guard let type = tree.attribute(index, .type), type.lowercased().contains("ld+json") else { continue }
            let bytes = tree.rawText(index)
            bytesLeft -= bytes.count
            guard bytesLeft > 0 else { break }
            for object in Self.objects(.array(JSONValue.parse(all: bytes, left: &valuesLeft))) {
                if let id = object["@id"]?.string, let name = object["name"]?.string { people[id] = name }
                let rank = Self.rank(object)
                guard rank > best else { continue }
                best = rank
                read(object, people: people)
            }
        }
        authors = authors.map { people[$0] ?? $0 }.filter { !$0.hasPrefix("http") && !$0.hasPrefix("#") }
    }

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
        func line(_ value: JSONValue?) -> String? {
            value?.list.first?.string.map { PlainText.line($0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        headline = line(object["headline"]) ?? line(object["name"])
        body = object["articleBody"]?.string
        // What an object of a lower rank said stays where this one is silent: of one page they speak of one article.
        published = line(object["datePublished"]) ?? line(object["uploadDate"]) ?? published
        modified = line(object["dateModified"]) ?? modified
        section = line(object["articleSection"]) ?? section
        language = line(object["inLanguage"]) ?? language
        publisher = line(object["publisher"]?.list.first?["name"]) ?? publisher
        authors = Self.names(object["author"]) ?? Self.names(object["creator"]) ?? authors
        isPaid = Self.isFalse(object["isAccessibleForFree"])
        for part in object["hasPart"]?.list ?? [] where Self.isFalse(part["isAccessibleForFree"]) { isPaid = true }
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
        return value?.string?.lowercased() == "false"
    }
}
