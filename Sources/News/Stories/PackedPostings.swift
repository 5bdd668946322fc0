/// Which articles have a feature, packed: four bytes for each article that has one.
///
/// Features share a bucket when they begin alike; there are about as many buckets as articles, so that one has as many entries
/// as an article has features, however many articles there are. An entry is the rest of the feature and the article's number,
/// and all are sorted: nothing is ever added but by `merge`, which writes everything anew, section by section.
struct PackedPostings: Sendable {
    private struct Section {
        /// Where each bucket begins, and the end of the last.
        var starts: [UInt32] = []
        var entries: [UInt32] = []
    }

    /// By the first `sectionBits` of the feature.
    private var sections = [Section](repeating: Section(), count: 1 << sectionBits)
    /// Of an article's number in an entry; a feature's first so many bits are its bucket's number.
    private var bits = sectionBits

    private static let sectionBits = 8

    /// Calls `visit` with the newest `limit` of those that can be found.
    /// - Parameter isFound: for each article, by its number.
    func forEach(_ feature: UInt32, limit: Int, where isFound: [Bool], _ visit: (Int32) -> Void) {
        let section = Int(feature >> UInt32(32 - Self.sectionBits))
        guard !sections[section].entries.isEmpty else { return }
        let rest = UInt32(32 - bits)
        let bucket = Int(feature >> rest) & (1 << (bits - Self.sectionBits) - 1)
        let remainder = feature & (1 << rest - 1)
        let start = Int(sections[section].starts[bucket])
        // Behind the last that has this remainder.
        var low = start
        var high = Int(sections[section].starts[bucket + 1])
        while low < high {
            let middle = (low + high) / 2
            if sections[section].entries[middle] >> UInt32(bits) <= remainder {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var left = limit
        while low > start, left > 0 {
            low -= 1
            let entry = sections[section].entries[low]
            guard entry >> UInt32(bits) == remainder else { return }
            let number = Int32(entry & (1 << UInt32(bits) - 1))
            if isFound[Int(number)] {
                visit(number)
                left -= 1
            }
        }
    }

    /// Takes in more, and drops what cannot be found any more.
    /// - Parameters:
    ///   - recent: each feature with an article that has it, by their later numbers.
    ///   - numbers: for each article its number from now on, in the same order; -1 where it is gone.
    ///   - count: how many articles there are from now on, less than 2^28.
    mutating func merge(_ recent: Postings, numbers: [Int32], count: Int) {
        var added: [UInt64] = []
        recent.forEach { feature, number in
            let number = numbers[Int(number)]
            if number >= 0 { added.append(UInt64(feature) << 32 | UInt64(number)) }
        }
        added.sort()
        let bits = max(Self.sectionBits, Int.bitWidth - max(count - 1, 0).leadingZeroBitCount)
        var next = 0
        for section in sections.indices {
            let begin = next
            while next < added.count, added[next] >> UInt64(64 - Self.sectionBits) == section { next += 1 }
            sections[section] = merged(section, added[begin..<next], numbers, bits: bits)
        }
        self.bits = bits
    }

    private func merged(
        _ section: Int, _ added: ArraySlice<UInt64>, _ numbers: [Int32], bits: Int
    ) -> Section {
        let old = sections[section]
        var writer = Writer(bits: bits, capacity: old.entries.count + added.count)
        var next = added.startIndex
        let rest = UInt32(32 - self.bits)
        for bucket in 0..<max(old.starts.count - 1, 0) {
            let begin = (UInt32(section) << UInt32(self.bits - Self.sectionBits) | UInt32(bucket)) << rest
            for place in Int(old.starts[bucket])..<Int(old.starts[bucket + 1]) {
                let entry = old.entries[place]
                let number = numbers[Int(entry & (1 << UInt32(self.bits) - 1))]
                guard number >= 0 else { continue }
                let posting = UInt64(begin | entry >> UInt32(self.bits)) << 32 | UInt64(number)
                while next < added.endIndex, added[next] < posting {
                    writer.append(added[next])
                    next += 1
                }
                writer.append(posting)
            }
        }
        for posting in added[next...] { writer.append(posting) }
        return writer.finished()
    }

    /// Writes a section, entry by entry in the order of features and then of articles.
    private struct Writer {
        private var section = Section()
        private let bits: UInt32

        init(bits: Int, capacity: Int) {
            self.bits = UInt32(bits)
            section.entries.reserveCapacity(capacity)
            section.starts.reserveCapacity(1 << (bits - PackedPostings.sectionBits) + 1)
        }

        /// - Parameter posting: the feature, and in the lower half the article's number.
        mutating func append(_ posting: UInt64) {
            let feature = UInt32(posting >> 32)
            begin(Int(feature >> (32 - bits)) & (1 << (Int(bits) - PackedPostings.sectionBits) - 1))
            section.entries.append((feature & (1 << (32 - bits) - 1)) << bits | UInt32(truncatingIfNeeded: posting))
        }

        private mutating func begin(_ bucket: Int) {
            while section.starts.count <= bucket { section.starts.append(UInt32(section.entries.count)) }
        }

        mutating func finished() -> Section {
            begin(1 << (Int(bits) - PackedPostings.sectionBits))
            return section
        }
    }
}

/// Which articles have a shingle: those of the last days as they come, the others packed.
struct ShinglePostings: Sendable {
    private var packed = PackedPostings()
    private var recent = Postings()
    /// Articles in either.
    private var packedCount = 0
    private var recentCount = 0

    /// Adds an article, the newest.
    /// - Parameter isFound: for each article, by its number, this one included.
    mutating func add(_ number: Int32, to shingles: [UInt32], where isFound: [Bool]) {
        for shingle in shingles { recent.add(number, to: shingle, where: isFound) }
        recentCount += 1
        if recentCount >= max(1024, packedCount / 16) {
            pack(numbers: isFound.indices.map { isFound[$0] ? Int32($0) : -1 }, count: isFound.count)
        }
    }

    /// Packs everything.
    /// - Parameter numbers: as `PackedPostings.merge` has them.
    mutating func pack(numbers: [Int32], count: Int) {
        packed.merge(recent, numbers: numbers, count: count)
        recent = Postings()
        (packedCount, recentCount) = (count, 0)
    }

    /// Calls `visit` with the newest `limit` of those that can be found.
    func forEach(_ shingle: UInt32, limit: Int, where isFound: [Bool], _ visit: (Int32) -> Void) {
        let visited = recent.forEach(shingle, limit: limit, where: isFound, visit)
        packed.forEach(shingle, limit: limit - visited, where: isFound, visit)
    }
}
