/// What the classes and the id of each element of a page say of it, by node: pages have most names many times, and each is judged
/// once.
struct ElementNames {
    private var meanings: [NameMeaning]

    init(_ tree: HTMLTree) {
        meanings = [NameMeaning](repeating: [], count: tree.nodes.count)
        var known: [String: NameMeaning] = [:]
        func meaning(_ names: String) -> NameMeaning {
            if let judged = known[names] { return judged }
            let judged = NameMeaning(names: names)
            known[names] = judged
            return judged
        }
        for (index, node) in tree.nodes.enumerated() where node.tag != .text {
            if node.tag == .other { meanings[index] = meaning(tree.name(index)).intersection(.beside) }
            guard node.attributesEnd > node.attributesStart else { continue }
            for attribute in [AttributeName.class, .id] {
                if let names = tree.attribute(index, attribute) { meanings[index].formUnion(meaning(names)) }
            }
        }
    }

    subscript(node: Int) -> NameMeaning { meanings[node] }
}

/// What names of an element say that it is.
struct NameMeaning: OptionSet {
    let rawValue: UInt8

    /// Not the article.
    static let beside = NameMeaning(rawValue: 1)
    /// The article's text.
    static let body = NameMeaning(rawValue: 1 << 1)
    static let lead = NameMeaning(rawValue: 1 << 2)
    static let byline = NameMeaning(rawValue: 1 << 3)
    /// A date, or the line that holds one.
    static let date = NameMeaning(rawValue: 1 << 4)
    /// What others wrote, or of other articles.
    static let foreign = NameMeaning(rawValue: 1 << 5)
}

extension NameMeaning {
    /// - Parameter names: a value of `class`, `id` or `itemprop`; one of 2,000 bytes or more says nothing.
    init(names: String) {
        self = []
        guard names.utf8.count < 2000 else { return }
        for name in Boilerplate.tokens(names) { formUnion(NameMeaning(name: name)) }
    }

    private init(name: Substring) {
        self = []
        let words = Boilerplate.words(of: name)
        guard let first = words.first, let last = words.last else { return }
        for word in words { formUnion(Self.byWord[word] ?? []) }
        // `comment-list` and `user-comment`, but not `header-comment-date`, where a comment is a kind of article.
        if Self.foreignWords.contains(first) || Self.foreignWords.contains(last) { insert(.foreign) }
        if Boilerplate.isBeside(name: name, words: words) { insert(.beside) }
        if Self.bodies.contains(words.joined()) { insert(.body) }
    }

    private static let byWord: [String: NameMeaning] = {
        var meanings: [String: NameMeaning] = [:]
        for (words, meaning) in [(leadWords, NameMeaning.lead), (bylineWords, .byline), (dateWords, .date)] {
            for word in words { meanings[word, default: []].formUnion(meaning) }
        }
        return meanings
    }()

    private static let leadWords = [
        "lead", "lede", "intro", "introduction", "standfirst", "dek", "deck", "subtitle", "subheadline", "subhead",
        "summary", "excerpt", "abstract", "description", "chapo", "chapeau", "vorspann", "sapo", "ingress", "sommario",
        "entradilla", "bajada", "preamble", "teaser",
    ]
    private static let bylineWords = [
        "byline", "author", "authors", "autor", "autoren", "auteur", "auteurs", "autore", "authorline", "authorname",
        "articleauthor", "verfasser", "penulis", "reporter", "writer",
    ]
    private static let dateWords = [
        "date", "published", "publish", "pubdate", "posted", "time", "timestamp", "datum", "fecha", "data", "datetime",
        "meta", "updated", "dateline", "info", "byline", "postdate", "created", "submitted", "author", "autor",
    ]
    private static let foreignWords: Set<String> = [
        "comment", "comments", "commentlist", "reply", "respond", "related", "sidebar", "widget",
        "recommended", "kommentar", "kommentare", "calendar",
    ]
    private static let bodies: Set<String> = [
        "articlebody", "storybody", "postbody", "entrycontent", "postcontent", "articlecontent", "storycontent",
        "articletext", "storytext", "bodytext", "articlebodytext", "articlebodycontent", "maincontenttext", "newsbody",
        "newscontent", "newstext", "contentbody", "articlemaincontent", "storybodycopy", "bodycopy", "singlecontent",
        "articlecontentbody", "contentarticle", "textcontent", "fulltext", "zncontent", "trseditor", "ozoom",
        "articledetail", "contenttext", "wysiwyg", "tdpostcontent", "blogcontent", "pagecontent", "detailtext",
    ]
}
