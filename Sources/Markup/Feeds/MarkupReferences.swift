import Glibc
import News

/// Makes the relative references inside HTML absolute (RFC 3986 §5), leaving every other byte as it is.
public enum MarkupReferences {
    /// One pass; a reference with a scheme, and one that cannot be resolved, stays as it stands.
    public static func resolved(_ html: String, base: WebURL) -> String {
        var growth = Limits.resolvedReferenceBytesMax
        return resolved(html, base: base, growth: &growth)
    }

    /// - Parameter growth: bytes by which texts may still become longer; when they are spent, references stay as they stand.
    static func resolved(_ html: String, base: WebURL, growth: inout Int) -> String {
        guard base.scheme != nil, growth > 0 else { return html }
        var text = html
        return text.withUTF8 { bytes in
            var pass = Pass(bytes: bytes, base: base, growth: growth)
            let resolved = pass.run()
            growth = pass.growth
            return resolved.map { String(decoding: $0, as: UTF8.self) }
        } ?? text
    }

    /// HTML's attributes that hold one URL.
    private static let names: [StaticString] = [
        "href", "src", "action", "background", "cite", "classid", "codebase", "data", "formaction", "longdesc",
        "poster",
        "profile", "usemap",
    ]

    private struct Pass {
        let bytes: UnsafeBufferPointer<UInt8>
        let base: WebURL
        private var out: [UInt8] = []
        private var copied = 0
        private(set) var growth: Int

        init(bytes: UnsafeBufferPointer<UInt8>, base: WebURL, growth: Int) {
            self.bytes = bytes
            self.base = base
            self.growth = growth
        }

        /// Nil when nothing was changed.
        mutating func run() -> [UInt8]? {
            var index = 0
            while let open = find(UInt8(ascii: "<"), from: index) {
                index = open + 1
                guard index < bytes.count else { break }
                if bytes[index...].starts(with: "!--".utf8) {
                    index = endOfComment(from: index + 3)
                } else if Self.isLetter(bytes[index]) {
                    while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
                    index = attributes(from: index)
                }
            }
            guard copied > 0 else { return nil }
            out.append(contentsOf: bytes[copied...])
            return out
        }

        private func find(_ byte: UInt8, from start: Int) -> Int? {
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(byte), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }

        private func endOfComment(from start: Int) -> Int {
            var index = start
            while let close = find(UInt8(ascii: ">"), from: index) {
                if close >= start + 2, bytes[close - 1] == UInt8(ascii: "-"), bytes[close - 2] == UInt8(ascii: "-") {
                    return close + 1
                }
                index = close + 1
            }
            return bytes.count
        }

        /// Behind the tag that goes on at `start`.
        private mutating func attributes(from start: Int) -> Int {
            var index = start
            while index < bytes.count {
                while index < bytes.count, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "/") { index += 1 }
                guard index < bytes.count else { break }
                if bytes[index] == UInt8(ascii: ">") { return index + 1 }
                if bytes[index] == UInt8(ascii: "<") { return index }
                let name = index
                while index < bytes.count, !Self.endsName(bytes[index]) { index += 1 }
                let nameEnd = index
                while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
                guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
                    if index == name { index += 1 }
                    continue
                }
                index += 1
                while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
                guard index < bytes.count, let (value, next) = value(from: index) else { break }
                if isReference(name..<nameEnd) { resolve(value) }
                index = next
            }
            return bytes.count
        }

        /// Without its quotes, and where to go on; nil when the markup ends inside.
        private func value(from start: Int) -> (Range<Int>, next: Int)? {
            let quote = bytes[start]
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                return find(quote, from: start + 1).map { (start + 1..<$0, $0 + 1) }
            }
            var end = start
            while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: ">") { end += 1 }
            return (start..<end, end)
        }

        private func isReference(_ name: Range<Int>) -> Bool {
            MarkupReferences.names.contains { known in
                known.utf8CodeUnitCount == name.count
                    && name.indices.allSatisfy { bytes[$0] | 0x20 == known.utf8Start[$0 - name.lowerBound] }
            }
        }

        private mutating func resolve(_ value: Range<Int>) {
            guard growth > 0 else { return }
            let written = text(of: value)
            guard let reference = WebURL(written), reference.scheme == nil,
                let absolute = WebURL.resolve(reference, base: base)
            else { return }
            growth -= max(0, absolute.utf8.count - value.count)
            guard growth > 0 else { return }
            out.append(contentsOf: bytes[copied..<value.lowerBound])
            for byte in absolute.utf8 {
                // What else could end a value is percent-encoded by `WebURL`, but for the apostrophe.
                switch byte {
                case UInt8(ascii: "&"): out += "&amp;".utf8
                case UInt8(ascii: "'"): out += "&#39;".utf8
                default: out.append(byte)
                }
            }
            copied = value.upperBound
        }

        /// The value with its character references read.
        private func text(of value: Range<Int>) -> String {
            var text: [UInt8] = []
            var index = value.lowerBound
            while index < value.upperBound {
                guard bytes[index] == UInt8(ascii: "&") else {
                    text.append(bytes[index])
                    index += 1
                    continue
                }
                let reference = CharacterReference(bytes, at: index, limit: value.upperBound)
                var scalar: UInt32?
                if case .scalar(let value) = reference.meaning { scalar = value }
                if case .named(let name) = reference.meaning {
                    scalar = NamedCharacter.scalar(UnsafeBufferPointer(rebasing: bytes[name]))
                }
                if let scalar {
                    NamedCharacter.append(scalar, to: &text)
                } else {
                    text.append(contentsOf: bytes[index..<reference.end])
                }
                index = reference.end
            }
            return String(decoding: text, as: UTF8.self)
        }

        private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

        private static func isName(_ byte: UInt8) -> Bool {
            byte > 0x20 && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "<")
        }

        private static func endsName(_ byte: UInt8) -> Bool {
            byte <= 0x20 || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
                || byte == UInt8(ascii: "<")
        }
    }
}
