import Glibc

/// Validity of UTF-8 (RFC 3629) and of the characters that XML 1.0 §2.2 allows.
enum UTF8Check {
    /// Where the first byte sequence that is not valid UTF-8 starts, at or after `start`; nil when all is valid.
    static func firstBadIndex(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        var index = start
        let count = bytes.count
        while index < count {
            if index + 8 <= count {
                let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    index += 8
                    continue
                }
            }
            let length = sequenceLength(bytes, at: index)
            if length == 0 { return index }
            index += length
        }
        return nil
    }

    /// 1 to 4, or 0 where no valid sequence starts.
    static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        func continues(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index + offset < bytes.count && range.contains(bytes[index + offset])
        }
        switch bytes[index] {
        case 0..<0x80: return 1
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : 0
        case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : 0
        case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }

    /// The character whose UTF-16 halves stand at `index`, each encoded as three bytes (CESU-8, as old databases and Java write it).
    static func surrogatePair(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32? {
        guard index + 5 < bytes.count, bytes[index] == 0xED, bytes[index + 3] == 0xED,
            (0xA0...0xAF).contains(bytes[index + 1]), (0xB0...0xBF).contains(bytes[index + 4]),
            (0x80...0xBF).contains(bytes[index + 2]), (0x80...0xBF).contains(bytes[index + 5])
        else { return nil }
        let high = UInt32(bytes[index + 1] & 0x0F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        return 0x10000 + high << 10 + (UInt32(bytes[index + 4] & 0x0F) << 6 | UInt32(bytes[index + 5] & 0x3F))
    }

    /// Joins surrogate pairs and replaces what else is not valid: a byte alone becomes U+FFFD.
    static func repaired(_ bytes: UnsafeBufferPointer<UInt8>) -> (text: [UInt8], badBytes: Int, pairs: Int) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 64)
        var start = 0
        var bad = 0
        var pairs = 0
        while let index = firstBadIndex(bytes, from: start) {
            text += bytes[start..<index]
            if let scalar = surrogatePair(bytes, at: index) {
                NamedCharacter.append(scalar, to: &text)
                pairs += 1
                start = index + 6
            } else {
                text += [0xEF, 0xBF, 0xBD]
                bad += 1
                start = index + 1
            }
        }
        text += bytes[start...]
        return (text, bad, pairs)
    }

    /// Whether there are characters that no text should have: controls but tab and line ends, U+FFFE and U+FFFF, which XML 1.0
    /// §2.2 forbids.
    static func hasControls(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if firstNoncharacter(bytes, from: 0) != nil { return true }
        var index = 0
        while index + 8 <= bytes.count {
            let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
            if mayHoldControl(word), bytes[index..<index + 8].contains(where: isControl) { return true }
            index += 8
        }
        return bytes[index...].contains(where: isControl)
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 9 && byte != 10 && byte != 13 || byte == 0x7F
    }

    /// Whether a byte of eight is below 0x20 or is 0x7F; never no where one is.
    private static func mayHoldControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        let below = (word &- ones &* 0x20) & ~word & high
        let delete = word ^ (ones &* 0x7F)
        return (below | ((delete &- ones) & ~delete & high)) != 0
    }

    /// Where the first byte beyond ASCII is.
    static func firstBeyondASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        while index + 8 <= bytes.count {
            let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        return bytes[index...].firstIndex { $0 >= 0x80 }
    }

    /// Vertical tabs and form feeds become spaces, for they part words.
    static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        bytes.withUnsafeBufferPointer { bytes in
            var next = firstNoncharacter(bytes, from: 0)
            var index = 0
            while index < bytes.count {
                if index == next {
                    index += 3
                    next = firstNoncharacter(bytes, from: index)
                    continue
                }
                let byte = bytes[index]
                if byte == 0x0B || byte == 0x0C { out.append(0x20) } else if !isControl(byte) { out.append(byte) }
                index += 1
            }
        }
        return out
    }

    private static func firstNoncharacter(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var index = start
        while index + 2 < bytes.count, let found = memchr(base + index, 0xEF, bytes.count - index - 2) {
            index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            if bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE { return index }
            index += 1
        }
        return nil
    }

    /// How many bytes at the end begin a sequence that the end cuts off; 0 to 3.
    static func cutOff(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            if lead < 0x80 { return 0 }
            guard lead >= 0xC2 else { continue }
            let whole = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1
            return whole > length ? length : 0
        }
        return 0
    }
}
