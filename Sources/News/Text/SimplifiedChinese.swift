import Foundation

/// Traditional Chinese characters as their simplified forms, so that a report in both scripts has one set of words.
///
/// Character by character, by ICU's `Hant-Hans` (Unicode CLDR): what Taiwan or Hong Kong calls by another word stays another
/// word. Japanese characters become simplified ones too, all of them alike, and say nothing else than before.
enum SimplifiedChinese {
    /// U+3400 to U+9FFF: three bytes of UTF-8 each.
    private static let range: ClosedRange<UInt16> = 0x3400...0x9FFF

    /// For each of them its simplified form.
    private static let forms: [UInt16] = {
        let scalars = range.compactMap { Unicode.Scalar($0) }
        let text = scalars.map { String(Character($0)) }.joined(separator: "\n")
        let lines = text.applyingTransform(StringTransform("Hant-Hans"), reverse: false)?.split(separator: "\n") ?? []
        guard lines.count == scalars.count else { return Array(range) }
        return zip(scalars, lines).map { scalar, line in
            let form = line.unicodeScalars.count == 1 ? line.unicodeScalars.first.map(\.value) : nil
            return form.flatMap { UInt16(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
                ?? UInt16(scalar.value)
        }
    }()

    /// - Parameter bytes: UTF-8; as many as before.
    static func simplify(_ bytes: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            // E3 90 80 to E9 BF BF.
            guard bytes[index] >= 0xE3, bytes[index] <= 0xE9, index + 2 < bytes.count else {
                index += 1
                continue
            }
            let lead = UInt16(bytes[index] & 0x0F) << 12
            let character = lead | UInt16(bytes[index + 1] & 0x3F) << 6 | UInt16(bytes[index + 2] & 0x3F)
            if range.contains(character) {
                let form = forms[Int(character - range.lowerBound)]
                bytes[index] = 0xE0 | UInt8(form >> 12)
                bytes[index + 1] = 0x80 | UInt8(form >> 6 & 0x3F)
                bytes[index + 2] = 0x80 | UInt8(form & 0x3F)
            }
            index += 3
        }
    }
}
