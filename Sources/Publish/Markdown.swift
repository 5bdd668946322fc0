import News

/// Text from outside as CommonMark that shows it and does nothing else.
enum Markdown {
    static func write(_ line: Line) -> String { line.parts.map(write).joined() }

    private static func write(_ part: Line.Part) -> String {
        switch part {
        case .ours(let text): text
        case .text(let text, _): self.text(text)
        case .name(let name, _): "*\(text(name))*"
        case .code(let code): self.code(code)
        case .strong(let line): "**\(write(line))**"
        case .tag(let line, _), .jump(let line, _): write(line)
        case .time(let shown, _): text(shown)
        case .link(let line, let address, _): "[\(write(line))](\(destination(address)))"
        }
    }

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

    /// A link's address with everything encoded that could end it or mark something in it.
    private static func destination(_ address: String) -> String {
        let encoded = Array(Line.percentEncoding("()'[]*", in: address).unicodeScalars)
        var destination = String.UnicodeScalarView()
        for (index, scalar) in encoded.enumerated() {
            destination.append(scalar)
            if scalar == "&", beginsEntity(encoded[(index + 1)...]) {
                destination.append(contentsOf: "amp;".unicodeScalars)
            }
        }
        return String(destination)
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
