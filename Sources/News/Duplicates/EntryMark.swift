/// What an entry is recognised by after nothing else of it is kept: hashes, from which nobody reads what it was.
public enum EntryMark {
    /// Its key within its source.
    public static func key(_ source: SourceID, _ key: String) -> String { Hash.base32("key\n\(source)\n\(key)") }

    /// A file that readers have.
    public static func stem(_ stem: String) -> String { Hash.base32("stem\n\(stem)") }

    /// A story that readers have in the file of an alert.
    public static func story(_ id: StoryID) -> String { Hash.base32("story\n\(id)") }

    /// Its words within its source.
    public static func text(_ source: SourceID, _ contentHash: String) -> String {
        Hash.base32("text\n\(source)\n\(contentHash)")
    }

    /// Its address in all its spellings (`WebURL.identityKey`); nil for a front page, and for what is no web address.
    public static func url(_ url: String?) -> String? {
        guard let url, EntryIdentity.isWebAddress(url) else { return nil }
        let identity = WebURL.identityKey(url)
        let path = identity.drop { $0 != "/" && $0 != "?" }
        return path.count > 1 ? Hash.base32("url\n\(identity)") : nil
    }

    /// Path and words (`EntryIdentity.twin`), on whatever host.
    public static func twin(_ twin: Int64?) -> String? { twin.map { Hash.base32("twin\n\($0)") } }
}

extension ListedEntry {
    /// By its id, by id and text where several texts share it, and by words that say enough.
    public func keyMarks(in source: SourceID) -> [String] {
        [EntryMark.key(source, key), EntryMark.key(source, textKey)]
            + (sketch.isTelling ? [EntryMark.text(source, contentHash)] : [])
    }

    /// By where it stands.
    public var placeMarks: [String] {
        [EntryMark.url(EntryIdentity.url(for: entry)), EntryMark.twin(twin)].compactMap { $0 }
    }
}
