import ArgumentParser
import Foundation
import News

/// `feedwatch group`: which articles of a file are copies of one text, or on one event.
struct GroupCommand: ParsableCommand {
    enum Relation: String, ExpressibleByArgument, CaseIterable { case copy, story }

    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Groups articles into copies or stories, one JSON line each.",
        discussion: """
            Reads lines {"id", "title", "text", "outlet", "date", "url", "lang"}, takes them in the order of their dates as the \
            daemon would have met them, and prints {"id", "cluster"} in that order, by the same functions as the daemon.
            """)

    @Option(help: "copy: the same text; story: the same event.")
    var by: Relation

    @Flag(help: "Also print what each article was compared with before it was grouped, and the result.")
    var explain = false

    @Argument(help: ArgumentHelp("JSON lines, or - for standard input.", valueName: "input.jsonl"))
    var input: String

    func run() throws {
        var documents: [DocumentLine] = []
        try DocumentLines.forEach(in: input) { documents.append($0) }
        let order = documents.indices.sorted {
            (documents[$0].date ?? "", $0) < (documents[$1].date ?? "", $1)
        }
        var grouping = Grouping()
        for index in order {
            let group = try grouping.add(documents[index], explain: explain)
            try DocumentLines.write(
                Line(
                    id: documents[index].id, cluster: by == .copy ? group.copy : group.story,
                    compared: group.compared))
        }
    }

    private struct Line: Encodable {
        var id: String
        var cluster: String
        /// Only where asked for.
        var compared: [Compared]?
    }
}

private struct Compared: Encodable {
    var id: String
    var comparison: CopyComparison
}

/// The daemon's placing, one article after the other.
private struct Grouping {
    private var index = StoryIndex()
    private var shelf = MemoryShelf()

    mutating func add(
        _ document: DocumentLine, explain: Bool
    ) throws -> (copy: String, story: String, compared: [Compared]?) {
        let article = IndexedArticle(reading(document))
        if document.time != nil { index.forget(before: article.firstSeen - StoryIndex.window) }
        let compared =
            explain
            ? try index.compare(article, shelf: shelf).map {
                Compared(id: $0.key.key, comparison: $0.comparison)
            } : nil
        let placement = try index.place(article, shelf: shelf)
        index.insert(article, as: placement, on: &shelf)
        var original = article.key
        if case .copy(let other, _) = placement.kind { original = other }
        return ("\(original.source)/\(original.key)", placement.story, compared)
    }

    private func reading(_ document: DocumentLine) -> Reading {
        let time = document.time ?? IndexedArticle.unknownTime
        var entry = Entry()
        entry.id = document.id
        entry.link = document.url
        let article = document.article
        let pending = PendingEntry(
            source: document.outlet ?? "", key: document.id, entry: entry, firstSeen: time, seen: time)
        return Reading(
            pending: pending, article: article, readAt: time, topics: [], entities: [], strongEntities: [],
            fingerprint: Fingerprint(article: article))
    }
}
