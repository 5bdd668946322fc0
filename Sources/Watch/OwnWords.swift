import Markup
import News

extension Pipeline {
    /// What is filed for an entry whose page is not waited for: the feed's own words, with the fault that says why.
    func ownWords(of entry: PendingEntry, _ source: Source, because fault: MarkupFault) -> Reading {
        let share = quarantine.share(of: entry, source)
        let suspect = Suspect(source: entry.source, key: entry.key)
        guard share == .all else {
            return score(quarantine.reading(suspect) { .quarantined(entry.entry, share) }, of: entry, source)
        }
        var article = quarantine.reading(suspect) {
            ArticleReader.read(entry: entry.entry, language: source.language)
        }
        article.faults.append(fault)
        return score(article, of: entry, source)
    }
}

extension MarkupFault {
    /// In a service: the page has not come in time for an alert.
    static let pageLate = MarkupFault(
        "page-late", "the page did not come within \(Limits.pageWaitSeconds) s; the feed's own words are kept")

    /// In one pass: another page of the same server was waited for in vain.
    static let pageSilent = MarkupFault(
        "page-silent", "the server did not answer for another page of this pass; the feed's own words are kept")

    /// Whoever asks this server for another page will wait in vain as well.
    var isSilence: Bool { ["page-timed-out", "page-too-slow", "page-unreachable"].contains(code) }
}
