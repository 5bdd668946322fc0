import News

/// Makes JSON of what is nearly JSON (RFC 8259): raw controls, half surrogates and escapes of JavaScript in strings, commas before the end of
/// a list, comments, something behind the end, an end before the end.
enum JSONRepair {
    /// - Returns: nil where nothing was mended, or nothing whole is left.
    static func repaired(_ bytes: ArraySlice<UInt8>) -> (bytes: [UInt8], faults: [MarkupFault])? {
        var pass = Pass(bytes: bytes)
        return pass.run()
    }

    private struct Pass {
        let bytes: ArraySlice<UInt8>
        private var out: [UInt8] = []
        private var faults = FaultLog()
        private var open: [UInt8] = []
        /// Behind the last whole element of a list of the outermost object, and where its last whole member ends.
        private var elementEnd: Int?
        private var memberEnd: Int?

        init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

        mutating func run() -> (bytes: [UInt8], faults: [MarkupFault])? {
            out.reserveCapacity(bytes.count)
            var index = bytes.startIndex
            while index < bytes.endIndex {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") {
                    out.append(byte)
                    guard let end = string(from: index) else { break }
                    index = end
                    continue
                }
                if byte == UInt8(ascii: "/"), let end = comment(from: index) {
                    faults.record("comment", "a comment, left out")
                    index = end
                    continue
                }
                guard take(byte) else { return nil }
                if open.isEmpty {
                    if bytes[index...].contains(where: { $0 > 0x20 }) {
                        faults.record("junk-after", "what stands behind the document was passed over")
                    }
                    return faults.faults.isEmpty ? nil : (out, faults.faults)
                }
            }
            faults.record("truncated", "the document ends inside an item")
            let list = [UInt8(ascii: "{"), UInt8(ascii: "[")]
            if open.starts(with: list), let elementEnd {
                return (Array(out[..<elementEnd]) + Array("]}".utf8), faults.faults)
            }
            guard let memberEnd else { return nil }
            return (Array(out[..<memberEnd]) + Array("}".utf8), faults.faults)
        }

        /// What stands outside strings; false for what cannot be JSON.
        private mutating func take(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < Limits.jsonDepthMax else { return false }
                open.append(byte)
                if open.count == 2 { elementEnd = nil }
                out.append(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open.popLast() != nil else { return false }
                dropComma()
                out.append(byte)
                if open == [UInt8(ascii: "{"), UInt8(ascii: "[")] { elementEnd = out.count }
                if open.count == 1 { memberEnd = out.count }
            case UInt8(ascii: ","):
                if open.count == 1 { memberEnd = out.count }
                out.append(byte)
            default: out.append(byte)
            }
            return true
        }

        /// `["a", "b",]`, as templates write it.
        private mutating func dropComma() {
            guard let last = out.lastIndex(where: { $0 > 0x20 }), out[last] == UInt8(ascii: ",") else { return }
            faults.record("stray-comma", "a comma before the end of a list or an object, left out")
            out.removeSubrange(last...)
        }

        /// Behind the comment whose second character stands at `start`; nil where none begins.
        private func comment(from start: Int) -> Int? {
            guard start < bytes.endIndex else { return nil }
            switch bytes[start] {
            case UInt8(ascii: "/"): return bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            case UInt8(ascii: "*"):
                var index = start + 1
                while let star = bytes[index...].firstIndex(of: UInt8(ascii: "*")), star + 1 < bytes.endIndex {
                    if bytes[star + 1] == UInt8(ascii: "/") { return star + 2 }
                    index = star + 1
                }
                return bytes.endIndex
            default: return nil
            }
        }

        /// Behind the string that goes on at `start`; nil when the document ends inside.
        private mutating func string(from start: Int) -> Int? {
            var index = start
            while index < bytes.endIndex {
                let byte = bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "\""):
                    out.append(byte)
                    return index
                case UInt8(ascii: "\\"):
                    guard index < bytes.endIndex else { return nil }
                    index = escape(from: index)
                case 0..<0x20:
                    faults.record("control-characters", "in a string, escaped")
                    let digits = Array("0123456789abcdef".utf8)
                    out += "\\u00".utf8
                    out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                default: out.append(byte)
                }
            }
            return nil
        }

        /// What an escape names is passed over with it; half of a surrogate pair becomes U+FFFD.
        private mutating func escape(from start: Int) -> Int {
            guard bytes[start] == UInt8(ascii: "u"), let unit = unit(at: start + 1), (0xD800...0xDFFF).contains(unit)
            else {
                if !Self.escapable.contains(bytes[start]) {
                    faults.record("bad-escape", "a character that needs no escape and may have none, taken as itself")
                } else {
                    out.append(UInt8(ascii: "\\"))
                }
                // A raw control behind a backslash is one still.
                if bytes[start] < 0x20 { return start }
                out.append(bytes[start])
                return start + 1
            }
            let end = start + 5
            if unit < 0xDC00, end + 1 < bytes.endIndex, bytes[end] == UInt8(ascii: "\\"),
                bytes[end + 1] == UInt8(ascii: "u"), let second = self.unit(at: end + 2),
                (0xDC00...0xDFFF).contains(second)
            {
                out.append(UInt8(ascii: "\\"))
                out += bytes[start..<end + 6]
                return end + 6
            }
            faults.record("bad-bytes", "half of a surrogate pair, replaced by U+FFFD")
            out += "\\ufffd".utf8
            return end
        }

        private static let escapable = Set("\"\\/bfnrtu".utf8)

        private func unit(at start: Int) -> UInt32? {
            guard start + 4 <= bytes.endIndex else { return nil }
            return UInt32(String(decoding: bytes[start..<start + 4], as: UTF8.self), radix: 16)
        }
    }
}
