import News

/// Blocks of a page of which something is marked `data-nosnippet`: publishers ask by it that no search result quotes what stands there.
enum Unquoted {
    private static let mark = "data-nosnippet"

    /// The texts of these blocks; a block that holds marked words among others is one of them.
    /// - Parameter blocks: all of the page, in its order.
    static func texts(of tree: HTMLTree, _ blocks: [Block]) -> Set<String> {
        // Names are few, nodes are many, and most pages have none.
        guard tree.names.contains(mark) else { return [] }
        var texts: Set<String> = []
        var node = 0
        var block = 0
        var markedEnd = 0
        while node < tree.nodes.count {
            if node >= markedEnd, tree.attribute(node, named: mark) != nil { markedEnd = Int(tree.nodes[node].end) }
            while block + 1 < blocks.count, blocks[block + 1].first <= node { block += 1 }
            if node < markedEnd, block < blocks.count, blocks[block].first <= node, hasWords(tree, node) {
                texts.insert(blocks[block].text)
            }
            node += 1
        }
        return texts
    }

    private static func hasWords(_ tree: HTMLTree, _ index: Int) -> Bool {
        let node = tree.nodes[index]
        return node.tag == .text && tree.text[Int(node.textStart)..<Int(node.textEnd)].contains { $0 > 0x20 }
    }
}
