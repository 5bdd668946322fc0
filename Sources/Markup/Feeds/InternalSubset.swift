import News

/// The general entities that a DOCTYPE declares in itself (XML 1.0 §4.2); nothing outside the document is ever read.
enum InternalSubset {
    /// Names and what stands for them, as markup. Values that name other entities are left out: that is how bombs are built.
    static func entities(_ prolog: UnsafeBufferPointer<UInt8>) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        // The DOCTYPE stands directly before the root element.
        var rest = prolog.suffix(Limits.prologBytesMax)
        while found.count < Limits.entitiesMax, let start = rest.firstRange(of: Array("<!ENTITY".utf8)) {
            rest = rest[start.upperBound...].drop { $0 <= 0x20 }
            let name = rest.prefix(Limits.entityNameBytesMax + 1).prefix(while: isNameByte)
            guard !name.isEmpty, name.count <= Limits.entityNameBytesMax else { continue }
            let value = rest[name.endIndex...].drop { $0 <= 0x20 }
            guard let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { continue }
            let text = value.dropFirst().prefix(Limits.entityValueBytesMax + 1).prefix { $0 != quote }
            guard text.count <= Limits.entityValueBytesMax else { continue }
            rest = rest[text.endIndex...]
            if let markup = resolved(UnsafeBufferPointer(rebasing: text)) {
                found[String(decoding: name, as: UTF8.self)] = markup
            }
        }
        return found
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
    }

    /// The value with its character references kept for the parser; nil when it names another entity.
    private static func resolved(_ value: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var index = 0
        while index < value.count {
            guard value[index] == UInt8(ascii: "&") else {
                let byte = value[index]
                // Markup in an entity could open what it does not close.
                out += byte == UInt8(ascii: "<") ? Array("&lt;".utf8) : [byte]
                index += 1
                continue
            }
            let reference = CharacterReference(value, at: index, limit: value.count)
            switch reference.meaning {
            case .scalar(0x26): out += Array("&amp;".utf8)
            case .scalar(0x3C): out += Array("&lt;".utf8)
            case .scalar(let scalar): NamedCharacter.append(scalar, to: &out)
            case .named(let range):
                let name = String(decoding: value[range], as: UTF8.self)
                guard ["amp", "lt", "gt", "quot", "apos"].contains(name) else { return nil }
                out += Array("&\(name);".utf8)
            case .stray: out += Array("&amp;".utf8)
            case .invalid: break
            }
            index = reference.end
        }
        return out
    }
}
