import Fetch
import News
import Publish
import Storage

/// The pages of an issue's articles, read again so that silent edits are seen.
extension Station {
    /// Pages that are read again at a time, each of another server.
    private static let rereadsAtATime = 8

    /// Reads what is due, and files what has changed as a new version of its article.
    /// - Returns: how many alerts were decided.
    func reread() async throws -> Int {
        let due = try store.dueRereads(at: clock.now())
        let alerts = try await bounded(
            due, width: Station.rereadsAtATime, priority: .utility,
            lane: { $0.member.url.flatMap(WebURL.server) }
        ) { try await reread($0) }
        let last = due.isEmpty ? 0 : try await desk.fileComplete()
        if last > 0 { try await courier.deliver() }
        return alerts.reduce(last, +)
    }

    private func reread(_ reread: Reread) async throws -> Int {
        let member = reread.member
        let version = (member.changes.last?.version ?? 1) + 1
        var entry = Entry()
        (entry.id, entry.title, entry.link) = (member.key, member.article.title, member.url)
        let pending = PendingEntry(
            source: member.source, key: member.key, entry: entry, firstSeen: member.firstSeen, seen: clock.now(),
            version: version)
        guard let source = sources[member.source], source.fullText == .fetch, let link = member.url,
            member.textExpiredAt == nil
        else {
            try store.note(reread, isRead: false, validators: nil)
            return 0
        }
        let page: Pipeline.Page?
        do {
            page = try await pipeline.readAgain(link, of: pending, member, source, reread.validators)
        } catch let error as StoreError {
            throw error
        } catch {
            if Task.isCancelled || error is CancellationError { throw CancellationError() }
            try store.note(reread, isRead: false, validators: nil)
            return 0
        }
        var alerts = 0
        var isRead = true
        if let page {
            let article = page.article.completed(by: member.article)
            // A wall or a notice in its place is no edit. One that waits with a new version from its feed is read with that.
            isRead = article.pageFault == nil
            if isRead, await !desk.expect([pending]).isEmpty {
                var reading = pipeline.score(article, of: pending, source)
                reading.validators = page.validators
                do { alerts = try await pipeline.decide(reading, of: source) } catch {
                    await desk.giveUp(pending)
                    throw error
                }
            }
        }
        try store.note(reread, isRead: isRead, validators: isRead ? page?.validators : nil)
        return alerts
    }
}

extension Pipeline {
    /// An article's page, and what to ask for it by the next time.
    struct Page: Sendable {
        var article: Article
        var validators: Validators
    }

    /// Asks for an article's page once more, politely as the first time.
    ///
    /// It is read as it was read then: what its site has taught since would look like an edit. What has changed is read as
    /// pages are today, and compared by that the next time.
    /// - Parameter member: the article as it was read last.
    /// - Returns: nil when the server says that it is the same.
    /// - Throws: `Fault`, `FetchError`, `MarkupError` where there is no page to read; `StoreError`, `CancellationError`.
    func readAgain(
        _ link: String, of entry: PendingEntry, _ member: StoryMember, _ source: Source, _ validators: Validators
    ) async throws -> Page? {
        let response = try await page(link, of: source, validators)
        if response.status == 304, !validators.isEmpty { return nil }
        guard response.hasDocument else { throw polling.refusal(response) }
        var before = entry
        before.seen = member.changes.last?.at ?? member.firstSeen
        var article = try readPage(response, of: before, source, learns: false)
        let now = article.completed(by: member.article)
        let change = ArticleChange.between(
            old: member.comparable(with: now), new: now, version: entry.version, at: entry.seen)
        if change != nil { article = try readPage(response, of: entry, source, learns: false) }
        return Page(
            article: article, validators: validators.updated(by: response.headers, status: response.status))
    }
}
