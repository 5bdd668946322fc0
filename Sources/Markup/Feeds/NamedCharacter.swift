import CLibxml2

/// Characters by the names and numbers that HTML gives them.
enum NamedCharacter {
    /// HTML's names (its standard, §13.5), but for those of two characters; nil for any other.
    static func scalar(_ name: some Sequence<UInt8>) -> UInt32? {
        var text: [UInt8] = []
        for byte in name {
            guard text.count < CharacterNames.bytesMax else { return nil }
            text.append(byte)
        }
        if let known = CharacterNames.scalar(text) { return known }
        text.append(0)
        return htmlEntityLookup(text)?.pointee.value
    }

    /// What a numeric reference means: 128 to 159 are Windows-1252, as browsers read them; nil for what XML 1.0 §2.2 forbids.
    static func scalar(number: UInt32) -> UInt32? {
        if (0x80...0x9F).contains(number) { return windows1252[Int(number - 0x80)] }
        switch number {
        case 9, 10, 13, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: return number
        default: return nil
        }
    }

    /// The byte from 0x80 to 0x9F that Windows-1252 has for a character.
    static func windows1252Byte(of scalar: UInt32) -> UInt8? {
        guard scalar != 0xFFFD else { return nil }
        return windows1252.firstIndex(of: scalar).map { UInt8($0) + 0x80 }
    }

    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        bytes += UTF8.encode(scalar)!
    }

    private static let windows1252: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D,
        0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
        0xFFFD,
        0x017E, 0x0178,
    ]
}

/// A reference (`&amp;`, `&#8217;`, `&eacute;`) as it stands in text.
struct CharacterReference {
    enum Meaning: Equatable {
        case scalar(UInt32)
        /// A number that stands for no character.
        case invalid
        case named(Range<Int>)
        /// An ampersand that begins no reference.
        case stray
    }

    var meaning: Meaning
    /// Behind the reference; behind the ampersand when it is stray.
    var end: Int
    /// Whether it ends with its semicolon.
    var isTerminated = true
    /// Whether two numbers, the halves of a UTF-16 surrogate pair, stand for one character: `&#55357;&#56832;`.
    var isPair = false

    /// Reads what starts with the ampersand at `start`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, limit: Int) {
        var index = start + 1
        meaning = .stray
        end = start + 1
        guard index < limit else { return }
        if bytes[index] == UInt8(ascii: "#") {
            readNumber(bytes, from: index + 1, limit: limit)
            return
        }
        while index < limit, index - start <= 32, Self.isNameByte(bytes[index]) { index += 1 }
        guard index > start + 1, index < limit, bytes[index] == UInt8(ascii: ";") else { return }
        meaning = .named(start + 1..<index)
        end = index + 1
    }

    private mutating func readNumber(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int, limit: Int) {
        var index = first
        var value: UInt32 = 0
        let isHex = index < limit && bytes[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        let digitsStart = index
        while index < limit, let digit = Self.digit(bytes[index], isHex: isHex) {
            value = min(value &* (isHex ? 16 : 10) &+ UInt32(digit), 0x110000)
            index += 1
        }
        guard index > digitsStart else { return }
        isTerminated = index < limit && bytes[index] == UInt8(ascii: ";")
        end = isTerminated ? index + 1 : index
        if isTerminated, (0xD800...0xDBFF).contains(value), let (low, behind) = Self.lowHalf(bytes, at: end, limit) {
            meaning = .scalar(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00))
            end = behind
            isPair = true
        } else {
            meaning = NamedCharacter.scalar(number: value).map { .scalar($0) } ?? .invalid
        }
    }

    /// The reference at `start`, when it is the second half of a surrogate pair, and where it ends.
    private static func lowHalf(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ limit: Int) -> (UInt32, Int)? {
        guard start + 2 < limit, bytes.matches("&#", at: start) else { return nil }
        let isHex = bytes[start + 2] | 0x20 == UInt8(ascii: "x")
        let digits = bytes[(start + (isHex ? 3 : 2))..<limit].prefix(6).prefix { digit($0, isHex: isHex) != nil }
        guard digits.endIndex < limit, bytes[digits.endIndex] == UInt8(ascii: ";"),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHex ? 16 : 10),
            (0xDC00...0xDFFF).contains(value)
        else { return nil }
        return (value, digits.endIndex + 1)
    }

    private static func digit(_ byte: UInt8, isHex: Bool) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66 where isHex: byte - 0x57
        case 0x41...0x46 where isHex: byte - 0x37
        default: nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
