import News

/// JSON as pages carry it in scripts: RFC 8259, and what is wrong with it there: line ends and quotes in strings that are not escaped,
/// single quotes, comments, commas too many or too few, CDATA around it.
indirect enum JSONValue {
    case object([(key: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    var string: String? {
        switch self {
        case .string(let text): text
        case .number(let text): text
        default: nil
        }
    }

    /// The elements of an array, or the value itself.
    var list: [JSONValue] { if case .array(let values) = self { values } else { [self] } }

    /// Objects and arrays that stand one after another, each read with a stack of its own; the last is what was read so far where
    /// it breaks off.
    ///
    /// - Parameter left: values that may still be read; reading ends when there are none.
    static func parse(all bytes: ArraySlice<UInt8>, left: inout Int) -> [JSONValue] {
        let plain = unescaped(bytes)
        var scanner = JSONScanner(bytes: plain, left: left)
        defer { left = scanner.left }
        var values: [JSONValue] = []
        while values.count < Limits.linkedDataValuesMax, let value = scanner.value() { values.append(value) }
        return values
    }

    /// A script is no markup, but some templates escape it as if it were: `{&quot;@type&quot;: …`.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let brace = bytes.firstIndex(of: 0x7B) else { return bytes }
        let next = bytes[(brace + 1)...].drop { $0 <= 0x20 }
        guard escapes.dropLast().contains(where: { next.starts(with: $0.text.utf8) }) else { return bytes }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let escape = bytes[index] == 0x26 ? escapes.first { bytes[index...].starts(with: $0.text.utf8) } : nil
            plain.append(escape?.byte ?? bytes[index])
            index += escape?.text.utf8.count ?? 1
        }
        return plain[...]
    }

    private static let escapes: [(text: String, byte: UInt8)] = [
        ("&quot;", 0x22), ("&#34;", 0x22), ("&#034;", 0x22), ("&#x22;", 0x22), ("&amp;", 0x26),
    ]
}

private struct JSONScanner {
    /// An object or array that is open. It is filled in place: a copy for each value would cost quadratic time.
    private struct Frame {
        let isObject: Bool
        var members: [(key: String, value: JSONValue)] = []
        var items: [JSONValue] = []
        /// Of an object, while its value is awaited.
        var key: String?

        var value: JSONValue { isObject ? .object(members) : .array(items) }

        /// A value without a key is dropped.
        mutating func append(_ value: JSONValue) {
            if !isObject { items.append(value) } else if let key { members.append((key, value)) }
            key = nil
        }
    }

    let bytes: ArraySlice<UInt8>
    var index: Int
    private var stack: [Frame] = []
    private(set) var left: Int

    init(bytes: ArraySlice<UInt8>, left: Int) {
        self.bytes = bytes
        self.left = left
        index = bytes.startIndex
    }

    mutating func value() -> JSONValue? {
        guard left > 0 else { return nil }
        while index < bytes.endIndex, bytes[index] != 0x7B, bytes[index] != 0x5B {
            if isComment { skipComment() } else { index += 1 }
        }
        while index < bytes.endIndex, left > 0 {
            let byte = bytes[index]
            switch byte {
            case 0x7B, 0x5B:
                guard stack.count < Limits.linkedDataDepthMax else { return collapse() }
                stack.append(Frame(isObject: byte == 0x7B))
                index += 1
            case 0x7D, 0x5D:
                index += 1
                guard let frame = stack.popLast() else { return nil }
                if stack.isEmpty { return frame.value }
                store(frame.value)
            case 0x22, 0x27: text(quote: byte)
            case 0x2F where isComment: skipComment()
            case 0x20, 0x09...0x0D, 0x2C, 0x3A: index += 1
            default: word()
            }
        }
        return collapse()
    }

    private mutating func collapse() -> JSONValue? {
        while let frame = stack.popLast() {
            if stack.isEmpty { return frame.value }
            store(frame.value)
        }
        return nil
    }

    private mutating func store(_ value: JSONValue) {
        left -= 1
        if !stack.isEmpty { stack[stack.count - 1].append(value) }
    }

    /// A comment of JavaScript begins here; one around CDATA (`//<![CDATA[`) is not skipped, for all may stand on its line.
    private var isComment: Bool {
        guard bytes[index] == 0x2F, index + 1 < bytes.endIndex else { return false }
        let isLine = bytes[index + 1] == 0x2F && !bytes[(index + 2)...].starts(with: "<![CDATA[".utf8)
        return isLine || bytes[index + 1] == 0x2A
    }

    private mutating func skipComment() {
        let isLine = bytes[index + 1] == 0x2F
        index += 2
        while index < bytes.endIndex {
            if isLine, bytes[index] == 0x0A { return }
            if !isLine, bytes[index] == 0x2A, index + 1 < bytes.endIndex, bytes[index + 1] == 0x2F {
                index += 2
                return
            }
            index += 1
        }
    }

    private mutating func text(quote: UInt8) {
        let text = string(quote)
        if let frame = stack.indices.last, stack[frame].isObject, stack[frame].key == nil {
            stack[frame].key = text
        } else {
            store(.string(text))
        }
    }

    private mutating func word() {
        let start = index
        while index < bytes.endIndex,
            ![0x2C, 0x7D, 0x5D, 0x20, 0x0A, 0x0D, 0x09, 0x22, 0x7B, 0x5B].contains(bytes[index])
        {
            index += 1
        }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        switch word {
        case "true": store(.bool(true))
        case "false": store(.bool(false))
        case "null": store(.null)
        default: store(.number(word))
        }
    }

    /// Whether the quote at `index` ends its string: what may follow one does. A quotation within a text is not always escaped.
    private func endsString(_ quote: UInt8) -> Bool {
        var isNewLine = false
        func next(_ place: Int) -> (byte: UInt8, place: Int)? {
            var place = place
            while place < bytes.endIndex, place - index < Self.gapMax {
                if bytes[place] > 0x20 { return (bytes[place], place) }
                if bytes[place] == 0x0A { isNewLine = true }
                place += 1
            }
            return nil
        }
        guard let (byte, place) = next(index + 1) else { return true }
        switch byte {
        case 0x7D, 0x5D, 0x3A, 0x2F: return true
        case quote: return isNewLine
        case 0x2C:
            // In an object a name follows; of an array nothing can be said.
            guard stack.last?.isObject == true, let (after, _) = next(place + 1) else { return true }
            return [quote, 0x7D, 0x5D, 0x2F, 0x2C].contains(after)
        default: return false
        }
    }

    /// Bytes behind a quote in which it is looked for what follows.
    private static let gapMax = 200

    private mutating func string(_ quote: UInt8) -> String {
        var out: [UInt8] = []
        index += 1
        while index < bytes.endIndex, bytes[index] != quote || !endsString(quote) {
            if bytes[index] == 0x5C, index + 1 < bytes.endIndex {
                index += 1
                escape(into: &out)
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        index += 1
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func escape(into out: inout [UInt8]) {
        let byte = bytes[index]
        index += 1
        switch byte {
        case 0x6E, 0x72: out.append(0x0A)
        case 0x74: out.append(0x09)
        case 0x62, 0x66: out.append(0x20)
        case 0x75:
            guard let unit = unit() else { return }
            var scalar = UInt32(unit)
            if UTF16.isLeadSurrogate(unit), index + 1 < bytes.endIndex, bytes[index] == 0x5C, bytes[index + 1] == 0x75 {
                index += 2
                if let trail = self.unit(), UTF16.isTrailSurrogate(trail) {
                    scalar = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00)
                }
            }
            out.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
        default: out.append(byte)
        }
    }

    private mutating func unit() -> UInt16? {
        guard index + 4 <= bytes.endIndex else {
            index = bytes.endIndex
            return nil
        }
        defer { index += 4 }
        return UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    }
}
