/// Which articles have a feature: for each feature a list of their numbers, newest first.
struct Postings: Sendable {
    private struct Head {
        var node: Int32
        var count: Int32
    }

    /// Features of one article alone, which most are: a list would take three times as much.
    private var single: [UInt32: Int32] = [:]
    private var heads: [UInt32: Head] = [:]
    /// An article and the node of the next older one, -1 for none: side by side, as a list is a walk all over memory.
    private var nodes: [(value: Int32, next: Int32)] = []

    /// How many articles have it that can still be found.
    func count(_ feature: UInt32) -> Int {
        if let head = heads[feature] { return Int(head.count) }
        return single[feature] == nil ? 0 : 1
    }

    mutating func add(_ value: Int32, to feature: UInt32) {
        var head = Head(node: -1, count: 0)
        if let known = heads[feature] {
            head = known
        } else if let first = single.removeValue(forKey: feature) {
            head = push(first, before: head)
        } else {
            single[feature] = value
            return
        }
        heads[feature] = push(value, before: head)
    }

    private mutating func push(_ value: Int32, before head: Head) -> Head {
        nodes.append((value, head.node))
        return Head(node: Int32(nodes.count - 1), count: head.count + 1)
    }

    /// One of the articles that have it cannot be found any more; in a list it stays, where `forEach` passes it over.
    mutating func discount(_ feature: UInt32) {
        if let head = heads[feature] {
            heads[feature] = Head(node: head.node, count: head.count - 1)
        } else {
            single[feature] = nil
        }
    }

    /// Calls `visit` with the newest `limit` of those that are current.
    /// - Parameter isCurrent: for each article, by its number.
    func forEach(_ feature: UInt32, limit: Int, where isCurrent: [Bool], _ visit: (Int32) -> Void) {
        guard let head = heads[feature] else {
            if let value = single[feature], limit > 0, isCurrent[Int(value)] { visit(value) }
            return
        }
        var node = head.node
        var left = limit
        while node >= 0, left > 0 {
            let (value, next) = nodes[Int(node)]
            if isCurrent[Int(value)] {
                visit(value)
                left -= 1
            }
            node = next
        }
    }
}
