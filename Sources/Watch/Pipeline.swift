import Fetch
import Markup
import News
import Publish
import Storage

/// One article, straight through: `poll` takes a source to committed entries, `file` takes an entry to what readers get.
///
/// Between the two stands the one durable queue, the entries that are pending in the database. Each stage fails by its
/// own name (`Stage`); docs/pipeline.md draws this file.
public struct Pipeline: Sendable {
    let fetcher: Fetcher
    let robots: Robots
    let store: Store
    let commits: PollCommits
    let desk: Desk
    let courier: Courier
    let quarantine: Quarantine
    var engine: TopicEngine
    var polling: Polling
    let clock: WallClock
    let observe: StageObserver
    var resting: DomainRest { robots.resting }

    /// Polls one source: a conditional GET, the document read, what is new committed as pending together with the
    /// validators and the next due time. Never waits for article pages.
    /// - Throws: `StoreError` when nothing could be committed, `CancellationError` when told to stop.
    ///   What is wrong with the source itself is committed as its fault and not thrown.
    func poll(_ source: Source) async throws -> Polled {
        let known = try store.pollState(of: source)
        var answer: Answer?
        let outcome: PollResult.Outcome
        var isWhole = true
        do {
            try quarantine.check(source)
            let visit = Visit(poll: source, known, now: clock.now())
            let response = try await stage(.fetch, source) {
                do { return try await self.ask(visit, known) } catch let error as FetchError {
                    answer = Answer(error.hops)
                    throw error
                }
            }
            answer = Answer(response)
            switch try polling.judge(response, of: source, known) {
            case .unchanged:
                outcome = .unchanged
            case .bytes(let hash):
                let document = try await stage(.parse, source) {
                    try Task.checkCancellation()
                    do { return try await self.document(response, visit, known, &answer) } catch {
                        throw polling.reason(error, response)
                    }
                }
                if response.isCut, document.feed.entries.isEmpty { throw polling.endless(response) }
                // What broke off on its way may be whole the next time: it must be asked for again, unconditionally.
                isWhole = document.isWhole && (response.isCut || response.endIsKnown || !document.isTruncated)
                let ids = source.ids ?? (known.changesIDs ? .address : .feed)
                let entries = quarantine.reading(Suspect(source: source.id)) {
                    ListedEntry.list(document.feed, ids: ids)
                }
                outcome = .read(
                    entries: entries, bodyHash: isWhole ? hash : "",
                    faults: polling.faults(of: response, source) + document.feed.faults)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch let rest as PutOff {
            outcome = .resting(polling.rest(rest, known, now: clock.now()))
        } catch let fault as Fault {
            // Our own congestion says nothing about the source.
            outcome = fault.code == FetchError.Code.overloaded.rawValue ? .postponed : .failed(fault)
        }
        let now = clock.now()
        var result = polling.result(of: outcome, answer: answer, source: source, known: known, at: now)
        if !isWhole { result.validators = .none }
        let tally = try await stage(.commit, source) { try await commits.commit(result) }
        // Read and committed, or refused in words: in either case by a process that lives.
        if HTTPStatus.hasDocument(answer?.status ?? 0) { quarantine.acquit(Suspect(source: source.id)) }
        return Polled(tally: tally, result: result, known: known)
    }

    /// Files one pending entry: its text is read and scored, the desk decides, what was decided is delivered.
    /// Resumed after a crash from where the rows stand.
    /// - Throws: `StoreError`, `CancellationError`; the entry is still pending then and a later sweep takes it up.
    func file(_ entry: PendingEntry, of source: Source) async throws -> Filed {
        let (article, validators) = try await stage(.read, source) { try await self.article(of: entry, source) }
        var reading = await stage(.score, source) { score(article, of: entry, source) }
        reading.validators = validators
        if !article.isQuarantined { quarantine.acquit(Suspect(source: entry.source, key: entry.key)) }
        return Filed(alerts: try await decide(reading, of: source), faults: article.faults)
    }

    /// The second half of `file`.
    /// - Returns: how many alerts were decided.
    func decide(_ reading: Reading, of source: Source) async throws -> Int {
        let alerts = try await stage(.desk, source) { try await desk.take(reading) }
        if alerts > 0 { try await stage(.publish, source) { _ = try await courier.deliver() } }
        return alerts
    }

    /// Stage `fetch`.
    private func ask(_ visit: Visit, _ known: PollState) async throws -> FetchResponse {
        // A rest outlives the process in what was put off by it.
        if let rest = known.rest, rest.holds(at: clock.now()) {
            throw PutOff(url: visit.source.url, domain: rest.domain, until: rest.until)
        }
        return try await fetch(polling.request(visit.source, known), visit)
    }

    /// Stage `parse`: what the source's kind of document lists.
    /// - Parameter answer: takes what further documents' servers ask for.
    private func document(
        _ response: FetchResponse, _ visit: Visit, _ known: PollState, _ answer: inout Answer?
    ) async throws -> SourceDocument {
        let source = visit.source
        let type = response.headers["Content-Type"]
        let suspect = Suspect(source: source.id)
        switch source.kind {
        case .feed:
            let language = response.headers["Content-Language"]
            let zone = try source.timezone.map { try ZoneFile.load($0) }
            let now = clock.now()
            let feed = try quarantine.reading(suspect) {
                try FeedParser.parse(
                    response.body, contentType: type, url: response.url, contentLanguage: language, zone: zone,
                    now: now)
            }
            return SourceDocument(feed: feed)
        case .page:
            do {
                let feed = try quarantine.reading(suspect) {
                    try ListingReader.feed(
                        page: response.body, contentType: type, url: response.url, rules: source.links)
                }
                return SourceDocument(feed: feed)
            } catch let error as MarkupError { throw polling.fault(ofPage: error, source, known) }
        case .sitemap:
            let sitemap = try quarantine.reading(suspect) {
                try SitemapReader.read(response.body, contentType: type, url: response.url)
            }
            switch sitemap {
            case .addresses(let feed): return SourceDocument(feed: feed)
            case .index(let index):
                return try await SitemapChildren.read(index) { try await child($0, visit, &answer) }
            }
        }
    }

    private func child(_ url: String, _ visit: Visit, _ answer: inout Answer?) async throws -> SitemapChild {
        let source = visit.source
        let response: FetchResponse
        do { response = try await fetch(polling.request(child: url, of: source), visit.ofChild) } catch let error
            as FetchError
        {
            answer?.heed(Answer(error.hops))
            throw error
        }
        answer?.heed(Answer(response))
        guard response.hasDocument else { throw polling.refusal(response) }
        do {
            let sitemap = try quarantine.reading(Suspect(source: source.id)) {
                try SitemapReader.read(response.body, contentType: response.headers["Content-Type"], url: response.url)
            }
            if response.isCut, case .addresses(let feed) = sitemap, feed.entries.isEmpty {
                throw polling.endless(response)
            }
            return SitemapChild(
                sitemap: sitemap, cutAt: response.isCut ? response.body.count : nil, endIsKnown: response.endIsKnown)
        } catch { throw polling.reason(error, response) }
    }

    /// Stage `read`: the page behind the entry where the source wants full text, else what the feed carries.
    /// A page that cannot be had is no reason to wait: the feed's own words are filed, with the fault.
    /// - Returns: with the validators of that page.
    private func article(of entry: PendingEntry, _ source: Source) async throws -> (Article, Validators) {
        let share = quarantine.share(of: entry, source)
        let suspect = Suspect(source: entry.source, key: entry.key)
        guard share == .all else {
            return (quarantine.reading(suspect) { .quarantined(entry.entry, share) }, .none)
        }
        let own = quarantine.reading(suspect) { ArticleReader.read(entry: entry.entry, language: source.language) }
        guard source.fullText == .fetch, let link = EntryIdentity.url(for: entry.entry) else {
            return (source.fullText == .never ? own.headlineAndSummary : own, .none)
        }
        do {
            let response = try await page(link, of: source)
            guard response.hasDocument else { throw polling.refusal(response) }
            try Task.checkCancellation()
            let validators = Validators.none.updated(by: response.headers, status: response.status)
            return (try readPage(response, of: entry, source).completed(by: own), validators)
        } catch {
            // Told to stop, not refused: the entry stays pending and is read after the next start.
            if Pipeline.isStop(error) { throw CancellationError() }
            if error is StoreError { throw error }
            var article = own
            let fault = Fault(.read, error)
            article.faults.append(MarkupFault("page-\(fault.code)", fault.detail))
            return (article, .none)
        }
    }

    /// Our own congestion is no reason to do without a page: it is asked for again.
    func page(
        _ link: String, of source: Source, _ validators: Validators = .none
    ) async throws -> FetchResponse {
        let request = try polling.request(page: link, of: source, validators)
        var tries = 1
        while true {
            do { return try await fetch(request, Visit(page: source)) } catch let rest as PutOff {
                throw Fault(
                    stage: Stage.read.rawValue, code: "throttled",
                    detail: "\(rest.url): its server has asked that nobody comes before \(rest.until.rfc3339)")
            } catch let error as FetchError {
                guard error.code == .overloaded, tries < Limits.congestedTriesMax else { throw error }
            }
            tries += 1
            try await Task.sleep(for: .seconds(Limits.congestedSeconds))
        }
    }

    /// Stage `score`: pure, in parallel.
    func score(_ article: Article, of entry: PendingEntry, _ source: Source) -> Reading {
        quarantine.reading(Suspect(source: entry.source, key: entry.key)) {
            let assessment = engine.assess(article).ruled(by: source)
            return Reading(
                pending: entry, article: article, readAt: clock.now(), topics: assessment.topics,
                entities: assessment.entities, strongEntities: assessment.strongEntities,
                fingerprint: Fingerprint(article: article))
        }
    }

    /// Runs one stage under its name and tells the observer that it ended well.
    private func stage<T>(_ stage: Stage, _ source: Source, _ body: () async throws -> T) async throws -> T {
        do {
            let value = try await body()
            observe(stage, source.id)
            return value
        } catch let error as StoreError {
            throw error
        } catch let rest as PutOff {
            throw rest
        } catch {
            throw Pipeline.isStop(error) ? CancellationError() : Fault(stage, error)
        }
    }

    private static func isStop(_ error: any Error) -> Bool {
        let code = (error as? FetchError)?.code
        return Task.isCancelled || error is CancellationError || code == .cancelled || code == .stopped
    }

    private func stage<T>(_ stage: Stage, _ source: Source, _ body: () async -> T) async -> T {
        let value = await body()
        observe(stage, source.id)
        return value
    }
}

/// What the filing of one entry came to.
struct Filed: Sendable {
    var alerts: Int
    /// Of the article that was filed.
    var faults: [MarkupFault]
}

/// What one poll came to.
struct Polled: Sendable {
    var tally: PollTally
    var result: PollResult
    /// What was remembered of the source before.
    var known: PollState
}
