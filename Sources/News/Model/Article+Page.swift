extension Article {
    /// What a page and its entry say together: the page's text with what only the feed knows filled in, or the feed's own
    /// words where the page is something else, with a fault `page-…` that says what.
    ///
    /// A challenge, a consent wall, a front page after a redirect, "not found" with status 200: none of these may take the
    /// place of a headline that the feed has given.
    public func completed(by entry: Article) -> Article {
        if let fault = faultAsPage(of: entry) {
            var article = entry
            article.faults += [fault] + faults
            article.canonicalURL = nil
            return article
        }
        var article = self
        article.title = article.title ?? entry.title
        article.published = published(or: entry.published)
        article.language = article.language ?? entry.language
        if article.authors.isEmpty { article.authors = entry.authors }
        return article
    }

    /// The page's own time, unless that is only a day (a midnight of UTC) and the feed knows the hour.
    private func published(or other: Timestamp?) -> Timestamp? {
        guard let published, let other else { return published ?? other }
        let isDay = published.seconds % 86_400 == 0 && abs(other.seconds - published.seconds) < 2 * 86_400
        return isDay ? other : published
    }

    private func faultAsPage(of entry: Article) -> MarkupFault? {
        if let obstacle = faults.first(where: { ["challenge", "needs-script"].contains($0.code) }) {
            return MarkupFault("page-\(obstacle.code)", obstacle.detail)
        }
        if paragraphs.isEmpty {
            return MarkupFault("page-empty", "no text was found on the page; the feed's own words are kept")
        }
        if let paywall = faults.first(where: { $0.code == "paywall" }), text.utf8.count < entry.text.utf8.count {
            return MarkupFault("page-paywall", paywall.detail)
        }
        guard Headline(entry.title).isMissing(in: self) else { return nil }
        return MarkupFault(
            "page-unrelated",
            "no word of the feed's headline stands on the page (\"\((title ?? "no headline").prefix(80))\"); the feed's own words are kept"
        )
    }
}

/// The words of a headline that say something.
private struct Headline {
    private var words: Set<UInt64>

    init(_ title: String?) { words = Self.words(title ?? "") }

    /// Of two words or more not one stands in the article: it is about something else.
    func isMissing(in article: Article) -> Bool {
        guard words.count > 1 else { return false }
        let text = ([article.title, article.standfirst].compactMap { $0 } + article.paragraphs).joined(separator: "\n")
        return words.isDisjoint(with: Self.words(text))
    }

    /// Words of spaced scripts but the commonest and shortest, pairs of East Asian characters.
    private static func words(_ text: String) -> Set<UInt64> {
        let words = WordScanner.words(FoldedText(text))
        var found: Set<UInt64> = []
        for (index, word) in words.enumerated() {
            if word.isEastAsian {
                guard index + 1 < words.count, words[index + 1].isEastAsian else { continue }
                found.insert(FNV.mix(word.hash &+ FNV.mix(words[index + 1].hash)))
            } else if word.range.count > 2 || word.isNumber, !CommonWords.english.contains(word.hash) {
                found.insert(word.hash)
            }
        }
        return found
    }
}
