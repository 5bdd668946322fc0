/// What is kept of a text to recognise copies of it: a sketch of its shingles.
public struct Fingerprint: Sendable, Hashable, Codable {
    /// Sorted, without duplicates.
    public var hashes: [UInt32]
    /// How many different shingles the whole text has.
    public var shingleCount: Int

    public init(hashes: [UInt32], shingleCount: Int) {
        self.hashes = hashes
        self.shingleCount = shingleCount
    }
}
