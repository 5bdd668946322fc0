/// The manual page `feedwatch.yaml(5)`, made from `ConfigurationDocument`, so that nothing is said twice.
public enum ConfigurationManual {
    /// What `feedwatch config man` prints, for `man` (man(7), groff_man(7)).
    public static var page: String {
        var page = """
            .TH FEEDWATCH.YAML 5 "" "feedwatch \(feedwatchVersion)" "Configuration of feedwatch"
            .SH NAME
            feedwatch.yaml \\- configuration of feedwatch(1)

            """
        var writer = ManualWriter()
        for line in ConfigurationDocument.markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            writer.add(line)
        }
        page += writer.lines.joined(separator: "\n")
        page += """

            .SH SEE ALSO
            .BR feedwatch (1),
            .BR systemd.service (5)

            """
        return page
    }
}

/// The Markdown of the document, line by line: headings, paragraphs, tables, one kind of fence, code in a line and links.
private struct ManualWriter {
    private(set) var lines: [String] = []
    private var isExample = false
    /// Rows of the table that is being read: its head, and the rule under it.
    private var row = 0

    mutating func add(_ line: Substring) {
        if line.hasPrefix("```") {
            lines += isExample ? [".EE", ".RE"] : [".PP", ".RS 4", ".EX"]
            isExample.toggle()
        } else if isExample {
            lines.append(Self.guarded(Self.escaped(line)))
        } else if line.hasPrefix("|") {
            row += 1
            if row > 2 { addRow(line) }
        } else {
            row = 0
            addProse(line)
        }
    }

    private mutating func addProse(_ line: Substring) {
        if line.hasPrefix("<!--") { return }
        if line.hasPrefix("# ") {
            lines.append(".SH DESCRIPTION")
        } else if line.hasPrefix("## ") {
            lines.append(".SH \"\(Self.inline(line.dropFirst(3)).uppercased())\"")
        } else if line.hasPrefix("### ") {
            lines.append(".SS \"\(Self.inline(line.dropFirst(4)))\"")
        } else if !line.isEmpty {
            lines.append(Self.guarded(Self.inline(line)))
        } else if let last = lines.last, last != ".PP", !last.hasPrefix(".S") {
            lines.append(".PP")
        }
    }

    /// The first cell is what is explained; the others follow, the default by its name.
    private mutating func addRow(_ line: Substring) {
        let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
            // " value ", as the document writes it; an empty one is one or two spaces.
            Self.inline($0.hasPrefix("  ") ? "" : $0.dropFirst().dropLast())
        }
        lines += [".TP", Self.guarded(cells[0])]
        guard cells.count == 4 else { return lines.append(Self.guarded(cells.dropFirst().joined(separator: " "))) }
        let value = cells[2].isEmpty ? "(\(cells[1]))" : "(\(cells[1]); default: \(cells[2]))"
        lines += [Self.guarded(cells[3]), Self.guarded(value)]
    }

    /// Code in bold, links as their words.
    private static func inline(_ text: Substring) -> String {
        var result = ""
        var isCode = false
        let linkless = text.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.output.1 }
        for piece in linkless.split(separator: "`", omittingEmptySubsequences: false) {
            result += isCode && !piece.isEmpty ? "\\fB\(escaped(piece))\\fR" : escaped(piece)
            isCode.toggle()
        }
        return result
    }

    /// groff would take a backslash for a command, and show a bare hyphen as one that cannot be copied.
    private static func escaped(_ text: Substring) -> String {
        String(text).replacing("\\", with: "\\e").replacing("-", with: "\\-")
    }

    /// A line that begins with a dot or a quote would be a command.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
}
