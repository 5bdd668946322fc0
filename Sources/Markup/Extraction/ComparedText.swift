/// Letters and digits of a line in lower case, by which lines are compared.
///
/// Unicode's tables took a fifth of the time of reading a page: what most lines of most scripts are made of is told by its range.
enum ComparedText {
    /// Without everything that is neither letter nor digit.
    static func letters(_ line: String) -> String {
        let kept = line.utf8.withContiguousStorageIfAvailable(letters) ?? nil
        return kept.map { String(decoding: $0, as: UTF8.self) } ?? slowLetters(line)
    }

    /// Nil where only Unicode's tables know a character.
    private static func letters(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            guard length < 4, index + length <= bytes.count else { return nil }
            var value = length == 1 ? UInt32(byte) : UInt32(byte) & (length == 2 ? 0x1F : 0x0F)
            for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
            switch kind(value) {
            case .letter(let lower) where lower < 0x80: kept.append(UInt8(truncatingIfNeeded: lower))
            case .letter(let lower): NamedCharacter.append(lower, to: &kept)
            case .other: break
            case .unknown: return nil
            }
            index += length
        }
        return kept
    }

    /// Whether it is a letter or digit.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch kind(scalar.value) {
        case .letter: true
        case .other: false
        case .unknown: isWordByTable(scalar)
        }
    }

    private enum Kind {
        /// A letter or digit, in lower case.
        case letter(UInt32)
        case other
        case unknown
    }

    private static func kind(_ value: UInt32) -> Kind {
        switch value {
        case 0x61...0x7A, 0x30...0x39: .letter(value)
        case 0x41...0x5A: .letter(value + 0x20)
        case 0..<0x80: .other
        // Latin with accents, Cyrillic.
        case 0xD7, 0xF7: .other
        case 0xC0...0xDE: .letter(value + 0x20)
        case 0xDF...0xFF: .letter(value)
        case 0x0410...0x042F: .letter(value + 0x20)
        case 0x0430...0x045F: .letter(value)
        // Dashes, quotation marks, dots; the same of East Asia.
        case 0x2010...0x2027, 0x3000...0x3003, 0x3008...0x3011, 0x3014...0x301B, 0x30FB: .other
        case 0xFF01...0xFF0F, 0xFF1A...0xFF20: .other
        // Kana, Han, Hangul.
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC...0x30FE, 0x4E00...0x9FA5, 0xAC00...0xD7A3: .letter(value)
        default: .unknown
        }
    }

    private static func isWordByTable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    static func slowLetters(_ line: String) -> String {
        String(String.UnicodeScalarView(line.lowercased().unicodeScalars.filter(isWordByTable)))
    }
}
