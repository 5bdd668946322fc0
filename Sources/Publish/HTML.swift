import News

/// Text from outside as HTML that shows it and does nothing else. What is written is well-formed XML too.
enum HTML {
    static func write(_ line: Line) -> String { line.parts.map(write).joined() }

    private static func write(_ part: Line.Part) -> String {
        switch part {
        case .ours(let text): escape(text)
        case .text(let text, let language): isolated(text, ShownLanguage.ofText(text, told: language))
        case .name(let name, let language):
            "<cite>\(isolated(name, ShownLanguage.ofName(name, told: language)))</cite>"
        case .code(let code): "<code>\(text(code))</code>"
        case .strong(let line): "<strong>\(write(line))</strong>"
        case .tag(let line, let tone): "<span class=\"tag \(tone.rawValue)\">\(write(line))</span>"
        case .time(let shown, let time): "<time datetime=\"\(time)\" title=\"\(time)\">\(text(shown))</time>"
        case .link(let line, let address, let language): link(line, address, ShownLanguage.wellFormed(language))
        case .jump(let line, let id):
            anchor(id).map { "<a href=\"#\($0)\">\(write(line))</a>" } ?? write(line)
        }
    }

    /// One line of text.
    static func text(_ text: String) -> String { escape(CleanText.line(text)) }

    /// `id` where it can name a place in a document (ours are letters and digits), else nil.
    static func anchor(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D }
        return isPlain && !id.isEmpty ? id : nil
    }

    private static func link(_ line: Line, _ address: String, _ language: String?) -> String {
        let hreflang = language.map { " hreflang=\"\($0)\"" } ?? ""
        return "<a href=\"\(escape(address))\" rel=\"noopener noreferrer\"\(hreflang)>\(write(line))</a>"
    }

    /// Words of another script or language neither take their neighbours' direction nor give them theirs
    /// (Unicode TR 9; `bdi` has a direction of its own).
    private static func isolated(_ words: String, _ language: String?) -> String {
        language.map { "<bdi lang=\"\($0)\">\(text(words))</bdi>" } ?? text(words)
    }

    /// As it is, also its line breaks.
    static func escape(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
