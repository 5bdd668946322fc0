import News

/// What stands between the tags: references, stray `&` and `]]>`.
extension XMLRepair {
    /// The next `<`, `&` or `]`, eight bytes at a time.
    func nextSpecial(from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if index + 8 <= bytes.count {
                let word = UnsafeRawPointer(bytes.baseAddress! + index).loadUnaligned(as: UInt64.self)
                let hits =
                    Self.zeroBytes(word ^ 0x3C3C_3C3C_3C3C_3C3C) | Self.zeroBytes(word ^ 0x2626_2626_2626_2626)
                    | Self.zeroBytes(word ^ 0x5D5D_5D5D_5D5D_5D5D)
                if hits == 0 {
                    index += 8
                    continue
                }
                return index + UInt64(littleEndian: hits).trailingZeroBitCount / 8
            }
            let byte = bytes[index]
            if byte == 0x3C || byte == 0x26 || byte == 0x5D { return index }
            index += 1
        }
        return nil
    }

    /// The lowest set bit marks the first byte that is zero.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// `]]>` may not stand in text (XML 1.0 §2.4).
    mutating func closingBrackets(at index: Int) -> Int {
        guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "]"), bytes[index + 2] == UInt8(ascii: ">")
        else {
            return index + 1
        }
        faults.record("stray-brackets", "]]> outside CDATA, kept as text")
        replace(index + 2..<index + 3, with: "&gt;".utf8)
        return index + 3
    }

    /// Passes or replaces the reference at `index`; returns where to go on.
    mutating func reference(at index: Int, limit: Int) -> Int {
        let reference = CharacterReference(bytes, at: index, limit: limit)
        switch reference.meaning {
        case .stray:
            faults.record("stray-ampersand", "an & that begins no character reference, kept as text")
            replace(index..<index + 1, with: "&amp;".utf8)
            return index + 1
        case .invalid:
            faults.record("bad-reference", "a number that stands for no character")
            replace(index..<reference.end, with: "\u{FFFD}".utf8)
        case .scalar(let scalar):
            // &#60; and &#38; must stay references; XML does not know &#X41;.
            if reference.isTerminated, !reference.isPair, bytes[index + 2] != UInt8(ascii: "X") { return reference.end }
            var text: [UInt8] = []
            faults.record("bad-reference", "a character reference that is not written as XML wants it")
            if scalar == 0x3C || scalar == 0x26 {
                text = Array(scalar == 0x3C ? "&lt;".utf8 : "&amp;".utf8)
            } else {
                NamedCharacter.append(scalar, to: &text)
            }
            replace(index..<reference.end, with: text)
        case .named(let name): return namedReference(name, at: index, end: reference.end)
        }
        return reference.end
    }

    private mutating func namedReference(_ range: Range<Int>, at index: Int, end: Int) -> Int {
        let name = UnsafeBufferPointer(rebasing: bytes[range])
        switch (name.count, name.first) {
        case (2, 0x6C) where name[1] == 0x74, (2, 0x67) where name[1] == 0x74: return end
        case (3, 0x61) where name[1] == 0x6D && name[2] == 0x70: return end
        case (4, 0x71) where name.elementsEqual("quot".utf8), (4, 0x61) where name.elementsEqual("apos".utf8):
            return end
        default: break
        }
        let text = String(decoding: name, as: UTF8.self)
        if let replacement = documentType.entities[text] {
            entityBudget -= replacement.count
            replace(index..<end, with: entityBudget >= 0 ? replacement : [])
            if entityBudget < 0 { faults.record("entity-bomb", "the document's own entities grow too large; dropped") }
        } else if documentType.refused.contains(text) {
            faults.record("entity-bomb", "&\(text.prefix(20)); stands for itself or for too much, kept as text")
            replace(index..<index + 1, with: "&amp;".utf8)
            return index + 1
        } else if let scalar = NamedCharacter.scalar(name) ?? NamedCharacter.scalar(text.lowercased().utf8) {
            faults.record("undeclared-entity", "&\(text); is not declared, read as in HTML")
            var character: [UInt8] = []
            NamedCharacter.append(scalar, to: &character)
            replace(
                index..<end,
                with: scalar == 0x3C ? Array("&lt;".utf8) : scalar == 0x26 ? Array("&amp;".utf8) : character)
        } else {
            faults.record("unknown-entity", "&\(text); means nothing, kept as text")
            replace(index..<index + 1, with: "&amp;".utf8)
            return index + 1
        }
        return end
    }
}
