import Foundation
import News

/// Values in JSON columns: sorted keys, so that the same value is the same bytes.
enum JSONColumn {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// The same bytes as of any other value, thirty times as fast: one is written with each article.
    static func encode(_ fingerprint: Fingerprint) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fingerprint.hashes.count * 15 + fingerprint.figures.count * 21 + 60)
        bytes += "{\"figures\":".utf8
        append(fingerprint.figures, to: &bytes)
        bytes += ",\"hashes\":".utf8
        append(fingerprint.hashes, to: &bytes)
        bytes += ",\"places\":".utf8
        append(fingerprint.places, to: &bytes)
        bytes += ",\"shingleCount\":\(fingerprint.shingleCount)}".utf8
        return Data(bytes)
    }

    private static func append(_ numbers: [some FixedWidthInteger], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, number) in numbers.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += String(number).utf8
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// For `json_each`: a list of any length as one argument.
    static func text(_ values: [String]) throws -> String { String(decoding: try encode(values), as: UTF8.self) }

    static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
        try JSONDecoder().decode(type, from: data)
    }
}
