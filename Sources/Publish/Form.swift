/// The form in which readers get a document: one view of its words for all forms, and a template for each.
enum Form {
    case markdown
    case html

    func write(_ line: Line) -> String {
        switch self {
        case .markdown: Markdown.write(line)
        case .html: HTML.write(line)
        }
    }

    /// Words from outside that fill a heading or paragraph, whose element tells their language.
    func text(_ text: String) -> String {
        switch self {
        case .markdown: Markdown.text(text)
        case .html: HTML.text(text)
        }
    }

    /// The same, where they begin a line.
    func opening(_ text: String) -> String {
        switch self {
        case .markdown: Markdown.opening(text)
        case .html: HTML.text(text)
        }
    }
}
