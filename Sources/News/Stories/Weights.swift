/// Rarity of terms among the articles of the window.
struct Weights {
    /// An article's terms, sorted, weighed by rarity.
    struct Vector {
        var terms: [(hash: UInt32, weight: Double, rarity: Double)]
        var norm: Double
        /// Where each is.
        fileprivate var places: FeatureTable

        /// The heaviest terms, by which others are found.
        func heaviest(_ limit: Int) -> [UInt32] {
            terms.sorted { ($1.weight, $0.hash) < ($0.weight, $1.hash) }.prefix(limit).map(\.hash)
        }
    }

    let index: StoryIndex
    /// Articles in the window.
    let total: Int

    func vector(_ terms: StoryTerms) -> Vector {
        let weighed = terms.hashes.enumerated().map { place, hash in
            let rarity = rarity(hash)
            return (hash: hash, weight: terms.weight(at: place) * rarity, rarity: rarity)
        }
        let norm = weighed.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
        var places = FeatureTable(expecting: weighed.count)
        for (place, term) in weighed.enumerated() { places[term.hash] = Int32(place) }
        return Vector(terms: weighed, norm: norm, places: places)
    }

    /// The cosine of two articles' terms, 0 to 1; nil as soon as it is known to be less than `least`.
    ///
    /// What both share is known from one of them, and that the other's norm is no less than its part of it. With each of the
    /// other's terms it grows, whose rarity is the dear part: most others are out before the first.
    func cosine(_ own: Vector, _ other: StoryTerms, least: Double) -> Double? {
        let shared = shared(own, other)
        func isLess(_ square: Double) -> Bool {
            square > 0 && own.norm > 0 && shared.product / (own.norm * square.squareRoot()) < least
        }
        if isLess(shared.square) { return nil }
        var square = 0.0
        for (place, hash) in other.hashes.enumerated() {
            let weight = other.weight(at: place) * rarity(hash)
            square += weight * weight
            if isLess(square) { return nil }
        }
        guard own.norm > 0, square > 0 else { return least > 0 ? nil : 0 }
        return shared.product / (own.norm * square.squareRoot())
    }

    /// Over the terms that both have: the product, and the square of the other's.
    private func shared(_ own: Vector, _ other: StoryTerms) -> (product: Double, square: Double) {
        var (product, square) = (0.0, 0.0)
        // Side by side both would be walked in steps that no processor foresees.
        for (place, hash) in other.hashes.enumerated() {
            guard let same = own.places[hash] else { continue }
            let term = own.terms[Int(same)]
            let weight = other.weight(at: place) * term.rarity
            product += term.weight * weight
            square += weight * weight
        }
        return (product, square)
    }

    /// How rare a term is, in bits; with few articles all are about equally rare.
    func rarity(_ term: UInt32) -> Double {
        Self.log2(Double(total + StoryScale.prior) / (Double(index.count(term)) + 1))
    }

    /// Base 2 logarithm, linear between powers of two: the same bits on every machine, which libm does not promise.
    static func log2(_ value: Double) -> Double {
        value <= 1 ? 0 : Double(value.exponent) + value.significand - 1
    }
}
