/// Rarity of terms among the articles of the window.
struct Weights {
    /// An article's terms, sorted, weighed by rarity.
    struct Vector {
        var terms: [(hash: UInt32, weight: Double)]
        var norm: Double

        func cosine(_ other: Vector) -> Double {
            guard norm > 0, other.norm > 0 else { return 0 }
            var sum = 0.0
            var index = 0
            for term in terms {
                while index < other.terms.count, other.terms[index].hash < term.hash { index += 1 }
                guard index < other.terms.count else { break }
                if other.terms[index].hash == term.hash { sum += term.weight * other.terms[index].weight }
            }
            return sum / (norm * other.norm)
        }

        /// The heaviest terms, by which others are found.
        func heaviest(_ limit: Int) -> [UInt32] {
            terms.sorted { ($1.weight, $0.hash) < ($0.weight, $1.hash) }.prefix(limit).map(\.hash)
        }
    }

    let search: StorySearch
    /// Articles in the window.
    let total: Int

    func vector(_ terms: StoryTerms) -> Vector {
        let weighed = terms.terms.map { (hash: $0.hash, weight: Double($0.weight) * rarity($0.hash)) }
        return Vector(terms: weighed, norm: weighed.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot())
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
