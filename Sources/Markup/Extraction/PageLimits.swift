import News

/// Limits that only the reading of pages knows.
extension Limits {
    /// Element depth of a page that is kept; deeper elements count as children of the one at this depth.
    static let pageDepthMax = 512
    /// Attributes of one element that are looked at.
    static let elementAttributesMax = 64
    /// Values of one JSON-LD block, how deep they may nest, and bytes of all JSON-LD of a page that are read.
    static let linkedDataValuesMax = 50_000
    static let linkedDataDepthMax = 64
    static let linkedDataBytesMax = 2 << 20
    /// Authors of one article that are kept.
    static let authorsMax = 20
    /// Bytes of one line about an article (an author, a standfirst, a site's name).
    static let articleFieldBytesMax = 2000
}
