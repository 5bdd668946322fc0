import Fetch
import Markup
import News
import Storage

extension Pipeline {
    /// Reads an article's page by what earlier pages of its site have taught, and learns from it.
    ///
    /// What was learned from entries of one day (UTC) counts from the next: how a page is read depends neither on which page
    /// of a day was read first, nor on a crash between them.
    /// - Parameter learns: false for a page that was read before: it has taught already.
    /// - Throws: `MarkupError`, `StoreError`.
    func readPage(
        _ response: FetchResponse, of entry: PendingEntry, _ source: Source, learns: Bool = true
    ) throws -> Article {
        let site = SiteMemory.site(of: response.url)
        let day = Int(entry.seen.seconds / 86_400)
        var guide = ReadingGuide(select: source.article, terms: PageTerms(response.headers))
        if let site, source.article == nil { guide.lesson = try store.memory(of: site).lesson(before: day) }
        let (article, lesson) = try quarantine.reading(Suspect(source: entry.source, key: entry.key)) {
            try ArticleReader.look(
                page: response.body, contentType: response.headers["Content-Type"], url: response.url, guide: guide)
        }
        // A test for browsers, a wall or a notice says nothing of where the site's articles stand.
        let mayLearn = learns && article.terms?.keepsText ?? true
        if let site, mayLearn, !article.isObstructed {
            try store.learn(of: site, at: clock.now()) { $0.learn(lesson, day: day) }
        }
        return article
    }
}

extension Article {
    fileprivate var isObstructed: Bool {
        faults.contains { ["challenge", "needs-script", "paywall", "no-text", "slow"].contains($0.code) }
    }
}
