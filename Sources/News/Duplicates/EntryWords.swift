/// The words of an entry's fields, whatever their markup: for identities and for noticing changes, not for reading.
///
/// Lower-case words of HTML or plain text, East Asian characters each a word, and a `|` at the end of each field; tags,
/// scripts, styles and typography left out, and counters such as "12 comments" or "3 hours ago", which change with each poll.
struct EntryWords {
    struct Word {
        /// FNV-1a over its bytes.
        var hash: UInt64
        /// In `bytes`.
        var start: Int32
        var end: Int32

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// All words, one space apart.
    private(set) var bytes: [UInt8] = []
    private(set) var words: [Word] = []

    /// Appends the words of a field; one that is empty or not there has none, and no end.
    mutating func append(_ field: String?) {
        guard let field, !field.isEmpty else { return }
        let text = Self.withoutMarkup(Array(field.utf8))
        let before = words.count
        if !appendPlain(text) {
            let folded = FoldedText(utf8: text)
            for word in WordScanner.words(folded) {
                let start = beginWord()
                for byte in folded.bytes[word.range] { bytes.append(UTF8Bytes.lower(byte)) }
                endWord(from: start, word.hash)
            }
        }
        dropCounters(from: before)
        let start = beginWord()
        bytes.append(Self.end)
        endWord(from: start, FNV.step(FNV.offset, Self.end))
    }

    /// Hands over the words of more than one byte: place, the hash to count it by, which for an East Asian character is that
    /// of the pair with the next one, and its own.
    @inline(__always) func forEachLong(_ body: (_ index: Int, _ counted: UInt64, _ hash: UInt64) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            words.withUnsafeBufferPointer { words in
                for index in words.indices where words[index].end - words[index].start > 1 {
                    var counted = words[index].hash
                    if bytes[Int(words[index].start)] >= 0xE3, index + 1 < words.count {
                        let next = words[index + 1].range
                        if bytes[next.lowerBound] >= 0xE3 { counted = bytes[next].reduce(counted, FNV.step) }
                    }
                    body(index, counted, words[index].hash)
                }
            }
        }
    }

    private mutating func beginWord() -> Int {
        if !bytes.isEmpty { bytes.append(0x20) }
        return bytes.count
    }

    private mutating func endWord(from start: Int, _ hash: UInt64) {
        words.append(
            Word(hash: hash, start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: bytes.count)))
    }

    private static let end = UInt8(ascii: "|")
}

extension EntryWords {
    /// Appends the words of a text in one pass where folding it (`FoldedText`) would change no word but for capitals, as in
    /// nearly all that is written in English.
    /// - Returns: false, and nothing is appended, where it may change more.
    private mutating func appendPlain(_ text: [UInt8]) -> Bool {
        let before = bytes.count
        // Room for all of it: words are parted by a byte at least, and one more parts the first from what stands before.
        bytes += text
        bytes.append(0)
        let end = withUnsafeTemporaryAllocation(of: Word.self, capacity: text.count / 2 + 1) { found -> Int? in
            let scanned = text.withUnsafeBufferPointer { text in
                bytes.withUnsafeMutableBufferPointer { Self.scan(text, into: $0, from: before, found) }
            }
            guard let scanned else { return nil }
            words += UnsafeBufferPointer(rebasing: found[..<scanned.words])
            return scanned.end
        }
        bytes.removeLast(bytes.count - (end ?? before))
        return end != nil
    }

    /// - Returns: where the words end in `bytes`, and how many they are; nil where folding may change more than capitals.
    private static func scan(
        _ text: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableBufferPointer<UInt8>, from before: Int,
        _ words: UnsafeMutableBufferPointer<Word>
    ) -> (end: Int, words: Int)? {
        var end = before
        var count = 0
        var index = 0
        while index < text.count {
            if !UTF8Bytes.isWordByte(text[index]) {
                let length = text[index] < 0x80 ? 1 : signLength(text, at: index)
                if length == 0 { return nil }
                index += length
                continue
            }
            if end > 0 {
                bytes[end] = 0x20
                end += 1
            }
            let start = end
            var hash = FNV.offset
            while index < text.count, UTF8Bytes.isWordByte(text[index]) {
                let byte = UTF8Bytes.lower(text[index])
                hash = FNV.step(hash, byte)
                bytes[end] = byte
                end += 1
                index += 1
            }
            words.initializeElement(
                at: count,
                to: Word(hash: hash, start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end)))
            count += 1
            if end - start == 1, mayBeInitialism(text, at: index) { return nil }
        }
        return (end, count)
    }

    /// Of a sign outside ASCII that parts words, such as curly quotes, dashes and hard spaces; 0 for letters, and for what is
    /// dropped or stands for something else.
    private static func signLength(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        if text[index] == 0xC2, index + 1 < text.count {
            return text[index + 1] == 0xAD || text[index + 1] == 0xB7 ? 0 : 2
        }
        guard text[index] == 0xE2, index + 2 < text.count, text[index + 1] == 0x80 else { return 0 }
        switch text[index + 2] {
        case 0x8B...0x8F, 0xAA...0xAE: return 0
        default: return 3
        }
    }

    /// A dot after a single capital and before another one: `U.S.` is one word.
    private static func mayBeInitialism(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        func isCapital(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
        return index + 1 < text.count && text[index] == 0x2E && isCapital(text[index - 1]) && isCapital(text[index + 1])
    }

    private static let counted = hashes(of: "comment comments reply replies like likes view views")
    private static let units = hashes(
        of: "sec secs second seconds min mins minute minutes hour hours hr hrs day days")
    private static let agos = hashes(of: "ago read")

    private static func hashes(of words: String) -> Set<UInt64> {
        Set(words.split(separator: " ").map { FNV.hash($0.utf8) })
    }

    /// Drops the number of `12 comments`, of `comments 12` at the end of a field, and of `3 hours ago` from the words of a field,
    /// which are those from `first` on.
    private mutating func dropCounters(from first: Int) {
        // Words of digits alone begin with one.
        let counters = (first..<words.count).filter { index in
            bytes[Int(words[index].start)] <= 0x39 && isCounter(index, from: first)
        }
        guard let one = counters.first else { return }
        let old = (bytes: bytes, words: words[one...])
        bytes.removeLast(bytes.count - max(0, Int(words[one].start) - 1))
        words.removeLast(words.count - one)
        let dropped = Set(counters)
        for index in old.words.indices where !dropped.contains(index) {
            let start = beginWord()
            bytes += old.bytes[old.words[index].range]
            endWord(from: start, old.words[index].hash)
        }
    }

    private func isCounter(_ index: Int, from first: Int) -> Bool {
        guard bytes[words[index].range].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
        guard index + 1 < words.count else { return index > first && Self.counted.contains(words[index - 1].hash) }
        if Self.counted.contains(words[index + 1].hash) { return true }
        return index + 2 < words.count && Self.units.contains(words[index + 1].hash)
            && Self.agos.contains(words[index + 2].hash)
    }

    /// Tags become spaces, inline ones nothing; comments, scripts and styles go; references become their characters. Linear, no
    /// tree.
    private static func withoutMarkup(_ html: [UInt8]) -> [UInt8] {
        func isPlain(_ byte: UInt8) -> Bool { byte != 0x3C && byte != 0x26 }
        var text: [UInt8] = []
        var ends = Ends(html: html)
        var index = 0
        while index < html.count {
            var end = index
            while end < html.count, isPlain(html[end]) { end += 1 }
            if index == 0 {
                if end == html.count { return html }
                text.reserveCapacity(html.count)
            }
            text += html[index..<end]
            index = end
            guard index < html.count else { break }
            if html[index] == 0x3C, let end = ends.ofComment(at: index) {
                text.append(0x20)
                index = end
            } else if html[index] == 0x3C, let tag = tag(html, at: index) {
                if !tag.name.isInline { text.append(0x20) }
                index = tag.end
                if tag.opens, let close = tag.name.close { index = ends.next(close, from: index)?.lowerBound ?? index }
            } else if html[index] == 0x26, let reference = reference(html, at: index) {
                text.append(contentsOf: reference.text.utf8)
                index = reference.end
            } else {
                text.append(html[index])
                index += 1
            }
        }
        return text
    }

    /// What ends a comment, a script or a style. An end that does not come is looked for once, or time would be quadratic.
    private struct Ends {
        let html: [UInt8]
        private var missing: Set<String> = []

        init(html: [UInt8]) { self.html = html }

        mutating func ofComment(at start: Int) -> Int? {
            guard html[start...].starts(with: "<!--".utf8) else { return nil }
            return next("-->", from: start + 4)?.upperBound
        }

        mutating func next(_ mark: String, from start: Int) -> Range<Int>? {
            guard !missing.contains(mark) else { return nil }
            let bytes = Array(mark.utf8)
            var index = start
            while index + bytes.count <= html.count {
                let end = index + bytes.count
                if html[index] == bytes[0], html[index..<end].map(UTF8Bytes.lower) == bytes { return index..<end }
                index += 1
            }
            missing.insert(mark)
            return nil
        }
    }

    /// The name of a tag in lower case, as a number; those that matter here have eight letters at most.
    private struct TagName {
        private var letters: UInt64 = 0
        private var count = 0

        init() {}

        private init(_ name: StaticString) {
            name.withUTF8Buffer { for byte in $0 { append(byte) } }
        }

        mutating func append(_ byte: UInt8) {
            letters = letters << 8 | UInt64(UTF8Bytes.lower(byte))
            count += 1
        }

        private func `is`(_ name: TagName) -> Bool { letters == name.letters && count == name.count }

        var isInline: Bool { count <= 8 && Self.inline.contains { self.is($0) } }

        /// What ends the element where its content is no text.
        var close: String? { self.is(Self.script) ? "</script" : self.is(Self.style) ? "</style" : nil }

        private static let script = TagName("script")
        private static let style = TagName("style")
        private static let inline = [
            TagName("a"), TagName("abbr"), TagName("b"), TagName("em"), TagName("font"), TagName("i"), TagName("mark"),
            TagName("small"), TagName("span"), TagName("strong"), TagName("u"),
        ]
    }

    /// A tag or declaration. Nil for a `<` that is only a sign: no letter of a name follows (`a < b`, `<速報`), or no `>` comes
    /// before the next `<` (`x<y`).
    private static func tag(_ html: [UInt8], at start: Int) -> (name: TagName, opens: Bool, end: Int)? {
        var index = start + 1
        let opens = index >= html.count || html[index] != 0x2F
        if !opens { index += 1 }
        guard index < html.count, isLetter(html[index]) || opens && (html[index] == 0x21 || html[index] == 0x3F) else {
            return nil
        }
        var name = TagName()
        while index < html.count, UTF8Bytes.isWordByte(html[index]) {
            name.append(html[index])
            index += 1
        }
        while index < html.count, html[index] != 0x3E, html[index] != 0x3C { index += 1 }
        return index < html.count && html[index] == 0x3E ? (name, opens, index + 1) : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(UTF8Bytes.lower(byte)) }

    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "rsquo": "'", "lsquo": "'",
        "ldquo": "\"", "rdquo": "\"", "ndash": "-", "mdash": "-", "hellip": " ", "shy": "",
    ]

    private static func reference(_ html: [UInt8], at start: Int) -> (text: String, end: Int)? {
        let limit = min(start + 12, html.count)
        guard let semicolon = html[start..<limit].firstIndex(of: 0x3B) else { return nil }
        let name = String(decoding: html[start + 1..<semicolon], as: UTF8.self)
        if let text = named[name] { return (text, semicolon + 1) }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let value, let scalar = Unicode.Scalar(value) else { return nil }
        return (String(Character(scalar)), semicolon + 1)
    }
}
