import News

/// The headline, from what the page says of itself and from what it shows.
extension PageMetadata {
    /// The `<h1>` that agrees with what the page says of itself, else JSON-LD, `og:title`, `<title>`, each without the site's name.
    ///
    /// A kicker that JSON-LD and `og:title` both have belongs to the headline. Without JSON-LD an `<h1>` that shares words with
    /// the other titles goes before them: those are often written for search engines.
    var title: String? {
        let said = saidTitles.map(withoutSite).filter { !$0.isEmpty }
        let normals = said.map(StoryText.normal)
        if let heading = headings.first(where: { agrees($0, normals) }) {
            return withKicker(heading) ?? spaced(heading, said)
        }
        if let heading = likeliest(said, normals) { return heading }
        return said.first ?? headings.first?.line
    }

    /// Everything that the page calls its title, for recognising the headline in the text.
    var titles: [String] { saidTitles.flatMap { [$0, withoutSite($0)] } + headings.map(\.line) }

    private var saidTitles: [String] {
        [linkedData.headline, meta["og:title"], meta["twitter:title"], documentTitle].compactMap { $0 }
    }

    private func agrees(_ heading: Heading, _ normals: [String]) -> Bool {
        guard heading.normal.utf8.count > 5 else { return false }
        return normals.contains { title in
            title == heading.normal
                || title.hasPrefix(heading.normal) && heading.normal.utf8.count * 2 > title.utf8.count
        }
    }

    /// JSON-LD's headline, where `og:title` says the same and the heading is only its beginning or end.
    private func withKicker(_ heading: Heading) -> String? {
        guard let headline = linkedData.headline, let shared = meta["og:title"] else { return nil }
        let normal = StoryText.normal(headline)
        guard normal.utf8.count > heading.normal.utf8.count, !outletNames.contains(where: { normal.contains($0) }),
            normal.hasSuffix(heading.normal) || normal.hasPrefix(heading.normal),
            StoryText.normal(withoutNames(shared)) == normal
        else { return nil }
        return headline
    }

    /// The heading as another title spells it, where no blank parts the elements that it is made of.
    private func spaced(_ heading: Heading, _ said: [String]) -> String {
        guard !heading.isOneRun else { return heading.line }
        let words = heading.line.utf8.count { $0 == 0x20 }
        return said.first { $0.utf8.count { $0 == 0x20 } > words && StoryText.normal($0) == heading.normal }
            ?? heading.line
    }

    /// The heading that shares most of its words with another title; that title where the heading holds it and a kicker.
    private func likeliest(_ said: [String], _ normals: [String]) -> String? {
        var best: (share: Double, line: String)?
        for heading in headings where !outletNames.contains(heading.normal) {
            if let whole = zip(said, normals).first(where: { $0.1.utf8.count > 12 && heading.normal.contains($0.1) }) {
                let isLonger = heading.isOneRun && heading.normal.hasPrefix(whole.1)
                return isLonger ? withoutSite(heading.line) : whole.0
            }
            guard linkedData.headline == nil else { continue }
            let words = Self.words(heading.line)
            guard words.count >= 3 else { continue }
            let shared = said.map { words.intersection(Self.words($0)).count }.max() ?? 0
            guard shared >= 2 else { continue }
            let share = Double(shared) / Double(words.count)
            if share >= Self.shareOfWords, share > best?.share ?? 0 { best = (share, withoutSite(heading.line)) }
        }
        return best?.line
    }

    /// Of a heading's words, how many another title must have.
    private static let shareOfWords = 0.3

    /// In lower case; each character of a script that is written without blanks is a word.
    private static func words(_ line: String) -> Set<String> {
        var words: Set<String> = []
        var word = String.UnicodeScalarView()
        for scalar in line.lowercased().unicodeScalars.prefix(Limits.titleCharactersMax) {
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            let isWhole = (0x3040...0x9FFF).contains(scalar.value)
            if isWord, !isWhole { word.append(scalar) }
            if isWhole || !isWord, !word.isEmpty {
                words.insert(String(word))
                word.removeAll()
            }
            if isWhole { words.insert(String(scalar)) }
        }
        if !word.isEmpty { words.insert(String(word)) }
        return words
    }
}

/// What of a title is not the headline.
extension PageMetadata {
    /// Cuts ` | Site` off the end or the start when the site, or a heading of the page, proves that it is no headline.
    func withoutSite(_ title: String) -> String {
        cut(title) { part, rest in
            if isOutlet(part) || Self.isDate(part) { return true }
            let (normal, restNormal) = (StoryText.normal(part), StoryText.normal(rest))
            return headings.contains { $0.normal == restNormal }
                && !headings.contains { $0.normal == normal && normal.utf8.count > restNormal.utf8.count }
        }
    }

    static func isDate(_ part: String) -> Bool {
        part.first?.isNumber == true && DateInText.isOnlyDate(part) && part.count { $0.isLetter } <= 9
    }

    private func withoutNames(_ title: String) -> String { cut(title) { part, _ in isOutlet(part) } }

    private func cut(_ title: String, where isBeside: (_ part: String, _ rest: String) -> Bool) -> String {
        var title = title
        for _ in 0..<4 {
            guard let rest = Self.cutOnce(title, where: isBeside) else { break }
            title = PlainText.cleaned(rest)
        }
        return title
    }

    private static func cutOnce(_ title: String, where isBeside: (_ part: String, _ rest: String) -> Bool) -> String? {
        for separator in separators {
            guard let first = PhraseSearch.first(separator, in: title),
                let last = PhraseSearch.last(separator, in: title)
            else { continue }
            let (head, end) = (title[..<last.lowerBound], title[last.upperBound...])
            if isBeside(String(end), String(head)) { return String(head) }
            // Words are joined by the bare hyphen, too.
            guard separator != "-" else { continue }
            let (start, tail) = (title[..<first.lowerBound], title[first.upperBound...])
            if isBeside(String(start), String(tail)) { return String(tail) }
        }
        return nil
    }

    private static let separators = [
        " | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", "｜", "ㅣ", "│", "_", " : ", ": ", "：", " « ", " ‹ ",
        " > ", "|", " / ", "-",
    ]

    /// Whether a part of a title, or a name, is the outlet's: its name alone, or followed by words such as `News` or `Online`.
    func isOutlet(_ name: String) -> Bool {
        let normal = StoryText.normal(name)
        guard !normal.isEmpty, normal.utf8.count <= 120 else { return false }
        if outletNames.contains(normal) { return true }
        var beginning = ""
        for word in name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).prefix(8) {
            beginning += StoryText.normal(String(word))
            guard beginning.utf8.count > 3, outletNames.contains(beginning) else { continue }
            return normal.utf8.count <= beginning.utf8.count + 8
        }
        return false
    }
}
