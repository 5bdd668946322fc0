import News

/// Makes the addresses inside published HTML absolute, where the entry's base is still known.
enum RelativeLinks {
    /// - Parameter html: a field as published.
    /// - Returns: nil when nothing had to change, which is the common case and costs one scan.
    static func resolved(_ html: ArraySlice<UInt8>, base: WebURL) -> [UInt8]? {
        html.withUnsafeBufferPointer { bytes in
            guard bytes.contains(UInt8(ascii: "<")) else { return nil }
            var out: [UInt8] = []
            var copied = 0
            var index = 0
            while let value = nextAddress(bytes, from: &index) {
                guard let absolute = absolute(bytes, value, base: base) else { continue }
                out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<value.lowerBound]))
                out += absolute
                copied = value.upperBound
            }
            guard copied > 0 else { return nil }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
            return out
        }
    }

    /// The value of the next `href` or `src` inside a tag, in quotes.
    private static func nextAddress(_ bytes: UnsafeBufferPointer<UInt8>, from index: inout Int) -> Range<Int>? {
        while index < bytes.count {
            guard let equals = bytes[index...].firstIndex(of: UInt8(ascii: "=")) else { return nil }
            index = equals + 1
            guard endsWithName(bytes, equals), index < bytes.count else { continue }
            let quote = bytes[index]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { continue }
            let start = index + 1
            guard let end = bytes[start...].prefix(Limits.urlBytesMax).firstIndex(of: quote) else { continue }
            index = end + 1
            return start..<end
        }
        return nil
    }

    private static func endsWithName(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int) -> Bool {
        for name in [StaticString("href"), StaticString("src")] {
            let start = end - name.utf8CodeUnitCount
            guard start > 0, bytes[start - 1] <= 0x20 else { continue }
            var isSame = true
            for offset in 0..<name.utf8CodeUnitCount where bytes[start + offset] | 0x20 != name.utf8Start[offset] {
                isSame = false
            }
            if isSame { return true }
        }
        return false
    }

    /// Nil for what is absolute already, points into the same text, or cannot be resolved.
    private static func absolute(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, base: WebURL) -> [UInt8]? {
        let value = bytes[range].drop { $0 <= 0x20 }
        guard let first = value.first, first != UInt8(ascii: "#") else { return nil }
        if let colon = value.firstIndex(of: UInt8(ascii: ":")), !value[..<colon].contains(UInt8(ascii: "/")) {
            return nil
        }
        let text = String(decoding: bytes[range], as: UTF8.self).replacing("&amp;", with: "&")
        guard let reference = WebURL(text), let url = WebURL.resolve(reference, base: base) else { return nil }
        return Array(url.replacing("&", with: "&amp;").utf8)
    }
}
