/// What the index keeps of an article for a month: numbers that stand for it. The rest is on the shelf (`ArticleShelf`).
public struct ArticleTrace: Sendable, Hashable {
    /// Its turn among all filings, by which the shelf has it: higher than all before.
    public var turn: Int64
    /// Of its key (`MemberKey.mark`).
    public var name: UInt64
    public var source: SourceID
    /// Of the first article with its text: its own where it is no copy.
    public var original: UInt64
    public var firstSeen: Timestamp
    /// Of its addresses (`IndexedArticle.addresses`).
    public var addresses: [UInt64]
    /// The hashes of its fingerprint by which it is found, at most `probesMax`.
    public var probes: [UInt32]
    /// Of its text.
    public var shingleCount: Int

    /// Versions of an article whose texts are recognised: the first, the one before the newest, and the newest.
    public static let versionsMax = 3

    /// The others decide, and are looked up where the probes have found something.
    public static let probesMax = 32

    public init(
        turn: Int64, name: UInt64, source: SourceID, original: UInt64, firstSeen: Timestamp, addresses: [UInt64],
        probes: [UInt32], shingleCount: Int
    ) {
        self.turn = turn
        self.name = name
        self.source = source
        self.original = original
        self.firstSeen = firstSeen
        self.addresses = addresses
        self.probes = probes
        self.shingleCount = shingleCount
    }

    init(_ article: IndexedArticle, turn: Int64) {
        self.init(
            turn: turn, name: article.name, source: article.key.source, original: article.originalName,
            firstSeen: article.firstSeen, addresses: article.addresses,
            probes: article.foldsCopies ? Array(article.fingerprint.probes) : [],
            shingleCount: article.fingerprint.shingleCount)
    }

    /// How many probes two texts share, about, of which the shorter one is all in the other: a text's probes are its smallest
    /// hashes, and reach the less far the longer it is.
    static func probesIfContained(_ shingleCount: Int, _ other: Int) -> Double {
        let (shorter, longer) = (min(shingleCount, other), max(shingleCount, other))
        return longer == 0 ? 0 : Double(shorter * min(longer, probesMax)) / Double(longer)
    }
}

extension Fingerprint {
    /// The hashes by which its article is found.
    var probes: ArraySlice<UInt32> { hashes.prefix(ArticleTrace.probesMax) }
}

extension MemberKey {
    /// A number that stands for it where there is no room for the text.
    public var mark: UInt64 { Hash.number("\(source)\n\(key)") }
}
