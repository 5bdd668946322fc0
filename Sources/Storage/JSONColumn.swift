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
        bytes.reserveCapacity(fingerprint.hashes.count * 11 + 40)
        bytes += "{\"hashes\":[".utf8
        for (index, hash) in fingerprint.hashes.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += String(hash).utf8
        }
        bytes += "],\"shingleCount\":\(fingerprint.shingleCount)}".utf8
        return Data(bytes)
    }

    /// For `json_each`: a list of any length as one argument.
    static func text(_ values: [String]) throws -> String { String(decoding: try encode(values), as: UTF8.self) }

    static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
        try JSONDecoder().decode(type, from: data)
    }
}
