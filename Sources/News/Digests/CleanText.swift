/// Text from outside, made safe to stand in one line of a file that people read.
public enum CleanText {
    /// One line: white space folded to single spaces, control characters and marks that reorder or hide text removed
    /// (Unicode TR 36 §2.4: a title must not be able to show itself as another), at most `Limits.shownMarksMax` marks on
    /// a letter and `Limits.shownTextBytesMax` bytes.
    public static func line(_ text: String) -> String {
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
            guard bytes <= Limits.shownTextBytesMax else { break }
            if pendingSpace { line.append(" ") }
            pendingSpace = false
            line.append(scalar)
        }
        return String(line)
    }

    /// The line of `text`, or nil where nothing is left of it.
    static func shown(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = line(text)
        return line.isEmpty ? nil : line
    }

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
