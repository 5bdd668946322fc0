/// The first sentence of an article, verbatim, for the one quotation that a story gets.
///
/// Rules for English and most of Europe's punctuation (UAX #29 splits after "Gen." and "U.S.") and for 。！？.
public enum FirstSentence {
    /// The first sentence of the text, without its place line or credit; nil when there is no text.
    public static func of(_ article: Article) -> String? {
        let paragraphs = article.paragraphs.indices.prefix(4).filter { article.unquoted?.contains($0) != true }
        let candidates = paragraphs.map { article.paragraphs[$0] } + (article.standfirst.map { [$0] } ?? [])
        for paragraph in candidates {
            // A sentence may be long, but a paragraph of a megabyte is not looked at to its end.
            let scalars = Array(CleanText.line(paragraph).unicodeScalars.prefix(2000))
            let start = Dateline(scalars).length
            let body = scalars[start...]
            let sentence = text(body[..<end(of: body)])
            // "By our correspondent", a label, a caption's remains.
            if sentence.unicodeScalars.count >= (Script.isCJK(sentence) ? 8 : 20) { return sentence }
        }
        return nil
    }

    /// Where the first sentence of `text` ends, closing quotation marks included.
    static func end(of text: ArraySlice<Unicode.Scalar>) -> Int {
        var depth = 0
        for index in text.indices {
            let scalar = text[index]
            if opening.contains(scalar) { depth += 1 }
            if closing.contains(scalar) { depth = max(0, depth - 1) }
            guard terminators.contains(scalar) else { continue }
            var after = index + 1
            var open = depth
            while after < text.endIndex,
                closing.contains(text[after]) || plainQuotes.contains(text[after])
                    || terminators.contains(text[after])
            {
                if closing.contains(text[after]) { open = max(0, open - 1) }
                after += 1
            }
            if open == 0, ends(text, at: index, after: after) { return after }
        }
        return text.endIndex
    }

    private static func ends(_ text: ArraySlice<Unicode.Scalar>, at index: Int, after: Int) -> Bool {
        if wideTerminators.contains(text[index]) { return after == index + 1 || !isQuotedPart(text, after) }
        guard after < text.endIndex else { return true }
        guard text[after] == " " else { return false }
        let next = text[(after + 1)...].first { !plainQuotes.contains($0) && !opening.contains($0) }
        guard let next, !next.properties.isLowercase else { return false }
        return text[index] != "." || !isAbbreviation(text, dot: index, nextWord: word(text, from: after + 1))
    }

    /// 「…。」と述べた。 goes on after the bracket.
    private static func isQuotedPart(_ text: ArraySlice<Unicode.Scalar>, _ after: Int) -> Bool {
        guard after < text.endIndex else { return false }
        return text[after] != " " && closing.contains(text[after - 1])
    }

    private static func isAbbreviation(_ text: ArraySlice<Unicode.Scalar>, dot: Int, nextWord: String) -> Bool {
        var start = dot
        while start > text.startIndex, text[start - 1] != " ", !opening.contains(text[start - 1]),
            !plainQuotes.contains(text[start - 1])
        {
            start -= 1
        }
        let word = self.text(text[start..<dot])
        if titles.contains(word) { return true }
        let isInitials = word.unicodeScalars.count == 1 || word.unicodeScalars.contains(".")
        guard isInitials || suffixes.contains(word),
            word.unicodeScalars.allSatisfy({ $0 == "." || $0.properties.isAlphabetic })
        else { return false }
        // "the U.S. Navy" goes on, "in the U.S. The ship" does not.
        return word.unicodeScalars.count == 1 || !starters.contains(nextWord)
    }

    private static func word(_ text: ArraySlice<Unicode.Scalar>, from: Int) -> String {
        self.text(text[from...].prefix { $0 != " " }.drop { plainQuotes.contains($0) || opening.contains($0) })
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static let terminators = Set(".!?。！？｡".unicodeScalars)
    private static let wideTerminators = Set("。！？｡".unicodeScalars)
    private static let opening = Set("“「『（(《".unicodeScalars)
    private static let closing = Set("”」』）)》".unicodeScalars)
    private static let plainQuotes = Set("\"'’‘»".unicodeScalars)
    /// Always followed by a name or a number.
    private static let titles: Set = [
        "Adm", "Amb", "Brig", "Capt", "Cmdr", "Col", "Cpl", "Dr", "Gen", "Gov", "Hon", "Lt", "Maj", "Mr", "Mrs", "Ms",
        "Mt", "Prof", "Rep", "Rev", "Rear", "Sen", "Sgt", "Sr", "St", "Vice", "approx", "e.g", "i.e", "no", "No", "vs",
        "cf",
        "Ft", "Sec", "Pres", "Msgr", "Pvt", "Spc", "Supt", "Vol", "Fig", "al",
    ]
    /// May end a sentence or not.
    private static let suffixes: Set = [
        "Co", "Corp", "Inc", "Ltd", "Jr", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "etc",
        "Bros",
        "Mon", "Tue", "Tues", "Wed", "Thu", "Thurs", "Fri", "Sat", "Sun",
    ]
    private static let starters: Set = [
        "The", "A", "An", "In", "It", "Its", "He", "She", "They", "But", "And", "On", "At", "This", "That", "These",
        "If",
        "We", "I", "As", "When", "While", "After", "For", "Both", "There", "Their", "His", "Her",
    ]
}

/// The scripts that are written without spaces.
enum Script {
    /// Whether a third or more of the letters are Chinese, Japanese or Korean.
    static func isCJK(_ text: String) -> Bool {
        var letters = 0
        var wide = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            letters += 1
            switch scalar.value {
            case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x323AF:
                wide += 1
            default: break
            }
        }
        return wide > 0 && wide * 3 >= letters
    }
}
