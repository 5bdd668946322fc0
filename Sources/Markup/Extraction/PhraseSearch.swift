import Glibc

/// Phrases in a text, compared by bytes: a search that knows of canonical equivalence took a sixth of the time of reading a page.
enum PhraseSearch {
    /// Where the phrase first stands, from an index of the text on; nil for an empty phrase.
    static func first(_ phrase: String, in text: String, from start: String.Index? = nil) -> Range<String.Index>? {
        let skipped = start.map { text.utf8.distance(from: text.startIndex, to: $0) } ?? 0
        guard let found = offset(of: phrase, in: text, from: skipped) else { return nil }
        let lower = text.utf8.index(text.startIndex, offsetBy: found)
        return lower..<text.utf8.index(lower, offsetBy: phrase.utf8.count)
    }

    static func last(_ phrase: String, in text: String) -> Range<String.Index>? {
        var last: Range<String.Index>?
        while let next = first(phrase, in: text, from: last?.upperBound) { last = next }
        return last
    }

    static func stands(_ phrase: String, in text: String) -> Bool { offset(of: phrase, in: text, from: 0) != nil }

    static func stands(anyOf phrases: [String], in text: String) -> Bool {
        phrases.contains { offset(of: $0, in: text, from: 0) != nil }
    }

    static func begins(anyOf phrases: [String], _ text: String) -> Bool {
        phrases.contains { text.utf8.starts(with: $0.utf8) }
    }

    /// A NUL ends either.
    private static func offset(of phrase: String, in text: String, from start: Int) -> Int? {
        guard !phrase.isEmpty else { return nil }
        return text.withCString { text in
            phrase.withCString { phrase in strstr(text + start, phrase).map { UnsafePointer($0) - text } }
        }
    }
}
