/// What an entry is known by: within its source, across sources, and from one poll to the next.
public enum EntryIdentity {
    /// The entry's key within its source: its guid (RSS `guid`, `atom:id`, JSON `id`), else its canonical link, else a hash of
    /// title and text. At most `Limits.entryKeyBytesMax` bytes: longer ones are kept as a hash.
    public static func key(for entry: Entry) -> String {
        if let id = entry.id, !id.isEmpty { return bounded(id) }
        if let link = url(for: entry) { return bounded(link) }
        return "text:" + Hash.base32(EntryWords.normalized([entry.title, entry.summary, entry.content]))
    }

    /// A hash over the words that a reader would notice: the same after new markup, typography or counters.
    public static func contentHash(of entry: Entry) -> String { ListedEntry(entry).contentHash }

    /// The key of an entry whose id serves several texts: id and text together.
    public static func textKey(_ key: String, contentHash: String) -> String { Hash.base32("\(key)\n\(contentHash)") }

    /// The same for an entry that comes back under another id, or whose site has moved to https or another host: path and
    /// query of its address, and its words. Nil without an address that says more than where the front page is.
    public static func twin(of entry: Entry, contentHash: String) -> Int64? {
        place(of: entry).map { Int64(bitPattern: FNV.mix(FNV.hash("\($0)\n\(contentHash)".utf8))) }
    }

    /// Path and query of its address; nil without one, or for a front page.
    static func place(of entry: Entry) -> String? {
        guard let url = url(for: entry) else { return nil }
        let path = WebURL.identityKey(url).drop { $0 != "/" && $0 != "?" }
        return path.count > 1 ? String(path) : nil
    }

    /// Where a reader finds it, canonical: the address before a feed proxy, else the link, else a guid that is one.
    public static func url(for entry: Entry) -> String? {
        [entry.originalLink, entry.link, entry.id].lazy.compactMap { $0 }.first(where: isWebAddress)
            .map(WebURL.canonical)
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
