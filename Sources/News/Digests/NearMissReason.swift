/// Why a story stands below the line, as facts: what a topic found in it, and what that is too little for.
public struct NearMissReason: Sendable, Hashable {
    /// `only "alliance", "ports" and 2 more: no strong word or name`
    public private(set) var words = ""
    /// The words of the article in it, in their order.
    public private(set) var quotes: [String] = []

    private static let hadMax = 2
    private static let againstMax = 3
    /// Characters of one of them.
    private static let quoteCharactersMax = 60

    public static func words(for match: TopicMatch, topic: Topic) -> String {
        NearMissReason(match, topic: topic).words
    }

    public init(_ match: TopicMatch, topic: Topic) {
        let match = PublishedTopic(topic, match, verdicts: nil)
        let against = Self.each(match.evidence) { $0.ignored?.hasPrefix("against") == true }
        let counted = Self.each(match.evidence) { $0.ignored == nil }
        if match.bySource == .never {
            words = "its source never has the topic"
        } else if !against.isEmpty {
            quote(counted, max: Self.hadMax)
            words += counted.isEmpty ? "held back by " : ", held back by "
            quote(against, max: Self.againstMax)
        } else if match.match >= .likely {
            words = "\(match.match.rawValue), the topic asks for \(topic.digestFrom.rawValue)"
        } else {
            add(counted, ignored: Self.each(match.evidence) { $0.ignored != nil }, topic: topic)
        }
    }

    private mutating func add(_ counted: [PublishedEvidence], ignored: [PublishedEvidence], topic: Topic) {
        let had = counted.isEmpty ? ignored : counted
        if !had.isEmpty {
            words = "only "
            quote(had, max: Self.hadMax)
        }
        let strong = counted.count { $0.strength == .strong }
        if let needed = topic.require.anyStrong, strong < needed {
            words += had.isEmpty ? "" : ": "
            words += strong == 0 ? "no strong word or name" : "\(strong) of \(needed) strong words or names"
        } else if let countries = topic.require.countries, strong > 0 {
            words += ": fewer than \(countries) countries named, or too little else"
        } else if had.isEmpty {
            words = "nothing that counts"
        } else if had.count > 1 {
            words += ", too little together"
        }
    }

    /// `"a", "b" (part of a longer name) and 3 more`
    private mutating func quote(_ found: [PublishedEvidence], max: Int) {
        for (index, item) in found.prefix(max).enumerated() {
            let phrase = item.phrase.cut(to: Self.quoteCharactersMax)
            quotes.append(phrase)
            words += "\(index > 0 ? ", " : "")\"\(phrase)\""
            if let why = item.ignored, !why.hasPrefix("against") { words += " (\(why))" }
        }
        if found.count > max { words += " and \(found.count - max) more" }
    }

    /// Each name and each phrase once, strongest first.
    private static func each(
        _ evidence: [PublishedEvidence], where isWanted: (PublishedEvidence) -> Bool
    ) -> [PublishedEvidence] {
        var seen: Set<String> = []
        return evidence.filter { item in
            isWanted(item) && !item.phrase.isEmpty && seen.insert(item.entity ?? item.phrase.lowercased()).inserted
        }
    }
}
