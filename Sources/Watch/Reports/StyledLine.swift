import News

/// A line of words for people, with what a terminal may show in colour.
///
/// Whatever the runs hold, nothing in them reaches a terminal as an order: controls and marks that reorder or hide text
/// are taken out when the line is printed (`CleanText.piece`).
public struct StyledLine: Sendable, Hashable {
    public enum Style: Sendable, Hashable {
        case plain, heading, faint, bad
        /// Evidence: without colours it is marked, `[strong: deter China]`.
        case strong, normal, weak, ignored, against
    }

    struct Run: Sendable, Hashable {
        var text: String
        var style: Style
    }

    private(set) var runs: [Run]
    /// Running text is never cut: the terminal wraps it.
    private(set) var isRunningText = false

    public init(_ text: String = "", _ style: Style = .plain) {
        runs = text.isEmpty ? [] : [Run(text: text, style: style)]
    }

    /// The same line as running text.
    var asRunningText: StyledLine {
        var line = self
        line.isRunningText = true
        return line
    }

    public mutating func append(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { runs.append(Run(text: text, style: style)) }
    }

    public static func + (line: StyledLine, more: StyledLine) -> StyledLine {
        var line = line
        line.runs += more.runs
        return line
    }

    /// Columns without colours and marks.
    var columns: Int { runs.reduce(0) { $0 + DisplayWidth.columns(CleanText.piece($1.text)) } }
}

/// What lines are printed for.
public struct Printing: Sendable, Hashable {
    /// Lines are cut to so many columns; nil leaves them whole.
    public var width: Int?
    public var hasColours: Bool

    /// Plain text, whole: a file or a pipe.
    public static let plain = Printing(width: nil, hasColours: false)

    public init(width: Int?, hasColours: Bool) {
        self.width = width
        self.hasColours = hasColours
    }

    /// The same without cutting: running text is wrapped by the terminal.
    public var uncut: Printing { Printing(width: nil, hasColours: hasColours) }

    /// Each line ended by a line feed.
    public func text(_ lines: [StyledLine]) -> String {
        lines.map { text($0) + "\n" }.joined()
    }

    private func text(_ line: StyledLine) -> String {
        let width = line.isRunningText ? nil : width
        let isCut = width.map { line.columns > $0 } ?? false
        var left = width.map { max(0, $0 - (isCut ? 1 : 0)) } ?? .max
        var text = ""
        for run in line.runs where left > 0 {
            var piece = CleanText.piece(run.text)
            if isCut {
                let columns = DisplayWidth.columns(piece)
                if columns > left { piece = String(DisplayWidth.cut(piece, to: left + 1).dropLast()) }
                left -= min(left, columns)
            }
            text += hasColours ? coloured(piece, run.style) : marked(piece, run.style)
        }
        while text.last == " " { text.removeLast() }
        return isCut ? text + "…" : text
    }

    /// ECMA-48 §8.3.117, select graphic rendition: the sixteen colours that every reader's terminal lets him choose.
    private func coloured(_ text: String, _ style: StyledLine.Style) -> String {
        let code =
            switch style {
            case .plain: ""
            case .heading: "1"
            case .faint, .ignored: "2"
            case .bad, .against: "31"
            case .strong: "1;32"
            case .normal: "32"
            case .weak: "36"
            }
        return code.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private func marked(_ text: String, _ style: StyledLine.Style) -> String {
        switch style {
        case .plain, .heading, .faint, .bad: text
        case .strong, .normal, .weak, .ignored, .against: "[\(style): \(text)]"
        }
    }
}

/// Cells in aligned columns, two spaces between them, by their width on a terminal.
struct TextTable {
    struct Cell {
        var text: String
        var style = StyledLine.Style.plain
        init(_ text: String, _ style: StyledLine.Style = .plain) {
            self.text = CleanText.piece(text)
            self.style = style
        }
    }

    let header: [String]
    /// Columns of numbers, by index.
    var rightAligned: Set<Int> = []
    /// Each with as many cells as the header.
    var rows: [[Cell]] = []

    init(_ header: [String], rightAligned: Set<Int> = []) {
        self.header = header
        self.rightAligned = rightAligned
    }

    var lines: [StyledLine] {
        let all = [header.map { Cell($0, .heading) }] + rows
        let widths = header.indices.map { column in all.map { DisplayWidth.columns($0[column].text) }.max() ?? 0 }
        return all.map { row in
            var line = StyledLine()
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - DisplayWidth.columns(cell.text))
                if rightAligned.contains(column) { line.append(space) }
                line.append(cell.text, cell.style)
                if !rightAligned.contains(column) { line.append(space) }
                if column + 1 < row.count { line.append("  ") }
            }
            return line
        }
    }
}
