/// Which articles have a feature: for each feature a list of their numbers.
struct Postings: Sendable {
    /// For each feature the one article that has it, which is the case of most, or `-1 - place` of its list.
    private var table = FeatureTable()
    /// Oldest first.
    private var lists: [[Int32]] = []

    /// No more of a list is ever visited: one that has twice as many is cut to so many that can be found.
    static let visitsMax = 32

    /// - Parameter isFound: for each article, by its number: it can still be found.
    mutating func add(_ number: Int32, to feature: UInt32, where isFound: [Bool]) {
        guard let value = table[feature] else {
            table[feature] = number
            return
        }
        if value < 0 {
            let place = Int(-1 - value)
            lists[place].append(number)
            if lists[place].count >= 2 * Self.visitsMax { cut(place, where: isFound) }
        } else if isFound[Int(value)] {
            lists.append([value, number])
            table[feature] = Int32(-lists.count)
        } else {
            table[feature] = number
        }
    }

    private mutating func cut(_ place: Int, where isFound: [Bool]) {
        lists[place] = Array(lists[place].filter { isFound[Int($0)] }.suffix(Self.visitsMax))
    }

    /// Calls `visit` with the newest `limit` of those that can be found, at most `visitsMax`.
    /// - Parameter isFound: for each article, by its number.
    /// - Returns: how many were visited.
    @discardableResult
    func forEach(_ feature: UInt32, limit: Int, where isFound: [Bool], _ visit: (Int32) -> Void) -> Int {
        guard let value = table[feature] else { return 0 }
        guard value < 0 else {
            guard limit > 0, isFound[Int(value)] else { return 0 }
            visit(value)
            return 1
        }
        var visited = 0
        for number in lists[Int(-1 - value)].reversed() where isFound[Int(number)] {
            guard visited < limit else { break }
            visit(number)
            visited += 1
        }
        return visited
    }

    /// Each feature with each of its articles, in no order.
    func forEach(_ body: (UInt32, Int32) -> Void) {
        table.forEach { feature, value in
            if value < 0 {
                for number in lists[Int(-1 - value)] { body(feature, number) }
            } else {
                body(feature, value)
            }
        }
    }
}
