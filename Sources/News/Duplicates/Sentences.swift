/// Sentences of a text, with what makes two of them the same.
struct Sentences {
    /// As they stand, in order.
    private(set) var texts: [String] = []
    /// Hashes of their words: typography, case and white space do not count.
    private(set) var keys: [UInt64] = []

    init(_ paragraphs: [String]) {
        for paragraph in paragraphs {
            let bytes = Array(paragraph.utf8)
            var start = 0
            for end in Self.ends(bytes) {
                add(bytes[start..<end])
                start = end
            }
            add(bytes[start...])
        }
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        let text = FoldedText(utf8: Array(bytes))
        let words = WordScanner.words(text)
        guard !words.isEmpty else { return }
        var trimmed = bytes
        while let first = trimmed.first, first <= 0x20 { trimmed.removeFirst() }
        while let last = trimmed.last, last <= 0x20 { trimmed.removeLast() }
        texts.append(String(decoding: trimmed, as: UTF8.self))
        keys.append(words.reduce(FNV.offset) { FNV.mix($0 ^ $1.hash) })
    }

    /// Offsets after the marks that end sentences: `.!?` before a space and a capital, `。！？` always.
    private static func ends(_ bytes: [UInt8]) -> [Int] {
        var ends: [Int] = []
        var index = 0
        while index < bytes.count {
            let length = min(UTF8Bytes.length(lead: bytes[index]), bytes.count - index)
            let scalar = UTF8Bytes.scalar(bytes, at: index, length: length)
            index += length
            switch scalar {
            case 0x3002, 0xFF01, 0xFF1F: ends.append(index)
            case 0x2E, 0x21, 0x3F:
                if let end = sentenceEnd(bytes, after: index) { ends.append(end) }
            default: break
            }
        }
        return ends
    }

    /// After closing quotes; not after a single capital (`U.S.`), a title (`Mr.`) or inside a number.
    private static func sentenceEnd(_ bytes: [UInt8], after mark: Int) -> Int? {
        if bytes[mark - 1] == 0x2E, isAbbreviated(bytes, before: mark - 1) { return nil }
        var end = mark
        while end < bytes.count {
            if bytes[end] == 0x22 || bytes[end] == 0x27 || bytes[end] == 0x29 {
                end += 1
            } else if end + 2 < bytes.count, bytes[end] == 0xE2, bytes[end + 1] == 0x80,
                [0x99, 0x9D].contains(bytes[end + 2])
            {
                end += 3
            } else {
                break
            }
        }
        guard end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x0A else { return nil }
        return end
    }

    private static let titles: Set<String> = [
        "mr", "mrs", "ms", "dr", "gen", "lt", "col", "adm", "sgt", "sen", "rep", "gov", "st",
    ]

    private static func isAbbreviated(_ bytes: [UInt8], before dot: Int) -> Bool {
        var start = dot
        while start > 0, UTF8Bytes.isWordByte(bytes[start - 1]), dot - start < 6 { start -= 1 }
        if dot - start == 1 { return bytes[start] >= 0x41 && bytes[start] <= 0x5A }
        return titles.contains(String(decoding: bytes[start..<dot].map(UTF8Bytes.lower), as: UTF8.self))
    }
}
