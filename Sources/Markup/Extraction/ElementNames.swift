import News

/// What the classes and the id of each element of a page say of it, by node.
struct ElementNames {
    private var meanings: [NameMeaning]

    init(_ tree: HTMLTree) {
        meanings = [NameMeaning](repeating: [], count: tree.nodes.count)
        var judge = NameJudge()
        for (index, node) in tree.nodes.enumerated() where node.tag != .text {
            if node.tag == .other { meanings[index] = judge.meaning(of: tree.name(index)).intersection(.beside) }
            guard node.attributesEnd > node.attributesStart else { continue }
            for attribute in [AttributeName.class, .id] {
                if let meaning = tree.withBytes(of: attribute, index, { judge.meaning(of: $0) }) {
                    meanings[index].formUnion(meaning)
                }
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
    static let caption = NameMeaning(rawValue: 1 << 6)
}

/// Judges names by the hashes of their words, each value once: pages have most of them many times.
struct NameJudge {
    private var known: [UInt64: NameMeaning] = [:]
    /// Of the name that is being judged.
    private var words: [UInt64] = []
    /// Each word and the one before it in one; of the first, the word alone.
    private var pairs: [UInt64] = []

    mutating func meaning(of names: String) -> NameMeaning {
        var names = names
        return names.withUTF8 { meaning(of: $0) }
    }

    /// - Parameter names: a value of `class`, `id` or `itemprop`, of which thirty names count (HTML standard §2.3.7: parted by
    ///   ASCII white space); one of 2,000 bytes or more says nothing.
    mutating func meaning(of names: UnsafeBufferPointer<UInt8>) -> NameMeaning {
        guard names.count < 2000 else { return [] }
        let hash = FNV.hash(names)
        if let judged = known[hash] { return judged }
        var meaning: NameMeaning = []
        for name in names.split(whereSeparator: { $0 == 0x20 || (0x09...0x0D).contains($0) }).prefix(30) {
            meaning.formUnion(self.meaning(ofOne: name))
        }
        known[hash] = meaning
        return meaning
    }

    private mutating func meaning(ofOne name: Slice<UnsafeBufferPointer<UInt8>>) -> NameMeaning {
        let joined = read(name)
        let marks = words.map { Self.table[$0] ?? [] }
        guard let first = marks.first, let last = marks.last else { return [] }
        var meaning: NameMeaning = []
        for mark in marks { meaning.formUnion(mark.meaning) }
        // `comment-list` and `user-comment`, but not `header-comment-date`, where a comment is a kind of article.
        if !first.union(last).contains(.foreign) { meaning.remove(.foreign) }
        if isBeside(name, marks) { meaning.insert(.beside) }
        if Self.table[joined]?.contains(.body) ?? false { meaning.insert(.body) }
        return meaning
    }

    private func isBeside(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ marks: [Mark]) -> Bool {
        func isPair(_ index: Int) -> Bool { Self.table[pairs[index]]?.contains(.besidePair) ?? false }
        if marks.count == 1 { return !marks[0].isDisjoint(with: [.besideWord, .besidePair]) }
        if isPair(1) { return true }
        if marks[0].contains(.state) || Boilerplate.stateEndings.contains(where: { Self.ends(name, $0) }) {
            return false
        }
        return marks.contains { $0.contains(.besideWord) } || pairs.indices.dropFirst(2).contains(where: isPair)
    }

    private static func ends(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ ending: String) -> Bool {
        name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }

    /// - Returns: the hash of all of its words in one.
    private mutating func read(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
        words.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
        var (word, pair, joined) = (FNV.offset, FNV.offset, FNV.offset)
        Boilerplate.cut(name) { byte in
            (word, pair, joined) = (FNV.step(word, byte), FNV.step(pair, byte), FNV.step(joined, byte))
        } end: {
            words.append(word)
            pairs.append(pair)
            (pair, word) = (word, FNV.offset)
        }
        return joined
    }

    /// What a word stands for.
    private struct Mark: OptionSet {
        let rawValue: UInt16

        /// The first bits are those of `NameMeaning`.
        init(rawValue: UInt16) { self.rawValue = rawValue }
        init(_ meaning: NameMeaning) { rawValue = UInt16(meaning.rawValue) }

        static let body = Mark(.body)
        static let foreign = Mark(.foreign)
        static let besideWord = Mark(rawValue: 1 << 8)
        static let besidePair = Mark(rawValue: 1 << 9)
        static let state = Mark(rawValue: 1 << 10)

        /// What it says wherever it stands in a name.
        var meaning: NameMeaning {
            NameMeaning(rawValue: UInt8(truncatingIfNeeded: rawValue)).intersection([
                .lead, .byline, .date, .foreign, .caption,
            ])
        }
    }

    private static let table: [UInt64: Mark] = {
        var table: [UInt64: Mark] = [:]
        let lists: [([String], Mark)] = [
            (NameWords.lead, Mark(.lead)), (NameWords.byline, Mark(.byline)), (NameWords.date, Mark(.date)),
            (NameWords.caption, Mark(.caption)),
            (NameWords.foreign, .foreign), (NameWords.bodies, .body), (Boilerplate.besideWords, .besideWord),
            (Boilerplate.besidePairs, .besidePair), (Array(Boilerplate.stateWords), .state),
        ]
        for (words, mark) in lists {
            for word in words { table[FNV.hash(word.utf8), default: []].formUnion(mark) }
        }
        return table
    }()
}

/// The words by which pages name what is the article or belongs to it, in lower case.
private enum NameWords {
    static let lead = [
        "lead", "lede", "intro", "introduction", "standfirst", "dek", "deck", "subtitle", "subheadline", "subhead",
        "summary", "excerpt", "abstract", "description", "chapo", "chapeau", "vorspann", "sapo", "ingress", "sommario",
        "entradilla", "bajada", "preamble", "teaser",
    ]
    static let byline = [
        "byline", "author", "authors", "autor", "autoren", "auteur", "auteurs", "autore", "authorline", "authorname",
        "articleauthor", "verfasser", "penulis", "reporter", "writer",
    ]
    static let date = [
        "date", "published", "publish", "pubdate", "posted", "time", "timestamp", "datum", "fecha", "data", "datetime",
        "meta", "updated", "dateline", "info", "byline", "postdate", "created", "submitted", "author", "autor",
    ]
    static let caption = ["caption", "captions", "figcaption", "legend", "legende", "bildunterschrift"]
    static let foreign = [
        "comment", "comments", "commentlist", "reply", "respond", "related", "sidebar", "widget",
        "recommended", "kommentar", "kommentare", "calendar",
    ]
    static let bodies = [
        "articlebody", "storybody", "postbody", "entrycontent", "postcontent", "articlecontent", "storycontent",
        "articletext", "storytext", "bodytext", "articlebodytext", "articlebodycontent", "maincontenttext", "newsbody",
        "newscontent", "newstext", "contentbody", "articlemaincontent", "storybodycopy", "bodycopy", "singlecontent",
        "articlecontentbody", "contentarticle", "textcontent", "fulltext", "zncontent", "trseditor", "ozoom",
        "articledetail", "contenttext", "wysiwyg", "tdpostcontent", "blogcontent", "pagecontent", "detailtext",
    ]
}
