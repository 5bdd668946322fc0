import News

/// The lines that a page shows, by how near they stand to its headline.
///
/// Made only where what the page says of itself leaves something open.
struct ShownLines {
    let metadata: PageMetadata
    let names: ElementNames
    let blocks: [Block]
    /// The block of the headline.
    let headline: Int?
    /// The node in which the headline begins.
    private let headlineNode: Int?

    var tree: HTMLTree { metadata.tree }

    /// - Parameters:
    ///   - blocks: all of the page, in its order.
    ///   - headline: the node in which it begins.
    init(metadata: PageMetadata, names: ElementNames, blocks: [Block], headline: Int?) {
        self.metadata = metadata
        self.names = names
        self.blocks = blocks
        headlineNode = headline
        self.headline = headline.flatMap { node in Self.block(of: node, in: blocks) }
    }

    /// The block in which a node stands, or which begins behind it.
    private static func block(of node: Int, in blocks: [Block]) -> Int? {
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].first < node { low = middle + 1 } else { high = middle }
        }
        return low < blocks.count ? low : nil
    }

    func block(of node: Int) -> Int? { Self.block(of: node, in: blocks) }

    /// How far a block is from the headline, what stands before it counting twice; nil where it says nothing of the article.
    func distance(_ block: Int) -> Int? {
        guard let headline else { return nil }
        if block >= headline { return block - headline <= Self.behind ? block - headline : nil }
        return headline - block <= Self.before ? 2 * (headline - block) : nil
    }

    /// Blocks before and behind the headline in which its dates and names are looked for.
    static let before = 6
    static let behind = 30

    /// Whether a node stands in something that others wrote, or in a quotation or a list of other articles.
    func isForeign(_ node: Int) -> Bool {
        // An article's own head may be called its footer.
        let isNear = metadata.isAside(node) && block(of: node).flatMap(distance).map { $0 <= Self.before } ?? false
        if metadata.isAside(node), !isNear || tree.isInside(node, [.aside, .nav]) { return true }
        for ancestor in tree.ancestors(node).prefix(Self.ancestorsMax) {
            // What is around the headline too has its name from something else in it.
            if let headlineNode, tree.subtree(ancestor).contains(headlineNode) { return false }
            if tree.nodes[ancestor].tag == .blockquote { return true }
            if tree.nodes[ancestor].tag != .body, names[ancestor].contains(.foreign) { return true }
        }
        return false
    }

    private static let ancestorsMax = 24
}

/// Dates.
extension ShownLines {
    /// Those that may be the article's, the likeliest first.
    var dates: [Timestamp] {
        var found: [(cost: Int, time: Timestamp)] = []
        for time in metadata.times where time.kind != .modified {
            guard let moment = metadata.moment(time.value), !isForeign(time.index) else { continue }
            let near = block(of: time.index).flatMap(distance)
            found.append((near.map { max($0 - 1, 0) + cost(of: time) } ?? Self.far + found.count, moment))
        }
        var looked = 0
        for (index, block) in blocks.enumerated() where block.text.utf8.count <= Self.lineBytesMax {
            let near = distance(index)
            guard near != nil || looked < Limits.pageDatesMax, Self.mayHoldDate(block.text) else { continue }
            let lower = block.text.lowercased()
            guard let time = date(in: block.text, lower) else { continue }
            looked += 1
            // A sentence speaks of any day.
            guard !block.endsSentence || DateInText.isOnlyDate(block.text) else { continue }
            guard near != nil || saysDate(block, lower, index), !isForeign(block.first) else { continue }
            // A line that is a link is one of a list, unless it stands by the headline.
            guard block.linkShare < 0.8 || (near ?? Self.far) <= 4 else { continue }
            found.append(((near ?? Self.far + index) + Self.costOfChange(lower), time))
        }
        return found.sorted { $0.cost < $1.cost }.map(\.time)
    }

    /// Where an element with a name or a `<time>` counts that is not near the headline.
    private static let far = 1000
    private static let lineBytesMax = 160
    /// A date of a change stands behind one of publication, wherever that is near the headline.
    private static let changed = 100

    private func cost(of time: PageMetadata.MarkedTime) -> Int {
        let names = (tree.attribute(time.index, .class) ?? "").lowercased()
        let isChange = PhraseSearch.stands("updated", in: names) && !PhraseSearch.stands("published", in: names)
        return isChange || PhraseSearch.stands("modified", in: names) ? Self.changed : 0
    }

    private static func costOfChange(_ lower: String) -> Int {
        PhraseSearch.stands(anyOf: changeWords, in: lower) && !PhraseSearch.stands(anyOf: publicationWords, in: lower)
            ? changed : 0
    }

    private static let changeWords = [
        "updated", "modified", "last revision", "revised", "aktualisiert", "geändert", "änderung", "mis à jour",
        "modifié", "actualizad", "modificad", "atualizad", "aggiornat", "bijgewerkt", "oppdatert", "opdateret",
        "uppdaterad", "päivitetty", "zaktualizowan", "обновлено", "изменено", "оновлено", "更新", "修正", "수정",
        "güncelle", "diperbarui", "cập nhật",
    ]
    static let publicationWords = [
        "published", "posted", "veröffentlicht", "erschienen", "publié", "publicado", "pubblicato", "gepubliceerd",
        "publisert", "udgivet", "publicerad", "julkaistu", "opublikowano", "опубликовано", "発表", "掲載", "公開", "配信",
        "发布", "發布", "입력", "등록", "yayın", "diterbitkan", "dipublikasikan", "đăng",
    ]

    private static func mayHoldDate(_ line: String) -> Bool {
        line.utf8.contains { (0x30...0x39).contains($0) } || PhraseSearch.stands("元年", in: line)
    }

    private func date(in line: String, _ lower: String) -> Timestamp? {
        guard let day = published(in: lower) ?? DateInText.first(in: line, metadata.dayOrder) else {
            return shortDate(line)
        }
        // With its time where the line is the date and nothing else.
        if let time = FeedDate.parse(line, metadata.dayOrder), time.seconds - time.seconds % 86_400 == day.seconds {
            return time
        }
        return day
    }

    /// `30.3.25`, where it stands alone or after a name and a comma.
    private func shortDate(_ line: String) -> Timestamp? {
        guard line.utf8.count(where: { $0 == 0x2E }) >= 2 else { return nil }
        for part in line.split(whereSeparator: { ",|/•·–".contains($0) }).prefix(4) {
            let part = part.drop { $0 == " " }.prefix { $0 == "." || $0.isNumber }
            let numbers = part.split(separator: ".", omittingEmptySubsequences: false)
            guard numbers.count == 3, numbers.allSatisfy({ (1...2).contains($0.utf8.count) }),
                numbers[2].utf8.count == 2
            else { continue }
            if let time = FeedDate.parse(String(part)) { return time }
        }
        return nil
    }

    /// Whether a line that is not near the headline is known by its name, its label, or by being nothing but a date.
    private func saysDate(_ block: Block, _ lower: String, _ index: Int) -> Bool {
        if isNamedDate(block.first) || PhraseSearch.begins(anyOf: Self.labels, lower) { return true }
        return index > headline ?? -1 && DateInText.isOnlyDate(block.text) && block.text.count { $0.isLetter } <= 16
    }

    private static let labels =
        publicationWords + [
            "date:", "date :", "datum:", "fecha:", "data:", "dato:", "tanggal:", "дата:", "日期：", "時間：", "时间：",
        ]

    /// Whether a node or what is closely around it has the class or id of a date.
    private func isNamedDate(_ node: Int) -> Bool {
        tree.ancestors(node).prefix(3).contains { names[$0].contains(.date) }
    }

    /// Where a text begins with place and date, `Hamburg, 30 March 2025 –`; else of a line at the page's end that says it was published
    /// or changed, or of a copyright that names the day.
    var outerDate: Timestamp? {
        let from = headline ?? 0
        for block in blocks[min(from, blocks.count)...].prefix(2 * Self.behind) where block.length > 120 {
            if let time = DateInText.first(in: String(block.text.prefix(Self.beginning)), metadata.dayOrder),
                !isForeign(block.first)
            {
                return time
            }
        }
        for block in blocks.suffix(Self.behind).reversed() where block.text.utf8.count <= 2 * Self.lineBytesMax {
            let lower = block.text.lowercased()
            guard PhraseSearch.stands(anyOf: Self.endWords, in: lower) else { continue }
            if let time = published(in: lower) ?? DateInText.first(in: lower, metadata.dayOrder) { return time }
        }
        return nil
    }

    /// The date behind a word of publication: `Changed 2 April 2025, published 30 March 2025`. The line is in lower case.
    private func published(in lower: String) -> Timestamp? {
        for word in Self.publicationWords {
            if let found = PhraseSearch.first(word, in: lower) {
                return DateInText.first(in: String(lower[found.upperBound...]), metadata.dayOrder)
            }
        }
        return nil
    }

    /// Characters of a paragraph in which its place and date stand.
    private static let beginning = 60
    private static let endWords = changeWords + publicationWords + ["stand:", "date:", "copyright", "©", "erstellt"]
}
