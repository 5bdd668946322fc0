import Foundation
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
            ("\u{1107}\u{116E}\u{11A8}\u{1112}\u{1161}\u{11AB} e\u{301}tat и\u{306}", "북한 état й"),
            ("𝐔𝐒 𝘯𝘢𝘷𝘺", "US navy"),
            ("葛\u{E0100}城 ⼤\u{FE00}", "葛城 大"), ("Tōkyō ＴŌ KYŌ МОСКВА Trường ĐẢO", "Tōkyō Tō KYō москва Trường đảO"),
            ("Patriot™ Japan¹ ①US ㈱", "Patriot Japan¹ ①US (株)"), ("\u{301}a\u{301}\u{301}", "á\u{301}"),
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
            0x4E2D, 0xD55C, 0x1F680, 0x200B, 0x2162, 0xFEFF, 0x301, 0x1112, 0x1161, 0x11AB, 0x1D414, 0xFB03, 0x3231,
            0xFE0F, 0x2F81A, 0x323, 0xFDFA,
        ]
        for _ in 0..<500 {
            var original = ""
            for _ in 0..<Int(random.next() % 40) {
                original.unicodeScalars.append(Unicode.Scalar(pool[Int(random.next() % UInt64(pool.count))])!)
            }
            let text = FoldedText(original)
            #expect(String(validating: text.bytes, as: UTF8.self) != nil, "seed \(seed): \(original.debugDescription)")
            let places = text.bytes.indices.map { text.originalRange($0..<$0 + 1) }
            let isOrdered = zip(places, places.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound }
            #expect(isOrdered && places.allSatisfy { $0.upperBound <= text.originalCount }, "seed \(seed)")
        }
    }

    @Test("Composed and decomposed text fold to the same")
    func normalizes() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let pieces = [
            "é", "ự", "Ǖ", "й", "한", "미", "각", "が", "ぱ", "ヷ", "中", "a", "Z", " ", "Å", "ﬁ", "㌔", "𝐀", "ö",
        ]
        for _ in 0..<1000 {
            let text = (0..<Int(random.next() % 20)).map { _ in pieces.randomElement(using: &random)! }.joined()
            let forms = [
                text, text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCompatibilityMapping,
                text.decomposedStringWithCompatibilityMapping,
            ]
            let folded = Set(
                forms.map { String(decoding: FoldedText($0).bytes, as: UTF8.self).unicodeScalars.map(\.value) })
            #expect(folded.count == 1, "seed \(seed): \(text), \(folded)")
        }
    }

    @Test("Marks without end cost no more than their number")
    func marksWithoutEnd() {
        let text = FoldedText("a" + String(repeating: "\u{301}\u{323}", count: 200_000))
        #expect(text.bytes.count <= 2 * Normalization.clusterBytesMax)
    }

    @Test("Bytes and places are those of folding byte by byte with a place noted for each")
    func agreesWithPlainFolding() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let pieces = [
            "US", "U.S.", "U", ".", " ", "  ", "\n", "\t", "word", "Word", "É", "é", "\u{AD}", "—", "“", "\u{3000}",
            "Ｕ", "．",
            "ｶ", "ﾞ", "ﾟ", "か", "\u{3099}", "ミサイル", "臺", "Ⅲ", "·", "台湾", "미사일", "🚀", "\u{200B}", "\u{7F}", "\u{1}", "я",
            "×",
        ]
        for _ in 0..<2000 {
            let original = (0..<Int(random.next() % 30)).map { _ in pieces.randomElement(using: &random)! }.joined()
            let text = FoldedText(original)
            let plain = PlainFolding(Array(original.utf8))
            #expect(text.bytes == plain.bytes, "seed \(seed): \(original.debugDescription)")
            for index in text.bytes.indices where index < plain.bytes.count {
                let expected = plain.origins[index]..<plain.ends[index]
                #expect(text.originalRange(index..<index + 1) == expected, "seed \(seed): \(original.debugDescription)")
            }
        }
    }
}

/// The rules of `FoldedText` without its short cuts.
private struct PlainFolding {
    var bytes: [UInt8] = []
    var origins: [Int] = []
    var ends: [Int] = []

    init(_ original: [UInt8]) {
        var initialism = false
        var index = 0
        while index < original.count {
            let byte = original[index]
            let length = UTF8Bytes.length(lead: byte)
            defer { index += length }
            guard byte == 0x2E, endsInSingleCapital,
                initialism
                    || index + 2 < original.count && isCapital(original[index + 1]) && original[index + 2] == 0x2E
            else {
                if !isCapital(byte) { initialism = false }
                append(UTF8Bytes.scalar(original, at: index, length: length), index, index + length)
                continue
            }
            initialism = true
            ends[ends.count - 1] = index + 1
        }
    }

    private func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

    private var endsInSingleCapital: Bool {
        guard let last = bytes.last, isCapital(last) else { return false }
        guard bytes.count > 1 else { return true }
        return origins[origins.count - 1] - origins[origins.count - 2] > 1
            || !UTF8Bytes.isWordByte(bytes[bytes.count - 2])
    }

    private mutating func append(_ scalar: UInt32, _ origin: Int, _ end: Int) {
        var origin = origin
        var scalars: [UInt32] = [scalar]
        switch scalar {
        case 0xAD, 0x200B: scalars = []
        case 0x09, 0x0A, 0x3000: scalars = [0x20]
        case 0x2014: scalars = [0x2D]
        case 0x201C: scalars = [0x22]
        case 0xC9: scalars = [0xE9]
        case 0xB7: scalars = [0x30FB]
        case 0x81FA: scalars = [0x53F0]
        case 0x2162: scalars = [0x49, 0x49, 0x49]
        case 0xFF01...0xFF5E: scalars = [scalar - 0xFEE0]
        case 0xFF76: scalars = [0x30AB]
        case 0xFF9E, 0x3099, 0xFF9F:
            scalars = []
            guard let last = bytes.last, last != 0x20 else { break }
            // The whole character that it joins, with the marks that it has.
            (origin, scalars) = (origins[origins.count - 1], [scalar == 0xFF9F ? 0x309A : 0x3099])
            var base: [UInt8] = []
            while let place = origins.last, place == origin {
                base.insert(bytes.removeLast(), at: 0)
                origins.removeLast()
                ends.removeLast()
            }
            let joined = String(decoding: base, as: UTF8.self) + String(Unicode.Scalar(scalars[0])!)
            scalars = joined.precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
        default: break
        }
        for scalar in scalars {
            if scalar == 0x20, bytes.last ?? 0x20 == 0x20 { continue }
            for byte in String(Unicode.Scalar(scalar)!).utf8 {
                bytes.append(byte)
                origins.append(origin)
                ends.append(end)
            }
        }
    }
}
