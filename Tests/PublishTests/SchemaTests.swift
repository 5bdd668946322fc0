import FoundationEssentials
import News
import Testing

@testable import Publish

/// A JSON value, as far as the comparison of keys needs it.
private enum JSON: Decodable {
    case object([String: JSON])
    case array([JSON])
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
        if let object = try? [String: JSON](from: decoder) {
            self = .object(object)
        } else if let array = try? [JSON](from: decoder) {
            self = .array(array)
        } else if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
        } else {
            self = .other
        }
    }

    subscript(key: String) -> JSON? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    var keys: [String] { if case .object(let object) = self { object.keys.sorted() } else { [] } }
    var items: [JSON] { if case .array(let items) = self { items } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
}

@Suite("Schemas")
struct SchemaTests {
    private static func load(_ path: String) throws -> JSON {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        let bytes = try #require(try Files(beforeStep: { _ in }).read("\(root)/\(path)"), "no \(path)")
        return try PublicJSON.decode(JSON.self, from: bytes)
    }

    /// What the schema does not allow or misses: keys, and words outside an `enum`.
    private static func faults(_ value: JSON, _ schema: JSON, root: JSON, at place: String) -> [String] {
        var schema = schema
        if let name = schema["$ref"]?.text?.split(separator: "/").last, let named = root["$defs"]?[String(name)] {
            schema = named
        }
        switch value {
        case .object:
            let known = schema["properties"]
            let missing = (schema["required"]?.items ?? []).compactMap(\.text).filter { value[$0] == nil }
            return missing.map { "\(place).\($0) is missing" }
                + value.keys.flatMap { key -> [String] in
                    guard let next = known?[key], let inner = value[key] else {
                        return ["\(place).\(key) is not in the schema"]
                    }
                    return faults(inner, next, root: root, at: "\(place).\(key)")
                }
        case .array(let items):
            guard let next = schema["items"] else { return ["\(place) is not an array in the schema"] }
            return items.flatMap { faults($0, next, root: root, at: place + "[]") }
        case .text(let text):
            guard let words = schema["enum"]?.items.compactMap(\.text) else { return [] }
            return words.contains(text) ? [] : ["\(place): \(text) is not one of \(words)"]
        case .other: return []
        }
    }

    @Test(
        "Every key and word of the reviewed files stands in the schema, and every required key in the files",
        arguments: [
            "alert", "update", "more", "blind", "back", "indicator", "full-day", "silent-day", "blind-day",
            "clocks-go-back-day",
        ])
    func keys(name: String) throws {
        let schema = try Self.load("Config/schema/\(Self.kinds[name] ?? "digest").schema.json")
        let value = try Self.load("Tests/PublishTests/Golden/\(name).json")
        #expect(Self.faults(value, schema, root: schema, at: name) == [])
        #expect(schema["$schema"]?.text == "https://json-schema.org/draft/2020-12/schema")
    }

    private static let kinds = [
        "alert": "alert", "update": "alert", "more": "more", "blind": "blind", "back": "blind",
        "indicator": "indicator",
    ]

    @Test("The check itself finds a key too many, one too few and a word that is none")
    func checkIsReal() throws {
        let schema = try PublicJSON.decode(
            JSON.self,
            from: Array(#"{"properties": {"a": {"enum": ["x"]}, "b": {}}, "required": ["b"]}"#.utf8))
        let value = try PublicJSON.decode(JSON.self, from: Array(#"{"a": "y", "c": 1}"#.utf8))
        #expect(Self.faults(value, schema, root: schema, at: "v").count == 3)
    }
}
