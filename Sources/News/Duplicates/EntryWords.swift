/// The words of an entry's fields, whatever their markup: for identities and for noticing changes, not for reading.
enum EntryWords {
    /// Lower-case words of HTML or plain text, one space apart; tags, scripts, styles and typography left out, and counters
    /// such as "12 comments" or "3 hours ago", which change with each poll.
    static func normalized(_ parts: [String?]) -> String { joined(words(parts)) }

    static func joined(_ words: [[UInt8]]) -> String {
        String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
    }

    /// The same, word by word; East Asian characters are words.
    static func words(_ parts: [String?]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        for part in parts {
            guard let part, !part.isEmpty else { continue }
            let text = FoldedText(utf8: withoutMarkup(Array(part.utf8)))
            words += WordScanner.words(text).map { text.bytes[$0.range].map(FoldedPhrase.lower) }
            words.append(Array("|".utf8))
        }
        return withoutCounters(words)
    }
}

extension EntryWords {
    /// Tags become spaces, inline ones nothing; comments, scripts and styles go; references become their characters. Linear, no
    /// tree.
    private static func withoutMarkup(_ html: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(html.count)
        var ends = Ends(html: html)
        var index = 0
        while index < html.count {
            if html[index] == 0x3C, let end = ends.ofComment(at: index) {
                text.append(0x20)
                index = end
            } else if html[index] == 0x3C, let tag = tag(html, at: index) {
                if !inline.contains(tag.name) { text.append(0x20) }
                index = tag.end
                if tag.opens, tag.name == "script" || tag.name == "style" {
                    index = ends.next("</" + tag.name, from: index)?.lowerBound ?? index
                }
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
                if html[index] == bytes[0], html[index..<end].map(FoldedPhrase.lower) == bytes { return index..<end }
                index += 1
            }
            missing.insert(mark)
            return nil
        }
    }

    private static let inline: Set<String> = [
        "a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "u",
    ]

    /// A tag or declaration. Nil for a `<` that is only a sign: no letter of a name follows (`a < b`, `<速報`), or no `>` comes
    /// before the next `<` (`x<y`).
    private static func tag(_ html: [UInt8], at start: Int) -> (name: String, opens: Bool, end: Int)? {
        var index = start + 1
        let opens = index >= html.count || html[index] != 0x2F
        if !opens { index += 1 }
        guard index < html.count, isLetter(html[index]) || opens && (html[index] == 0x21 || html[index] == 0x3F) else {
            return nil
        }
        var name: [UInt8] = []
        while index < html.count, UTF8Bytes.isWordByte(html[index]), name.count < 16 {
            name.append(FoldedPhrase.lower(html[index]))
            index += 1
        }
        guard let end = html[index...].firstIndex(where: { $0 == 0x3E || $0 == 0x3C }), html[end] == 0x3E else {
            return nil
        }
        return (String(decoding: name, as: UTF8.self), opens, end + 1)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(FoldedPhrase.lower(byte)) }

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

    private static let counted: Set<[UInt8]> = Set(
        ["comment", "comments", "reply", "replies", "like", "likes", "view", "views"].map { Array($0.utf8) })
    private static let units: Set<[UInt8]> = Set(
        [
            "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "hour", "hours", "hr", "hrs", "day",
            "days",
        ]
        .map { Array($0.utf8) })
    private static let agos: Set<[UInt8]> = [Array("ago".utf8), Array("read".utf8)]

    /// Drops the number of `12 comments`, `comments 12` and `3 hours ago`.
    private static func withoutCounters(_ words: [[UInt8]]) -> [[UInt8]] {
        func isNumber(_ word: [UInt8]) -> Bool { word.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && !word.isEmpty }
        return words.indices.filter { index in
            guard isNumber(words[index]) else { return true }
            let next = index + 1 < words.count ? words[index + 1] : []
            let afterNext = index + 2 < words.count ? words[index + 2] : []
            let isLast = next == Array("|".utf8)
            let isCounter =
                counted.contains(next) || (isLast && index > 0 && counted.contains(words[index - 1]))
                || (units.contains(next) && agos.contains(afterNext))
            return !isCounter
        }.map { words[$0] }
    }
}
