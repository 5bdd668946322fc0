/// Text from outside, made safe to stand in one line of a file that people read.
public enum CleanText {
    /// One line: white space folded to single spaces, control characters and marks that reorder or hide text removed
    /// (Unicode TR 36 §2.4: a title must not be able to show itself as another), at most `Limits.shownMarksMax` marks on
    /// a letter and `bytesMax` bytes.
    public static func line(_ text: String, bytesMax: Int = Limits.shownTextBytesMax) -> String {
        var line = String.UnicodeScalarView()
        var bytes = 0
        var pendingSpace = false
        var marks = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                pendingSpace = !line.isEmpty
                continue
            }
            guard isShown(scalar) else { continue }
            marks = isMark(scalar) ? marks + 1 : 0
            guard marks <= Limits.shownMarksMax else { continue }
            bytes += UTF8.width(scalar) + (pendingSpace ? 1 : 0)
            guard bytes <= bytesMax else { break }
            if pendingSpace { line.append(" ") }
            pendingSpace = false
            line.append(scalar)
        }
        return String(line)
    }

    /// The same without a limit and without folding: each white space is one space, so that pieces of a line can be
    /// cleaned apart and joined again.
    public static func piece(_ text: some StringProtocol) -> String {
        var piece = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                piece.append(" ")
            } else if isShown(scalar) {
                piece.append(scalar)
            }
        }
        return String(piece)
    }

    /// The line of `text`, or nil where nothing is left of it.
    public static func shown(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = line(text)
        return line.isEmpty ? nil : line
    }

    /// The line of a headline, cut to `Limits.headlineCharactersMax`.
    public static func headline(_ text: String) -> String { line(text).cut(to: Limits.headlineCharactersMax) }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        return category == .nonspacingMark || category == .enclosingMark
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .privateUse, .surrogate, .unassigned: return false
        // Joiners make words in Persian, Hindi and emoji; all other format characters are invisible orders.
        case .format: return scalar.value == 0x200C || scalar.value == 0x200D
        default: return true
        }
    }
}

extension String {
    /// The text where it has at most `max` characters, else its beginning, cut at a word and ended by `…`, `max`
    /// characters in all. Scripts without spaces are cut at any character.
    func cut(to max: Int) -> String {
        guard max > 0 else { return "" }
        guard let limit = index(startIndex, offsetBy: max - 1, limitedBy: endIndex), limit < endIndex,
            index(after: limit) < endIndex
        else { return self }
        var head = self[..<limit]
        if self[limit] != " ", let space = head.lastIndex(of: " "),
            distance(from: space, to: limit) <= 24
        {
            head = head[..<space]
        }
        while let last = head.last, last == " " || last == "," || last == ";" || last == "–" { head.removeLast() }
        return head + "…"
    }
}
