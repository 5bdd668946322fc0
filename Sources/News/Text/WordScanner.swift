/// The words of a text, as hashes: what shingles, titles and change detection are counted in.
///
/// A word is a run of letters and digits of a spaced script, lower case, or one East Asian character.
struct WordScanner {
    struct Word {
        /// FNV-1a over the folded bytes.
        var hash: UInt64
        /// Of the folded bytes.
        var range: Range<Int>
        var isEastAsian: Bool
        /// It has a digit in it.
        var isNumber: Bool
    }

    static func words(_ text: FoldedText, limit: Int = .max) -> [Word] {
        let bytes = text.bytes
        var words: [Word] = []
        words.reserveCapacity(bytes.count / 5)
        var index = 0
        while index < bytes.count, words.count < limit {
            let byte = bytes[index]
            if byte >= 0x80 {
                let length = min(UTF8Bytes.length(lead: byte), bytes.count - index)
                let scalar = UTF8Bytes.scalar(bytes, at: index, length: length)
                if UTF8Bytes.isEastAsian(scalar) {
                    let range = index..<index + length
                    words.append(
                        Word(hash: FNV.hash(bytes[range]), range: range, isEastAsian: true, isNumber: false))
                    index += length
                    continue
                }
            }
            if let word = spacedWord(bytes, from: index) {
                words.append(word)
                index = word.range.upperBound
            } else {
                index += UTF8Bytes.length(lead: byte)
            }
        }
        return words
    }

    /// The word of a spaced script that begins here; nil where none does.
    private static func spacedWord(_ bytes: [UInt8], from start: Int) -> Word? {
        var hash = FNV.offset
        var isNumber = false
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x80 {
                guard UTF8Bytes.isWordByte(byte) else { break }
                if byte <= 0x39 { isNumber = true }
                hash = FNV.step(hash, UTF8Bytes.lower(byte))
                end += 1
            } else {
                guard UTF8Bytes.isSpacedWord(bytes, at: end) else { break }
                hash = FNV.step(FNV.step(hash, byte), bytes[end + 1])
                end += 2
            }
        }
        return end == start ? nil : Word(hash: hash, range: start..<end, isEastAsian: false, isNumber: isNumber)
    }
}

/// FNV-1a, 64 bits: fast and the same on every machine, as `Hasher` is not. Not for identities: it can be forged.
public enum FNV {
    @inlinable public static var offset: UInt64 { 0xCBF2_9CE4_8422_2325 }

    @inlinable public static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    @inlinable public static func hash(_ text: some Sequence<UInt8>) -> UInt64 { text.reduce(offset, step) }

    /// Spreads the bits, so that parts of the hash can be used alone (the finalizer of MurmurHash3).
    @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
        value = (value ^ value >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return value ^ value >> 33
    }
}
