import Foundation

/// A line of `seeds/pages.tsv`: what a reader of articles must make of one page of `seeds/web`.
public struct SeedPage: Sendable, Hashable, CustomStringConvertible {
    /// `PHASE/HOST/PATH`
    public var path: String
    /// As iconv knows it.
    public var encoding: String
    /// BCP 47.
    public var language: String
    /// An RFC 3339 time, or a day as `2025-03-31`; nil where the page names none.
    public var published: String?
    public var title: String
    /// How its text begins.
    public var beginning: String
    /// How its text ends.
    public var end: String
    /// Words that stand on the page beside the article.
    public var beside: [String]

    public var url: String { "http://" + path.drop { $0 != "/" }.dropFirst() }
    public var description: String { path }

    /// Reads the table in a folder (`seeds`).
    public static func load(_ folder: String) throws -> [SeedPage] {
        try SeedTable.rows("\(folder)/pages.tsv", columns: 8).map { cells in
            SeedPage(
                path: cells[0], encoding: cells[1], language: cells[2], published: cells[3] == "-" ? nil : cells[3],
                title: cells[4], beginning: cells[5], end: cells[6], beside: SeedTable.list(cells[7]))
        }
    }
}

/// A line of `seeds/stories.tsv`: what must become of a story of the second poll.
public struct SeedStory: Sendable, Hashable, CustomStringConvertible {
    public enum Promise: String, Sendable {
        /// One alert of its own, and a place in the digest.
        case alert
        /// Neither in an alert nor in the digest.
        case quiet
    }

    public var promise: Promise
    /// BCP 47.
    public var language: String
    /// Topics that its alert must name; it may name others.
    public var topics: [String]
    /// All outlets whose articles stand in the story.
    public var outlets: [String]
    public var headline: String

    public var description: String { headline }

    /// Reads the table in a folder (`seeds`).
    public static func load(_ folder: String) throws -> [SeedStory] {
        let file = "\(folder)/stories.tsv"
        return try SeedTable.rows(file, columns: 5).map { cells in
            guard let promise = Promise(rawValue: cells[0]) else {
                throw SeedSite.FolderError(description: "\(file): no promise \"\(cells[0])\" – write alert or quiet")
            }
            return SeedStory(
                promise: promise, language: cells[1], topics: SeedTable.list(cells[2]),
                outlets: SeedTable.list(cells[3]), headline: cells[4])
        }
    }
}

/// Tab-separated lines; `#` begins a comment, `|` separates values in a cell, `-` is nothing.
private enum SeedTable {
    static func rows(_ file: String, columns: Int) throws -> [[String]] {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        return try lines.filter { !$0.hasPrefix("#") }.map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == columns, !cells.contains("") else {
                throw SeedSite.FolderError(description: "\(file): not \(columns) cells in \"\(line)\"")
            }
            return cells
        }
    }

    static func list(_ cell: String) -> [String] {
        cell == "-" ? [] : cell.split(separator: "|").map(String.init)
    }
}
