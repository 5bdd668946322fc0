/// Finds the encoding of bytes that nobody has named and that are not UTF-8, by what comes out as text that people write.
///
/// Each candidate decodes a sample; the share of what is among its language's most frequent characters decides. Texts of a few words
/// are enough for Korean, Chinese and Japanese, whose frequent characters make up a third and more of every text, and for Russian,
/// Greek, Hebrew, Arabic and Thai; what is none of these keeps the reading as Windows-1252.
enum CharsetGuess {
    private struct Candidate {
        var encoding: String
        var isFrequent: @Sendable (Unicode.Scalar) -> Bool
        /// Letters of one byte each: such a text has words of them, not single ones between ASCII letters.
        var isSingleByte = false
    }

    /// Nil when no candidate is convincing.
    static func encoding(of bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard let first = UTF8Check.firstBeyondASCII(bytes) else { return nil }
        let sample = Array(bytes[first..<min(first + sampleBytesMax, bytes.count)])
        // Any bytes are letters of some kind where a byte is a letter; those of several bytes have to fit together.
        return best(of: candidates.filter { !$0.isSingleByte }, in: sample)
            ?? (beyondASCIIInRuns(sample) ? best(of: candidates.filter(\.isSingleByte), in: sample) : nil)
    }

    private static func best(of candidates: [Candidate], in sample: [UInt8]) -> String? {
        var best: (encoding: String, share: Double)?
        for candidate in candidates {
            guard let share = share(of: candidate, in: sample), share > best?.share ?? shareMin else { continue }
            best = (candidate.encoding, share)
        }
        return best?.encoding
    }

    private static let sampleBytesMax = 16 << 10
    /// Below this share of frequent characters nothing is believed; honest texts reach .4 and more.
    private static let shareMin = 0.25
    private static let charactersMin = 4

    /// Of the characters beyond ASCII, those that are frequent; nil where the bytes are not of this encoding.
    private static func share(of candidate: Candidate, in sample: [UInt8]) -> Double? {
        guard let converter = Iconv(from: candidate.encoding) else { return nil }
        let (text, bad) = converter.decode(sample[...])
        var count = 0
        var frequent = 0
        var different: Set<Unicode.Scalar> = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars where scalar.value >= 0x80 {
            // Punctuation is the same in all of them.
            if (0x3000...0x303F).contains(scalar.value) || (0xFF00...0xFF65).contains(scalar.value) { continue }
            count += 1
            guard candidate.isFrequent(scalar) else { continue }
            frequent += 1
            different.insert(scalar)
        }
        // The sample's end may cut a character; a row of one sign, such as "···", is no text.
        guard different.count >= charactersMin, bad <= 1 + count / 100 else { return nil }
        return Double(frequent) / Double(count)
    }

    /// Whether most bytes beyond ASCII stand beside another, and hardly any beside an ASCII letter.
    private static func beyondASCIIInRuns(_ bytes: [UInt8]) -> Bool {
        var count = 0
        var together = 0
        var mixed = 0
        for index in bytes.indices where bytes[index] >= 0x80 {
            count += 1
            let around = [index - 1, index + 1].filter(bytes.indices.contains).map { bytes[$0] }
            if around.contains(where: { $0 >= 0x80 }) { together += 1 }
            if around.contains(where: { $0 < 0x80 && (0x61...0x7A).contains($0 | 0x20) }) { mixed += 1 }
        }
        return together * 10 >= count * 8 && mixed * 20 <= count
    }

    private static let candidates: [Candidate] = [
        Candidate(encoding: "CP949") { korean.contains($0) },
        Candidate(encoding: "GB18030") { simplified.contains($0) },
        Candidate(encoding: "BIG5-HKSCS") { traditional.contains($0) },
        Candidate(encoding: "CP932") { isJapanese($0) },
        Candidate(encoding: "EUC-JP") { isJapanese($0) },
        Candidate(encoding: "CP1251", isFrequent: { russian.contains($0) }, isSingleByte: true),
        Candidate(encoding: "KOI8-R", isFrequent: { russian.contains($0) }, isSingleByte: true),
        Candidate(encoding: "ISO-8859-5", isFrequent: { russian.contains($0) }, isSingleByte: true),
        Candidate(encoding: "CP866", isFrequent: { russian.contains($0) }, isSingleByte: true),
        Candidate(encoding: "CP1253", isFrequent: { greek.contains($0) }, isSingleByte: true),
        Candidate(encoding: "CP1255", isFrequent: { hebrew.contains($0) }, isSingleByte: true),
        Candidate(encoding: "CP1256", isFrequent: { arabic.contains($0) }, isSingleByte: true),
        Candidate(encoding: "CP874", isFrequent: { thai.contains($0) }, isSingleByte: true),
    ]

    /// Kana, but for the narrow ones, which other encodings' bytes turn into.
    private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        (0x3041...0x30FC).contains(scalar.value) || kanji.contains(scalar)
    }

    private static func set(_ characters: String) -> Set<Unicode.Scalar> { Set(characters.unicodeScalars) }

    private static let korean = set(
        """
        이다의에을는은가한고하로지를도기사대인서자시리해어나스일정들라부장보수과제전여아만세상주적구성공관그비무소오신조안미경당중선원방\
        유강국동년월으있것면연계화위진용회행발생개민단력실개통영김박최남북군핵훈련합지내외교문제와니라며했
        """)
    private static let simplified = set(
        """
        的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去\
        法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力与长把机十民第公此已工使情明性知全三又关点正业\
        外将两高间由问很最重并物手应战向头文体政美相见被利二等产或新制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教原东
        """)
    private static let traditional = set(
        """
        的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去\
        法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日軍者意無力與長把機十民第公此已工使情明性知全三又關點正業\
        外將兩高間由問很最重並物手應戰向頭文體政美相見被利二等產或新制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教原東台灣
        """)
    private static let kanji = set("日本人大年一国会中出上生前同時分後政方事市者行社長新月党対関発合部内外立全")
    private static let russian = set("оеаинтсрвлкмдпуяыьгзбчйхжшю")
    private static let greek = set("αοιετσνηυρπκμλςωγδχφθίόάέήύώ")
    private static let hebrew = set("יוהלאתרבמשנכםחפדקעגטצןזףץסך")
    private static let arabic = set("ايلمنرتبوةعدسفهكقحجأىشطصخضذث")
    private static let thai = set("านรอกเงมยลวดทสตะปบคหแจพชขใไโผิีึืุู่้็ั์ำ")
}
