import News

/// Plain text of the HTML or text that feeds carry.
///
/// The result is safe to show: white space collapsed, control characters, bidi overrides and invisible characters gone.
public enum PlainText {
    /// The paragraphs of an entry's content, in order; `<br><br>` and block elements separate them.
    /// - Parameter kind: what the feed says it is; nil looks for tags and character references.
    public static func paragraphs(html: String, kind: TextKind? = nil) -> [String] {
        let bytes = Array(html.utf8.prefix(Limits.entryFieldBytesMax))
        guard kind != .plain, looksLikeHTML(bytes) else {
            return splitAtBlankLines(bytes).map { cleaned($0) }.filter { !$0.isEmpty }
        }
        let tree = HTMLTree(utf8: wrapped(bytes))
        return BlockReader.blocks(of: tree, in: 0..<tree.nodes.count, isDropped: { _ in false }).map(\.text)
    }

    /// A title on one line, at most `Limits.titleCharactersMax` characters; it may be HTML or text.
    /// - Parameter kind: what the feed says it is; nil looks for tags and character references.
    public static func line(_ title: String, kind: TextKind? = nil) -> String {
        let bytes = Array(title.utf8.prefix(Limits.entryFieldBytesMax))
        guard kind != .plain, looksLikeHTML(bytes) else {
            return String(cleaned(bytes[...]).prefix(Limits.titleCharactersMax))
        }
        let tree = HTMLTree(utf8: wrapped(bytes))
        guard !tree.nodes.isEmpty else { return "" }
        return String(tree.line(0).prefix(Limits.titleCharactersMax))
    }

    /// Whether there is a tag (`<p`, `</p`, `<!--`) or a character reference (`&amp;`, `&#38;`).
    ///
    /// `a < b`, `AT&T` and `x<y` for an unknown `y` are text.
    static func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() {
            if byte == 0x3C, isTag(bytes, index + 1) { return true }
            if byte == 0x26, isReference(bytes, index + 1) { return true }
        }
        return false
    }

    private static func isTag(_ bytes: [UInt8], _ start: Int) -> Bool {
        var index = start
        guard index < bytes.count else { return false }
        if bytes[index] == 0x21 {
            return index + 2 < bytes.count && bytes[index + 1] == 0x2D && bytes[index + 2] == 0x2D
        }
        if bytes[index] == 0x2F { index += 1 }
        var name: [UInt8] = []
        while index < bytes.count, name.count < 12, isLetter(bytes[index]) || isDigit(bytes[index]) {
            name.append(bytes[index] | 0x20)
            index += 1
        }
        guard index < bytes.count, !name.isEmpty else { return false }
        guard [0x3E, 0x20, 0x2F, 0x09, 0x0A, 0x0D].contains(bytes[index]) else { return false }
        let tag = String(decoding: name, as: UTF8.self)
        return isTagName(tag)
    }

    /// Whether HTML has an element of this name, in lower case.
    static func isTagName(_ name: String) -> Bool {
        Tag(rawValue: name).map { $0 != .other && $0 != .text } ?? formatting.contains(name)
    }

    private static let formatting: Set<String> = [
        "img", "u", "s", "sup", "sub", "cite", "code", "del", "ins", "strike", "abbr", "acronym", "big", "tt", "wbr",
        "mark", "area", "col", "colgroup", "track", "legend", "optgroup",
        "ruby", "kbd", "var", "samp", "dfn", "bdo", "bdi", "source", "param", "marquee", "nobr",
    ]

    private static func isReference(_ bytes: [UInt8], _ start: Int) -> Bool {
        var index = start
        if index < bytes.count, bytes[index] == 0x23 {
            index += 1
            if index < bytes.count, bytes[index] | 0x20 == 0x78 { index += 1 }
            guard index < bytes.count, isDigit(bytes[index]) || isLetter(bytes[index]) else { return false }
        }
        let first = index
        while index < bytes.count, index - first < 32, isLetter(bytes[index]) || isDigit(bytes[index]) { index += 1 }
        return index > first && index < bytes.count && bytes[index] == 0x3B
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte > 0x40 }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// A stray `<` is escaped, since libxml2's recovery would swallow what follows it, and references that it does not know are read.
    private static func wrapped(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = Array("<html><body><div>".utf8)
        out.reserveCapacity(bytes.count + 64)
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0x20
                if byte == 0x3C, !isLetter(next), next != 0x2F, next != 0x21, next != 0x3F {
                    out += "&lt;".utf8
                } else if byte == 0x26, let end = appendReference(bytes, at: index, to: &out) {
                    index = end
                    continue
                } else {
                    out.append(byte)
                }
                index += 1
            }
        }
        return out
    }

    /// Reads a name that is not HTML 4's, or the two halves of a surrogate pair; nil for any other reference.
    private static func appendReference(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, to out: inout [UInt8]
    ) -> Int? {
        let reference = CharacterReference(bytes, at: index, limit: bytes.count)
        var scalar: UInt32?
        if case .scalar(let value) = reference.meaning, reference.isPair { scalar = value }
        if case .named(let range) = reference.meaning { scalar = CharacterNames.scalar(bytes[range]) }
        guard let scalar else { return nil }
        switch scalar {
        case 0x26: out += "&amp;".utf8
        case 0x3C: out += "&lt;".utf8
        default: NamedCharacter.append(scalar, to: &out)
        }
        return reference.end
    }

    private static func splitAtBlankLines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var lineEnd: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A {
                if let end = lineEnd {
                    parts.append(bytes[start..<end])
                    start = index + 1
                    lineEnd = nil
                } else {
                    lineEnd = index
                }
            } else if byte != 0x20, byte != 0x09, byte != 0x0D {
                lineEnd = nil
            }
        }
        parts.append(bytes[start...])
        return parts
    }
}

extension PlainText {
    /// UTF-8 on one line: white space of any kind becomes one space, what must not be shown is dropped.
    static func cleaned(_ bytes: ArraySlice<UInt8>) -> String { bytes.withUnsafeBufferPointer(cleaned) }

    private static func cleaned(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count) { out in
            var count = 0
            var pendingSpace = false
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                let end = min(index + length, bytes.count)
                switch (0x21...0x7E).contains(byte) ? .visible : kind(bytes[index..<end]) {
                case .space: pendingSpace = count > 0
                case .dropped: break
                case .visible:
                    if pendingSpace {
                        out[count] = 0x20
                        count += 1
                    }
                    pendingSpace = false
                    for place in index..<end {
                        out[count] = bytes[place]
                        count += 1
                    }
                }
                index = end
            }
            return count
        }
    }

    static func cleaned(_ text: String) -> String {
        text.utf8.withContiguousStorageIfAvailable(cleaned) ?? cleaned(Array(text.utf8)[...])
    }

    private enum Kind { case visible, space, dropped }

    private static func kind(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Kind {
        let first = bytes[bytes.startIndex]
        if first < 0x80 {
            if first == 0x20 || (0x09...0x0D).contains(first) { return .space }
            return first < 0x20 || first == 0x7F ? .dropped : .visible
        }
        guard first == 0xC2 || first == 0xE2 || first == 0xE3 || first == 0xEF || first == 0xF3, bytes.count > 1 else {
            return .visible
        }
        let second = bytes[bytes.startIndex + 1]
        if first == 0xC2 {  // U+0080…U+00AD: C1 controls, no-break space, soft hyphen
            return second == 0xA0 || second == 0x85 ? .space : second < 0xA0 || second == 0xAD ? .dropped : .visible
        }
        if first == 0xF3 { return second == 0xA0 ? .dropped : .visible }  // U+E0000: tags and variation selectors
        guard bytes.count > 2 else { return .visible }
        let third = bytes[bytes.startIndex + 2]
        switch (first, second) {
        case (0xE2, 0x80):
            switch third {
            case 0x80...0x8A, 0xA8, 0xA9, 0xAF: return .space  // U+2000…200A, 2028, 2029, 202F
            case 0x8B, 0x8E, 0x8F, 0xAA...0xAE: return .dropped  // U+200B, marks, bidi embeddings and overrides
            default: return .visible  // U+200C and 200D join Persian and Indic letters
            }
        case (0xE2, 0x81):
            return third == 0x9F ? .space : (0xA0...0xAF).contains(third) ? .dropped : .visible  // U+2060…206F
        case (0xE3, 0x80): return third == 0x80 ? .space : .visible  // U+3000
        case (0xEF, 0xBB): return third == 0xBF ? .dropped : .visible  // U+FEFF
        case (0xEF, 0xBF): return (0xB9...0xBB).contains(third) ? .dropped : .visible  // U+FFF9…FFFB
        default: return .visible
        }
    }
}
