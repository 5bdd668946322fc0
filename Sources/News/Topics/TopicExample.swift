/// What a reader said of a story and a topic.
public struct ReaderVerdict: Sendable, Hashable, Codable {
    public enum Word: String, Sendable, Hashable, Codable, CaseIterable {
        case yes, no

        public var other: Word { self == .yes ? .no : .yes }
    }

    public var verdict: Word
    /// In the reader's words.
    public var note: String?
    public var at: Timestamp

    public init(_ verdict: Word, note: String? = nil, at: Timestamp) {
        self.verdict = verdict
        self.note = note
        self.at = at
    }
}

/// An article that a reader says belongs to a topic, or does not: a text file that people and programs read.
///
/// Lines `Name: value` as in RFC 5322 §2.2 but never folded, a blank line, then the text, paragraphs parted by blank
/// lines. Everything is one line each: what was read from outside cannot add a header or end them.
public struct TopicExample: Sendable, Hashable {
    public private(set) var title: String
    /// BCP 47.
    public private(set) var language: String?
    /// The outlet, as readers know it.
    public private(set) var source: String?
    public private(set) var url: String?
    /// When it was published, else first seen.
    public private(set) var date: Timestamp?
    /// The reader's own words.
    public private(set) var note: String?
    public private(set) var paragraphs: [String]

    /// Values are made into lines (`CleanText`); empty ones are dropped, a missing title is `(no headline)`.
    public init(
        title: String?, language: String? = nil, source: String? = nil, url: String? = nil, date: Timestamp? = nil,
        note: String? = nil, paragraphs: [String]
    ) {
        self.title = CleanText.shown(title) ?? "(no headline)"
        self.language = CleanText.shown(language)
        self.source = CleanText.shown(source)
        self.url = CleanText.shown(url)
        self.date = date
        self.note = CleanText.shown(note)
        self.paragraphs = paragraphs.map { CleanText.line($0, bytesMax: .max) }.filter { !$0.isEmpty }
    }

    /// The text file, ended by a line feed.
    public var text: String {
        var text = "Title: \(title)\n"
        for (name, value) in [
            ("Language", language), ("Source", source), ("URL", url), ("Date", date?.rfc3339), ("Note", note),
        ] { if let value { text += "\(name): \(value)\n" } }
        for paragraph in paragraphs { text += "\n\(paragraph)\n" }
        return text
    }

    /// The same example with other words of the reader.
    public func noted(_ note: String?) -> TopicExample {
        var example = self
        example.note = CleanText.shown(note)
        return example
    }
}

/// An article, and whether a reader says that it belongs to a topic.
public struct TopicLabel: Sendable, Hashable {
    public var article: Article
    public var belongs: Bool
    /// What tells the example's story from others: texts of one story are much alike. Nil stands for one of its own.
    public var story: String?

    public init(_ example: TopicExample, belongs: Bool, story: String? = nil) {
        var article = Article()
        article.title = example.title
        article.language = example.language
        article.paragraphs = example.paragraphs
        self.article = article
        self.belongs = belongs
        self.story = story
    }
}

extension TopicExample {
    /// What is wrong in a file, at a line from 1.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public var line: Int
        public var message: String
        public var description: String { "\(line): \(message)" }
    }

    private static let names = ["Title", "Language", "Source", "URL", "Date", "Note"]

    /// Reads what `text` prints, and what people write like it: names in any case, lines within a paragraph, a bare day.
    public init(parsing text: String) throws(Fault) {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        if let first = lines.first, first.first == "\u{FEFF}" { lines[lines.startIndex] = first.dropFirst() }
        var values: [String: String] = [:]
        while let line = lines.first, !Self.isBlank(line) {
            let (name, value) = try Self.header(line, at: lines.startIndex + 1)
            if values.updateValue(value, forKey: name) != nil {
                throw Fault(line: lines.startIndex + 1, message: "a second \"\(name):\" – keep one of them")
            }
            lines = lines.dropFirst()
        }
        guard let title = values["Title"] else {
            throw Fault(line: 1, message: "no \"Title:\" – begin the file with it, a blank line before the text")
        }
        self.init(
            title: title, language: values["Language"], source: values["Source"], url: values["URL"],
            date: values["Date"].flatMap(Self.date), note: values["Note"],
            paragraphs: Self.paragraphs(of: lines))
    }

    /// Parted by blank lines, the lines of each joined; none is empty.
    public static func paragraphs(of lines: some Sequence<Substring>) -> [String] {
        var paragraphs: [[Substring]] = [[]]
        for line in lines {
            if isBlank(line) { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(line) }
        }
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    }

    private static func header(_ line: Substring, at number: Int) throws(Fault) -> (String, String) {
        guard let colon = line.firstIndex(of: ":") else {
            throw Fault(
                line: number, message: "neither \"Name: value\" nor blank – a blank line parts the text from the head")
        }
        let given = line[..<colon].lowercased()
        guard let name = names.first(where: { $0.lowercased() == given }) else {
            let shown = CleanText.line(String(line[..<colon])).cut(to: 40)
            throw Fault(line: number, message: "unknown name \"\(shown)\" – known are \(names.joined(separator: ", "))")
        }
        let value = String(line[line.index(after: colon)...])
        if name == "Date", date(value) == nil {
            throw Fault(
                line: number, message: "\"Date\" must be a day or a time – write 2025-03-30 or 2025-03-30T04:20:00Z")
        }
        return (name, value)
    }

    /// By scalars: a space with a combining mark on it is one character, and text.
    private static func isBlank(_ line: Substring) -> Bool { line.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// A time in RFC 3339, or midnight UTC of a bare day.
    private static func date(_ text: String) -> Timestamp? {
        let text = CleanText.line(text)
        return Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z")
    }
}
