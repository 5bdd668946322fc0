import Foundation

/// Unicode's compatibility composition (NFKC, UAX #15), for the few characters of a text that need it.
enum Normalization {
    /// Bytes of one character with its marks: more marks than Unicode's Stream-Safe Text Format has (30) are left out.
    static let clusterBytesMax = 64

    static func composed(_ text: some Collection<UInt8>) -> String {
        String(decoding: text, as: UTF8.self).precomposedStringWithCompatibilityMapping
    }

    /// Whether it joins what stands before it: a mark, or the vowel or final consonant of a Hangul syllable.
    static func joinsLast(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0300...0x036F, 0x1161...0x1175, 0x11A8...0x11C2, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20F0,
            0xFE20...0xFE2F:
            true
        default: false
        }
    }

    /// A Hangul syllable of its parts (Unicode §3.12, Hangul Syllable Composition), which Foundation leaves open before a final ㄱ.
    static func syllable(_ base: UInt32, _ part: UInt32) -> UInt32? {
        switch (base, part) {
        case (0x1100...0x1112, 0x1161...0x1175): 0xAC00 + ((base - 0x1100) * 21 + part - 0x1161) * 28
        case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (base - 0xAC00) % 28 == 0: base + part - 0x11A7
        default: nil
        }
    }

    /// Whether it is a compatibility form: a letter in another style, in a circle, small, or several in one. Raised and circled
    /// numbers are none here: as `¹` and `①` they mark a note or a list, and are no part of the word that they stand at.
    static func isCompatibilityForm(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xB5, 0xBC...0xBE, 0x0132, 0x0133, 0x0149, 0x017F, 0x01C4...0x01CC,
            0x01F1...0x01F3, 0x02B0...0x02B8, 0x1D2C...0x1D6A, 0x2024...0x2026, 0x2080...0x209C, 0x20A8,
            0x2100...0x211F, 0x2121,
            0x2123...0x215F, 0x2163...0x217F, 0x2189, 0x249C...0x24E9, 0x2E9F...0x2EF3, 0x2F00...0x2FD5,
            0x3200...0x33FF, 0xF900...0xFAD9,
            0xFB00...0xFB06, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFFA0...0xFFEE, 0x1D400...0x1D7FF, 0x1F100...0x1F251,
            0x2F800...0x2FA1D:
            true
        default: false
        }
    }

    /// Whether it stands between characters or picks a glyph of the one before it, and says nothing; so do `™` and `℠`.
    static func isIgnorable(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x00AD, 0x034F, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069,
            0x2120,
            0x2122, 0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// Latin, Greek and Cyrillic letters beyond ASCII by their small one; those that have none of one letter are as they are.
    static func lower(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xC0...0x52F: small[Int(scalar - 0xC0)]
        case 0x1E00...0x1EFF: smallAdditional[Int(scalar - 0x1E00)]
        default: scalar
        }
    }

    private static let small = (0xC0...0x52F).map(simpleLowercase)
    private static let smallAdditional = (0x1E00...0x1EFF).map(simpleLowercase)

    private static func simpleLowercase(_ value: UInt32) -> UInt32 {
        let mapping = Unicode.Scalar(value)?.properties.lowercaseMapping.unicodeScalars
        guard let mapping, mapping.count == 1, let first = mapping.first else { return value }
        return first.value
    }
}
