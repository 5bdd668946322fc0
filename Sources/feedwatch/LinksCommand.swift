import ArgumentParser
import Foundation
import Markup
import News

/// `feedwatch links`: what a listing page would give, and why.
struct LinksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "links", abstract: "Shows which links of a listing page would be taken, and why.",
        discussion: """
            Prints the links that a "page:" source would take, in the order of the page, then the groups that they were \
            chosen from, each with a selector to start from. --select, --title and --date try the keys of "links:".

            LIST has a line for each page: path, address and charset, separated by tabs; the last may be empty. With \
            --list or --json each page gives one JSON line, in order; a page that cannot be read gives {"path", "error"}. \
            Exit code 1 when nothing would be taken.
            """)

    @Argument(help: ArgumentHelp("Saved pages, - for the standard input, or addresses.", valueName: "file|url"))
    var pages: [String] = []

    @OptionGroup var documents: DocumentOptions

    @Option(help: ArgumentHelp("The address of a saved page, for its relative links.", valueName: "base"))
    var url = ""

    @Option(help: ArgumentHelp("A selector for the links, or for elements that hold one each.", valueName: "css"))
    var select: Selector?

    @Option(help: ArgumentHelp("A selector for the headline, within what holds the link.", valueName: "css"))
    var title: Selector?

    @Option(help: ArgumentHelp("A selector for the date, within what holds the link.", valueName: "css"))
    var date: Selector?

    @Option(help: "A file that lists saved pages.")
    var list: String?

    @Flag(help: "Print a JSON line for each page instead.")
    var json = false

    func validate() throws {
        if pages.isEmpty, list == nil { throw ValidationError("name pages, or a list of them with --list") }
    }

    func run() async throws {
        let rows = try Failure.told { try list.map(InputRow.read) ?? [] }
        var found = false
        for row in pages.map({ InputRow(path: $0, second: url, third: "", fourth: "") }) + rows {
            do {
                let listing = try await listing(row)
                found = found || !listing.links.isEmpty
                Output.line(json || list != nil ? Self.json(listing, row.path) : Self.text(listing, row.path))
            } catch {
                Output.failure("\(error)", path: row.path, asJSON: json || list != nil)
            }
        }
        if !found, list == nil { throw ExitCode(1) }
    }

    private func listing(_ row: InputRow) async throws -> Listing {
        let document = try await documents.document(row.path, kind: .page)
        return try ListingReader.read(
            page: document.body,
            contentType: row.third.isEmpty ? document.contentType : "text/html; charset=\(row.third)",
            url: document.url.isEmpty ? row.second : document.url,
            rules: Source.LinkRules(select: select, title: title, date: date))
    }

    // MARK: Forms

    private static func json(_ listing: Listing, _ path: String) -> String {
        Output.json([
            "path": path,
            "links": listing.links.map { link in
                [
                    "url": link.url, "title": link.title as Any? ?? NSNull(),
                    "date": link.published?.day as Any? ?? NSNull(),
                ]
            },
        ])
    }

    /// For people: what is taken, then each group with its reasons and its first links.
    private static func text(_ listing: Listing, _ path: String) -> String {
        let count = listing.links.count
        var lines = ["\(path): \(count) \(count == 1 ? "link" : "links") would be taken"]
        for link in listing.links { lines += Self.lines(of: link, indent: "  ") }
        for feed in listing.feeds { lines.append("the page names a feed, which is better than a page: \(feed)") }
        for fault in listing.faults { lines.append("fault \(fault.code): \(fault.detail)") }
        for isTaken in [true, false] {
            let groups = listing.groups.filter { $0.isTaken == isTaken }
            if !groups.isEmpty { lines += ["", isTaken ? "taken:" : "left:"] }
            for group in groups.prefix(40) { lines += Self.lines(of: group) }
            if groups.count > 40 { lines.append("  and \(groups.count - 40) more groups") }
        }
        return lines.joined(separator: "\n")
    }

    private static func lines(of link: Listing.Link, indent: String) -> [String] {
        let date = link.published?.day ?? "          "
        return ["\(indent)\(date)  \(link.title ?? "(no title)")", "\(indent)            \(link.url)"]
    }

    private static func lines(of group: Listing.Group) -> [String] {
        let reasons = group.reasons.isEmpty ? "nothing speaks for it" : group.reasons.joined(separator: ", ")
        let shown = group.isTaken ? [] : group.links.prefix(2)
        return ["  \(group.links.count) × \(group.selector)", "      \(reasons)"]
            + shown.flatMap { Self.lines(of: $0, indent: "      ") }
    }
}

extension Selector: ExpressibleByArgument {
    public init?(argument: String) {
        do { try self.init(argument) } catch {
            Terminal.say("\(error)")
            return nil
        }
    }
}
