extension ArticleChange {
    /// What changed from one reading of an article to the next; nil when a reader would notice nothing.
    ///
    /// Typography, case and white space do not count. Sentences that only moved do not count either.
    public static func between(old: Article, new: Article, version: Int, at time: Timestamp) -> ArticleChange? {
        let before = Sentences([old.standfirst].compactMap { $0 } + old.paragraphs)
        let after = Sentences([new.standfirst].compactMap { $0 } + new.paragraphs)
        let removed = missing(before, in: after)
        let added = missing(after, in: before)
        let titleBefore = sameWords(old.title ?? "", new.title ?? "") ? nil : old.title ?? ""
        guard !removed.isEmpty || !added.isEmpty || titleBefore != nil else { return nil }
        // Of many new sentences the newsroom's own word on what was wrong is the one to keep.
        let marked = added.map { (sentence: $0, deed: CorrectionNotice.deed(of: $0)) }
        let notices = marked.filter { $0.deed != nil }.map(\.sentence)
        let rest = marked.filter { $0.deed == nil }.map(\.sentence)
        let (deedBefore, deed) = (CorrectionNotice.deed(in: old), CorrectionNotice.deed(in: new))
        let isWithdrawn = deed == .withdrawn && deedBefore != .withdrawn || marked.contains { $0.deed == .withdrawn }
        let more = max(removed.count, added.count) - Limits.changedSentencesMax
        return ArticleChange(
            version: version, at: time, titleBefore: titleBefore,
            correction: !notices.isEmpty || isWithdrawn || deed != nil && deedBefore == nil,
            isWithdrawn: isWithdrawn ? true : nil, removed: kept(removed), added: kept(notices + rest),
            more: more > 0 ? more : nil)
    }

    private static func kept(_ sentences: [String]) -> [String] {
        sentences.prefix(Limits.changedSentencesMax).map { sentence in
            guard sentence.utf8.count > Limits.shownTextBytesMax else { return sentence }
            return sentence.cut(to: Limits.shownTextBytesMax / 4)
        }
    }

    private static func missing(_ sentences: Sentences, in others: Sentences) -> [String] {
        let known = Set(others.keys)
        return zip(sentences.texts, sentences.keys).filter { !known.contains($0.1) }.map(\.0)
    }

    private static func sameWords(_ a: String, _ b: String) -> Bool {
        WordScanner.words(FoldedText(a)).map(\.hash) == WordScanner.words(FoldedText(b)).map(\.hash)
    }
}
