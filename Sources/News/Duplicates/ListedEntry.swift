/// An entry of a feed document with all that it is known by.
public struct ListedEntry: Sendable {
    /// `EntryIdentity.key`.
    public var key: String
    /// Other entries of the document have the same key and another text: the key alone is no identity there.
    public var isKeyShared: Bool
    public var contentHash: String
    public var sketch: EntrySketch
    /// `EntryIdentity.twin`.
    public var twin: Int64?
    public var entry: Entry

    /// `EntryIdentity.textKey`.
    public var textKey: String { EntryIdentity.textKey(key, contentHash: contentHash) }

    public init(_ entry: Entry, isKeyShared: Bool = false) {
        let title = EntryWords.words([entry.title])
        let words = title + EntryWords.words([entry.summary, entry.content])
        key = EntryIdentity.key(for: entry)
        self.isKeyShared = isKeyShared
        contentHash = Hash.base32(EntryWords.joined(words))
        sketch = EntrySketch(title: title, words: words, place: EntryIdentity.place(of: entry))
        twin = EntryIdentity.twin(of: entry, contentHash: contentHash)
        self.entry = entry
    }

    /// A document's entries in its order; what it has twice, key and text, is listed once.
    public static func list(_ feed: Feed) -> [ListedEntry] {
        var listed: [ListedEntry] = []
        var texts: [String: Set<String>] = [:]
        for entry in feed.entries {
            let next = ListedEntry(entry)
            if texts[next.key, default: []].insert(next.contentHash).inserted { listed.append(next) }
        }
        for index in listed.indices { listed[index].isKeyShared = texts[listed[index].key, default: []].count > 1 }
        return listed
    }
}
