import News

/// A paragraph of a page: a run of text that no block element and no `<br><br>` interrupts.
struct Block {
    /// One line.
    var text: String
    /// The nearest block element around it.
    var element: Int
    /// The node where its text begins.
    var first: Int
    var tag: Tag
    /// Weighted length (`BlockReader.weight`).
    var length: Int
    /// The part of `length` that stands in links.
    var linkLength: Int
    /// Bold, all of it: a heading in disguise.
    var isBold: Bool
    /// Words end as a sentence does.
    var endsSentence: Bool

    var linkShare: Double { length == 0 ? 0 : Double(linkLength) / Double(length) }
}

/// Cuts a range of a tree into blocks, in one pass.
enum BlockReader {
    static func blocks(of tree: HTMLTree, in range: Range<Int>, isDropped: (Int) -> Bool) -> [Block] {
        var run = Run(tree: tree)
        var open: [(element: Int, end: Int)] = []
        var index = range.lowerBound
        while index < range.upperBound {
            while let last = open.last, last.end <= index {
                run.flush()
                open.removeLast()
                run.element = open.last?.element ?? range.lowerBound
            }
            let node = tree.nodes[index]
            if node.tag == .text {
                run.add(index)
            } else if tree.isSilent(index) || isDropped(index) {
                if node.tag.isBlock { run.flush() } else { run.addSpace() }
                index = Int(node.end)
                continue
            } else if node.tag == .br {
                run.addBreak()
            } else if node.tag.isBlock {
                run.flush()
                run.element = index
                open.append((index, Int(node.end)))
            } else if node.tag == .a {
                run.linkEnd = max(run.linkEnd, Int(node.end))
            } else if node.tag == .b || node.tag == .strong {
                run.boldEnd = max(run.boldEnd, Int(node.end))
            }
            index += 1
        }
        run.flush()
        return run.blocks
    }

    /// Length of UTF-8 text in which a character of a script without spaces counts three, as a word has several letters.
    static func weight(_ text: some Sequence<UInt8>) -> Int {
        text.withContiguousStorageIfAvailable(weight(of:)) ?? weight(of: text)
    }

    /// Without branches, so that it is done for many bytes at once.
    @inline(__always)
    private static func weight(of text: some Sequence<UInt8>) -> Int {
        var weight = 0
        for byte in text {
            weight += byte & 0xC0 != 0x80 ? 1 : 0
            weight += byte &- 0xE3 <= 0xED - 0xE3 ? 2 : 0
        }
        return weight
    }

    private struct Run {
        let tree: HTMLTree
        var blocks: [Block] = []
        var element = 0
        var linkEnd = -1
        var boldEnd = -1
        private var bytes: [UInt8] = []
        private var first = -1
        private var linkLength = 0
        private var boldLength = 0
        private var breaks = 0

        init(tree: HTMLTree) { self.tree = tree }

        mutating func add(_ index: Int) {
            let node = tree.nodes[index]
            let slice = tree.text[Int(node.textStart)..<Int(node.textEnd)]
            let isBlank = slice.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
            if !isBlank {
                breaks = 0
                if first < 0 { first = index }
                if index < linkEnd { linkLength += BlockReader.weight(slice) }
                if index < boldEnd { boldLength += BlockReader.weight(slice) }
            }
            bytes.append(contentsOf: slice)
        }

        mutating func addSpace() { if !bytes.isEmpty { bytes.append(0x20) } }

        mutating func addBreak() {
            breaks += 1
            if breaks > 1 { flush() } else { addSpace() }
        }

        mutating func flush() {
            defer {
                bytes.removeAll(keepingCapacity: true)
                first = -1
                (linkLength, boldLength, breaks) = (0, 0, 0)
            }
            guard first >= 0 else { return }
            let text = PlainText.cleaned(bytes[...])
            guard !text.isEmpty else { return }
            let length = BlockReader.weight(text.utf8)
            blocks.append(
                Block(
                    text: text, element: element, first: first, tag: tree.nodes[element].tag, length: length,
                    linkLength: min(linkLength, length), isBold: boldLength * 10 >= length * 9,
                    endsSentence: Self.endsSentence(text)))
        }

        private static let ends: Set<Unicode.Scalar> = [
            ".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔", ":", "」", "』", "”", "\"", "»",
        ]

        private static func endsSentence(_ text: String) -> Bool {
            var last = text.unicodeScalars.suffix(3)
            while let scalar = last.last, ")]’'）".unicodeScalars.contains(scalar) { last.removeLast() }
            return last.last.map(Self.ends.contains) ?? false
        }
    }
}
