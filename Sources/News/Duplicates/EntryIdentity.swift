/// What an entry is known by: within its source, across sources, and from one poll to the next.
public enum EntryIdentity {
    /// The entry's key within its source: its guid (RSS `guid`, `atom:id`, JSON `id`), else its canonical link, else a hash of
    /// title and text. At most `Limits.entryKeyBytesMax` bytes: longer ones are kept as a hash.
    public static func key(for entry: Entry) -> String { key(for: entry, contentHash: nil) }

    /// - Parameters:
    ///   - contentHash: the entry's, where it is known.
    ///   - ids: `address` puts the link before the guid.
    static func key(for entry: Entry, contentHash: String?, ids: Source.IDs = .feed) -> String {
        if ids == .address, let link = url(for: entry) { return bounded(link) }
        if let id = entry.id, !id.isEmpty { return bounded(id) }
        if let link = url(for: entry) { return bounded(link) }
        return "text:" + (contentHash ?? self.contentHash(of: entry))
    }

    /// A hash over the words that a reader would notice: the same after new markup, typography or counters.
    public static func contentHash(of entry: Entry) -> String { ListedEntry(entry).contentHash }

    /// The key of an entry whose id serves several texts: id and text together.
    public static func textKey(_ key: String, contentHash: String) -> String { Hash.base32("\(key)\n\(contentHash)") }

    /// The three ids that an entry whose id is an address had before its site moved to https or left `www.` out, or will have
    /// when it moves back; none of any other id.
    public static func spellings(of key: String) -> [String] {
        guard let scheme = ["https://", "http://"].first(where: key.hasPrefix) else { return [] }
        let rest = key.dropFirst(scheme.count)
        let host = rest.hasPrefix("www.") ? rest.dropFirst(4) : rest
        return ["https://", "http://", "https://www.", "http://www."].map { $0 + host }.filter { $0 != key }
    }

    /// The same for an entry that comes back under another id, or whose site has moved to https or another host: path and
    /// query of its address, and its words. Nil without an address that says more than where the front page is.
    static func twin(place: String?, contentHash: String) -> Int64? {
        guard let place else { return nil }
        let line = FNV.step(FNV.hash(place.utf8), UInt8(ascii: "\n"))
        return Int64(bitPattern: FNV.mix(contentHash.utf8.reduce(line, FNV.step)))
    }

    /// Path and query of its address; nil without one, or for a front page.
    static func place(of entry: Entry) -> String? {
        guard let url = url(for: entry) else { return nil }
        let path =
            WebURL.plainPath(of: url).map(WebURL.identityPath)
            ?? WebURL.identityKey(url).drop { $0 != "/" && $0 != "?" }
        return path.utf8.count > 1 ? String(path) : nil
    }

    /// Where a reader finds it, canonical: the address before a feed proxy, else the link, else a guid that is one.
    public static func url(for entry: Entry) -> String? {
        for case let text? in [entry.originalLink, entry.link, entry.id] {
            if WebURL.plainPath(of: text) != nil { return text }
            if isWebAddress(text) { return WebURL.canonical(text) }
        }
        return nil
    }

    /// An absolute http or https URL with a host; guids are often something else.
    static func isWebAddress(_ text: String) -> Bool {
        guard let url = WebURL(text) else { return false }
        return url.isWeb && !(url.host ?? "").isEmpty
    }

    private static func bounded(_ key: String) -> String {
        key.utf8.count <= Limits.entryKeyBytesMax ? key : "hash:" + Hash.base32(key)
    }
}
