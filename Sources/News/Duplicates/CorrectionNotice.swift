/// A newsroom's own words that it was wrong.
enum CorrectionNotice {
    /// What it says that it has done.
    enum Deed { case corrected, withdrawn }

    /// In the headline, or at the start of one of the first or last three paragraphs, where newsrooms put them.
    /// - Returns: nil where there is none; of several a withdrawal.
    static func deed(in article: Article) -> Deed? {
        let edges = article.paragraphs.prefix(3) + article.paragraphs.dropFirst(3).suffix(3)
        let deeds = ([article.title, article.standfirst].compactMap { $0 } + edges).compactMap(deed(of:))
        return deeds.contains(.withdrawn) ? .withdrawn : deeds.first
    }

    /// At the head of an article that is one: in its headline, standfirst or first paragraph.
    static func heads(_ article: Article) -> Bool {
        [article.title, article.standfirst, article.paragraphs.first].compactMap { $0 }.contains(where: isNotice)
    }

    /// A line that begins with a notice, or a sentence in which the text says of itself that it was corrected or withdrawn.
    static func isNotice(_ line: String) -> Bool { deed(of: line) != nil }

    /// What a line says that was done, if it is a notice.
    static func deed(of line: String) -> Deed? {
        let said = saidOfItself(line)
        return said == .withdrawn ? said : opening(of: line) ?? said
    }

    /// A line that begins with the notice: `Correction:`, `Corrected (adds date)`, `Berichtigung:`, `(訂正)`, `【更正】`,
    /// `[정정]`.
    private static func opening(of line: String) -> Deed? {
        var bytes = FoldedText(String(line.prefix(60))).bytes[...]
        while let first = bytes.first, !UTF8Bytes.isWordByte(first), first < 0x80 || isBracket(bytes) {
            bytes = bytes.dropFirst(UTF8Bytes.length(lead: first))
        }
        let lower = bytes.map(UTF8Bytes.lower)
        if eastAsian.contains(where: lower.starts(with:)) { return .corrected }
        for (words, deed) in [(withdrawals, Deed.withdrawn), (corrections, .corrected)] {
            guard let word = words.first(where: lower.starts(with:)) else { continue }
            return isOpening(Array(lower.dropFirst(word.count))) ? deed : nil
        }
        return nil
    }

    private static let eastAsian = ["訂正", "更正", "정정", "바로잡습니다", "勘误"].map { Array($0.utf8) }
    /// Words that are a notice only where a sign follows. A longer one stands before its own beginning.
    private static let corrections = [
        "correction", "corrected", "clarification", "rectificatif", "rectification", "berichtigung", "berichtigt",
        "korrektur", "korrigiert", "richtigstellung", "corrección", "rectificación", "fe de erratas", "correção",
        "correzione", "rettifica", "お詫び",
        // What is cancelled or withdrawn may be an event as well.
        "withdrawal", "取消", "취소", "철회",
    ].map { Array($0.utf8) }
    private static let withdrawals = ["retraction", "retracted", "withdrawn", "撤回"].map { Array($0.utf8) }
    /// What may follow the word for it to be a notice and not the subject of a sentence.
    private static let openings = [":", "s:", " :", "s :", " -", "-", ")", "]", " (", "...", ", ", "】", "〕", "」"].map {
        Array($0.utf8)
    }

    private static func isOpening(_ rest: [UInt8]) -> Bool {
        rest.isEmpty || openings.contains(where: rest.starts(with:))
    }

    /// 【 〔 「 （ and the like: U+3008 to U+3017.
    private static func isBracket(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.starts(with: [0xE3, 0x80]) }
}

// MARK: - Sentences

extension CorrectionNotice {
    /// `This story has been withdrawn`, `(This April 2 story has been corrected to say …)`, `CORRECTS that …`,
    /// `この記事は取り消しました`, `本文已撤回`, `이 기사는 취소되었습니다`.
    private static func saidOfItself(_ line: String) -> Deed? {
        // A notice is short, and what stands further on in a long paragraph is the report.
        let start = line.prefix(300)
        for text in eastAsianTexts {
            guard let found = start.firstRange(of: text) else { continue }
            let rest = start[found.upperBound...].prefix(30)
            if eastAsianWithdrawals.contains(where: { rest.firstRange(of: $0) != nil }) {
                // `この記事の写真`: not all of it; `本文误称`: it was the report that spoke of a withdrawal.
                let isOfPart = ["の", "의"].contains(where: rest.hasPrefix)
                let isCorrected = eastAsianCorrections.contains { rest.firstRange(of: $0) != nil }
                return isOfPart || isCorrected ? .corrected : .withdrawn
            }
            if (eastAsianCorrections + eastAsianRemovals).contains(where: { rest.firstRange(of: $0) != nil }) {
                return .corrected
            }
        }
        let words = start.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
        if words.count > 1, words[0] == "corrects", corrected.contains(words[1]) { return .corrected }
        for index in words.indices where words[index] == "this" {
            // `this April 2 story`
            guard let text = words[(index + 1)...].prefix(3).firstIndex(where: texts.contains) else { continue }
            let rest = words[(text + 1)...].prefix(4)
            guard rest.first.map({ auxiliaries.contains($0) || slips.contains($0) }) ?? false else { continue }
            if rest.contains(where: { slips.contains($0) || itsCorrections.contains($0) }) { return .corrected }
            guard rest.contains(where: itsWithdrawals.contains) else { continue }
            // `This report was withdrawn by the ministry`: perhaps another's.
            return rest.first == "has" || rest.first == "is" ? .withdrawn : .corrected
        }
        return nil
    }

    private static let texts: Set<String> = ["story", "article", "report", "post", "item", "dispatch", "headline"]
    private static let auxiliaries: Set<String> = ["has", "was", "is", "had", "have"]
    /// What an earlier version of the text has done.
    private static let slips: Set<String> = [
        "misstated", "misspelled", "misidentified", "misattributed", "incorrectly", "erroneously", "wrongly",
        "mistakenly",
    ]
    private static let itsCorrections: Set<String> = ["corrected", "amended", "removed"]
    private static let itsWithdrawals: Set<String> = ["withdrawn", "retracted"]
    /// After `CORRECTS`, as wires begin a corrected text.
    private static let corrected: Set<String> = [
        "that", "to", "spelling", "name", "title", "date", "day", "number", "figure", "headline", "in", "attribution",
        "typo",
    ]
    private static let eastAsianTexts = ["この記事", "本記事", "同記事", "本文", "该文", "該文", "本报道", "本報導", "이 기사", "본 기사", "해당 기사"]
    private static let eastAsianCorrections = ["訂正し", "更正", "정정", "误称", "誤稱", "误写", "誤寫"]
    private static let eastAsianRemovals = ["削除し", "删除", "刪除", "삭제"]
    private static let eastAsianWithdrawals = ["取り消し", "取消し", "撤回", "撤稿", "撤销", "撤銷", "취소", "철회"]
}
