import News

/// What an XML sitemap holds (sitemaps.org protocol 0.9, with Google's news extension).
public enum Sitemap: Sendable {
    /// A `urlset`, as a feed whose entries have an address, and a headline and a date where the sitemap gives them.
    case addresses(Feed)
    /// A `sitemapindex`, one level: the sitemaps that are worth reading, newest first.
    case index(SitemapIndex)
}

public struct SitemapIndex: Sendable {
    /// Absolute, at most `Limits.sitemapChildrenMax`.
    public var children: [String] = []
    /// Every child has a `lastmod` with a time of day, so that an unchanged index means unchanged children.
    public var tellsChanges = false
    public var faults: [MarkupFault] = []

    public init() {}
}

/// Reads sitemaps of any size that the protocol allows.
public enum SitemapReader {
    /// - Parameters:
    ///   - body: the decompressed body; more than `Limits.sitemapBytesMax` is refused.
    ///   - url: where the document came from.
    /// - Returns: of a `urlset` at most `Limits.entriesMax` entries, newest first by `lastmod` or publication date; where
    ///   nothing is dated those from both ends of the document, since new ones come at one of the two.
    /// - Throws: `not-a-sitemap` with what it looks like instead, `compressed`, `too-large`.
    public static func read(_ body: [UInt8], contentType: String?, url: String) throws(MarkupError) -> Sitemap {
        guard body.count <= Limits.sitemapBytesMax else {
            throw MarkupError(
                code: "too-large", detail: "\(body.count) bytes; at most \(Limits.sitemapBytesMax) are read")
        }
        if body.starts(with: [0x1F, 0x8B]) {
            throw MarkupError(
                code: "compressed",
                detail: "\(url): a .gz file, which is not unpacked; give the address of the plain XML")
        }
        let decoded = Decoding.decode(body, contentType: contentType, kind: .xml)
        guard let root = root(of: decoded.bytes.prefix(4096)) else {
            throw refusal(decoded.bytes, contentType: contentType, url: url)
        }
        let (builder, repairs) = XMLReading.read(decoded.bytes, root: root.offset) { SitemapBuilder(url: url) }
        var faults = FaultLog()
        faults.record(decoded.faults + repairs)
        faults.record(builder.faults.faults)
        builder.faults = faults
        return root.name == "urlset" ? .addresses(builder.feed()) : .index(builder.index())
    }

    /// Whether a document's first element is a sitemap's; UTF-16 is not looked through.
    public static func isSitemap(_ body: [UInt8]) -> Bool { root(of: body.prefix(4096)) != nil }

    /// `urlset` or `sitemapindex`, when the first element is named so, and where it begins.
    static func root(of head: ArraySlice<UInt8>) -> (name: String, offset: Int)? {
        var rest = head[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[(open + 1)...]
            if rest.starts(with: Array("!--".utf8)) {
                guard let end = rest.firstRange(of: Array("-->".utf8)) else { return nil }
                rest = rest[end.upperBound...]
                continue
            }
            guard let first = rest.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") else { continue }
            let name = rest.prefix { (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: ":") }
            let local = String(decoding: name, as: UTF8.self).lowercased().split(separator: ":").last ?? ""
            return local == "urlset" || local == "sitemapindex" ? (String(local), open) : nil
        }
        return nil
    }

    private static func refusal(_ bytes: [UInt8], contentType: String?, url: String) -> MarkupError {
        if let other = OtherDocument.kind(of: bytes), other.key == "feed" {
            return MarkupError(
                code: "not-a-sitemap", detail: "\(url): \(other.name), not a sitemap; configure it as feed:")
        }
        let other = FeedSniffer.refusal(bytes, contentType: contentType, url: url)
        let detail =
            other.detail.hasPrefix("an HTML page")
            ? "\(url): an HTML page, not a sitemap; configure it as page:"
            : "\(url): no urlset and no sitemapindex; \(other.detail)"
        return MarkupError(code: "not-a-sitemap", detail: detail, feedLink: other.feedLink)
    }
}
