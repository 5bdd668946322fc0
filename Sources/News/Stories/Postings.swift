/// Which articles have a feature: for each feature a list of their numbers.
struct Postings: Sendable {
    /// For each feature the one article that has it, which is the case of most, or `-1 - block` of the newest block of its list.
    private var table = FeatureTable()
    /// Of `blockSize` numbers each: the block before it or -1, how many articles its list has up to the end of this block,
    /// and their numbers, oldest first. A list that was an array of its own would lie in memory that nothing else brings near.
    private var blocks: [Int32] = []
    private var freeBlocks: [Int32] = []

    /// No more of a list is ever visited: one that has twice as many is cut to so many that can be found.
    static let visitsMax = 32
    private static let blockSize = 16
    private static let blockRoom = blockSize - 2

    /// Where a feature's articles are.
    struct Found {
        /// As the table has it.
        fileprivate var value: Int32?
        /// How many articles there are, those included that cannot be found any more.
        var count: Int
    }

    /// Features looked up together: waiting for memory for one after the other is what a look-up costs.
    func find(_ features: [UInt32]) -> [Found] {
        table.values(of: features).map { value in
            guard let value else { return Found(value: nil, count: 0) }
            return Found(value: value, count: value < 0 ? count(upTo: -1 - value) : 1)
        }
    }

    /// - Parameter isFound: for each article, by its number: it can still be found.
    /// - Returns: how many there are of the feature, those included that cannot be found any more.
    @discardableResult
    mutating func add(_ number: Int32, to feature: UInt32, where isFound: [Bool]) -> Int {
        guard let value = table[feature] else {
            table[feature] = number
            return 1
        }
        var block = -1 - value
        if value >= 0 {
            guard isFound[Int(value)] else {
                table[feature] = number
                return 1
            }
            block = append(value, to: -1)
        } else if count(upTo: block) + 1 == 2 * Self.visitsMax {
            block = cut(block, where: isFound)
        }
        block = append(number, to: block)
        if -1 - block != value { table[feature] = -1 - block }
        return count(upTo: block)
    }

    private func count(upTo block: Int32) -> Int { Int(blocks[Int(block) * Self.blockSize + 1]) }

    /// - Parameter block: the newest of the list; -1 where there is none yet.
    /// - Returns: the newest then.
    private mutating func append(_ number: Int32, to block: Int32) -> Int32 {
        let count = block < 0 ? 0 : count(upTo: block)
        let place = count % Self.blockRoom
        var newest = block
        if place == 0 {
            if let free = freeBlocks.popLast() {
                newest = free
            } else {
                newest = Int32(blocks.count / Self.blockSize)
                blocks.append(contentsOf: repeatElement(0, count: Self.blockSize))
            }
            blocks[Int(newest) * Self.blockSize] = block
        }
        blocks[Int(newest) * Self.blockSize + 1] = Int32(count + 1)
        blocks[Int(newest) * Self.blockSize + 2 + place] = number
        return newest
    }

    /// Makes room in a list that is full.
    /// - Returns: its newest block then; -1 where nothing is left.
    private mutating func cut(_ block: Int32, where isFound: [Bool]) -> Int32 {
        var kept: [Int32] = []
        walk(block) { number in
            if isFound[Int(number)] { kept.append(number) }
            return kept.count < Self.visitsMax - 1
        }
        var old = block
        while old >= 0 {
            freeBlocks.append(old)
            old = blocks[Int(old) * Self.blockSize]
        }
        var newest: Int32 = -1
        for number in kept.reversed() { newest = append(number, to: newest) }
        return newest
    }

    /// Visits a list, the newest first, until `visit` returns false.
    private func walk(_ newest: Int32, _ visit: (Int32) -> Bool) {
        var block = newest
        while block >= 0 {
            let start = Int(block) * Self.blockSize
            var place = (Int(blocks[start + 1]) - 1) % Self.blockRoom
            while place >= 0 {
                guard visit(blocks[start + 2 + place]) else { return }
                place -= 1
            }
            block = blocks[start]
        }
    }

    /// Calls `visit` with the newest `limit` of those that can be found, at most `visitsMax`.
    /// - Parameter isFound: for each article, by its number.
    /// - Returns: how many were visited.
    @discardableResult
    func forEach(_ found: Found, limit: Int, where isFound: [Bool], _ visit: (Int32) -> Void) -> Int {
        guard let value = found.value, limit > 0 else { return 0 }
        guard value < 0 else {
            guard isFound[Int(value)] else { return 0 }
            visit(value)
            return 1
        }
        var visited = 0
        walk(-1 - value) { number in
            if isFound[Int(number)] {
                visit(number)
                visited += 1
            }
            return visited < limit
        }
        return visited
    }

    /// Each feature with each of its articles, in no order.
    func forEach(_ body: (UInt32, Int32) -> Void) {
        table.forEach { feature, value in
            if value < 0 {
                walk(-1 - value) {
                    body(feature, $0)
                    return true
                }
            } else {
                body(feature, value)
            }
        }
    }
}
