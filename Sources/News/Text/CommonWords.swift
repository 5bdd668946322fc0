/// Words that say nothing about a story, as hashes of `WordScanner`.
public enum CommonWords {
    static let english: Set<UInt64> = Set(
        """
        the and for that with was from has his her have had said are not but who been were will its they their would this \
        after over more than about which out she one also when into what there could new all can some last two other first \
        people time year years our you your may just being most before because while now how told where so if no yes any \
        only many made make says say like even under did does him them these those against between during through per via \
        week day days month monday tuesday wednesday thursday friday saturday sunday january february march april june july \
        august september october november december back still such very should then than own much too off down up here both \
        each another since until among including according get got going take took come came way well three four five six \
        state us mr mrs ms dr read advertisement image caption copyright media story highlights
        """.split(separator: " ").map { FNV.hash($0.utf8) })

    /// Whether it is nothing but a word of every English text.
    public static func isOne(_ phrase: String) -> Bool {
        let word = phrase.lowercased()
        return short.contains(word) || english.contains(FNV.hash(word.utf8))
    }

    /// Too short to be counted in stories.
    private static let short: Set = ["a", "i", "is", "an", "of", "to", "in", "on", "at", "by", "as", "it", "or"]

    /// Whether it is one of `english`.
    static func contains(_ hash: UInt64) -> Bool {
        var place = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while table[place] != 0 {
            if table[place] == hash { return true }
            place = (place + 1) & (table.count - 1)
        }
        return false
    }

    /// Four times as many places as words, each word at the first free one from that of its hash on.
    private static let table: [UInt64] = english.reduce(into: [UInt64](repeating: 0, count: 1024)) { table, hash in
        var place = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while table[place] != 0 { place = (place + 1) & (table.count - 1) }
        table[place] = hash
    }
}
