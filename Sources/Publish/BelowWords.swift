import News

/// The lines below the line of an issue: near misses, what was held, what was folded in.
struct BelowWords {
    struct Item {
        let tag: Line?
        /// The shown id of a story that stands here only.
        let place: String?
        let words: Line
    }

    let digest: Digest
    let words: Words

    /// The heading under which they stand in a page.
    static let id = "below-the-line"

    /// Held and folded stories that are listed; of further ones it is told how many.
    private static let shownMax = 10
    private static let outletsMax = 4

    var items: [Item] {
        let misses = digest.nearMisses.map { miss in
            Item(tag: nil, place: miss.shownID, words: near(miss))
        }
        return misses + held + folded
    }

    /// All that stand there, listed or not.
    var count: Int { digest.nearMisses.count + (digest.held?.count ?? 0) + (digest.folded?.count ?? 0) }

    /// ``q8ve [Tariff talks open](…) · *Bay News* · Deterrence: “fleet”, held back by “tariff” · `feedwatch yes q8ve```
    private func near(_ miss: Digest.NearMiss) -> Line {
        let title: Line =
            "\(link: "\(headline: miss.title, language: miss.language)", to: miss.url, language: miss.language)"
        var parts: [Line] = ["\(code: miss.shownID) \(title)"]
        if let outlet = miss.outlet { parts.append("\(name: outlet, language: miss.language)") }
        if let embargo = miss.embargo { parts.append(EmbargoWords(embargo: embargo, words: words).label) }
        parts.append("\(miss.topic): \(Self.reason(miss))")
        parts.append("\(code: "feedwatch yes \(miss.shownID)")")
        return Words.joined(parts, " · ")
    }

    /// With the article's words as quotations in its language.
    private static func reason(_ miss: Digest.NearMiss) -> Line {
        var line: Line = ""
        var rest = miss.reason[...]
        for quote in miss.quotes ?? [] {
            guard let place = rest.firstRange(of: "\"\(quote)\"") else { break }
            line += between(rest[..<place.lowerBound])
            line += Line.quoted(quote, language: miss.language)
            rest = rest[place.upperBound...]
        }
        return line + between(rest)
    }

    /// Each form takes the spaces from the ends of words that are not ours.
    private static func between(_ words: Substring) -> Line {
        let (before, after): (Line, Line) = (words.first == " " ? " " : "", words.last == " " ? " " : "")
        return "\(before)\(String(words))\(after)"
    }

    private var held: [Item] {
        let stories = digest.held ?? []
        return stories.prefix(Self.shownMax).map { item in
            var parts: [Line] = [place(of: item.shownID, "\(headline: item.title, language: item.language)")]
            if !item.topics.isEmpty { parts.append(Words.list(item.topics.map { "\($0)" }, max: 3)) }
            parts.append(hold(item))
            return Item(tag: "\(tag: "HELD", .late)", place: nil, words: Words.joined(parts, " · "))
        } + more(stories.count, "held")
    }

    /// `alert held by quiet hours since Sat 23:10, until 07:00`
    private func hold(_ item: Digest.HeldStory) -> Line {
        let rule: Line =
            switch item.by {
            case .quiet: "quiet hours"
            case .atMost: "\(code: "at_most")"
            case .again: "\(code: "again.after")"
            case .alone: "\(code: "never_on_only")"
            }
        let what: Line = item.isUpdate ? "update" : "alert"
        guard let file = item.file else {
            return "\(what) held by \(rule) since \(words.time(item.since)), until \(words.time(item.until))"
        }
        return "\(what) held by \(rule) from \(words.time(item.since)) to \(words.time(item.until)), then told in "
            + "\(code: file)"
    }

    private var folded: [Item] {
        let stories = digest.folded ?? []
        return stories.prefix(Self.shownMax).map { item in
            let outlets = Words.list(item.outlets.map { "\(name: $0)" }, max: Self.outletsMax)
            let (from, to) = (words.time(item.from), words.time(item.to))
            let span = item.from == item.to ? from : "\(from) – \(to)"
            return Item(
                tag: "\(tag: "FOLDED IN", .updated)", place: nil,
                words:
                    "\(place(of: item.shownID, "\(headline: item.title, language: item.language)")) · \(Words.count(item.texts, "later text")), "
                    + "\(outlets), \(span): nothing of \(code: "again.when") is new")
        } + more(stories.count, "folded in")
    }

    private func more(_ count: Int, _ what: String) -> [Item] {
        let more = count - Self.shownMax
        return more > 0 ? [Item(tag: nil, place: nil, words: "and \(Words.number(more)) more \(what)")] : []
    }

    private func place(of id: String, _ title: Line) -> Line {
        let place: Line = "\(code: id) \(title)"
        return digest.stories.contains { $0.story.shownID == id } ? "\(jump: place, to: id)" : place
    }
}
