import News

/// A document's DOCTYPE (XML 1.0 §2.8): where it ends, and the general entities that it declares in itself (§4.2). Nothing outside
/// the document is ever read.
struct DocumentType {
    /// What stands for each name, as markup.
    private(set) var entities: [String: [UInt8]] = [:]
    /// Names that are declared by way of themselves, or as more than is allowed: that is how bombs are built.
    private(set) var refused: Set<String> = []

    /// - Parameter prolog: what stands before the root element.
    init(_ prolog: UnsafeBufferPointer<UInt8>) {
        // The DOCTYPE stands directly before the root element.
        let near = UnsafeBufferPointer(rebasing: prolog.suffix(Limits.prologBytesMax))
        resolve(Self.declared(near))
    }

    static func begins(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        bytes.matches("<!DOCTYPE", at: index) || bytes.matches("<!doctype", at: index)
    }

    /// Behind the DOCTYPE that begins at `start`; nil when it does not end, or not within the limit.
    static func end(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let near = UnsafeBufferPointer(rebasing: bytes[..<min(bytes.count, start + Limits.prologBytesMax)])
        guard let close = near.index(of: UInt8(ascii: ">"), from: start) else { return nil }
        guard let subset = near[start..<close].firstIndex(of: UInt8(ascii: "[")) else { return close + 1 }
        var index = subset + 1
        while index < near.count {
            switch near[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let quote = near.index(of: near[index], from: index + 1) else { return nil }
                index = quote + 1
            case UInt8(ascii: "<") where near.matches("<!--", at: index):
                guard let end = near.end(of: "-->", from: index + 4) else { return nil }
                index = end
            case UInt8(ascii: "]"): return near.index(of: UInt8(ascii: ">"), from: index).map { $0 + 1 }
            default: index += 1
            }
        }
        return nil
    }

    // MARK: Entities

    /// The first declaration of each name counts (XML 1.0 §4.2); what is in a comment is none.
    private static func declared(_ bytes: UnsafeBufferPointer<UInt8>) -> [String: Slice<UnsafeBufferPointer<UInt8>>] {
        var found: [String: Slice<UnsafeBufferPointer<UInt8>>] = [:]
        var index = 0
        var mayHoldComment = true
        while found.count < Limits.entitiesMax, let start = bytes.index(of: UInt8(ascii: "<"), from: index) {
            index = start + 1
            if mayHoldComment, bytes.matches("<!--", at: start) {
                let end = bytes.end(of: "-->", from: start + 4)
                mayHoldComment = end != nil
                index = end ?? index
            } else if bytes.matches("<!ENTITY", at: start), let entity = entity(bytes[(start + 8)...]) {
                index = entity.value.endIndex
                if found[entity.name] == nil { found[entity.name] = entity.value }
            }
        }
        return found
    }

    private static func entity(
        _ declaration: Slice<UnsafeBufferPointer<UInt8>>
    ) -> (name: String, value: Slice<UnsafeBufferPointer<UInt8>>)? {
        let rest = declaration.drop { $0 <= 0x20 }
        let name = rest.prefix(Limits.entityNameBytesMax + 1).prefix(while: isNameByte)
        guard !name.isEmpty, name.count <= Limits.entityNameBytesMax else { return nil }
        let value = rest[name.endIndex...].drop { $0 <= 0x20 }
        guard let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let text = value.dropFirst().prefix(Limits.entityValueBytesMax + 1).prefix { $0 != quote }
        guard text.count <= Limits.entityValueBytesMax else { return nil }
        return (String(decoding: name, as: UTF8.self), text)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
    }

    /// Round after round those whose parts are known: what names itself, by whatever way, never is.
    private mutating func resolve(_ declared: [String: Slice<UnsafeBufferPointer<UInt8>>]) {
        var waiting = declared
        for _ in 0..<Limits.entityDepthMax where !waiting.isEmpty {
            var ready: [String: [UInt8]] = [:]
            for (name, value) in waiting {
                guard let markup = markup(UnsafeBufferPointer(rebasing: value), waitingFor: waiting) else { continue }
                if markup.count <= Limits.entityValueBytesMax { ready[name] = markup } else { refused.insert(name) }
            }
            entities.merge(ready) { first, _ in first }
            waiting = waiting.filter { ready[$0.key] == nil && !refused.contains($0.key) }
        }
        refused.formUnion(waiting.keys)
    }

    /// A value with its character references kept for the parser; nil when it names an entity that is not known yet.
    private func markup(
        _ value: UnsafeBufferPointer<UInt8>, waitingFor waiting: [String: Slice<UnsafeBufferPointer<UInt8>>]
    ) -> [UInt8]? {
        var out: [UInt8] = []
        var index = 0
        while index < value.count, out.count <= Limits.entityValueBytesMax {
            guard value[index] == UInt8(ascii: "&") else {
                let byte = value[index]
                // Markup in an entity could open what it does not close.
                out += byte == UInt8(ascii: "<") ? Array("&lt;".utf8) : [byte]
                index += 1
                continue
            }
            let reference = CharacterReference(value, at: index, limit: value.count)
            switch reference.meaning {
            case .scalar(let scalar): out += Self.text(of: scalar)
            case .named(let range):
                let name = String(decoding: value[range], as: UTF8.self)
                if waiting[name] != nil || refused.contains(name) { return nil }
                out += named(name)
            case .stray: out += Array("&amp;".utf8)
            case .invalid: break
            }
            index = reference.end
        }
        return out
    }

    /// The document's own, XML's, HTML's, or text.
    private func named(_ name: String) -> [UInt8] {
        if let own = entities[name] { return own }
        if ["amp", "lt", "gt", "quot", "apos"].contains(name) { return Array("&\(name);".utf8) }
        return NamedCharacter.scalar(name.utf8).map(Self.text) ?? Array("&amp;\(name);".utf8)
    }

    private static func text(of scalar: UInt32) -> [UInt8] {
        if scalar == 0x26 { return Array("&amp;".utf8) }
        if scalar == 0x3C { return Array("&lt;".utf8) }
        var text: [UInt8] = []
        NamedCharacter.append(scalar, to: &text)
        return text
    }
}
