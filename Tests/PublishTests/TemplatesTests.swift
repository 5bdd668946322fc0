import News
import Testing

@testable import Publish

@Suite("Templates")
struct TemplatesTests {
    private static func templates(_ name: String, _ text: String) -> Templates {
        Templates(replacing: [.init(path: "/c/templates/\(name)", name: name, bytes: Array(text.utf8))])
    }

    private static var digest: Digest { Digest.compose(GoldenTests.days[0].input) }

    @Test("A template of the administrator's goes before the built-in one, and the others stay as they are")
    func replaced() throws {
        let text = "{{{day}}}: {{#stories}}{{#story}}{{{title}}}; {{/story}}{{/stories}}\n"
        let templates = Self.templates("digest.md", text)
        #expect(templates.faults == [])
        let issue = try MarkdownRenderer(templates).render(Self.digest)
        #expect(
            issue.hasPrefix(
                "Sunday 30 March 2025: Fleet to put ports under joint command; Second boat"))
        #expect(
            try MarkdownRenderer(templates).render(GoldenTests.alert) == MarkdownRenderer().render(GoldenTests.alert))
        #expect(try HTMLRenderer(templates).render(Self.digest) == HTMLRenderer().render(Self.digest))
    }

    @Test("Another stylesheet is in every page and named by its own hash, and a part is in every page that has it")
    func style() throws {
        let css = "body { color: #111; }\n"
        let page = try HTMLRenderer(Self.templates("page.css", css)).render(Self.digest)
        #expect(
            page.contains("<style>\(css)</style>")
                && page.contains("style-src 'sha256-\(Hash.base64(Array(css.utf8)))'"))
        let facts = try HTMLRenderer(Self.templates("facts.html", "<p>{{{saidBy}}}</p>\n")).render(GoldenTests.alert)
        #expect(facts.contains("<p>official: ") && !facts.contains("<dl>"))
    }

    @Test(
        "A broken template is told with its place and what to do, and the built-in one is used",
        arguments: [
            ("digest.md", "# {{{day}}}\n{{#stories}}\n", 0, "a section is not closed"),
            (
                "digest.md", "# {{{day}}}\n{{#stories}}{{/minute}}\n", 2,
                "a section is closed by another name than it was opened by"
            ),
            ("digest.md", "# {{{day}}}\n  {{{titel}}}\n", 2, "unknown name \"titel\""),
            ("digest.md", "{{{day}}\n", 1, "a tag is not ended as it began"),
            ("digest.md", "\n \n", 0, "digest.md would be empty"),
            ("digest.md", "{{> facts}}\n", 1, "\"facts\" cannot be included here"),
            ("facts.html", "{{{saidBy}}}\n{{> facts}}\n", 2, "\"facts\" cannot be included here"),
            ("head.html", "{{> head}}\n", 1, "\"head\" cannot be included here"),
            ("alert.html", "{{= <% %> =}}<%> alert %>\n", 1, "\"{{=\" is not supported"),
            ("alert.html", "{{<alert}}{{/alert}}\n", 1, "\"{{<\" is not supported"),
            ("page.css", "a { b: {{x}} }\n", 1, "a stylesheet has no tags"),
            ("digest.txt", "x\n", 0, "is no template, and is not read"),
        ] as [(String, String, Int, String)])
    func broken(name: String, text: String, line: Int, message: String) throws {
        let templates = Self.templates(name, text)
        let fault = try #require(templates.faults.first)
        #expect(templates.faults.count == 1 && fault.message == message && fault.path == "/c/templates/\(name)")
        #expect(line == 0 || fault.line == line, "line \(fault.line)")
        #expect(!fault.hint.isEmpty)
        #expect(try MarkdownRenderer(templates).render(Self.digest) == MarkdownRenderer().render(Self.digest))
        #expect(try HTMLRenderer(templates).render(GoldenTests.alert) == HTMLRenderer().render(GoldenTests.alert))
    }

    @Test("Bytes that are no text and a file of tags that never end are faults, not crashes")
    func garbage() {
        #expect(
            Templates(replacing: [.init(path: "p", name: "alert.md", bytes: [0xFF, 0xFE])]).faults.map(\.message) == [
                "is no UTF-8"
            ])
        let open = String(repeating: "{{#", count: 20_000)
        #expect(Self.templates("alert.md", open).faults.count == 1)
        let deep = String(repeating: "{{#stories}}", count: 2000)
        #expect(Self.templates("digest.md", deep).faults.count == 1)
    }

    @Test(
        "A built-in template is found good when it comes as a file, and prints what it printed",
        arguments: Templates.names)
    func builtIn(name: String) throws {
        let templates = Self.templates(name, String(decoding: Templates.builtIn(name) ?? [], as: UTF8.self))
        #expect(templates.faults == [])
        #expect(try HTMLRenderer(templates).render(Self.digest) == HTMLRenderer().render(Self.digest))
    }

    @Test("docs/templates.md lists every template and every name that it may show")
    func documented() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        let bytes = try #require(try Files(beforeStep: { _ in }).read("\(root)/docs/templates.md"))
        let text = String(decoding: bytes, as: UTF8.self)
        let names = Templates.names + Templates.names.flatMap { Templates.known(in: $0) }.filter { $0 != "." }
        #expect(Set(names).filter { !text.contains("`\($0)`") }.sorted() == [])
    }
}
