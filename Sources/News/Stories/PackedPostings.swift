/// Which articles have a feature, packed: four bytes for each article that has one.
///
/// Features share a bucket when their products with the golden ratio begin alike: those of a sketch are its smallest, and would
/// crowd into the first ones as they are. There are about as many buckets as articles, so that one has as many entries as an
/// article has features, however many articles there are. An entry is the rest of the product and the article's number, and
/// all are sorted: nothing is ever added but by `merge`, which writes everything anew, section by section.
struct PackedPostings: Sendable {
    private struct Section {
        /// Where each bucket begins, and the end of the last.
        var starts: [UInt32] = []
        var entries: [UInt32] = []
    }

    /// By the first `sectionBits` of the product.
    private var sections = [Section](repeating: Section(), count: 1 << sectionBits)
    /// Of an article's number in an entry; a product's first so many bits are its bucket's number.
    private var bits = sectionBits

    /// Features that `ShinglePostings.frequentMin` articles or more have.
    private(set) var frequent = FeatureFilter()

    private static let sectionBits = 8

    /// Where a feature's entries are, if there are any.
    struct Found {
        fileprivate var section: Int
        fileprivate var remainder: UInt32
        /// Of its bucket.
        fileprivate var start: Int
        fileprivate var end: Int
        /// Where they should be among those of the bucket, which lie evenly; and what stands there: its remainder.
        fileprivate var guess = 0
        fileprivate var other: UInt32 = 0
    }

    /// Features looked up together, first all buckets and then an entry of each, so that the processor waits for memory twice
    /// and not twice for each.
    func find(_ features: [UInt32]) -> [Found] {
        let rest = UInt32(32 - bits)
        var found = features.map { feature in
            let product = feature.spread
            let section = Int(product >> UInt32(32 - Self.sectionBits))
            let remainder = product & (1 << rest - 1)
            guard !sections[section].starts.isEmpty else {
                return Found(section: section, remainder: remainder, start: 0, end: 0)
            }
            let bucket = Int(product >> rest) & (1 << (bits - Self.sectionBits) - 1)
            return Found(
                section: section, remainder: remainder, start: Int(sections[section].starts[bucket]),
                end: Int(sections[section].starts[bucket + 1]))
        }
        for index in found.indices where found[index].start < found[index].end {
            let place = found[index]
            let guess = place.start + ((place.end - place.start) * Int(place.remainder)) >> Int(rest)
            found[index].guess = guess
            found[index].other = sections[place.section].entries[guess] >> UInt32(bits)
        }
        return found
    }

    /// Calls `visit` with the newest `limit` of those that can be found.
    /// - Parameter isFound: for each article, by its number.
    func forEach(_ found: Found, limit: Int, where isFound: [Bool], _ visit: (Int32) -> Void) {
        var place = end(of: found)
        var left = limit
        while place > found.start, left > 0 {
            place -= 1
            let entry = sections[found.section].entries[place]
            guard entry >> UInt32(bits) == found.remainder else { return }
            let number = Int32(entry & (1 << UInt32(bits) - 1))
            if isFound[Int(number)] {
                visit(number)
                left -= 1
            }
        }
    }

    /// Behind the last entry that has the remainder, or where that would be: from the guess on in growing steps.
    private func end(of found: Found) -> Int {
        guard found.start < found.end else { return found.start }
        func isBehind(_ place: Int) -> Bool {
            sections[found.section].entries[place] >> UInt32(bits) > found.remainder
        }
        var (low, high, step) = (found.start, found.end, 4)
        if found.other > found.remainder {
            high = found.guess
            while high - step >= low, isBehind(high - step) {
                high -= step
                step *= 2
            }
            low = max(low, high - step)
        } else {
            low = found.guess + 1
            while low + step < high, !isBehind(low + step) {
                low += step + 1
                step *= 2
            }
            high = min(high, low + step)
        }
        while low < high {
            let middle = (low + high) / 2
            if isBehind(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Takes in more, and drops what cannot be found any more.
    /// - Parameters:
    ///   - recent: each feature with an article that has it, whose numbers are higher than all before.
    ///   - numbers: less than 2^28.
    mutating func merge(_ recent: Postings, _ numbers: Renumbering) {
        var added: [UInt64] = []
        recent.forEach { feature, number in
            if let number = numbers[number] { added.append(UInt64(feature.spread) << 32 | UInt64(number)) }
        }
        added.sort()
        let bits = max(Self.sectionBits, Int.bitWidth - max(numbers.count - 1, 0).leadingZeroBitCount)
        frequent = FeatureFilter()
        var next = 0
        for section in sections.indices {
            let begin = next
            while next < added.count, added[next] >> UInt64(64 - Self.sectionBits) == section { next += 1 }
            sections[section] = merged(section, added[begin..<next], numbers, bits: bits)
        }
        self.bits = bits
    }

    private mutating func merged(
        _ section: Int, _ added: ArraySlice<UInt64>, _ numbers: Renumbering, bits: Int
    ) -> Section {
        let old = sections[section]
        var writer = Writer(bits: bits, capacity: old.entries.count + added.count)
        var next = added.startIndex
        let rest = UInt32(32 - self.bits)
        for bucket in 0..<max(old.starts.count - 1, 0) {
            let begin = (UInt32(section) << UInt32(self.bits - Self.sectionBits) | UInt32(bucket)) << rest
            for place in Int(old.starts[bucket])..<Int(old.starts[bucket + 1]) {
                let entry = old.entries[place]
                guard let number = numbers[Int32(entry & (1 << UInt32(self.bits) - 1))] else { continue }
                let posting = UInt64(begin | entry >> UInt32(self.bits)) << 32 | UInt64(number)
                while next < added.endIndex, added[next] < posting {
                    writer.append(added[next])
                    next += 1
                }
                writer.append(posting)
            }
        }
        for posting in added[next...] { writer.append(posting) }
        for product in writer.frequent { frequent.insert(product) }
        return writer.finished()
    }

    /// Writes a section, entry by entry in the order of products and then of articles.
    private struct Writer {
        private var section = Section()
        /// Products with so many entries that they are frequent.
        private(set) var frequent: [UInt32] = []
        /// The last one, and its entries so far.
        private var last: (product: UInt32, count: Int) = (0, 0)
        private let bits: UInt32

        init(bits: Int, capacity: Int) {
            self.bits = UInt32(bits)
            section.entries.reserveCapacity(capacity)
            section.starts.reserveCapacity(1 << (bits - PackedPostings.sectionBits) + 1)
        }

        /// - Parameter posting: the product, and in the lower half the article's number.
        mutating func append(_ posting: UInt64) {
            let product = UInt32(posting >> 32)
            begin(Int(product >> (32 - bits)) & (1 << (Int(bits) - PackedPostings.sectionBits) - 1))
            section.entries.append((product & (1 << (32 - bits) - 1)) << bits | UInt32(truncatingIfNeeded: posting))
            last = product == last.product ? (product, last.count + 1) : (product, 1)
            if last.count == ShinglePostings.frequentMin { frequent.append(product) }
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
    private var frequent = FeatureFilter()

    /// A shingle that `StoryScale.boilerplateArticles` have is in so many articles of one of the two.
    fileprivate static let frequentMin = StoryScale.boilerplateArticles / 2

    /// Adds an article, the newest.
    /// - Parameter isFound: for each article, by its number, this one included.
    mutating func add(_ number: Int32, to shingles: [UInt32], where isFound: [Bool]) {
        for shingle in shingles where recent.add(number, to: shingle, where: isFound) >= Self.frequentMin {
            frequent.insert(shingle)
        }
        recentCount += 1
        if recentCount >= max(1024, packedCount / 8) {
            pack(Renumbering(keeping: isFound))
        }
    }

    /// Packs everything.
    mutating func pack(_ numbers: Renumbering) {
        packed.merge(recent, numbers)
        recent = Postings()
        frequent = FeatureFilter()
        (packedCount, recentCount) = (numbers.count, 0)
    }

    /// Whether `StoryScale.boilerplateArticles` may have it: looking there costs little, and for nearly all it is no.
    func isFrequent(_ shingle: UInt32) -> Bool {
        frequent.mayContain(shingle) || packed.frequent.mayContain(shingle.spread)
    }

    /// Where a shingle's articles are.
    struct Found {
        fileprivate var recent: Postings.Found
        fileprivate var packed: PackedPostings.Found
    }

    /// Shingles looked up together.
    func find(_ shingles: [UInt32]) -> [Found] {
        zip(recent.find(shingles), packed.find(shingles)).map { Found(recent: $0, packed: $1) }
    }

    /// Calls `visit` with the newest `limit` of those that can be found.
    func forEach(_ found: Found, limit: Int, where isFound: [Bool], _ visit: (Int32) -> Void) {
        let visited = recent.forEach(found.recent, limit: limit, where: isFound, visit)
        packed.forEach(found.packed, limit: limit - visited, where: isFound, visit)
    }
}

/// Which features there may be: one bit for many of them, by their last bits (Bloom, "Space/time trade-offs in hash coding with
/// allowable errors", 1970, with one hash). Small enough for a processor's cache.
struct FeatureFilter: Sendable {
    private var words: [UInt64] = []

    /// Bits: 256 KB, none before the first feature.
    private static let size = 1 << 21

    mutating func insert(_ feature: UInt32) {
        if words.isEmpty { words = Array(repeating: 0, count: Self.size / 64) }
        let bit = Int(feature) & (Self.size - 1)
        words[bit / 64] |= 1 << UInt64(bit % 64)
    }

    /// False: it was not put in.
    func mayContain(_ feature: UInt32) -> Bool {
        guard !words.isEmpty else { return false }
        let bit = Int(feature) & (Self.size - 1)
        return words[bit / 64] & 1 << UInt64(bit % 64) != 0
    }
}
