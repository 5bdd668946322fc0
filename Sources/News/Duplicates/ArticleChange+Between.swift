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
        let isCorrected = CorrectionNotice.stands(in: new) && !CorrectionNotice.stands(in: old)
        return ArticleChange(
            version: version, at: time, titleBefore: titleBefore,
            correction: isCorrected || added.contains(where: CorrectionNotice.opens),
            removed: kept(removed), added: kept(added))
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

/// A newsroom's own words that it was wrong.
enum CorrectionNotice {
    /// In the headline, or at the start of one of the first or last three paragraphs, where newsrooms put them.
    static func stands(in article: Article) -> Bool {
        let edges = article.paragraphs.prefix(3) + article.paragraphs.dropFirst(3).suffix(3)
        return ([article.title, article.standfirst].compactMap { $0 } + edges).contains(where: opens)
    }

    /// At the head of an article that is one: in its headline, standfirst or first paragraph.
    static func heads(_ article: Article) -> Bool {
        [article.title, article.standfirst, article.paragraphs.first].compactMap { $0 }.contains(where: opens)
    }

    /// A line that begins with the notice: `Correction:`, `Corrected (adds date)`, `Berichtigung:`, `(訂正)`, `【更正】`,
    /// `[정정]`.
    static func opens(_ line: String) -> Bool {
        var bytes = FoldedText(String(line.prefix(60))).bytes[...]
        while let first = bytes.first, !UTF8Bytes.isWordByte(first), first < 0x80 || isBracket(bytes) {
            bytes = bytes.dropFirst(UTF8Bytes.length(lead: first))
        }
        let lower = bytes.map(UTF8Bytes.lower)
        if eastAsian.contains(where: lower.starts(with:)) { return true }
        guard let word = marked.first(where: lower.starts(with:)) else { return false }
        return isNotice(Array(lower.dropFirst(word.count)))
    }

    private static let eastAsian = ["訂正", "更正", "정정", "바로잡습니다", "勘误"].map { Array($0.utf8) }
    /// Words that are a notice only where a sign follows. A longer one stands before its own beginning.
    private static let marked = [
        "correction", "corrected", "clarification", "retraction", "retracted", "withdrawn", "withdrawal",
        "rectificatif", "rectification", "berichtigung", "berichtigt", "korrektur", "korrigiert", "richtigstellung",
        "corrección", "rectificación", "fe de erratas", "correção", "correzione", "rettifica", "撤回", "取消", "お詫び",
        "취소", "철회",
    ].map { Array($0.utf8) }
    /// What may follow the word for it to be a notice and not the subject of a sentence.
    private static let openings = [":", "s:", " :", "s :", " -", "-", ")", "]", " (", "...", ", ", "】", "〕", "」"].map {
        Array($0.utf8)
    }

    private static func isNotice(_ rest: [UInt8]) -> Bool {
        rest.isEmpty || openings.contains(where: rest.starts(with:))
    }

    /// 【 〔 「 （ and the like: U+3008 to U+3017.
    private static func isBracket(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.starts(with: [0xE3, 0x80]) }
}
