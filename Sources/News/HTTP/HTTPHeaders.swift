/// Header fields in the order received; names compare without regard to ASCII case (RFC 9110 §5.1).
///
/// The bytes are kept as they came: text is made of a value only when it is asked for, and most never are.
public struct HTTPHeaders: Sendable {
    /// Where in `block` a field stands, without the white space around it.
    private struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    private var block: [UInt8] = []
    private var fields: [Field] = []

    public init() {}

    public init(_ pairs: [(String, String)]) {
        self.init(block: pairs.flatMap { Array("\($0.0): \($0.1)\n".utf8) })
    }

    /// Field lines as they are sent, each with its end of line; lines without a name and a colon are left out, continuation
    /// lines (RFC 9112 §5.2) are joined with a space. Takes time linear in the bytes.
    public init(block: [UInt8]) {
        self.block = block
        fields.reserveCapacity(16)
        var start = 0
        while start < block.count {
            let end = place(of: 0x0A, in: start..<block.count) ?? block.count
            if start < end { take(start..<end) }
            start = end + 1
        }
    }

    /// The first value of that name. Bytes that are not UTF-8 become U+FFFD.
    public subscript(name: String) -> String? {
        fields.first { isNamed($0, name) }.map { text($0.value) }
    }

    /// Every value of that name, in order.
    public func all(_ name: String) -> [String] {
        fields.compactMap { isNamed($0, name) ? text($0.value) : nil }
    }

    /// Adds a field behind those that there are.
    public mutating func append(name: String, value: String) {
        let start = block.count
        block += name.utf8
        let end = block.count
        block += value.utf8
        fields.append(Field(name: start..<end, value: end..<block.count))
    }

    private mutating func take(_ line: Range<Int>) {
        let first = block[line.lowerBound]
        if first == 0x20 || first == 0x09, let last = fields.popLast() {
            fields.append(joined(last, trimmed(line)))
            return
        }
        guard let colon = place(of: UInt8(ascii: ":"), in: line), colon > line.lowerBound else { return }
        fields.append(
            Field(name: trimmed(line.lowerBound..<colon), value: trimmed(colon + 1..<line.upperBound)))
    }

    /// Moves the words down behind the value: between the two there was an end of line at least.
    private mutating func joined(_ field: Field, _ words: Range<Int>) -> Field {
        if words.isEmpty { return field }
        var end = field.value.upperBound
        block[end] = 0x20
        end += 1
        for place in words {
            block[end] = block[place]
            end += 1
        }
        return Field(name: field.name, value: field.value.lowerBound..<end)
    }

    private func place(of byte: UInt8, in range: Range<Int>) -> Int? {
        block.withUnsafeBufferPointer { $0[range].firstIndex(of: byte) }
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Self.isSpace(block[start]) { start += 1 }
        while start < end, Self.isSpace(block[end - 1]) { end -= 1 }
        return start..<end
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: block[range], as: UTF8.self) }

    private func isNamed(_ field: Field, _ name: String) -> Bool {
        field.name.count == name.utf8.count
            && zip(field.name, name.utf8).allSatisfy { Self.lowered(block[$0]) == Self.lowered($1) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

/// What a status says (RFC 9110 §15).
public enum HTTPStatus {
    /// The body is the document that was asked for. 203 is a 200 that somebody on the way has changed (§15.3.4); 206 is a part of one,
    /// and nobody asks for parts.
    public static func hasDocument(_ status: Int) -> Bool { status == 200 || status == 203 }
}
