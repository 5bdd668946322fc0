import News

/// In what kind of place each link stands: the tags and classes of the elements around it.
///
/// Among items of a list a class counts only as far as nearly all siblings of the same tag share it, so that `post-1234`,
/// `odd`, `first` and `category-navy` do not part what belongs together; containers side by side keep what tells them
/// apart. Cells of a table count by their column.
struct AnchorPlaces {
    private let tree: HTMLTree
    private var labels: [Int: String] = [:]
    private var paths: [Int: Int] = [:]
    private var known: [Step: Int] = [:]
    private var steps: [Step] = []

    private struct Step: Hashable {
        var above: Int
        var label: String
    }

    init(_ tree: HTMLTree) { self.tree = tree }

    /// The same number for links that stand in the same kind of place.
    mutating func place(of node: Int) -> Int {
        var chain: [Int] = []
        var current = node
        while current >= 0, paths[current] == nil {
            chain.append(current)
            current = Int(tree.nodes[current].parent)
        }
        var path = current >= 0 ? paths[current]! : -1
        for element in chain.reversed() {
            let step = Step(above: path, label: label(of: element))
            if let found = known[step] {
                path = found
            } else {
                path = steps.count
                known[step] = path
                steps.append(step)
            }
            paths[element] = path
        }
        return path
    }

    /// A selector for a place: its last steps, from the nearest one with a class or id on.
    func selector(of place: Int) -> String {
        var labels: [String] = []
        var current = place
        while current >= 0, labels.count < 5 {
            let label = steps[current].label
            if label == "html" || label == "body" { break }
            labels.append(label)
            if labels.count >= 2, label.contains(".") || label.contains("#") { break }
            current = steps[current].above
        }
        return labels.reversed().joined(separator: " > ")
    }

    private mutating func label(of element: Int) -> String {
        if let label = labels[element] { return label }
        let parent = Int(tree.nodes[element].parent)
        guard parent >= 0 else {
            labels[element] = tree.name(element)
            return tree.name(element)
        }
        labelChildren(of: parent)
        // An element below the depth that the tree keeps hangs on another parent than its own.
        return labels[element] ?? tree.name(element)
    }

    private struct Token: Hashable {
        var tag: UInt16
        var name: Substring
    }

    private mutating func labelChildren(of parent: Int) {
        var children: [(node: Int, classes: [Substring])] = []
        var siblings: [UInt16: Int] = [:]
        var counts: [Token: Int] = [:]
        var index = parent + 1
        while index < Int(tree.nodes[parent].end) {
            let node = tree.nodes[index]
            if node.tag != .text {
                let names = (tree.attribute(index, .class) ?? "").prefix(400)
                let classes = Array(names.split(whereSeparator: \.isWhitespace).prefix(12))
                children.append((index, classes))
                siblings[node.name, default: 0] += 1
                for name in Set(classes) { counts[Token(tag: node.name, name: name), default: 0] += 1 }
            }
            index = Int(node.end)
        }
        // Siblings that share a class are items, whatever their tag.
        let shareClass = Set(counts.filter { $0.value * 4 > (siblings[$0.key.tag] ?? 0) * 3 }.map(\.key.tag))
        for (place, child) in children.enumerated() {
            let name = tree.nodes[child.node].name
            let many = siblings[name] ?? 1
            var label = tree.name(child.node)
            if label == "td" || label == "th" { label += ":nth-child(\(place + 1))" }
            var kept = 0
            for token in child.classes where kept < 3 && Self.isPlain(token) {
                let shared = counts[Token(tag: name, name: token)] ?? 0
                let digits = token.utf8.count { (0x30...0x39).contains($0) }
                let isContainer = Self.containers.contains(tree.nodes[child.node].tag) && !shareClass.contains(name)
                guard many < 3 || isContainer ? digits < 3 : shared * 4 > many * 3 else { continue }
                label += "." + token
                kept += 1
            }
            if kept == 0, many == 1, let id = tree.attribute(child.node, .id), Self.isPlain(id[...]),
                !id.utf8.contains(where: { (0x30...0x39).contains($0) })
            {
                label += "#" + id
            }
            labels[child.node] = label
        }
    }

    private static let containers: Set<Tag> = [
        .div, .section, .ul, .ol, .dl, .table, .main, .header, .nav, .aside, .footer,
    ]

    /// A name that can stand in a selector without an escape.
    private static func isPlain(_ name: Substring) -> Bool {
        guard name.utf8.count <= 40, let first = name.utf8.first, first == 0x5F || (0x61...0x7A).contains(first | 0x20)
        else { return false }
        return name.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
        }
    }
}
