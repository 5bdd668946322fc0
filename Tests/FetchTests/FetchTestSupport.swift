import News
import NewsTesting
import Synchronization

@testable import Fetch

/// A fetcher for which every name ends in loopback, without pauses between requests.
func makeFetcher(
    ordinary: [String] = [], configure: (inout FetchOptions) -> Void = { _ in }
) -> Fetcher {
    var options = FetchOptions(userAgent: "feedwatch/test (contact: nobody@example.org)")
    options.hostSpacing = .zero
    options.lookup = { _ in [IPAddress("127.0.0.1")!] }
    configure(&options)
    return Fetcher(options: options, policy: AddressPolicy(ordinary: Set(ordinary.compactMap { IPAddress($0) })))
}

func feedRequest(_ url: String, _ change: (inout FetchRequest) -> Void = { _ in }) -> FetchRequest {
    var request = FetchRequest(url: url, kind: .feed, allowsPrivateHosts: true)
    change(&request)
    return request
}

extension Fetcher {
    /// The code of the failure; nil when there was an answer.
    func failure(_ request: FetchRequest) async -> FetchError? {
        do {
            _ = try await fetch(request)
            return nil
        } catch { return error }
    }
}

/// Gzip files made by hand (RFC 1952), so that tests need no compressor.
enum Gzip {
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    /// One stored block; at most 65,535 bytes.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let length = UInt16(bytes.count)
        let block = [1] + little(length) + little(~length) + bytes
        return header + block + little(crc32(bytes)) + little(UInt32(bytes.count))
    }

    /// About `count` zeros: a literal and matches of 258 at distance 1 in fixed Huffman codes, 158 to 1. No checksum follows.
    static func zeros(_ count: Int) -> [UInt8] {
        var bits = Bits()
        bits.put([1, 1, 0])  // last block, fixed codes
        bits.put([0, 0, 1, 1, 0, 0, 0, 0])  // literal 0
        for _ in 0..<count / 258 { bits.put([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]) }  // length 285, distance 0
        bits.put([0, 0, 0, 0, 0, 0, 0])
        return header + bits.bytes
    }

    private struct Bits {
        var bytes: [UInt8] = []
        var used = 0

        mutating func put(_ bits: [UInt8]) {
            for bit in bits {
                if used % 8 == 0 { bytes.append(0) }
                bytes[bytes.count - 1] |= bit << UInt8(used % 8)
                used += 1
            }
        }
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

/// Bodies in other codings, not compressed at all; at most 255 bytes.
enum Stored {
    /// RFC 7932 §9: window bits 0, an uncompressed meta-block, an empty last one.
    static func brotli(_ bytes: [UInt8]) -> [UInt8] {
        let header = UInt32(bytes.count - 1) << 4 | 1 << 20
        return [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + bytes + [3]
    }

    /// RFC 8878 §3.1.1: a single segment of one raw block.
    static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        let block = UInt32(bytes.count) << 3 | 1
        return [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(bytes.count), UInt8(block & 255), UInt8(block >> 8), 0] + bytes
    }
}

/// Numbers from a seed that is printed (splitmix64).
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// Counts how many are inside at once.
final class Turnstile: Sendable {
    private let state = Mutex((inside: 0, most: 0))
    var most: Int { state.withLock { $0.most } }
    func enter() { state.withLock { ($0.inside, $0.most) = ($0.inside + 1, max($0.most, $0.inside + 1)) } }
    func leave() { state.withLock { $0.inside -= 1 } }
}
