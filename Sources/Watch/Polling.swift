import Fetch
import News
import Storage

/// How sources are asked and their answers judged: pure decisions between `Fetch` and `Storage`.
struct Polling: Sendable {
    /// Where neither the source nor its server says otherwise.
    var interval: Duration
    /// A fraction from 0 to 1, so that sources do not march in step. Passed in: simulated runs fix it.
    var jitter: @Sendable (SourceID) -> Double
    var access = Access()
    /// When issues come out; nil where polls do not heed them.
    var digest: DigestHour?

    struct DigestHour: Sendable {
        var at: LocalTime
        var cutoff: Duration
        var zone: Zone
    }

    /// 410 ends polling, but a source that comes back is noticed: one request a week.
    static let goneRecheck = Duration.seconds(7 * 86_400)

    enum Judgement: Sendable, Equatable {
        case unchanged
        /// SHA-256 of the body.
        case bytes(hash: String)
    }

    func request(_ source: Source, _ known: PollState) throws -> FetchRequest {
        try request(source.url, FetchRequest.Kind(source.kind), of: source, known.validators)
    }

    /// A sitemap that an index names; read whole, for its validators have no place to be kept.
    func request(child url: String, of source: Source) throws -> FetchRequest {
        try request(url, .sitemap, of: source)
    }

    func request(page url: String, of source: Source, _ validators: Validators = .none) throws -> FetchRequest {
        try request(url, .page, of: source, validators)
    }

    /// The login is for the server of the source itself; other hosts on the way to its pages are asked without.
    /// - Throws: `Fault` when the secret or the proxy is not there: then nobody is asked.
    private func request(
        _ url: String, _ kind: FetchRequest.Kind, of source: Source, _ validators: Validators = .none
    ) throws -> FetchRequest {
        let isOwn =
            url == source.url
            || WebURL(url)?.scheme == WebURL(source.url)?.scheme
                && WebURL.server(of: url) == WebURL.server(of: source.url)
        var limits = FetchLimits(kind)
        limits.deadline = source.asking.timeout ?? limits.deadline
        if kind != .page, let own = source.asking.bodyMax {
            limits.bodyBytesMax = kind == .sitemap ? min(own, Limits.sitemapBytesMax) : own
        }
        var request = FetchRequest(
            url: url, kind: kind, validators: validators, allowsPrivateHosts: source.privateHosts,
            login: isOwn ? try access.login(of: source) : nil, proxy: try access.proxy(of: source), limits: limits)
        request.options = try access.options(of: source, isOwn: isOwn)
        request.allowsFile = source.localFile && url == source.url
        return request
    }

    /// Stage `fetch`, second half: what the status says. The same bytes as last time are unchanged too.
    /// - Throws: `Fault` for every answer without a document.
    func judge(_ response: FetchResponse, of source: Source, _ known: PollState) throws -> Judgement {
        if response.status == 304 {
            guard known.validators.isEmpty else { return .unchanged }
            throw Fault(
                stage: Stage.fetch.rawValue, code: "unasked-304",
                detail: "\(response.url) answered \"not modified\" without being asked: its cache is at fault")
        }
        guard response.hasDocument else { throw refusal(response) }
        if let fault = challenge(announcedBy: response) { throw fault }
        let hash = Hash.hex(response.body)
        return hash == known.bodyHash ? .unchanged : .bytes(hash: hash)
    }

    /// What the answer tells the operator beside its document.
    func faults(of response: FetchResponse, _ source: Source) -> [MarkupFault] {
        let cut = MarkupFault.cut(limit: response.body.count, isSitemap: source.kind == .sitemap)
        let coding = response.codingFault.map { [MarkupFault("coding", Self.words(of: $0))] } ?? []
        return faults(of: response.hops) + coding + (response.isCut ? [cut] : [])
    }

    private static func words(of fault: FetchResponse.CodingFault) -> String {
        switch fault {
        case .misnomer(let word):
            "Content-Encoding says \"\(CleanText.piece(word[...]))\", which is no coding: the body was read as it stands"
        case .endsInOther: "behind the end of the gzip stands something else, which was left out"
        case .breaksOff: "the gzip breaks off: what there was of it was read"
        }
    }

    /// What the way to the document tells the operator. The configuration is the operator's to change.
    func faults(of hops: [Hop]) -> [MarkupFault] {
        if let hop = hops.first(where: \.losesTLS) {
            return [
                MarkupFault(
                    MarkupFault.losesTLS,
                    "\(hop.from) leads to plain http, where anyone on the way can change it: ask the publisher for https"
                )
            ]
        }
        guard let moved = hops.prefix(while: { $0.status == 301 || $0.status == 308 }).last else { return [] }
        return [
            MarkupFault(
                MarkupFault.moved, "moved permanently to \(moved.to): change the address in your configuration")
        ]
    }

    /// Why a source was put off: since it was for the first time if it was before, and for a day at most.
    func rest(_ putOff: PutOff, _ known: PollState, now: Timestamp) -> Rest {
        let since = min(known.rest?.since ?? now, now)
        return Rest(
            domain: putOff.domain, since: since,
            until: min(putOff.until, since + .seconds(Limits.domainRestSeconds)))
    }

    /// A moment soon after `end` that is the source's own, so that those who wait for one moment do not come at once.
    func spread(_ end: Timestamp, of source: Source, now: Timestamp) -> Timestamp {
        let wait = Double((end - now).components.seconds)
        return end + .seconds(Int64(wait * PollSchedule.jitterShare * jitter(source.id)))
    }

    func result(
        of outcome: PollResult.Outcome, answer: Answer?, source: Source, known: PollState, at now: Timestamp
    ) -> PollResult {
        let schedule: PollSchedule.Outcome
        var validators = known.validators
        switch outcome {
        case .postponed:
            return PollResult(
                source: source, at: now,
                // All that were put off at once come back one by one.
                nextDue: now + .seconds(Double(Limits.congestedRetrySeconds) * (1 + jitter(source.id))),
                validators: validators, outcome: outcome)
        case .resting(let rest):
            return PollResult(
                source: source, at: now, nextDue: spread(rest.until, of: source, now: now), validators: validators,
                outcome: outcome)
        case .unchanged:
            schedule = .unchanged
            if let answer { validators = validators.updated(by: answer.headers, status: answer.status) }
        case .read:
            schedule = .read
            if let answer { validators = validators.updated(by: answer.headers, status: answer.status) }
        case .failed(let fault):
            schedule =
                switch fault.code {
                case _ where fault.isOfNetwork: .unreached
                case "gone": .gone
                case "throttled": .throttled(inARow: known.failures + 1)
                case "challenge" where answer?.asksForRest == true: .throttled(inARow: known.failures + 1)
                default: .failed(inARow: known.failures + 1)
                }
        }
        let share = jitter(source.id)
        let interval = source.interval ?? interval
        var next = PollSchedule.next(
            after: schedule, interval: interval, headers: answer?.headers ?? HTTPHeaders(), now: now, jitter: share)
        if let due = next, let digest, schedule == .read || schedule == .unchanged {
            let pulled = DigestClock.pulledBeforeCutoff(
                due, tried: now, share: share, at: digest.at, cutoff: digest.cutoff, zone: digest.zone)
            if pulled - now >= PollSchedule.rest(answer?.headers ?? HTTPHeaders(), now: now) { next = pulled }
        }
        return PollResult(
            source: source, at: now, nextDue: next ?? now + Polling.goneRecheck, validators: validators,
            outcome: outcome)
    }
}

extension FetchRequest.Kind {
    init(_ kind: Source.Kind) {
        self =
            switch kind {
            case .feed: .feed
            case .page: .page
            case .sitemap: .sitemap
            }
    }
}

/// The part of an answer that outlives its body.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
}

extension Answer {
    /// 429 and 503 (RFC 6585 §4, RFC 9110 §15.6.4).
    var asksForRest: Bool { status == 429 || status == 503 }

    /// With what redirects on the way have asked for: the redirect is followed, and the next poll comes so much later.
    init(_ response: FetchResponse) {
        self.init(status: response.status, headers: response.headers)
        heed(Answer(response.hops))
    }

    /// Redirects that have led to no answer.
    init(_ hops: [Hop]) {
        self.init(status: 0, headers: HTTPHeaders())
        for wait in hops.compactMap(\.retryAfter) { headers.append(name: "Retry-After", value: wait) }
    }

    /// What another answer of the same poll asks for, its next one waits for.
    mutating func heed(_ other: Answer) {
        for wait in other.headers.all("Retry-After") { headers.append(name: "Retry-After", value: wait) }
    }
}

extension Article {
    /// What `full_text: never` keeps: the headline and the first paragraph of the feed's own words.
    var headlineAndSummary: Article {
        var article = self
        article.paragraphs = Array(article.paragraphs.prefix(1))
        return article
    }
}
