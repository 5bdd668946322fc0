import News

/// Takes out of a page the attributes of a tag beyond `Limits.tagAttributesMax` before it is parsed: libxml2's time for a tag grows with
/// their square. Where a tag and its attributes end is told as libxml2 tells it.
enum LongTags {
    /// Linear in the page; scripts, styles and comments are left as they are.
    static func cut(_ html: [UInt8]) -> [UInt8] {
        let excess = html.withUnsafeBufferPointer(excess)
        guard !excess.isEmpty else { return html }
        var left: [UInt8] = []
        var copied = 0
        for range in excess {
            left += html[copied..<range.lowerBound]
            copied = range.upperBound
        }
        return left + html[copied...]
    }

    /// Where the attributes beyond the limit stand.
    private static func excess(_ html: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while let start = html.index(of: UInt8(ascii: "<"), from: index) {
            index = start + 1
            guard index < html.count, isLetter(html[index]) else {
                if html.matches("!--", at: index) { index = commentEnd(html, from: index + 3) }
                continue
            }
            skipName(html, &index)
            let name = html[(start + 1)..<index]
            var count = 0
            var cut: Int?
            while let attribute = nextAttribute(html, &index) {
                count += 1
                if count > Limits.tagAttributesMax, cut == nil { cut = attribute }
            }
            if let cut { found.append(cut..<index) }
            if let raw = rawNames.first(where: { isSame(name, $0) }) { index = rawEnd(html, from: index, raw) }
        }
        return found
    }

    /// Those whose content has no tags.
    private static let rawNames = [Array("script".utf8), Array("style".utf8)]

    private static func isSame(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ lower: [UInt8]) -> Bool {
        name.count == lower.count && name.elementsEqual(lower) { $0 | 0x20 == $1 }
    }

    private static func rawEnd(_ html: UnsafeBufferPointer<UInt8>, from start: Int, _ name: [UInt8]) -> Int {
        var index = start
        while let end = html.end(of: "</", from: index) {
            if html[end...].prefix(name.count).elementsEqual(name, by: { $0 | 0x20 == $1 }) { return end }
            index = end
        }
        return html.count
    }

    private static func commentEnd(_ html: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while let end = html.end(of: "--", from: index) {
            if html.matches(">", at: end) || html.matches("!>", at: end) { return end }
            index = end - 1
        }
        return html.count
    }

    /// Moves behind the next attribute of a tag; nil at the tag's end. What is no name is left out up to the next space.
    private static func nextAttribute(_ html: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
        skipSpace(html, &index)
        while index < html.count, !isNameStart(html[index]) {
            if html[index] == UInt8(ascii: ">") { return nil }
            skipWord(html, &index)
            skipSpace(html, &index)
        }
        guard index < html.count else { return nil }
        let start = index
        skipName(html, &index)
        var value = index
        skipSpace(html, &value)
        guard value < html.count, html[value] == UInt8(ascii: "=") else { return start }
        index = value + 1
        skipSpace(html, &index)
        if index < html.count, html[index] == UInt8(ascii: "\"") || html[index] == UInt8(ascii: "'") {
            index = html.index(of: html[index], from: index + 1).map { $0 + 1 } ?? html.count
        } else {
            skipWord(html, &index)
        }
        return start
    }

    private static func skipSpace(_ html: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        while index < html.count, isSpace(html[index]) { index += 1 }
    }

    private static func skipWord(_ html: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        while index < html.count, !isSpace(html[index]), html[index] != UInt8(ascii: ">") { index += 1 }
    }

    /// libxml2 cuts a longer name into several.
    private static func skipName(_ html: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        let start = index
        while index < html.count, index - start < 100, isInName(html[index]) { index += 1 }
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
    private static func isInName(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
