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
