/// What the `lang` attribute says of words from outside (BCP 47); nil where the page's own English will do.
///
/// It chooses the glyphs of Chinese characters, the voice of a screen reader, and hyphenation.
enum ShownLanguage {
    static func ofText(_ text: String, told: String?) -> String? {
        let told = wellFormed(told)
        if let told, !isEnglish(told) { return told }
        return ofScript(text)
    }

    /// A name in Latin letters is read as it is, whatever its owner writes in.
    static func ofName(_ name: String, told: String?) -> String? {
        guard let script = ofScript(name) else { return nil }
        let told = wellFormed(told)
        return told.map(isEnglish) == false ? told : script
    }

    /// A feed may claim anything: language, then subtags of up to eight letters and digits (RFC 5646 §2.1).
    static func wellFormed(_ language: String?) -> String? {
        guard let language, language.utf8.count <= 35 else { return nil }
        let parts = language.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
        let isTag = parts.allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
        }
        guard isTag, let first = parts.first, first.count >= 2, first.allSatisfy(isLetter) else { return nil }
        return language
    }

    private static func isEnglish(_ language: String) -> Bool {
        language.lowercased() == "en" || language.lowercased().hasPrefix("en-")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// What the letters alone tell: kana are Japanese and hangul Korean, Chinese characters may be either or Chinese.
    private static func ofScript(_ text: String) -> String? {
        var found: String?
        for scalar in text.unicodeScalars where scalar.value >= 0x370 {
            switch scalar.value {
            case 0x3040...0x30FF: return "ja"
            case 0xAC00...0xD7A3: return "ko"
            case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: found = "und-Hani"
            default: if found == nil, scalar.properties.isAlphabetic { found = "und" }
            }
        }
        return found
    }
}
