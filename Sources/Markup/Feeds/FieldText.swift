import Glibc
import News

/// What stands in a field once its bytes are all there.
enum FieldText {
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return bytes[start..<end]
    }

    /// RFC 4287 §3.1.1.3: the `div` around XHTML is not part of it.
    static func withoutWrapper(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.starts(with: "<div>".utf8), bytes.suffix(6).elementsEqual("</div>".utf8) else { return bytes }
        let inner = bytes.dropFirst(5).dropLast(6)
        // Two divs beside each other are no wrapper: the first ends before another begins.
        var index = inner.startIndex
        while let less = inner[index...].firstIndex(of: UInt8(ascii: "<")) {
            if inner[less...].starts(with: "</div>".utf8) { return bytes }
            if inner[less...].starts(with: "<div".utf8) { break }
            index = less + 1
        }
        return trimmed(inner)
    }

    /// What a CDATA section holds that was escaped or put into another and so became text; nil for any other text.
    static func insideCDATA(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.first == UInt8(ascii: "<"), bytes.starts(with: "<![CDATA[".utf8),
            bytes.suffix(3).elementsEqual("]]>".utf8)
        else { return nil }
        return trimmed(bytes.dropFirst(9).dropLast(3))
    }

    /// Text without white space at its ends.
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.first, first <= 0x20 || bytes[bytes.index(before: bytes.endIndex)] <= 0x20 else {
            return text
        }
        let rest = bytes.drop { $0 <= 0x20 }
        let kept = rest.reversed().drop { $0 <= 0x20 }.count
        return String(decoding: rest.prefix(kept), as: UTF8.self)
    }

    static func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]) {
        var copied = 0
        for (index, byte) in bytes.enumerated() {
            let reference: StaticString
            switch byte {
            case UInt8(ascii: "&"): reference = "&amp;"
            case UInt8(ascii: "<"): reference = "&lt;"
            case UInt8(ascii: ">"): reference = "&gt;"
            case UInt8(ascii: "\""): reference = "&quot;"
            default: continue
            }
            buffer.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<index]))
            reference.withUTF8Buffer { buffer.append(contentsOf: $0) }
            copied = index + 1
        }
        buffer.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
    }
}

/// Text that was put through a wrong encoding on its way into the feed, where the text itself proves it.
enum Mojibake {
    /// The text as it was meant; nil when nothing proves that it was meant otherwise.
    ///
    /// Two things do. UTF-8 that was read as Windows-1252 or ISO 8859-1 and encoded again: every character beyond ASCII is then
    /// part of a whole UTF-8 sequence, and one of them is of a kind that nobody writes (`â€¦`, `cafÃ©`, `Â£`, three sequences in a
    /// row). And U+0080 to U+009F, controls that no text has, are characters of Windows-1252.
    static func mended(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let first = UTF8Check.firstBeyondASCII(bytes) else { return nil }
        return decodedOnce(bytes, from: first) ?? withoutC1(bytes, from: first)
    }

    /// The text's characters as the bytes that a wrong decoding made them of; nil where that is not UTF-8.
    private static func decodedOnce(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) -> [UInt8]? {
        var out: [UInt8] = []
        var index = first
        var isProven = false
        var inARow = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                out.append(bytes[index])
                index += 1
                inARow = 0
                continue
            }
            let before = out.last ?? (first > 0 ? bytes[first - 1] : 0x20)
            guard let lead = byte(bytes, &index), let length = length(lead) else { return nil }
            let start = out.count
            out.append(lead)
            for _ in 1..<length {
                guard index < bytes.count, bytes[index] >= 0x80, let next = byte(bytes, &index),
                    (0x80...0xBF).contains(next)
                else { return nil }
                out.append(next)
            }
            inARow += 1
            let after = index < bytes.count ? bytes[index] : 0x20
            isProven = isProven || inARow > 2 || isUnwritten(out[start...], before: before, after: after)
        }
        let isValid = out.withUnsafeBufferPointer { UTF8Check.firstBadIndex($0) == nil }
        return isProven && isValid ? Array(bytes[..<first]) + out : nil
    }

    /// Whether one sequence, read as Windows-1252, is something that nobody writes. `AMANHÃ…`, `É’` and `ß–` are written.
    private static func isUnwritten(_ sequence: ArraySlice<UInt8>, before: UInt8, after: UInt8) -> Bool {
        let second = sequence[sequence.startIndex + 1]
        switch sequence.first {
        case 0xC2: return second >= 0xA0 && !(0x41...0x5A).contains(before)
        case 0xC3: return (0x61...0x7A).contains(before) || (0x61...0x7A).contains(after)
        // Quotation marks, dashes and the like, and the euro.
        case 0xE2: return second == 0x80 || second == 0x82
        case 0xF0: return second == 0x9F
        default: return false
        }
    }

    /// How many bytes a UTF-8 sequence has that begins so.
    private static func length(_ lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// The byte that Windows-1252, or ISO 8859-1 below U+00A0, has for the character at `index`; nil for one that neither has.
    private static func byte(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt8? {
        let lead = bytes[index]
        guard index + 1 < bytes.count else { return nil }
        if lead == 0xC2 || lead == 0xC3 {
            let value = (lead & 3) << 6 | bytes[index + 1] & 0x3F
            index += 2
            return value
        }
        let length = lead < 0xE0 ? 2 : 3
        guard lead >= 0xC4, lead < 0xF0, index + length <= bytes.count else { return nil }
        var scalar = UInt32(lead & (length == 2 ? 0x1F : 0x0F))
        for place in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + place] & 0x3F) }
        index += length
        return NamedCharacter.windows1252Byte(of: scalar)
    }

    private static func withoutC1(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) -> [UInt8]? {
        guard let base = bytes.baseAddress else { return nil }
        var out: [UInt8] = []
        var copied = 0
        var index = first
        while index + 1 < bytes.count, let found = memchr(base + index, 0xC2, bytes.count - index - 1) {
            let at = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            index = at + 2
            guard bytes[at + 1] < 0xA0, let scalar = NamedCharacter.scalar(number: UInt32(bytes[at + 1])),
                scalar != 0xFFFD
            else { continue }
            out.append(contentsOf: bytes[copied..<at])
            NamedCharacter.append(scalar, to: &out)
            copied = index
        }
        guard copied > 0 else { return nil }
        out.append(contentsOf: bytes[copied...])
        return out
    }
}
