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

    /// Whether it says of itself that it was corrected or withdrawn: what stood under its id before is what it speaks of.
    public var isNotice: Bool {
        [entry.title, entry.summary].compactMap { $0 }.contains(where: CorrectionNotice.isNotice)
    }

    /// - Parameter ids: what it is known by.
    public init(_ entry: Entry, isKeyShared: Bool = false, ids: Source.IDs = .feed) {
        var words = EntryWords()
        words.append(entry.title)
        let title = words.words.count
        words.append(entry.summary)
        words.append(entry.content)
        let place = EntryIdentity.place(of: entry)
        contentHash = Hash.base32(words.bytes)
        key = EntryIdentity.key(for: entry, contentHash: contentHash, ids: ids)
        self.isKeyShared = isKeyShared
        sketch = EntrySketch(words, title: title, place: place)
        twin = EntryIdentity.twin(place: place, contentHash: contentHash)
        self.entry = entry
    }

    /// A document's entries in its order; what it has twice, key and text, is listed once.
    public static func list(_ feed: Feed, ids: Source.IDs = .feed) -> [ListedEntry] {
        var listed: [ListedEntry] = []
        listed.reserveCapacity(feed.entries.count)
        var places: [String: Int] = [:]
        places.reserveCapacity(feed.entries.count)
        // Of keys that come again, which are few.
        var texts: [String: Set<String>] = [:]
        for entry in feed.entries {
            let next = ListedEntry(entry, ids: ids)
            if let place = places[next.key] {
                let first = listed[place].contentHash
                guard texts[next.key, default: [first]].insert(next.contentHash).inserted else { continue }
            } else {
                places[next.key] = listed.count
            }
            listed.append(next)
        }
        guard !texts.isEmpty else { return listed }
        for index in listed.indices { listed[index].isKeyShared = texts[listed[index].key, default: []].count > 1 }
        return listed
    }
}
