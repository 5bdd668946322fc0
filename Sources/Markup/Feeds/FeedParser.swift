import News

/// Reads a feed document of any format: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.
public enum FeedParser {
    /// Reads a whole document, repairing what is broken and recording it in `Feed.faults`.
    ///
    /// - Parameters:
    ///   - body: the decompressed body; more than `Limits.parsedBytesMax` is refused.
    ///   - contentType: the HTTP header, for its charset.
    ///   - url: where the document came from, the base of relative references.
    ///   - contentLanguage: the HTTP header, for documents that name no language.
    ///   - zone: where times are read that name no zone; UTC when nil.
    ///   - now: dates of entries later than a day after it are recorded and not believed; nil believes all.
    /// - Returns: entries in document order; of a document that was cut only the entries that are whole.
    /// - Throws: `not-a-feed` with what it looks like instead, `challenge`, `too-large`.
    ///
    /// Time and memory grow with the size of the body only.
    public static func parse(
        _ body: [UInt8], contentType: String?, url: String, contentLanguage: String? = nil, zone: Zone? = nil,
        now: Timestamp? = nil
    ) throws(MarkupError) -> Feed {
        var feed = try undated(body, contentType: contentType, url: url, contentLanguage: contentLanguage, zone: zone)
        if let now { dropFutureDates(in: &feed, now: now) }
        return feed
    }

    /// With all dates that are dates.
    private static func undated(
        _ body: [UInt8], contentType: String?, url: String, contentLanguage: String?, zone: Zone?
    ) throws(MarkupError) -> Feed {
        guard body.count <= Limits.parsedBytesMax else {
            throw MarkupError(
                code: "too-large", detail: "\(body.count) bytes; at most \(Limits.parsedBytesMax) are read")
        }
        if let kind = BinaryDocument.kind(of: body) {
            throw MarkupError(code: "not-a-feed", detail: "\(kind), not a feed")
        }
        let decoded = Decoding.decode(body, contentType: contentType, kind: .xml)
        switch FeedSniffer.find(decoded.bytes) {
        case .json(let start):
            var feed = try JSONFeed.parse(
                decoded.bytes[start...], url: url, contentLanguage: contentLanguage, zone: zone)
            var faults = FaultLog()
            faults.record(decoded.faults)
            if decoded.bytes[..<start].contains(where: { $0 > 0x20 }) {
                faults.record("junk-before", "\(start) bytes before the document, passed over")
            }
            faults.record(feed.faults)
            keepNewest(in: &feed, &faults)
            feed.faults = faults.faults
            return feed
        case .xml(let root, let format):
            let feed = try parse(decoded, root: root) { site in
                FeedBuilder(format: format, url: url, contentLanguage: contentLanguage, zone: zone, site: site)
            }
            if let feed { return feed }
            throw FeedSniffer.refusal(decoded.bytes, contentType: contentType, url: url)
        case .other: throw FeedSniffer.refusal(decoded.bytes, contentType: contentType, url: url)
        }
    }

    /// Nil for an HTML page in which something is named like a feed, as the metadata of drawings is.
    private static func parse(
        _ decoded: DecodedText, root: Int, _ empty: (WebURL?) -> FeedBuilder
    ) throws(MarkupError) -> Feed? {
        var (target, repairs) = XMLReading.read(decoded.bytes, root: root) { FeedTarget(empty(nil)) }
        if let site = target.builder.missedSite {
            (target, repairs) = XMLReading.read(decoded.bytes, root: root) { FeedTarget(empty(site)) }
        }
        var faults = FaultLog()
        faults.record(decoded.faults)
        if let junk = junk(decoded.bytes, before: root) { faults.record("junk-before", junk) }
        faults.record(repairs)
        faults.record(target.builder.faults.faults)
        guard target.builder.isFeed else {
            throw MarkupError(code: "not-a-feed", detail: "its first element is named like a feed, but it holds none")
        }
        // A page or a file of metadata that took a feed's place must not stand as a feed without news.
        if !target.builder.hasContent, FeedSniffer.isPage(decoded.bytes[..<root]) { return nil }
        guard target.builder.hasContent || !target.builder.hasOther || target.builder.feed.format != .rdf else {
            throw MarkupError(code: "not-a-feed", detail: "RDF of something else: neither a channel nor an item")
        }
        var feed = target.builder.finished()
        keepNewest(in: &feed, &faults)
        feed.faults = faults.faults
        return feed
    }

    /// A wrong zone makes hours, not days; what is dated later is no time of publication.
    private static func dropFutureDates(in feed: inout Feed, now: Timestamp) {
        let latest = now + .seconds(86_400)
        var faults = FaultLog()
        for index in feed.entries.indices {
            for date in [\Entry.published, \Entry.updated] {
                guard let time = feed.entries[index][keyPath: date], time > latest else { continue }
                let name = (feed.entries[index].id ?? feed.entries[index].link ?? "").prefix(60)
                faults.record("future-date", "\(time.rfc3339) of \"\(name)\" is to come")
                feed.entries[index][keyPath: date] = nil
            }
        }
        feed.faults = Array((feed.faults + faults.faults).prefix(Limits.faultsMax))
    }

    /// Most feeds begin with what is newest, some end with it.
    private static func keepNewest(in feed: inout Feed, _ faults: inout FaultLog) {
        guard feed.entries.count > Limits.entriesMax else { return }
        let count = feed.entries.count
        // One that is pinned to the top says nothing: most neighbours decide.
        let times = feed.entries.compactMap { $0.published ?? $0.updated }
        let rising = zip(times, times.dropFirst()).reduce(0) { $0 + ($1.0 < $1.1 ? 1 : $1.0 > $1.1 ? -1 : 0) }
        let isOldestFirst = rising > 0
        feed.entries = Array(
            isOldestFirst ? feed.entries.suffix(Limits.entriesMax) : feed.entries.prefix(Limits.entriesMax))
        faults.record("too-many-entries", "\(count) entries; the newest \(Limits.entriesMax) are read")
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
