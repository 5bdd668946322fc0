/// Text as it is matched and counted: typography, widths and spacing unified, each byte with its place in the original.
///
/// NFKC (UAX #15) of whatever is not ASCII, in one pass over the bytes: common forms are known here (full-width ASCII, half-width
/// kana with their voiced marks), the rest goes through `Normalization`. Beyond it dashes become `-`, curly quotes straight
/// ones, every white space one space; soft hyphens, zero-width marks and variation selectors are dropped, `臺` is `台`, `･` and
/// `·` are `・`, and initialisms lose their dots (`U.S.` is `US`). ASCII case is kept; Latin, Greek and Cyrillic letters beyond
/// it are lower-cased. Cost: linear in the text.
public struct FoldedText: Sendable {
    /// Folded bytes from `start` up to the next span, and where they came from.
    private struct Span {
        var start: Int32
        /// UTF-8 offset in the original.
        var origin: Int32
        /// Nil for characters as long as in the original, which lie there one after the other from `origin`; else all bytes of
        /// the span came from what ends here.
        var end: Int32?
    }

    /// UTF-8, valid.
    public private(set) var bytes: [UInt8] = []
    /// By `start`; few where most of the text is as it was.
    private var spans: [Span] = []
    /// The length of the original in bytes.
    public let originalCount: Int

    public init(_ text: String) { self.init(utf8: Array(text.utf8)) }

    /// `original` is valid UTF-8, as the bytes of a `String` are.
    public init(utf8 original: [UInt8]) {
        originalCount = original.count
        bytes.reserveCapacity(original.count)
        var initialism = false
        var index = 0
        while index < original.count {
            let plain = original.withUnsafeBufferPointer {
                Self.plainEnd($0, from: index, afterSpace: bytes.last ?? 0x20 == 0x20)
            }
            if plain > index {
                if initialism { initialism = original[index..<plain].allSatisfy(Self.isCapital) }
                continueSpan(at: index)
                bytes += original[index..<plain]
                index = plain
                continue
            }
            let byte = original[index]
            guard byte < 0x80 else {
                initialism = false
                let length = min(UTF8Bytes.length(lead: byte), original.count - index)
                appendFolded(original, at: index, length: length)
                index += length
                continue
            }
            if byte == 0x2E, endsInSingleCapital, initialism || Self.capitalAndDot(original, index + 1) {
                initialism = true
                stretchLast(to: index + 1)
            } else {
                initialism = false
                append(byte, from: index, length: 1)
            }
            index += 1
        }
    }

    /// With Chinese in one script. Places in the original stay as they are.
    var simplified: FoldedText {
        var text = self
        SimplifiedChinese.simplify(&text.bytes)
        return text
    }

    /// The original's UTF-8 range of a range of folded bytes, on character boundaries.
    public func originalRange(_ range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty else { return originalCount..<originalCount }
        return place(range.lowerBound).lowerBound..<place(range.upperBound - 1).upperBound
    }
}

extension FoldedText {
    /// The original's range of the character that a folded byte came from.
    private func place(_ index: Int) -> Range<Int> {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if Int(spans[middle].start) <= index { low = middle + 1 } else { high = middle }
        }
        let span = spans[low - 1]
        if let end = span.end { return Int(span.origin)..<Int(end) }
        var start = index
        while start > Int(span.start), bytes[start] & 0xC0 == 0x80 { start -= 1 }
        let origin = Int(span.origin) + start - Int(span.start)
        return origin..<origin + UTF8Bytes.length(lead: bytes[start])
    }

    /// The end of what stays as it is: ASCII with single spaces, without the other white space and without dots.
    private static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, afterSpace: Bool) -> Int {
        var afterSpace = afterSpace
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte > 0x20 {
                if byte >= 0x80 || byte == 0x2E { break }
                afterSpace = false
            } else if byte == 0x20 {
                if afterSpace { break }
                afterSpace = true
            } else if byte >= 0x09 && byte <= 0x0D {
                break
            } else {
                afterSpace = false
            }
            index += 1
        }
        return index
    }

    private static func isCapital(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

    private static func capitalAndDot(_ bytes: [UInt8], _ index: Int) -> Bool {
        index + 1 < bytes.count && isCapital(bytes[index]) && bytes[index + 1] == 0x2E
    }

    /// One capital that is not the end of a longer word; the letters of an initialism stand apart in the original.
    private var endsInSingleCapital: Bool {
        guard let last = bytes.last, Self.isCapital(last) else { return false }
        guard bytes.count > 1 else { return true }
        let afterDot = place(bytes.count - 1).lowerBound - place(bytes.count - 2).lowerBound > 1
        return afterDot || !UTF8Bytes.isWordByte(bytes[bytes.count - 2])
    }

    /// What is appended next are characters as long as in the original, from `origin` on.
    @inline(__always) private mutating func continueSpan(at origin: Int) {
        if let last = spans.last, last.end == nil, Int(last.origin) + bytes.count - Int(last.start) == origin { return }
        beginSpan(at: origin, end: nil)
    }

    private mutating func beginSpan(at origin: Int, end: Int?) {
        spans.append(
            Span(
                start: Int32(truncatingIfNeeded: bytes.count), origin: Int32(truncatingIfNeeded: origin),
                end: end.map { Int32(truncatingIfNeeded: $0) }))
    }

    /// The last byte, a letter, came from what ends here.
    private mutating func stretchLast(to end: Int) {
        let origin = place(bytes.count - 1).lowerBound
        let letter = bytes.removeLast()
        dropSpans()
        beginSpan(at: origin, end: end)
        bytes.append(letter)
    }

    /// Those of bytes that were removed.
    private mutating func dropSpans() {
        while let last = spans.last, Int(last.start) >= bytes.count { spans.removeLast() }
    }

    private mutating func append(_ byte: UInt8, from origin: Int, length: Int) {
        let isSpace = byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
        if isSpace && (bytes.isEmpty || bytes.last == 0x20) { return }
        if length == 1 { continueSpan(at: origin) } else { beginSpan(at: origin, end: origin + length) }
        bytes.append(isSpace ? 0x20 : byte)
    }

    private mutating func append(scalar: UInt32, from origin: Int, length: Int) {
        if scalar < 0x80 { return append(UInt8(scalar), from: origin, length: length) }
        let own = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
        if own == length { continueSpan(at: origin) } else { beginSpan(at: origin, end: origin + length) }
        switch own {
        case 2: bytes.append(UInt8(0xC0 | scalar >> 6))
        case 3: bytes.append(UInt8(0xE0 | scalar >> 12))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(UInt8(0x80 | scalar >> 12 & 63))
        }
        if own > 2 { bytes.append(UInt8(0x80 | scalar >> 6 & 63)) }
        bytes.append(UInt8(0x80 | scalar & 63))
    }

    private mutating func appendFolded(_ original: [UInt8], at index: Int, length: Int) {
        let scalar = UTF8Bytes.scalar(original, at: index, length: length)
        switch scalar {
        case 0x00A0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            append(scalar: 0x20, from: index, length: length)
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: append(scalar: 0x2D, from: index, length: length)
        case 0x2018...0x201B, 0x02BC, 0x2032: append(scalar: 0x27, from: index, length: length)
        case 0x201C...0x201F, 0x2033: append(scalar: 0x22, from: index, length: length)
        case 0x00C0...0x00D6, 0x00D8...0x00DE, 0x0100...0x0131, 0x0134...0x0148, 0x014A...0x017E, 0x0180...0x01C3,
            0x01CD...0x01F0, 0x01F4...0x02AF, 0x0370...0x052F, 0x1E00...0x1EFF:
            append(scalar: Normalization.lower(scalar), from: index, length: length)
        case 0x00B7, 0xFF65: append(scalar: 0x30FB, from: index, length: length)
        case 0x81FA: append(scalar: 0x53F0, from: index, length: length)
        case 0x2160...0x2162:  // Ⅰ Ⅱ Ⅲ, as units are numbered
            for _ in 0x2160...scalar { append(scalar: 0x49, from: index, length: length) }
        case 0xFF01...0xFF5E: append(scalar: scalar - 0xFEE0, from: index, length: length)
        case 0xFF66...0xFF9D: append(scalar: Self.kana[Int(scalar - 0xFF66)], from: index, length: length)
        case 0xFF9E, 0xFF9F: join(scalar - 0xFF9E + 0x3099, from: index, length: length)
        case 0x3099, 0x309A: join(scalar, from: index, length: length)
        case 0x3041...0x30FA, 0x3400...0x9FFF, 0xAC00...0xD7A3: keep(original, at: index, length: length)
        case _ where Normalization.isIgnorable(scalar): return
        case _ where Normalization.joinsLast(scalar): join(scalar, from: index, length: length)
        case _ where Normalization.isCompatibilityForm(scalar):
            append(normalized: original[index..<index + length], from: index, length: length)
        default: keep(original, at: index, length: length)
        }
    }

    private mutating func keep(_ original: [UInt8], at index: Int, length: Int) {
        continueSpan(at: index)
        bytes += original[index..<index + length]
    }

    /// A mark, or a part of a Hangul syllable, with the character before it. One that has nothing to stand on is left out.
    private mutating func join(_ mark: UInt32, from origin: Int, length: Int) {
        guard let last = bytes.last, last != 0x20, let mark = Unicode.Scalar(mark) else { return }
        let base = place(bytes.count - 1)
        // All that came of the base: a ligature is several characters.
        var first = bytes.count - 1
        while first > 0, place(first - 1) == base { first -= 1 }
        if bytes.count - first == 3,
            let syllable = Normalization.syllable(UTF8Bytes.scalar(bytes, at: first, length: 3), mark.value)
        {
            bytes.removeLast(3)
            dropSpans()
            return append(scalar: syllable, from: base.lowerBound, length: origin + length - base.lowerBound)
        }
        let cluster = bytes[first...] + Array(String(mark).utf8)
        guard cluster.count <= Normalization.clusterBytesMax else { return }
        bytes.removeLast(bytes.count - first)
        dropSpans()
        append(normalized: cluster, from: base.lowerBound, length: origin + length - base.lowerBound)
    }

    private mutating func append(normalized part: ArraySlice<UInt8>, from origin: Int, length: Int) {
        for scalar in Normalization.composed(part).unicodeScalars {
            append(scalar: Normalization.lower(scalar.value), from: origin, length: length)
        }
    }

    /// Full-width forms of U+FF66 to U+FF9D.
    private static let kana: [UInt32] = Array(
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン".unicodeScalars.map(\.value))
}

/// Reading UTF-8 without building characters.
enum UTF8Bytes {
    /// An ASCII capital as its small letter, all else as it is.
    @inline(__always) static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    @inline(__always) static func length(lead byte: UInt8) -> Int {
        byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    @inline(__always) static func scalar(_ bytes: [UInt8], at index: Int, length: Int) -> UInt32 {
        switch length {
        case 1: UInt32(bytes[index])
        case 2: UInt32(bytes[index] & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)
        case 3:
            UInt32(bytes[index] & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        default:
            UInt32(bytes[index] & 0x07) << 18 | UInt32(bytes[index + 1] & 0x3F) << 12
                | UInt32(bytes[index + 2] & 0x3F) << 6 | UInt32(bytes[index + 3] & 0x3F)
        }
    }

    /// ASCII letters and digits, and any byte of a two-byte letter (Latin, Greek, Cyrillic …).
    @inline(__always) static func isWordByte(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }

    /// Han, kana, bopomofo and Hangul: scripts that are matched and counted by character.
    @inline(__always) static func isEastAsian(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x11FF, 0x3005...0x3007, 0x3041...0x30FA, 0x30FC...0x318F, 0x31A0...0x31BF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// Whether the character that ends before, or starts at, `index` belongs to a word of a spaced script.
    static func isSpacedWord(_ bytes: [UInt8], before index: Int) -> Bool {
        bytes.withUnsafeBufferPointer { isSpacedWord($0, before: index) }
    }

    static func isSpacedWord(_ bytes: [UInt8], at index: Int) -> Bool {
        bytes.withUnsafeBufferPointer { isSpacedWord($0, at: index) }
    }

    @inline(__always) static func isSpacedWord(_ bytes: UnsafeBufferPointer<UInt8>, before index: Int) -> Bool {
        guard index > 0 else { return false }
        let byte = bytes[index - 1]
        if byte < 0x80 { return isWordByte(byte) }
        return index >= 2 && isTwoByteLetter(bytes, at: index - 2)
    }

    @inline(__always) static func isSpacedWord(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index < bytes.count else { return false }
        return bytes[index] < 0x80 ? isWordByte(bytes[index]) : isTwoByteLetter(bytes, at: index)
    }

    /// U+00C0 to U+07FF without × and ÷.
    private static func isTwoByteLetter(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index + 1 < bytes.count, bytes[index] >= 0xC3, bytes[index] <= 0xDF else { return false }
        return !(bytes[index] == 0xC3 && (bytes[index + 1] == 0x97 || bytes[index + 1] == 0xB7))
    }
}
