/// The attributes that reading a page asks for; their raw values are places in the table of a document's names.
enum AttributeName: UInt16, CaseIterable {
    case none
    case `class`, id, style, hidden, role, lang, xmlLang, title, ariaLabel, alt
    case href, rel, type, name, content, httpEquiv, property
    case itemprop, itemtype, pubdate, datetime

    /// As libxml2 gives them, in lower case; the first is empty.
    static let names = allCases.map { name in
        switch name {
        case .none: ""
        case .xmlLang: "xml:lang"
        case .ariaLabel: "aria-label"
        case .httpEquiv: "http-equiv"
        default: "\(name)"
        }
    }
}

/// The names of one document by their bytes: libxml2's HTML trees hold a copy of the name in every node.
struct NameTable {
    /// The `Tag` of each name.
    private(set) var tags: [Tag]
    /// The last name met of those whose words share a place: nearly all are of at most eight bytes, packed into a word.
    private var recent = [(word: UInt64, name: UInt16)](repeating: (0, 0), count: 1 << Self.bits)
    private var known: [String: UInt16] = [:]

    private static let bits = 9

    /// The names of attributes alone; trees begin with a copy, since most are of a line of an entry.
    static let initial = NameTable(AttributeName.names)

    private init(_ names: [String]) {
        tags = names.map { Tag(rawValue: $0) ?? .other }
        for (index, name) in names.enumerated() { known[name] = UInt16(index) }
    }

    /// Its index in `names`, where it is added if it is new.
    mutating func find(_ name: UnsafePointer<UInt8>, in names: inout [String]) -> UInt16 {
        var word: UInt64 = 0
        var length = 0
        while name[length] != 0, length < 9 {
            word = word << 8 | UInt64(name[length])
            length += 1
        }
        guard length <= 8 else { return find(String(cString: name), in: &names) }
        let place = Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> (64 - Self.bits))
        if recent[place].word != word { recent[place] = (word, find(String(cString: name), in: &names)) }
        return recent[place].name
    }

    private mutating func find(_ name: String, in names: inout [String]) -> UInt16 {
        if let found = known[name] { return found }
        guard let index = UInt16(exactly: names.count) else { return AttributeName.none.rawValue }
        names.append(name)
        tags.append(Tag(rawValue: name) ?? .other)
        known[name] = index
        return index
    }
}
