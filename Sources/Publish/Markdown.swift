import News

/// Text from outside as CommonMark that shows it and does nothing else.
enum Markdown {
    /// One line of running text, also fit for a table's cell.
    ///
    /// Escaped is what could begin a link, picture, tag, emphasis, code, table cell or entity; parentheses and braces
    /// mean nothing without the brackets before them and stay as they are, so that the raw file reads well.
    static func text(_ text: String) -> String {
        let line = Array(CleanText.line(text).unicodeScalars)
        var escaped = String.UnicodeScalarView()
        for (index, scalar) in line.enumerated() {
            switch scalar {
            case "_" where isInsideWord(index, line): break
            case "\\", "`", "*", "_", "[", "]", "<", ">", "#", "|", "~": escaped.append("\\")
            case "&" where beginsEntity(line[(index + 1)...]): escaped.append("\\")
            default: break
            }
            escaped.append(scalar)
        }
        return String(escaped)
    }

    /// An underscore between letters or digits marks nothing (CommonMark §6.2).
    private static func isInsideWord(_ index: Int, _ line: [Unicode.Scalar]) -> Bool {
        guard index > 0, index + 1 < line.count else { return false }
        return [line[index - 1], line[index + 1]].allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
    }

    /// Text at the very beginning of a line or quotation, where `-`, `+`, `=` and `1.` make lists and headings.
    static func opening(_ text: String) -> String {
        let text = self.text(text)
        guard let first = text.unicodeScalars.first else { return text }
        if first == "-" || first == "+" || first == "=" || first == ":" { return "\\" + text }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, let mark = text.dropFirst(digits.count).first, mark == "." || mark == ")" {
            return digits + "\\" + text.dropFirst(digits.count)
        }
        return text
    }

    /// A code span; back-ticks are dropped, for nothing that is shown so may contain them.
    static func code(_ text: String) -> String {
        "`\(CleanText.line(text).filter { $0 != "`" && $0 != "|" })`"
    }

    /// `[text](url)`, or only the text where the address is not http or https.
    static func link(_ text: String, _ url: String?) -> String {
        guard let url, let destination = destination(url) else { return self.text(text) }
        return "[\(self.text(text))](\(destination))"
    }

    /// A link's address with everything encoded that could end it (RFC 3986 §2.1); nil unless http or https.
    static func destination(_ url: String) -> String? {
        let line = CleanText.line(url)
        let scheme = line.prefix(8).lowercased()
        guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://") else { return nil }
        var encoded = ""
        let scalars = Array(line.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case " ", "(", ")", "<", ">", "\\", "\"", "'", "`", "|", "[", "]", "*", "{", "}":
                for byte in String(scalar).utf8 { encoded += "%" + hex(byte) }
            case "&" where beginsEntity(scalars[(index + 1)...]): encoded += "&amp;"
            default: encoded.unicodeScalars.append(scalar)
            }
        }
        return encoded
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return text.utf8.count == 1 ? "0" + text : text
    }

    /// `amp;`, `#60;`: what would be read as another character.
    private static func beginsEntity(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let name = rest.prefix(40).prefix {
            $0 == "#" || $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
        guard !name.isEmpty, name.endIndex < rest.endIndex else { return false }
        return rest[name.endIndex] == ";"
    }
}
