import Fetch
import Foundation
import Markup
import News
import Publish
import Storage

/// Finds what `feedwatch explain` is asked for, and says why it was judged as it was. Writes nothing.
public struct Explainer: Sendable {
    let configuration: Configuration
    private let state: StateFolder
    private let engine: TopicEngine
    private let topics: [TopicID: Topic]
    private let sources: [SourceID: Source]
    private let ages: Ages

    /// - Throws: `StateError`, `ZoneError` for the zone.
    public init(_ configuration: Configuration, state: StateFolder, clock: WallClock) throws {
        self.configuration = configuration
        self.state = state
        engine = TopicEngine(configuration, state: state.path)
        topics = Dictionary(configuration.topics.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        sources = configuration.sourcesByID
        ages = Ages(now: clock.now(), zone: try ZoneFile.load(configuration.settings.timezone))
    }

    public func lines(_ explanation: Explanation) -> [StyledLine] {
        ExplanationText(explanation: explanation, topics: topics, ages: ages).lines
    }

    /// A story by its shown id or a longer part of its id.
    /// - Throws: `UnknownName`, `StoreError`.
    public func story(named name: String) throws -> Explanation {
        let store = try Store.reading(ofStateIn: state)
        if let store, let story = try store.story(named: name) { return try explain(story, as: name, in: store) }
        throw UnknownName(
            "story", name, among: try store?.shownIDs(limit: 20_000) ?? [],
            hint: "give an id as alerts and digests show it, an address, or a file")
    }

    /// The story with an article at an address; else what is known of the address, and the page, fetched and judged now.
    /// - Throws: `StoreError`. A page that cannot be had is a fault of the explanation.
    public func address(_ url: String) async throws -> Explanation {
        let spellings = WebURL.spellings(of: url)
        let store = try Store.reading(ofStateIn: state)
        if let store, let story = try store.story(at: spellings) { return try explain(story, as: url, in: store) }
        var explanation = Explanation(subject: url, read: url)
        explanation.known = try store?.entry(at: spellings)
        let source = explanation.known.flatMap { sources[$0.source] } ?? self.source(of: url)
        explanation.judgedAs = source?.id
        do {
            let article = try await fetch(url, as: source, store)
            explanation.articles = [explain(article, url: url, source: source)]
        } catch {
            explanation.fault = Fault(.fetch, error).detail
        }
        return explanation
    }

    /// A page in a file, read and judged now.
    /// - Throws: `MarkupError` for what is no page.
    public func page(_ bytes: [UInt8], file: String) throws -> Explanation {
        let article = try ArticleReader.read(page: bytes, contentType: nil, url: "file:///\(file)")
        var explanation = Explanation(subject: file, read: file)
        explanation.articles = [explain(article, url: nil, source: nil)]
        return explanation
    }
}

extension Explainer {
    private func explain(_ story: Story, as subject: String, in store: Store) throws -> Explanation {
        var explanation = Explanation(subject: subject)
        let first = story.alerts.told.first
        let parcel =
            try first.flatMap { try store.parcel(stem: $0.file) } ?? store.alert(of: story) ?? first.flatMap(fromFile)
        let after = story.alerts.topics.compactMap { topics[$0]?.alertAgain.after }.min()
        explanation.story = Explanation.StoryFacts(
            id: story.id, shownID: story.shownID, firstSeen: story.firstSeen, alertedAt: story.alertedAt,
            mutedUntil: story.mutedUntil, alertFile: parcel?.stem,
            alertRules: Self.topics(of: story, in: parcel).compactMap { topic in
                topic.rule.map { Explanation.AlertReason(topic: topic.id, rule: $0) }
            }, updates: Array(story.alerts.told.dropFirst()),
            held: story.alerts.held.map { held in
                .init(
                    by: held.by, since: held.since, until: held.until, topics: held.reasons.map(\.topic),
                    why: held.news?.why ?? [])
            }, ended: story.alerts.ended, folded: story.alerts.folded.count,
            againAfter: story.alerts.told.last.flatMap { last in after.map { last.at + $0 } },
            verdicts: story.verdicts)
        explanation.articles = story.members.map { explain($0, in: story) }
        return explanation
    }

    /// An alert that the database does not have, for it was restored or begun anew.
    private func fromFile(_ told: AlertLife.Told) -> Parcel? {
        PublishedFiles(root: state.path).json(of: told.file).map { json in
            Parcel(kind: told.file.hasSuffix("-more") ? .more : .alert, stem: told.file, json: json, decided: told.at)
        }
    }

    /// As the file told it that alerted the story, alone or with others that were held.
    private static func topics(of story: Story, in parcel: Parcel?) -> [PublishedTopic] {
        guard let parcel else { return [] }
        if parcel.kind == .more {
            let held = try? PublicJSON.decode(HeldAlerts.self, from: parcel.json)
            return held?.stories.first { $0.story.id == story.id }?.story.topics ?? []
        }
        return (try? PublicJSON.decode(Alert.self, from: parcel.json))?.story.topics ?? []
    }

    /// As it was filed; every place is shown where the configuration still judges it so.
    private func explain(_ member: StoryMember, in story: Story) -> ArticleExplanation {
        let source = sources[member.source]
        // What was judged is no longer there to be judged again.
        let isExpired = !member.hasText
        let traces = isExpired ? [] : engine.trace(member.article).map { $0.ruled(by: source) }
        // A source rules also where nothing was found, and there is no trace of that.
        let assessed = isExpired ? [] : engine.assess(member.article).topics(ruledBy: source)
        var explained = ArticleExplanation(member.article, url: member.url, source: source, id: member.source)
        explained.firstSeen = member.firstSeen
        explained.relation = member.relation
        explained.grouping = member.reason
        explained.copyOf = member.copyOf
        explained.textExpiredAt = member.textExpiredAt
        explained.versions = member.changes.map {
            .init(version: $0.version, at: $0.at, correction: $0.correction, withdrawn: $0.isWithdrawn)
        }
        let subject = AlertRules.Subject(
            member.article, of: source ?? Source(id: "", url: ""), entities: member.entities,
            newsrooms: Newsrooms.count(in: story.members, sources: sources))
        explained.topics = member.topics.map { match in
            let trace = traces.first { $0.match.topic == match.topic }
            let isSame = trace?.match.match == match.match && trace?.match.evidence == match.evidence
            let places = isSame ? trace?.places ?? [] : match.evidence.map(TopicTrace.Place.init)
            let now = isExpired ? match.match : assessed.first { $0.topic == match.topic }?.match ?? .nothing
            var explained = explain(match, places, now: now == match.match ? nil : now, subject, story)
            if isExpired { explained.found.alert = nil }
            return explained
        }
        let known = Set(member.topics.map(\.topic))
        explained.alsoNow = assessed.filter { $0.match >= .likely && !known.contains($0.topic) }.map(\.topic)
        return explained
    }

    private func explain(_ article: Article, url: String?, source: Source?) -> ArticleExplanation {
        var explained = ArticleExplanation(article, url: url, source: source, id: nil)
        let subject = AlertRules.Subject(
            article, of: source ?? Source(id: "", url: ""), entities: engine.assess(article).entities)
        let ruled = engine.assess(article).topics(ruledBy: source)
        let traces = engine.trace(article).map { $0.ruled(by: source) }
        // What the source rules though nothing of it was found.
        let bare = ruled.filter { match in !traces.contains { $0.match.topic == match.topic } }
        explained.topics =
            traces.map { explain($0.match, $0.places, now: nil, subject, nil) }
            + bare.map { explain($0, [], now: nil, subject, nil) }
        return explained
    }

    private func explain(
        _ match: TopicMatch, _ places: [TopicTrace.Place], now: Topic.Match?, _ subject: AlertRules.Subject,
        _ story: Story?
    ) -> TopicExplanation {
        let topic = topics[match.topic] ?? Topic(id: match.topic, name: match.topic)
        let verdicts = AlertRules.verdicts(of: topic, match: match, for: subject)
        var found = PublishedTopic(topic, match, verdicts: verdicts, reader: story?.verdicts[topic.id])
        found.rule = verdicts.first(where: \.unmet.isEmpty)?.rule
        if let story, found.rule != nil, AlertRules.isAlone(story, for: topic, sources: sources) {
            found.blocked = AlertRules.aloneWords(topic)
        }
        return TopicExplanation(found: found, places: places, now: now)
    }

    /// The source that reads the same host, when no entry tells.
    private func source(of url: String) -> Source? {
        func host(_ url: String) -> String? {
            WebURL(url)?.host.map { $0.hasPrefix("www.") ? String($0.dropFirst(4)) : $0 }
        }
        guard let wanted = host(url) else { return nil }
        return configuration.sources.first { host($0.url) == wanted }
    }

    /// As the pipeline gets a page: the same addresses are refused, and private ones are for sources that say so.
    private func fetch(_ url: String, as source: Source?, _ store: Store?) async throws -> Article {
        let fetcher = Fetcher(options: FetchOptions(configuration.settings))
        let polling = Polling(
            interval: configuration.settings.pollInterval, jitter: { _ in 0 },
            access: Access(configuration, environment: ProcessInfo.processInfo.environment))
        let request = try source.map { try polling.request(page: url, of: $0) } ?? FetchRequest(url: url, kind: .page)
        let outcome: Result<FetchResponse, any Error>
        do { outcome = .success(try await fetcher.fetch(request)) } catch { outcome = .failure(error) }
        await fetcher.shutdown()
        let response = try outcome.get()
        guard response.hasDocument else {
            throw polling.refusal(response)
        }
        var guide = ReadingGuide(select: source?.article, terms: PageTerms(response.headers))
        if let site = SiteMemory.site(of: response.url), let memory = try store?.memory(of: site) {
            guide.lesson = memory.lesson()
        }
        return try ArticleReader.read(
            page: response.body, contentType: response.headers["Content-Type"], url: response.url, guide: guide)
    }
}

extension ArticleExplanation {
    /// `id` is the source's where it need not be configured any more.
    fileprivate init(_ article: Article, url: String?, source: Source?, id: SourceID?) {
        self.init(
            source: source?.id ?? id, outlet: CleanText.shown(source?.name), title: article.title, url: url,
            paragraphs: article.paragraphs.count, versions: [], faults: article.faults, topics: [], alsoNow: [],
            article: article)
    }
}
