import ArgumentParser
import Foundation
import Markup
import News
import Watch

/// `feedwatch parse`: reads feed documents and sitemaps and prints what is in them.
struct ParseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Reads feeds and sitemaps from files or the web and prints what they hold.",
        discussion: "Exit code 1 when one of them is neither; with --list that is said in its line alone.")

    @Argument(help: ArgumentHelp("Documents, - for the standard input, or addresses.", valueName: "file|url"))
    var files: [String] = []

    @OptionGroup var documents: DocumentOptions

    @Flag(help: "Print one JSON object a line for each document.")
    var json = false

    @Option(
        help:
            "A file of lines FILE, content type, base URL, content language, parted by tabs; prints JSON, one line each."
    )
    var list: String?

    @Option(help: "The address that relative links are resolved against.")
    var base = ""

    @Option(help: ArgumentHelp("The zone of times that name none, as a source's timezone.", valueName: "zone"))
    var timezone: String?

    func validate() throws {
        guard list != nil || !files.isEmpty else { throw ValidationError("Name a file, - or --list.") }
    }

    func run() async throws {
        var rows = files.map { InputRow(path: $0, second: "", third: base, fourth: "") }
        if let list { rows += try Failure.told { try InputRow.read(list) } }
        let zone = try Failure.told { try timezone.map { try ZoneFile.load($0) } }
        var hasFailed = false
        for row in rows {
            switch await parse(row, zone: zone) {
            case .success(let feed):
                Output.line(
                    json || list != nil ? Self.json(feed.feed, url: feed.url) : Self.text(feed.feed, path: row.path))
            case .failure(let error):
                hasFailed = true
                Output.failure("\(error)", path: row.path, asJSON: json || list != nil)
            }
        }
        if hasFailed, list == nil { throw ExitCode(1) }
    }

    private func parse(_ row: InputRow, zone: Zone?) async -> Result<(feed: Feed, url: String), any Error> {
        do {
            let document = try await documents.document(row.path, kind: .feed)
            let faults = document.isCut ? [MarkupFault.cut(limit: document.body.count)] : []
            let type = row.second.isEmpty ? document.contentType : row.second
            let url = document.url.isEmpty ? row.third : document.url
            if SitemapReader.isSitemap(document.body) {
                var feed = try Self.addresses(document.body, contentType: type, url: url)
                feed.faults = faults + feed.faults
                return .success((feed, url))
            }
            let language = row.fourth.isEmpty ? document.contentLanguage : row.fourth
            // A list may be of documents of any time.
            let now = list == nil ? Timestamp(seconds: Int64(Date().timeIntervalSince1970)) : nil
            var feed = try FeedParser.parse(
                document.body, contentType: type, url: url, contentLanguage: language, zone: zone, now: now)
            feed.faults = faults + feed.faults
            return .success((feed, url))
        } catch {
            return .failure(error)
        }
    }

    /// An index's sitemaps as entries, to be parsed one by one.
    private static func addresses(_ body: [UInt8], contentType: String?, url: String) throws -> Feed {
        switch try SitemapReader.read(body, contentType: contentType, url: url) {
        case .addresses(let feed): return feed
        case .index(let index):
            var feed = Feed(format: .sitemap)
            feed.title = "an index of sitemaps"
            feed.faults = index.faults
            feed.entries = index.children.map { child in
                var entry = Entry()
                entry.link = child
                return entry
            }
            return feed
        }
    }

    // MARK: Forms

    /// References inside markup are made absolute.
    private static func json(_ feed: Feed, url: String) -> String {
        let base = WebURL(url)
        func markup(_ text: String?, _ kind: TextKind? = nil) -> String? {
            guard let base, kind != .plain else { return text }
            return text.map { MarkupReferences.resolved($0, base: base) }
        }
        var head: [String: Any] = ["format": feed.format.rawValue]
        head["id"] = feed.id
        head["title"] = markup(feed.title)
        head["link"] = feed.link
        head["self"] = feed.selfLink
        head["hub"] = feed.hub
        head["previous_archive"] = feed.previousArchive
        head["description"] = markup(feed.description)
        head["language"] = feed.language
        head["updated"] = feed.updated?.rfc3339
        head["ttl_minutes"] = feed.ttlMinutes
        head["skip_hours"] = feed.skipHours
        head["skip_days"] = feed.skipDays
        head["authors"] = feed.authors.map(person)
        let entries = feed.entries.map { entry in
            var fields = Self.entry(entry)
            fields["title"] = markup(entry.title, entry.titleKind)
            fields["summary"] = markup(entry.summary, entry.summaryKind)
            fields["content"] = markup(entry.content, entry.contentKind)
            return fields
        }
        var object: [String: Any] = ["feed": head, "entries": entries]
        if !feed.faults.isEmpty { object["faults"] = feed.faults.map { ["code": $0.code, "detail": $0.detail] } }
        return Output.json(object)
    }

    /// All but its texts.
    private static func entry(_ entry: Entry) -> [String: Any] {
        var object: [String: Any] = ["authors": entry.authors.map(person), "categories": entry.categories]
        object["id"] = entry.id
        object["link"] = entry.link
        object["original_link"] = entry.originalLink
        object["published"] = entry.published?.rfc3339
        object["updated"] = entry.updated?.rfc3339
        object["language"] = entry.language
        object["in_reply_to"] = entry.inReplyTo
        object["comments"] = entry.commentCount
        if let point = entry.point { object["point"] = ["latitude": point.latitude, "longitude": point.longitude] }
        if let origin = entry.origin {
            var fields: [String: Any] = [:]
            fields["title"] = origin.title
            fields["url"] = origin.url
            fields["id"] = origin.id
            object["source"] = fields
        }
        object["enclosures"] = entry.enclosures.map { enclosure in
            var fields: [String: Any] = ["url": enclosure.url]
            fields["type"] = enclosure.type
            fields["length"] = enclosure.length
            return fields
        }
        return object
    }

    private static func person(_ person: Person) -> [String: Any] {
        var object: [String: Any] = [:]
        object["name"] = person.name
        object["email"] = person.email
        object["url"] = person.url
        return object
    }

    /// For people: the feed, its newest things first as published, and what was wrong.
    private static func text(_ feed: Feed, path: String) -> String {
        let title = feed.title.map { PlainText.line($0) } ?? "(no title)"
        var lines = ["\(path): \(title) (\(feed.format.rawValue), \(feed.entries.count) entries)"]
        for entry in feed.entries {
            let time = (entry.published ?? entry.updated)?.rfc3339 ?? "no date             "
            lines.append("  \(time)  \(ArticleReader.headline(of: entry) ?? "(no title)")")
            if let link = entry.link { lines.append("                        \(link)") }
        }
        for fault in feed.faults { lines.append("  fault \(fault.code): \(fault.detail)") }
        return lines.joined(separator: "\n")
    }
}
