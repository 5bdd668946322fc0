/// Bodies in HTTP's codings, made by hand so that tests need no compressor.
public enum Gzip {
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    /// RFC 1952 around one stored block; at most 65,535 bytes.
    public static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let length = UInt16(bytes.count)
        let block = [1] + little(length) + little(~length) + bytes
        return header + block + little(crc32(bytes)) + little(UInt32(bytes.count))
    }

    /// RFC 1951 §3.2.4: so many stored blocks of no bytes, none of them the last.
    public static func emptyBlocks(_ count: Int) -> [UInt8] {
        header + (0..<count).flatMap { _ in [0, 0, 0, 0xFF, 0xFF] as [UInt8] }
    }

    /// About `count` zeros, 158 to 1. No checksum follows.
    public static func zeros(_ count: Int) -> [UInt8] { header + deflatedZeros(count) }

    /// RFC 1950, as HTTP's `deflate` has it: about `count` zeros, 158 to 1. No checksum follows.
    public static func zlibZeros(_ count: Int) -> [UInt8] { [0x78, 0x9C] + deflatedZeros(count) }

    /// RFC 1951: a literal and matches of 258 at distance 1 in fixed Huffman codes.
    private static func deflatedZeros(_ count: Int) -> [UInt8] {
        var bits = Bits()
        bits.put([1, 1, 0])  // last block, fixed codes
        bits.put([0, 0, 1, 1, 0, 0, 0, 0])  // literal 0
        for _ in 0..<count / 258 { bits.put([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]) }  // length 285, distance 0
        bits.put([0, 0, 0, 0, 0, 0, 0])
        return bits.bytes
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}

public enum Brotli {
    /// RFC 7932 §9: window bits 0, an uncompressed meta-block, an empty last one. At most 255 bytes.
    public static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let header = UInt32(bytes.count - 1) << 4 | 1 << 20
        return [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + bytes + [3]
    }

    /// 16 MB of blanks in 14 bytes: one command, four literals and a copy of all the rest, from codes of one symbol each.
    public static let blanks: [UInt8] = {
        let length = 1 << 24
        var bits = Bits()
        bits.put(0, count: 1)  // a window of 16 bits
        bits.put(0b01, count: 2)  // the last meta-block, and it is not empty
        bits.put(2, count: 2)  // its length has six nibbles
        bits.put(length - 1, count: 24)
        bits.put(0, count: 3 + 6 + 2 + 2)  // one block type of each kind, no direct distances, one tree of each kind
        // A blank; four literals and copy code 23; the last distance.
        for (symbol, width) in [(0x20, 8), (423, 10), (0, 6)] {
            bits.put(0b0001, count: 4)  // a code of one symbol
            bits.put(symbol, count: width)
        }
        bits.put(length - 4 - 2118, count: 24)  // of the copy, beyond its code's base
        return bits.bytes
    }()
}

public enum Zstd {
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    /// RFC 8878 §3.1.1: a single segment of one raw block. At most 255 bytes.
    public static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let block = UInt32(bytes.count) << 3 | 1
        return magic + [0x20, UInt8(bytes.count), UInt8(block & 255), UInt8(block >> 8), 0] + bytes
    }

    /// So many times 128 KB of blanks, each in four bytes.
    public static func blanks(blocks: Int) -> [UInt8] {
        let header = (128 << 10) << 3 | 1 << 1
        let block = [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16), 0x20]
        return magic + [0, 0x38] + (0..<blocks).flatMap { _ in block }
    }
}

/// Bits from the lowest of each byte on.
private struct Bits {
    var bytes: [UInt8] = []
    private var used = 0

    mutating func put(_ bits: [UInt8]) {
        for bit in bits {
            if used % 8 == 0 { bytes.append(0) }
            bytes[bytes.count - 1] |= bit << UInt8(used % 8)
            used += 1
        }
    }

    /// The lowest first.
    mutating func put(_ number: Int, count: Int) { put((0..<count).map { UInt8(number >> $0 & 1) }) }
}
