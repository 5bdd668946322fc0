import News

/// Finds the elements that a selector picks.
///
/// One pass in document order: each element holds, as bits of one word, which beginnings of the selector end at it. What
/// its parent and its earlier siblings hold decides with its own conditions, so nothing is ever tried twice and the time is
/// the number of elements multiplied by that of the compounds.
struct SelectorMatching {
    private let tree: HTMLTree
    private var parts: [Selector.Part] = []
    /// The bits of parts without one before them, and of those that end a selector.
    private var firsts: UInt64 = 0
    private var lasts: UInt64 = 0

    init(_ selector: Selector, in tree: HTMLTree) {
        self.tree = tree
        for alternative in selector.alternatives {
            firsts |= 1 << UInt64(parts.count)
            parts += alternative.parts
            lasts |= 1 << UInt64(parts.count - 1)
        }
    }

    /// In document order.
    func elements() -> [Int] {
        let count = tree.nodes.count
        let places = parts.contains { $0.compound.needsPlace } ? Places(tree) : nil
        var matched = [UInt64](repeating: 0, count: count)
        var above = [UInt64](repeating: 0, count: count)
        // Of the children seen so far, by parent: all of them, and the last one.
        var earlier = [UInt64](repeating: 0, count: count)
        var previous = [UInt64](repeating: 0, count: count)
        var found: [Int] = []
        for index in 0..<count where tree.nodes[index].tag != .text {
            let parent = Int(tree.nodes[index].parent)
            if parent >= 0 { above[index] = above[parent] | matched[parent] }
            var bits: UInt64 = 0
            for (bit, part) in parts.enumerated() {
                let isReached: Bool
                if firsts & (1 << UInt64(bit)) != 0 {
                    isReached = true
                } else {
                    let before: UInt64 = 1 << UInt64(bit - 1)
                    isReached =
                        switch part.combinator {
                        case .descendant: above[index] & before != 0
                        case .child: parent >= 0 && matched[parent] & before != 0
                        case .laterSibling: parent >= 0 && earlier[parent] & before != 0
                        case .nextSibling: parent >= 0 && previous[parent] & before != 0
                        }
                }
                if isReached, matches(part.compound, index, places) { bits |= 1 << UInt64(bit) }
            }
            matched[index] = bits
            if parent >= 0 {
                earlier[parent] |= bits
                previous[parent] = bits
            }
            if bits & lasts != 0 { found.append(index) }
        }
        return found
    }

    private func matches(_ compound: Selector.Compound, _ index: Int, _ places: Places?) -> Bool {
        if let type = compound.type, tree.name(index) != type { return false }
        for id in compound.ids where tree.attribute(index, .id) != id { return false }
        if !compound.classes.isEmpty {
            guard let own = tree.attribute(index, .class) else { return false }
            for name in compound.classes where !own.hasWord(name) { return false }
        }
        for test in compound.attributes where !matches(test, tree.attribute(index, named: test.name)) { return false }
        if let places {
            for position in compound.positions where !places.matches(position, index) { return false }
        }
        return !compound.excluded.contains { matches($0, index, places) }
    }

    private func matches(_ test: Selector.AttributeTest, _ own: String?) -> Bool {
        guard let own else { return false }
        if test.comparison == .exists { return true }
        let (text, value) =
            test.ignoresCase ? (own.lowercased(), test.value.lowercased()) : (own, test.value)
        switch test.comparison {
        case .exists: return true
        case .equals: return text == value
        case .hasWord: return !value.isEmpty && text.hasWord(value)
        case .hasLanguage: return text == value || text.hasPrefix(value + "-")
        case .begins: return !value.isEmpty && text.hasPrefix(value)
        case .ends: return !value.isEmpty && text.hasSuffix(value)
        case .contains: return !value.isEmpty && text.contains(value)
        }
    }

    /// Each element's place among its siblings, from 1, and how many there are.
    private struct Places {
        private var place: [Int32]
        private var siblings: [Int32]

        init(_ tree: HTMLTree) {
            place = [Int32](repeating: 1, count: tree.nodes.count)
            var children = [Int32](repeating: 0, count: tree.nodes.count)
            for (index, node) in tree.nodes.enumerated() where node.tag != .text && node.parent >= 0 {
                children[Int(node.parent)] += 1
                place[index] = children[Int(node.parent)]
            }
            siblings = tree.nodes.map { $0.parent >= 0 ? children[Int($0.parent)] : 1 }
        }

        func matches(_ position: Selector.Position, _ index: Int) -> Bool {
            let own = Int(place[index])
            switch position {
            case .only: return siblings[index] == 1
            case .last: return place[index] == siblings[index]
            case .nth(let step, let offset):
                guard step != 0 else { return own == offset }
                return (own - offset).isMultiple(of: step) && (own - offset) / step >= 0
            }
        }
    }
}

extension Selector.Compound {
    fileprivate var needsPlace: Bool { !positions.isEmpty || excluded.contains { !$0.positions.isEmpty } }
}

extension String {
    /// Whether one of its words, parted by white space, is this one.
    func hasWord(_ word: String) -> Bool {
        guard utf8.count >= word.utf8.count else { return false }
        return utf8.split(whereSeparator: { $0 <= 0x20 }).contains { $0.elementsEqual(word.utf8) }
    }
}
