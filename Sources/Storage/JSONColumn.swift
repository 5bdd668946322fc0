import Foundation
import News

/// Values in JSON columns: sorted keys, so that the same value is the same bytes.
enum JSONColumn {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// For `json_each`: a list of any length as one argument.
    static func text(_ values: [String]) throws -> String { String(decoding: try encode(values), as: UTF8.self) }

    static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
        try JSONDecoder().decode(type, from: data)
    }
}
