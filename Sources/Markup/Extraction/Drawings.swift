import Glibc

/// Takes SVG drawings out of a page before it is parsed: libxml2 does not know foreign content (HTML standard §13.2.6.5), and an
/// element of a drawing that is not closed swallows what follows.
enum Drawings {
    /// The page without its `<svg …>…</svg>`, where both ends stand in it. Scripts and comments are left as they are.
    static func removed(from html: [UInt8]) -> [UInt8] {
        var left: [UInt8] = []
        var copied = 0
        var index = 0
        var isLast = false
        while !isLast, let start = next(0x3C, in: html, from: index) {
            index = start + 1
            if starts(html, "<!--", at: start) {
                index = end(of: "-->", in: html, from: start) ?? html.count
            } else if starts(html, "<script", at: start) {
                index = end(of: "</script", in: html, from: start) ?? html.count
            } else if starts(html, "<svg", at: start), isNameEnd(html, start + 4) {
                guard let end = closing(html, from: start) else {
                    // One that never ends is looked for once.
                    isLast = true
                    break
                }
                left += html[copied..<start]
                (copied, index) = (end, end)
            }
        }
        guard copied > 0 else { return html }
        left += html[copied...]
        return left
    }

    /// Behind the `</svg>` that closes the drawing; drawings may stand in each other.
    private static func closing(_ html: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var index = start
        while let mark = next(0x3C, in: html, from: index) {
            index = mark + 1
            if starts(html, "<svg", at: mark), isNameEnd(html, mark + 4) {
                guard let end = next(0x3E, in: html, from: mark) else { return nil }
                if html[end - 1] != 0x2F { depth += 1 } else if depth == 0 { return end + 1 }
                index = end
            } else if starts(html, "</svg", at: mark) {
                depth -= 1
                guard let end = next(0x3E, in: html, from: mark) else { return nil }
                if depth <= 0 { return end + 1 }
                index = end
            } else if starts(html, "</body", at: mark) {
                return nil
            }
        }
        return nil
    }

    private static func isNameEnd(_ html: [UInt8], _ index: Int) -> Bool {
        index < html.count && [0x20, 0x09, 0x0A, 0x0D, 0x2F, 0x3E].contains(html[index])
    }

    private static func next(_ byte: UInt8, in html: [UInt8], from index: Int) -> Int? {
        html.withUnsafeBytes { bytes in
            guard index < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + index, Int32(byte), bytes.count - index)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private static func end(of mark: StaticString, in html: [UInt8], from start: Int) -> Int? {
        let first = mark.utf8Start.pointee
        var index = start + 1
        while let found = next(first, in: html, from: index) {
            if starts(html, mark, at: found) { return found + mark.utf8CodeUnitCount }
            index = found + 1
        }
        return nil
    }

    /// Whether the page has these lower-case letters here, in either case.
    private static func starts(_ html: [UInt8], _ mark: StaticString, at index: Int) -> Bool {
        guard index + mark.utf8CodeUnitCount <= html.count else { return false }
        return mark.withUTF8Buffer { mark in
            mark.indices.allSatisfy { offset in
                let byte = html[index + offset]
                return (0x41...0x5A).contains(byte) ? byte | 0x20 == mark[offset] : byte == mark[offset]
            }
        }
    }
}
