/// The text that was read for one entry: from the page behind it or from the feed.
public struct Article: Sendable, Hashable, Codable {
    /// Plain text, one line.
    public var title: String?
    public var standfirst: String?
    public var authors: [String] = []
    public var published: Timestamp?
    public var modified: Timestamp?
    /// BCP 47.
    public var language: String?
    /// The page's own `rel=canonical` or `og:url`, absolute.
    public var canonicalURL: String?
    public var siteName: String?
    public var section: String?
    /// Plain text, one line each, in reading order; empty when nothing was found.
    public var paragraphs: [String] = []
    /// What stands under the article's pictures and tables, in reading order; nil where nothing does.
    public var captions: [String]?
    /// The place line of the text, `TOKYO`, where it has one.
    public var dateline: String?
    /// The wire or newsroom that the text credits, as written: `AP`, `共同`.
    public var credit: String?
    public var faults: [MarkupFault] = []
    /// What its publisher asks of those who show or keep it; nil where nothing is asked.
    public var terms: PageTerms?
    /// Places in `paragraphs` of those that are not to be quoted (`data-nosnippet`); nil where none is marked.
    public var unquoted: [Int]?

    public init() {}

    /// Why the page behind the entry was not read, so that this is only what the feed says: the code of the fault.
    public var pageFault: String? { faults.first { $0.code.hasPrefix("page-") }?.code }

    /// Paragraphs separated by a blank line.
    public var text: String { paragraphs.joined(separator: "\n\n") }
}
