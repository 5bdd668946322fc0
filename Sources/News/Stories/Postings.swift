/// Which articles have a feature: for each feature a list of their numbers, newest first.
struct Postings: Sendable {
    private struct Head {
        var node: Int32
        var count: Int32
    }

    private var heads: [UInt32: Head] = [:]
    /// An article and the node of the next older one, -1 for none: side by side, as a list is a walk all over memory.
    private var nodes: [(value: Int32, next: Int32)] = []

    /// How many articles have it that can still be found.
    func count(_ feature: UInt32) -> Int { Int(heads[feature]?.count ?? 0) }

    mutating func add(_ value: Int32, to feature: UInt32) {
        let head = heads[feature]
        nodes.append((value, head?.node ?? -1))
        heads[feature] = Head(node: Int32(nodes.count - 1), count: (head?.count ?? 0) + 1)
    }

    /// One of the articles that have it cannot be found any more; it stays in the list, where `forEach` passes it over.
    mutating func discount(_ feature: UInt32) {
        if let head = heads[feature] { heads[feature] = Head(node: head.node, count: head.count - 1) }
    }

    /// Calls `visit` with the newest `limit` of those that are current.
    /// - Parameter isCurrent: for each article, by its number.
    func forEach(_ feature: UInt32, limit: Int, where isCurrent: [Bool], _ visit: (Int32) -> Void) {
        guard let head = heads[feature] else { return }
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
