/// Rarity of terms among the articles of the window.
struct Weights {
    /// An article's terms, sorted, weighed by rarity.
    struct Vector {
        var terms: [(hash: UInt32, weight: Double, rarity: Double)]
        var norm: Double

        /// The heaviest terms, by which others are found.
        func heaviest(_ limit: Int) -> [UInt32] {
            terms.sorted { ($1.weight, $0.hash) < ($0.weight, $1.hash) }.prefix(limit).map(\.hash)
        }
    }

    let search: StorySearch
    /// Articles in the window.
    let total: Int

    func vector(_ terms: StoryTerms) -> Vector {
        let weighed = terms.terms.map { term in
            let rarity = rarity(term.hash)
            return (hash: term.hash, weight: Double(term.weight) * rarity, rarity: rarity)
        }
        return Vector(terms: weighed, norm: weighed.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot())
    }

    /// The cosine of two articles' terms, 0 to 1; nil as soon as it is known to be less than `least`.
    ///
    /// What both share is known from one of them. The other's norm only grows with each of its terms, whose rarity is the
    /// dear part: most others are out after a few.
    func cosine(_ own: Vector, _ other: StoryTerms, least: Double) -> Double? {
        let shared = dot(own, other)
        var square = 0.0
        for term in other.terms {
            let weight = Double(term.weight) * rarity(term.hash)
            square += weight * weight
            if square > 0, own.norm > 0, shared / (own.norm * square.squareRoot()) < least { return nil }
        }
        guard own.norm > 0, square > 0 else { return least > 0 ? nil : 0 }
        return shared / (own.norm * square.squareRoot())
    }

    private func dot(_ own: Vector, _ other: StoryTerms) -> Double {
        var sum = 0.0
        var index = 0
        for term in own.terms {
            while index < other.terms.count, other.terms[index].hash < term.hash { index += 1 }
            guard index < other.terms.count else { break }
            if other.terms[index].hash == term.hash {
                sum += term.weight * (Double(other.terms[index].weight) * term.rarity)
            }
        }
        return sum
    }

    /// How rare a term is, in bits; with few articles all are about equally rare.
    func rarity(_ term: UInt32) -> Double {
        Self.log2(Double(total + StoryScale.prior) / (Double(search.count(term)) + 1))
    }

    /// Base 2 logarithm, linear between powers of two: the same bits on every machine, which libm does not promise.
    static func log2(_ value: Double) -> Double {
        value <= 1 ? 0 : Double(value.exponent) + value.significand - 1
    }
}
