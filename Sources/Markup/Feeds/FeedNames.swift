/// What elements' names mean, looked up once for each name of a document.
///
/// libxml2 keeps each name of a document once, so that its pointers stand for it.
struct FeedNames {
    struct Meaning {
        var element: FeedElement
        var namespace: FeedNamespace
        /// The namespace is known by the likeness of its URI only.
        var isUnusual: Bool
    }

    private struct Key: Equatable {
        var local: UnsafePointer<UInt8>
        var prefix: UnsafePointer<UInt8>?
        var uri: UnsafePointer<UInt8>?

        var hash: Int {
            var value = UInt(bitPattern: local) >> 3
            value ^= (uri.map { UInt(bitPattern: $0) } ?? prefix.map { UInt(bitPattern: $0) } ?? 0) >> 2
            return Int((value &* 0x9E37_79B9_7F4A_7C15) >> 56)
        }
    }

    /// By hash; a newer name takes an older one's place.
    private var known = [(key: Key, meaning: Meaning)?](repeating: nil, count: 256)

    mutating func meaning(of name: SAXName) -> Meaning {
        let key = Key(local: name.local, prefix: name.prefix, uri: name.uri)
        let place = key.hash
        if let entry = known[place], entry.key == key { return entry.meaning }
        let namespace: FeedNamespace
        var isUnusual = false
        if let uri = name.uri.map({ String(cString: $0) }) {
            namespace = FeedNamespace.of(uri: uri, prefix: name.prefixText)
            isUnusual = namespace != .other && !FeedNamespace.isUsual(uri)
        } else {
            namespace = FeedNamespace.byPrefix(name.prefixText)
        }
        let element = FeedElement.of(name.localText.lowercased(), namespace)
        let meaning = Meaning(element: element, namespace: namespace, isUnusual: isUnusual)
        known[place] = (key, meaning)
        return meaning
    }
}
