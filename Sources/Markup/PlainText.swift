import News

/// Readable text of published markup, by a small scanner of its own: no tree, no recursion, linear in the input.
public enum PlainText {
    /// The paragraphs of an HTML fragment or a text, one line each, in order, none empty.
    ///
    /// Block elements and `<br><br>` part paragraphs; scripts, styles and comments are left out; characters are decoded once. Text
    /// without any markup is parted at its empty lines.
    public static func from(html: String) -> [String] {
        var scanner = TextScanner(isLine: false)
        return scanner.scan(html)
    }

    /// One line of a title, which feeds publish as text or as HTML, sometimes escaped twice.
    ///
    /// Without tags, control characters and bidirectional overrides; at most `Limits.titleCharactersMax` characters.
    public static func line(_ title: String) -> String {
        var text = title
        // Escaped once too often is common, more is not.
        for _ in 0..<2 {
            var scanner = TextScanner(isLine: true)
            let next = scanner.scan(text).joined(separator: " ")
            if next == text { break }
            text = next
            guard text.utf8.contains(UInt8(ascii: "&")) || text.utf8.contains(UInt8(ascii: "<")) else { break }
        }
        return text.utf8.count <= Limits.titleCharactersMax ? text : String(text.prefix(Limits.titleCharactersMax))
    }
}

/// Goes once over markup and collects its text.
struct TextScanner {
    private let isLine: Bool
    private var paragraphs: [String] = []
    private var buffer: [UInt8] = []
    private var pendingSpace = false
    private var breaks = 0

    /// - Parameter isLine: everything is one paragraph.
    init(isLine: Bool) { self.isLine = isLine }

    mutating func scan(_ markup: String) -> [String] {
        var markup = markup
        let hasTags = markup.utf8.contains(UInt8(ascii: "<"))
        markup.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                index = step(bytes, index, partsAtEmptyLines: !hasTags)
            }
        }
        flush()
        return paragraphs
    }

    private mutating func step(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, partsAtEmptyLines: Bool) -> Int {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "<"): return tag(bytes, index)
        case UInt8(ascii: "&"): return reference(bytes, index)
        case 0x0A where partsAtEmptyLines:
            noteBreak()
            return index + 1
        case 0...0x20:
            pendingSpace = true
            return index + 1
        default:
            let length = max(UTF8Check.sequenceLength(bytes, at: index), 1)
            if length == 1 {
                append(byte)
            } else {
                append(UnsafeBufferPointer(rebasing: bytes[index..<index + length]))
            }
            return index + length
        }
    }

    // MARK: Collecting

    private mutating func append(_ byte: UInt8) {
        guard byte != 0x7F else { return }
        space()
        buffer.append(byte)
    }

    private mutating func append(_ character: UnsafeBufferPointer<UInt8>) {
        switch Self.kind(character) {
        case .text:
            space()
            buffer.append(contentsOf: character)
        case .space: pendingSpace = true
        case .dropped: break
        }
    }

    private mutating func append(scalar: UInt32) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        if scalar.value <= 0x20 {
            pendingSpace = true
        } else if scalar.isASCII {
            append(UInt8(scalar.value))
        } else {
            Array(String(scalar).utf8).withUnsafeBufferPointer { append($0) }
        }
    }

    private mutating func space() {
        breaks = 0
        if pendingSpace, !buffer.isEmpty { buffer.append(0x20) }
        pendingSpace = false
    }

    private mutating func flush() {
        if !buffer.isEmpty { paragraphs.append(String(decoding: buffer, as: UTF8.self)) }
        buffer.removeAll(keepingCapacity: true)
        pendingSpace = false
    }

    /// One line end is a space, two part paragraphs.
    private mutating func noteBreak() {
        breaks += 1
        pendingSpace = true
        if breaks > 1, !isLine { flush() }
    }

    private enum Kind { case text, space, dropped }

    /// Spaces of all widths are one space; controls, joiners of nothing and bidirectional overrides (U+202A–E, U+2066–9) are nothing.
    private static func kind(_ c: UnsafeBufferPointer<UInt8>) -> Kind {
        switch (c.count, c[0], c[1]) {
        case (2, 0xC2, 0x80...0x9F): return .dropped
        case (2, 0xC2, 0xA0): return .space
        case (2, 0xC2, 0xAD): return .dropped
        case (3, 0xE2, 0x80):
            switch c[2] {
            case 0x80...0x8A, 0xA8, 0xA9, 0xAF: return .space
            case 0x8B, 0x8E, 0x8F, 0xAA...0xAE: return .dropped
            default: return .text
            }
        case (3, 0xE2, 0x81): return c[2] == 0x9F ? .space : (0xA0...0xA9).contains(c[2]) ? .dropped : .text
        case (3, 0xE3, 0x80): return c[2] == 0x80 ? .space : .text
        case (3, 0xEF, 0xBB): return c[2] == 0xBF ? .dropped : .text
        default: return .text
        }
    }

    // MARK: Markup

    private mutating func reference(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let reference = CharacterReference(bytes, at: index, limit: bytes.count)
        switch reference.meaning {
        case .scalar(let scalar): append(scalar: scalar)
        case .invalid: break
        case .named(let name):
            guard let scalar = NamedCharacter.scalar(bytes[name]) else { fallthrough }
            append(scalar: scalar)
        case .stray:
            append(bytes[index])
            return index + 1
        }
        return reference.end
    }

    private mutating func tag(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        guard index + 1 < bytes.count else {
            append(bytes[index])
            return index + 1
        }
        let next = bytes[index + 1]
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") { return declaration(bytes, index) }
        let nameStart = next == UInt8(ascii: "/") ? index + 2 : index + 1
        guard nameStart < bytes.count, (0x61...0x7A).contains(bytes[nameStart] | 0x20),
            let end = Self.endOfTag(bytes, nameStart)
        else {
            append(bytes[index])
            return index + 1
        }
        var name: [UInt8] = []
        for byte in bytes[nameStart..<end].prefix(11) {
            guard (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) else { break }
            name.append(byte | 0x20)
        }
        let tagName = String(decoding: name, as: UTF8.self)
        if next != UInt8(ascii: "/"), tagName == "script" || tagName == "style" {
            return Self.find(Array("</\(tagName)".utf8), in: bytes, from: end) ?? bytes.count
        }
        if tagName == "br" {
            noteBreak()
        } else if Self.blocks.contains(tagName) {
            if isLine { pendingSpace = true } else { flush() }
        }
        return end
    }

    /// Behind the `>` of a tag, quotes respected; nil for a `<` that is just a sign.
    private static func endOfTag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var quote: UInt8 = 0
        var index = start
        let limit = min(bytes.count, start + 20_000)
        while index < limit {
            let byte = bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            } else if byte == UInt8(ascii: "<") {
                return nil
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), bytes[index - 1] == UInt8(ascii: "=") {
                quote = byte
            }
            index += 1
        }
        return nil
    }

    private func declaration(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        let isComment = bytes[index...].starts(with: Array("<!--".utf8))
        return Self.find(Array((isComment ? "-->" : ">").utf8), in: bytes, from: index) ?? bytes.count
    }

    private static func find(_ text: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index + text.count <= bytes.count {
            var matched = 0
            while matched < text.count, bytes[index + matched] | 0x20 == text[matched] | 0x20 { matched += 1 }
            if matched == text.count { return index + matched }
            index += 1
        }
        return nil
    }

    private static let blocks: Set<String> = [
        "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
        "table", "tr",
        "td", "th", "section", "article", "aside", "header", "footer", "figure", "figcaption", "hr", "center", "form",
    ]
}
