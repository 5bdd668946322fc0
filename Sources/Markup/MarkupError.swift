/// Why nothing could be read from a document.
public struct MarkupError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable word: `not-a-feed`, `empty`, `too-large`, `not-html`.
    public var code: String
    /// For people: what it looks like and what to do.
    public var detail: String
    /// The feed that an HTML page itself names (`rel=alternate`), absolute.
    public var feedLink: String?

    public init(code: String, detail: String, feedLink: String? = nil) {
        self.code = code
        self.detail = detail
        self.feedLink = feedLink
    }

    public var description: String { "\(code): \(detail)" }
}
