/// What a publisher asks of those who show or keep the text of a page: the robots rules for snippets and copies
/// (`<meta name="robots">`, `X-Robots-Tag`), and the reservation against text and data mining (TDMRep).
///
/// Of several statements the most restrictive holds, whether it is said to everybody or to feedwatch.
public struct PageTerms: Sendable, Hashable, Codable {
    /// Characters that may be quoted (`nosnippet` is none, `max-snippet:N`); nil is any number.
    public var snippetMax: Int?
    /// No copy of the text is to be kept (`noarchive`, `nocache`).
    public var isNotKept = false
    /// Rights to mine the text are reserved (`tdm-reservation: 1`).
    public var isReserved = false

    private enum CodingKeys: String, CodingKey {
        case snippetMax = "snippet_max"
        case isNotKept = "not_kept"
        case isReserved = "reserved"
    }

    public init() {}

    /// Nothing is asked.
    public var isEmpty: Bool { self == PageTerms() }

    /// Whether the text may be kept once it has been judged.
    public var keepsText: Bool { !isNotKept && !isReserved }

    /// Characters of a quotation, of at most as many as would be quoted without these terms.
    public func quotable(of max: Int) -> Int { isReserved ? 0 : min(max, snippetMax ?? max) }

    /// For people; nil where nothing is asked.
    public var words: String? {
        let quoted = snippetMax.map { $0 == 0 ? "quote nothing" : "quote at most \($0) characters" }
        let all = [
            isReserved ? "no text and data mining (nothing is quoted, and the text is not kept)" : quoted,
            isNotKept && !isReserved ? "keep no copy" : nil,
        ]
        return isEmpty ? nil : all.compactMap { $0 }.joined(separator: ", ")
    }

    /// What an answer's headers ask.
    public init(_ headers: HTTPHeaders) {
        for line in headers.all("X-Robots-Tag").prefix(Limits.pageTermsMax) { heed(tag: line) }
        for value in headers.all("tdm-reservation").prefix(Limits.pageTermsMax) { heed(reservation: value) }
    }

    /// Takes over what a page itself says in a `<meta>` of this name; other names say nothing of it.
    public mutating func heed(meta name: String, content: String) {
        switch name.lowercased() {
        case "robots", Self.agent: for rule in Self.rules(content) { heed(rule: rule) }
        case "tdm-reservation": heed(reservation: content)
        default: break
        }
    }

    /// An `X-Robots-Tag`: rules to everybody, or behind the name of whom they are for, up to the next name.
    private mutating func heed(tag line: String) {
        var isForUs = true
        for var rule in Self.rules(line) {
            if let colon = rule.firstIndex(of: ":"), !Self.valued.contains(String(rule[..<colon])) {
                isForUs = rule[..<colon] == Self.agent
                rule = String(rule[rule.index(after: colon)...].drop { $0 == " " })
            }
            if isForUs { heed(rule: rule) }
        }
    }

    private mutating func heed(rule: String) {
        switch rule {
        case "nosnippet": limit(to: 0)
        case "noarchive", "nocache": isNotKept = true
        default:
            // -1 is any number; what is no number asks for nothing.
            guard rule.hasPrefix("max-snippet:"), let max = Int(rule.dropFirst(12).filter { $0 != " " }), max >= 0
            else { return }
            limit(to: max)
        }
    }

    private mutating func limit(to max: Int) { snippetMax = min(snippetMax ?? max, max) }

    private mutating func heed(reservation value: String) {
        if value.filter({ $0 != " " && $0 != "\"" }) == "1" { isReserved = true }
    }

    private static let agent = "feedwatch"
    /// Rules that have a value behind a colon; other words before one are names.
    private static let valued: Set<String> = [
        "max-snippet", "max-image-preview", "max-video-preview", "unavailable_after",
    ]

    /// Lower case, without white space around each.
    private static func rules(_ line: String) -> [String] {
        line.prefix(Limits.pageTermsCharactersMax).lowercased().split(separator: ",").prefix(Limits.pageTermsMax)
            .map { rule in
                let words = rule.split(whereSeparator: \.isWhitespace)
                return words.joined(separator: " ").replacing(" :", with: ":")
            }
    }
}

extension Article {
    /// What of it may be kept once it has been judged: all, or the headline and what may be quoted.
    public var kept: Article {
        guard let terms, !terms.keepsText else { return self }
        var article = self
        let notices = paragraphs.prefix(2).filter(Embargo.asks)
        let isQuoted = terms.quotable(of: 1) > 0
        let quote = isQuoted ? FirstSentence.of(self)?.cut(to: Limits.keptQuoteCharactersMax) : nil
        article.paragraphs = notices.isEmpty ? [quote].compactMap { $0 } : notices
        article.unquoted = notices.isEmpty ? nil : Array(notices.indices)
        article.captions = nil
        article.standfirst = standfirst.flatMap { Embargo.asks($0) ? $0 : nil }
        return article
    }
}
