/// Whether a headline names a place as where something goes or happens: `to the Red Sea`, `in Ukraine`, `中東へ`, `赴中东`, `중동에`.
///
/// What goes from here to there is about there, though both are named once.
enum Destination {
    private static let before: Set<String> = ["to", "in", "into", "for", "toward", "towards", "over", "off", "near"]
    private static let beforeEastAsian = ["赴", "往", "在", "到", "向", "至", "抵", "支援", "援"]
    private static let after = ["へ", "に", "で", "支援", "派遣", "으로", "로", "에", "서", "行き", "派兵"]

    /// - Parameter range: of the name, in bytes of the headline.
    static func isNamed(at range: Range<Int>, in headline: [UInt8]) -> Bool {
        let rest = headline[range.upperBound...]
        if after.contains(where: { rest.starts(with: $0.utf8) }) { return true }
        var head = headline[..<range.lowerBound]
        if beforeEastAsian.contains(where: { head.suffix($0.utf8.count).elementsEqual($0.utf8) }) { return true }
        var word = takeWord(&head)
        if word == "the" { word = takeWord(&head) }
        return before.contains(word)
    }

    /// The last word of ASCII letters, in small ones; empty where something else stands before the name.
    private static func takeWord(_ head: inout ArraySlice<UInt8>) -> String {
        while head.last == 0x20 { head.removeLast() }
        let letters = head.reversed().prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        head.removeLast(letters.count)
        return String(decoding: letters.reversed(), as: UTF8.self).lowercased()
    }
}
