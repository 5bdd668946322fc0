import News

/// Reads a feed document of any format: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.
public enum FeedParser {
    /// Reads a whole document, repairing what is broken and recording it in `Feed.faults`.
    ///
    /// - Parameters:
    ///   - body: the decompressed body; more than `Limits.feedBytesMax` is refused.
    ///   - contentType: the HTTP header, for its charset.
    ///   - url: where the document came from, the base of relative references.
    ///   - contentLanguage: the HTTP header, for documents that name no language.
    /// - Returns: entries in document order; of a document that was cut only the entries that are whole.
    /// - Throws: `not-a-feed` with what it looks like instead, `too-large`.
    ///
    /// Time and memory grow with the size of the body only.
    public static func parse(
        _ body: [UInt8], contentType: String?, url: String, contentLanguage: String? = nil
    ) throws(MarkupError) -> Feed {
        guard body.count <= Limits.feedBytesMax else {
            throw MarkupError(code: "too-large", detail: "\(body.count) bytes; at most \(Limits.feedBytesMax) are read")
        }
        let decoded = Decoding.decode(body, contentType: contentType, kind: .xml)
        switch FeedSniffer.find(decoded.bytes) {
        case .json(let start):
            var feed = try JSONFeed.parse(decoded.bytes[start...], url: url, contentLanguage: contentLanguage)
            feed.faults = Array((decoded.faults + feed.faults).prefix(Limits.faultsMax))
            return feed
        case .xml(let root, let format):
            let feed = try parse(decoded, root: root, format: format, url: url, contentLanguage: contentLanguage)
            if let feed { return feed }
            throw FeedSniffer.refusal(decoded.bytes, contentType: contentType, url: url)
        case .other: throw FeedSniffer.refusal(decoded.bytes, contentType: contentType, url: url)
        }
    }

    /// Nil for an HTML page in which something is named like a feed, as the metadata of drawings is.
    private static func parse(
        _ decoded: DecodedText, root: Int, format: Feed.Format, url: String, contentLanguage: String?
    ) throws(MarkupError) -> Feed? {
        let builder = FeedBuilder(format: format, url: url, contentLanguage: contentLanguage)
        builder.faults.record(decoded.faults)
        if let junk = junk(decoded.bytes, before: root) { builder.faults.record("junk-before", junk) }
        let complaint = decoded.bytes.withUnsafeBufferPointer { bytes in
            var repair = XMLRepair(bytes, root: root)
            let repaired = repair.run()
            builder.faults.record(repair.faults.faults)
            let whole = repair.wholeBytes
            return repaired.withUnsafeBufferPointer { SAXReader.read($0, whole: whole, into: builder) }
        }
        if let complaint { builder.faults.record("xml-error", complaint) }
        guard builder.isFeed else {
            throw MarkupError(code: "not-a-feed", detail: "its first element is named like a feed, but it holds none")
        }
        // A page or a file of metadata that took a feed's place must not stand as a feed without news.
        if !builder.hasContent, FeedSniffer.isPage(decoded.bytes[..<root]) { return nil }
        guard builder.hasContent || !builder.hasOther || format != .rdf else {
            throw MarkupError(code: "not-a-feed", detail: "RDF of something else: neither a channel nor an item")
        }
        var feed = builder.finished()
        feed.faults = builder.faults.faults
        return feed
    }

    /// What stands before the root element and is neither white space, XML declaration, DOCTYPE nor comment.
    private static func junk(_ bytes: [UInt8], before root: Int) -> String? {
        let head = bytes[..<root].drop { $0 <= 0x20 }
        guard let first = head.first,
            first != UInt8(ascii: "<") || head.dropFirst().first.map({ $0 != 0x3F && $0 != 0x21 }) ?? true
        else { return nil }
        return
            "\(root) bytes before the document: \(String(decoding: head.prefix(40), as: UTF8.self).split { $0.isWhitespace }.joined(separator: " "))"
    }
}
