import News

/// The words inside a link, line by line, and which of them are its headline.
struct AnchorWords {
    private(set) var title = ""
    private(set) var hasHeading = false

    init(_ tree: HTMLTree, _ node: Int) {
        if let heading = tree.subtree(node).dropFirst().first(where: { tree.nodes[$0].tag.headingLevel != nil }) {
            hasHeading = true
            title = tree.line(heading)
        }
        if title.isEmpty { title = Self.headline(among: TextLines.read(tree, in: tree.subtree(node), isLink: true)) }
        title = Self.completed(title, by: tree, node)
        title = String(title.prefix(Limits.titleCharactersMax))
    }

    /// Of a link around a whole card the line that is most like a headline: no date while there is another, and long enough,
    /// the earlier of two.
    static func headline(among lines: [String]) -> String {
        let words = lines.filter { !DateInText.isOnlyDate($0) }
        if words.count <= 1 { return words.first ?? lines.first ?? "" }
        return words.first { Words.count($0) >= 4 } ?? words.max { Words.count($0) < Words.count($1) } ?? ""
    }

    /// Lists cut long headlines and give the whole of it in `title`; pictures have theirs in `alt`.
    private static func completed(_ title: String, by tree: HTMLTree, _ node: Int) -> String {
        let whole = PlainText.cleaned(tree.attribute(node, .title) ?? "")
        if title.isEmpty { return whole.isEmpty ? PlainText.cleaned(tree.attribute(node, .ariaLabel) ?? "") : whole }
        for mark in ["...", "…", "．．．", "··"] where title.hasSuffix(mark) {
            let beginning = String(title.dropLast(mark.count)).trimming(\.isWhitespace)
            if whole.hasPrefix(beginning), whole.utf8.count > beginning.utf8.count { return whole }
        }
        return title
    }
}

/// The text of a part of a page, parted at block elements and line breaks.
enum TextLines {
    /// - Parameters:
    ///   - isLink: other links within the range are left out, as are elements that hold nothing but a date.
    ///   - skip: subtrees that are left out.
    static func read(
        _ tree: HTMLTree, in range: Range<Int>, isLink: Bool = false, bytesMax: Int = 4000,
        skip: (Int) -> Bool = { _ in false }
    ) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        var bytes = 0
        func finish() {
            let text = PlainText.cleaned(line[...])
            if !text.isEmpty { lines.append(text) }
            line.removeAll(keepingCapacity: true)
        }
        var index = range.lowerBound
        // Ends of inline elements whose text began a date of their own.
        var visited = 0
        while index < range.upperBound, bytes < bytesMax, visited < 4000 {
            visited += 1
            let node = tree.nodes[index]
            if node.tag == .text {
                let text = tree.text[Int(node.textStart)..<Int(node.textEnd)].prefix(bytesMax)
                line.append(contentsOf: text)
                bytes += text.count
                index += 1
                continue
            }
            let isOther = isLink && index > range.lowerBound && node.tag == .a
            if node.tag.isSilent || isOther || skip(index) || isLink && isDate(tree, index) {
                index = Int(node.end)
                line.append(0x20)
                continue
            }
            if node.tag.isBlock || node.tag == .br { finish() }
            index += 1
            // A block's end parts lines as its beginning does; the next block or the next sibling of one shows it.
            if index < range.upperBound, endsBlock(tree, before: index) { finish() }
        }
        finish()
        return lines
    }

    /// A short element whose whole text is a date: `<span>2025-03-30</span>` before or behind the headline in one link.
    private static func isDate(_ tree: HTMLTree, _ index: Int) -> Bool {
        let node = tree.nodes[index]
        if node.tag == .time { return true }
        guard
            node.tag == .span || node.tag == .em || node.tag == .i || node.tag == .small || node.tag == .font
                || node.tag == .b, Int(node.end) - index <= 6
        else { return false }
        return DateInText.isOnlyDate(tree.line(index, limit: 80))
    }

    /// Whether the node at `index` follows a block that has ended.
    static func endsBlock(_ tree: HTMLTree, before index: Int) -> Bool {
        var node = Int(tree.nodes[index - 1].parent)
        if Int(tree.nodes[index - 1].end) == index, tree.nodes[index - 1].tag.isBlock { return true }
        while node >= 0, Int(tree.nodes[node].end) == index {
            if tree.nodes[node].tag.isBlock { return true }
            node = Int(tree.nodes[node].parent)
        }
        return false
    }
}

/// How much a line says, in words of a language with spaces.
enum Words {
    /// Letters of scripts without spaces count by their number: about two Chinese characters, three kana or Hangul syllables
    /// say what a word says.
    static func count(_ text: String) -> Double {
        var count = 0.0
        var isInWord = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0xF900...0xFAFF:
                count += 0.5
                isInWord = false
            case 0x3040...0x30FF, 0xAC00...0xD7AF, 0x0E00...0x0E7F, 0xFF66...0xFF9D:
                count += 0.34
                isInWord = false
            default:
                let isLetter =
                    scalar.value < 0x80
                    ? (0x61...0x7A).contains(scalar.value | 0x20) : scalar.properties.isAlphabetic
                if isLetter, !isInWord { count += 1 }
                // Digits and apostrophes belong to the word, but are none by themselves.
                isInWord =
                    isLetter
                    || isInWord && scalar.value > 0x20 && !(0x2010...0x2015).contains(scalar.value)
                        && scalar != "-" && scalar != "/"
            }
        }
        return count
    }
}
