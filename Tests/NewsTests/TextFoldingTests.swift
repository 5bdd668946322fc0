import NewsTesting
import Testing

@testable import News

@Suite("Folding text for matching")
struct FoldedTextTests {
    @Test(
        "Typography, widths and spacing are unified",
        arguments: [
            ("war\u{2011}fighting \u{201C}base\u{201D}", "war-fighting \"base\""), ("ＡＵＫＵＳ　１２", "AUKUS 12"),
            ("ﾐｻｲﾙ ｶﾞｽ", "ミサイル ガス"), ("soft\u{AD}hyphen zero\u{200B}width", "softhyphen zerowidth"),
            ("臺灣･台北", "台灣・台北"), ("U.S. Forces in the U.K.", "US Forces in the UK"), ("a  \n\t b", "a b"),
            ("Mr. J. Smith", "Mr. J. Smith"), ("第Ⅲ軍", "第III軍"), ("", ""),
        ])
    func folds(text: String, expected: String) {
        #expect(String(decoding: FoldedText(text).bytes, as: UTF8.self) == expected)
    }

    @Test("Places in folded text lead back to whole characters of the original")
    func leadsBack() throws {
        let original = "「ﾐｻｲﾙ」 the Ｕ.S.\u{AD} — “U.S. Navy”"
        let text = FoldedText(original)
        let bytes = Array(original.utf8)
        for lower in text.bytes.indices {
            let range = text.originalRange(lower..<lower + 1)
            let slice = bytes[range]
            #expect(String(validating: slice, as: UTF8.self) != nil, "byte \(lower) maps to \(range)")
        }
        let automaton = PhraseAutomaton(["US Navy", "ミサイル"])
        let found = automaton.hits(in: text).map { text.originalRange($0.range) }
        #expect(found.map { String(decoding: bytes[$0], as: UTF8.self) } == ["ﾐｻｲﾙ", "U.S. Navy"])
    }

    @Test("Random text of odd characters folds to valid UTF-8 with places that never run backwards")
    func survivesAnything() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let pool: [UInt32] = [
            0x41, 0x2E, 0x20, 0x0A, 0x61, 0xC9, 0xAD, 0x2014, 0x201D, 0x3000, 0xFF21, 0xFF76, 0xFF9E, 0xFF9F, 0x3099,
            0x81FA,
            0x4E2D, 0xD55C, 0x1F680, 0x200B, 0x2162, 0xFEFF,
        ]
        for _ in 0..<500 {
            var original = ""
            for _ in 0..<Int(random.next() % 40) {
                original.unicodeScalars.append(Unicode.Scalar(pool[Int(random.next() % UInt64(pool.count))])!)
            }
            let text = FoldedText(original)
            #expect(String(validating: text.bytes, as: UTF8.self) != nil, "seed \(seed): \(original.debugDescription)")
            let isOrdered = zip(text.origins, text.origins.dropFirst()).allSatisfy { $0 <= $1 }
            #expect(isOrdered && text.ends.allSatisfy { $0 <= Int32(text.originalCount) }, "seed \(seed)")
        }
    }
}
