import ArgumentParser
import Foundation
import Markup
import News

struct ExtractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Reads the articles of pages, as the daemon does.",
        discussion: """
            LIST has a line for each page: path, address and charset, separated by tabs; the last two may be empty. \
            A page - is the standard input. With --list or --json each page gives one JSON line, in order; a page that \
            cannot be read gives {"path", "error"}.

            With --site-memory each page is read by what the pages before it have taught of its site, and FILE, which is \
            made where there is none, takes what it teaches itself; only pages with an address have a site. --article \
            tries a source's key of that name.
            """)

    @Argument(help: ArgumentHelp("Saved pages, - for the standard input, or addresses.", valueName: "file|url"))
    var files: [String] = []

    @OptionGroup var documents: DocumentOptions

    @Option(help: "A file that lists pages.")
    var list: String?

    @Option(help: ArgumentHelp("A file that keeps what pages teach of their sites.", valueName: "file"))
    var siteMemory: String?

    @Option(help: ArgumentHelp("A selector for the article's text.", valueName: "css"))
    var article: Selector?

    @Flag(help: "Print a JSON line for each page instead of its text.")
    var json = false

    @Flag(help: "Print how the article was found: its element, and what of it was left out by which rule.")
    var why = false

    func validate() throws {
        if files.isEmpty, list == nil { throw ValidationError("name pages, or a list of them with --list") }
    }

    func run() async throws {
        var isFailed = false
        var memory = try Failure.told { try siteMemory.map(SiteMemoryFile.init) }
        for page in try Failure.told(pages) {
            if why {
                if await !showTrace(of: page, memory) { isFailed = true }
                continue
            }
            let outcome = await read(page, &memory)
            if case .failure = outcome { isFailed = true }
            if json || list != nil {
                Terminal.print(try ArticleLine(path: page.path, outcome: outcome).line)
            } else {
                show(outcome, of: page)
            }
        }
        if !why { try Failure.told { try memory?.write() } }
        if isFailed, list == nil { throw ExitCode(1) }
    }

    private func pages() throws -> [SavedPage] {
        var pages = files.map { SavedPage(path: $0, url: "", charset: "") }
        guard let list else { return pages }
        guard let data = FileManager.default.contents(atPath: list) else { throw Failure("\(list) cannot be read") }
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            pages.append(
                SavedPage(
                    path: columns[0], url: columns.count > 1 ? columns[1] : "",
                    charset: columns.count > 2 ? columns[2] : ""))
        }
        return pages
    }

    private func read(_ page: SavedPage, _ memory: inout SiteMemoryFile?) async -> Result<Article, any Error> {
        do {
            let document = try await document(page)
            let (article, lesson) = try ArticleReader.look(
                page: document.body, contentType: document.contentType, url: document.url,
                guide: guide(document, memory))
            memory?.learn(lesson, of: document.url)
            return .success(article)
        } catch {
            return .failure(error)
        }
    }

    private func document(_ page: SavedPage) async throws -> InputDocument {
        var document = try await documents.document(page.path, kind: .page)
        if !page.charset.isEmpty { document.contentType = "text/html; charset=\(page.charset)" }
        if document.url.isEmpty { document.url = page.url }
        return document
    }

    private func guide(_ document: InputDocument, _ memory: SiteMemoryFile?) -> ReadingGuide {
        ReadingGuide(
            select: article, lesson: memory?.lesson(of: document.url) ?? SiteLesson(), terms: document.terms)
    }

    /// False when the page could not be read.
    private func showTrace(of page: SavedPage, _ memory: SiteMemoryFile?) async -> Bool {
        do {
            let document = try await document(page)
            let lines = try ArticleReader.trace(
                page: document.body, contentType: document.contentType, url: document.url,
                guide: guide(document, memory))
            Terminal.print(Array((lines.joined(separator: "\n") + "\n\n").utf8))
            return true
        } catch {
            Terminal.say("\(page.path): \(error)")
            return false
        }
    }

    private func show(_ outcome: Result<Article, any Error>, of page: SavedPage) {
        switch outcome {
        case .failure(let error): Terminal.say("\(page.path): \(error)")
        case .success(let article):
            for fault in article.faults { Terminal.say("\(page.path): \(fault.code): \(fault.detail)") }
            let facts = [article.published?.rfc3339, article.authors.joined(separator: ", "), article.siteName]
                .compactMap { $0 }.filter { !$0.isEmpty }
            let head = [article.title, facts.joined(separator: " · ")].compactMap { $0 }.filter { !$0.isEmpty }
            let parts = [head.joined(separator: "\n"), article.text].filter { !$0.isEmpty }
            guard !parts.isEmpty else { return }
            Terminal.print(Array((parts.joined(separator: "\n\n") + "\n\n").utf8))
        }
    }
}

/// A page to be read, with what a list says of it.
private struct SavedPage {
    var path: String
    var url: String
    var charset: String
}

/// What `extract` prints of an article in JSON.
private struct ArticleLine: Encodable {
    var path: String
    var error: String?
    var title: String?
    var authors: [String]?
    var published: String?
    var modified: String?
    var language: String?
    var text: String?
    var captions: [String]?
    var standfirst: String?
    var canonical: String?
    var site: String?
    var section: String?
    var dateline: String?
    var credit: String?
    var faults: [String]?
    var terms: PageTerms?

    init(path: String, outcome: Result<Article, any Error>) {
        self.path = path
        switch outcome {
        case .failure(let failure): error = "\(failure)"
        case .success(let article):
            title = article.title
            authors = article.authors
            published = article.published?.rfc3339
            modified = article.modified?.rfc3339
            language = article.language
            text = article.text
            captions = article.captions
            standfirst = article.standfirst
            canonical = article.canonicalURL
            site = article.siteName
            section = article.section
            dateline = article.dateline
            credit = article.credit
            faults = article.faults.map(\.code)
            terms = article.terms
        }
    }

    var line: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data([0x0A])
        }
    }
}
