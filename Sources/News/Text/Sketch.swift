/// A text's sketch as it is compared with another's: what is everywhere can be left out.
struct Sketch {
    /// Sorted.
    private(set) var hashes: [UInt32]
    /// As many, or none where they are not known.
    private var places: [UInt8]
    private let cutoff: UInt32
    private let shingleCount: Int

    init(_ fingerprint: Fingerprint) {
        hashes = fingerprint.hashes
        places = fingerprint.places
        cutoff = fingerprint.cutoff
        shingleCount = fingerprint.shingleCount
    }

    mutating func drop(where isDropped: (UInt32) -> Bool) {
        let kept = hashes.indices.filter { !isDropped(hashes[$0]) }
        guard kept.count < hashes.count else { return }
        if places.count == hashes.count { places = kept.map { places[$0] } }
        hashes = kept.map { hashes[$0] }
    }

    /// The share of the smaller part of both, as far as both sketches reach.
    func containment(_ other: Sketch) -> Double {
        let limit = min(cutoff, other.cutoff)
        let own = hashes.prefix { $0 <= limit }
        let others = other.hashes.prefix { $0 <= limit }
        let smaller = min(own.count, others.count)
        return smaller == 0 ? 0 : Double(Self.common(own, others)) / Double(smaller)
    }

    /// The share of either text's beginning that the other has, the larger one first.
    func beginnings(_ other: Sketch) -> [Double]? {
        let part = Int(StoryScale.beginning * Double(min(shingleCount, other.shingleCount)))
        let range = StoryScale.beginningShingles
        let length = min(max(part, range.lowerBound), range.upperBound)
        guard let own = beginning(length, in: other), let others = other.beginning(length, in: self) else { return nil }
        return [max(own, others), min(own, others)]
    }

    /// The share of the first shingles that stands anywhere in the other text; nil where too little of them is known.
    private func beginning(_ length: Int, in other: Sketch) -> Double? {
        let limit = min(cutoff, other.cutoff)
        var first: [UInt32] = []
        for (hash, place) in zip(hashes, places) where hash <= limit && Int(place) < length { first.append(hash) }
        guard first.count >= StoryScale.beginningHashesMin else { return nil }
        return Double(Self.common(first[...], other.hashes)) / Double(first.count)
    }

    /// What the other text has not, where that is enough to be worth a look.
    func without(_ other: Sketch) -> [UInt32] {
        let limit = min(cutoff, other.cutoff)
        let own = hashes.prefix { $0 <= limit }
        var rest: [UInt32] = []
        var index = 0
        for hash in own {
            while index < other.hashes.count, other.hashes[index] < hash { index += 1 }
            if index == other.hashes.count || other.hashes[index] != hash { rest.append(hash) }
        }
        let share = own.isEmpty ? 0 : Double(rest.count) / Double(own.count)
        let isEnough =
            rest.count >= StoryScale.restHashes && share >= StoryScale.rest
            && share * Double(shingleCount) >= Double(StoryScale.restShingles)
        return isEnough ? rest : []
    }

    /// How many of the hashes, sorted, are among others, sorted.
    static func common(_ hashes: some Sequence<UInt32>, _ others: some RandomAccessCollection<UInt32>) -> Int {
        var common = 0
        var index = others.startIndex
        for hash in hashes {
            while index < others.endIndex, others[index] < hash { index = others.index(after: index) }
            if index < others.endIndex, others[index] == hash { common += 1 }
        }
        return common
    }
}

extension Fingerprint {
    /// Whether both have the same words around other numbers: weather, markets, contracts of the day.
    func isOfOneTemplate(_ other: Fingerprint) -> Bool {
        let own = Dictionary(grouping: figures) { $0 >> 32 }
        var places: Set<UInt64> = []
        var equal: Set<UInt64> = []
        for figure in other.figures {
            guard let same = own[figure >> 32] else { continue }
            places.insert(figure >> 32)
            if same.contains(figure) { equal.insert(figure >> 32) }
        }
        return places.count >= StoryScale.figuresMin
            && Double(equal.count) < StoryScale.sharedFigures * Double(places.count)
    }
}
