import Mustache
import News

/// The templates of all forms: those that are built in, and the administrator's in place of some.
///
/// One that is broken is told, and the built-in one is used: there is never no issue for want of a template.
public struct Templates: Sendable {
    /// A file of the administrator's.
    public struct File: Sendable {
        /// As it was opened.
        public var path: String
        /// `digest.md`
        public var name: String
        public var bytes: [UInt8]

        public init(path: String, name: String, bytes: [UInt8]) {
            self.path = path
            self.name = name
            self.bytes = bytes
        }
    }

    /// Why a file is not used.
    public struct Fault: Sendable, Hashable {
        public var path: String
        /// From 1; 0 where it is the file as a whole.
        public var line: Int
        public var column: Int
        public var message: String
        /// What to do.
        public var hint: String

        public init(path: String, line: Int, column: Int, message: String, hint: String) {
            self.path = path
            self.line = line
            self.column = column
            self.message = message
            self.hint = hint
        }
    }

    public static let builtIn = Templates(texts: builtInTexts)

    /// Names of all that can be replaced, sorted.
    public static let names = builtInTexts.keys.sorted()

    /// What stands in a built-in template; nil for a name that is none.
    public static func builtIn(_ name: String) -> [UInt8]? { builtInTexts[name] }

    private(set) var texts: [String: [UInt8]]
    public private(set) var faults: [Fault] = []

    /// - Parameters:
    ///   - files: a later one of the same name goes before an earlier one.
    ///   - unread: of files that could not be read.
    public init(replacing files: [File], unread: [Fault] = []) {
        texts = Self.builtInTexts
        faults = unread
        for file in files {
            let found = fault(of: file)
            if let found { faults.append(found) } else { texts[file.name] = file.bytes }
        }
    }

    private init(texts: [String: [UInt8]]) { self.texts = texts }

    func template(_ name: String) throws -> MustacheTemplate {
        try MustacheTemplate(string: String(decoding: texts[name] ?? [], as: UTF8.self))
    }

    private static let builtInTexts: [String: [UInt8]] = [
        "alert.md": PackageResources.alert_md, "digest.md": PackageResources.digest_md,
        "more.md": PackageResources.more_md, "blind.md": PackageResources.blind_md,
        "alert.html": PackageResources.alert_html, "digest.html": PackageResources.digest_html,
        "more.html": PackageResources.more_html, "blind.html": PackageResources.blind_html,
        "indicator.md": PackageResources.indicator_md, "indicator.html": PackageResources.indicator_html,
        "index.html": PackageResources.index_html, "head.html": PackageResources.head_html,
        "facts.html": PackageResources.facts_html, "page.css": PackageResources.page_css,
    ]
}

// MARK: - Judging

extension Templates {
    private func fault(of file: File) -> Fault? {
        func fault(_ message: String, _ hint: String, _ tag: TemplateTag? = nil) -> Fault {
            Fault(path: file.path, line: tag?.line ?? 0, column: tag?.column ?? 0, message: message, hint: hint)
        }
        guard Self.builtInTexts[file.name] != nil else {
            return fault("is no template, and is not read", "templates are \(Self.names.joined(separator: ", "))")
        }
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            return fault("is no UTF-8", "save it as UTF-8")
        }
        let known = Self.known(in: file.name)
        let partials = Self.partials(of: file.name)
        var depth = 0
        for tag in TemplateTag.all(in: text) {
            if tag.kind == "#" || tag.kind == "^" { depth += 1 }
            if tag.kind == "/" { depth -= 1 }
            // Whoever reads it calls itself for each section within another.
            guard depth <= Limits.templateNestingMax else {
                return fault(
                    "sections nest deeper than \(Limits.templateNestingMax)", "close those that are over", tag)
            }
            switch tag.kind {
            case "!": continue
            case "=", "<", "$":
                return fault(
                    "\"{{\(tag.kind)\" is not supported", "write it without; docs/templates.md says what is", tag)
            case ">":
                guard partials.contains(tag.name) else {
                    let may =
                        partials.isEmpty ? "none can be" : "these can be: \(partials.sorted().joined(separator: ", "))"
                    return fault("\"\(Self.shown(tag.name))\" cannot be included here", may, tag)
                }
            default:
                guard file.name != "page.css" else { return fault("a stylesheet has no tags", "write { { apart", tag) }
                guard tag.name == "." || known.contains(tag.name) else {
                    return fault(
                        "unknown name \"\(Self.shown(tag.name))\"", "docs/templates.md lists those of \(file.name)", tag
                    )
                }
            }
        }
        do { _ = try MustacheTemplate(string: text) } catch { return Self.fault(error, file.path) }
        var changed = self
        changed.texts[file.name] = file.bytes
        if let empty = TemplateSample.firstEmpty(changed, after: file.name) {
            return fault("\(empty) would be empty", "start from \"feedwatch config template \(file.name)\"")
        }
        return nil
    }

    private static func fault(_ error: any Error, _ path: String) -> Fault {
        guard let error = error as? MustacheTemplate.ParserError else {
            return Fault(path: path, line: 0, column: 0, message: "\(error)", hint: "mend it")
        }
        let words: String
        switch error.error as? MustacheTemplate.Error {
        case .sectionCloseNameIncorrect: words = "a section is closed by another name than it was opened by"
        case .expectedSectionEnd: words = "a section is not closed"
        case .unfinishedName: words = "a tag is not ended as it began"
        default: words = "it cannot be read (\(error.error))"
        }
        return Fault(
            path: path, line: error.context.lineNumber, column: error.context.columnNumber, message: words,
            hint: "close {{#name}} by {{/name}}, and {{{ by }}}")
    }

    private static func shown(_ name: String) -> String { String(CleanText.line(name, bytesMax: 400).prefix(40)) }

    /// The names that a template may show: those of the built-in ones of the same document, in both forms.
    static func known(in name: String) -> Set<String> {
        let stem = name.prefix { $0 != "." }
        let isPart = name == "head.html" || name == "facts.html"
        let files = builtInTexts.keys.filter { file in
            isPart || file.hasPrefix(stem + ".") || file == "head.html" || file == "facts.html"
        }
        let tags = files.flatMap { TemplateTag.all(in: String(decoding: builtInTexts[$0] ?? [], as: UTF8.self)) }
        return Set(tags.filter { $0.kind != ">" && $0.kind != "!" }.map(\.name))
    }

    /// What it may include: pages their parts, and a part no other, so that nothing includes itself.
    private static func partials(of name: String) -> Set<String> {
        switch name {
        case "head.html": ["style", "style-hash"]
        case "facts.html", "page.css": []
        default: name.hasSuffix(".html") ? ["head", "facts"] : []
        }
    }
}

/// A tag of a Mustache template.
struct TemplateTag: Hashable {
    /// `#`, `^`, `/`, `>`, `!`, `=`, `<`, `$`; `{` and `&` show a value as it is, and a blank does so escaped.
    let kind: Character
    let name: String
    let line: Int
    let column: Int

    /// In order; a tag that does not end is the last.
    static func all(in text: String) -> [TemplateTag] {
        var tags: [TemplateTag] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var rest = line[...]
            while let open = rest.firstRange(of: "{{") {
                let inside = rest[open.upperBound...]
                let end = inside.firstRange(of: "}}")?.lowerBound ?? inside.endIndex
                let words = inside[..<end].drop { $0 == " " }
                let kind = words.first.flatMap { "#^/>!=<${&".contains($0) ? $0 : nil } ?? " "
                let name = (kind == " " ? words : words.dropFirst()).filter { $0 != " " }
                tags.append(
                    TemplateTag(
                        kind: kind, name: name, line: number + 1,
                        column: line.distance(from: line.startIndex, to: open.lowerBound) + 1))
                rest = end < inside.endIndex ? inside[inside.index(end, offsetBy: 2)...] : line[line.endIndex...]
            }
        }
        return tags
    }
}
