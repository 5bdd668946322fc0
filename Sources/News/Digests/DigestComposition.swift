extension Digest {
    /// Composes an issue, purely: the same input gives the same value.
    public static func compose(_ input: DigestInput) -> Digest {
        let (above, below) = split(input)
        let stories = above.map { DigestStory($0.story, topics: $0.topics, input: input) }.sorted(by: precedes)
        let told = Set(stories.flatMap { $0.story.topics.map(\.id) })
        let readings = SourceReadings(input)
        return Digest(
            schema: currentSchema, kind: "digest", day: input.day, issued: input.issued, nextIssue: input.nextIssue,
            window: Window(from: input.window.lowerBound, to: input.window.upperBound, previousTo: input.previousTo),
            zone: ZoneSpans(of: input.zone, around: input.issued), sight: readings.sight, stories: stories,
            quietTopics: input.topics.filter { !told.contains($0.id) }.map {
                TopicName(id: $0.id, name: CleanText.shown($0.name) ?? $0.id)
            },
            nearMisses: nearMisses(below + input.nearMisses, input), held: held(input, stories),
            folded: folded(above.map(\.story), input, stories), corrections: corrections(input),
            indicators: .compose(
                input.indicators, records: input.indicatorRecords, sight: input.indicatorSight, window: input.window,
                sources: input.sources, unread: readings.missed),
            coverage: readings.coverage(storiesKept: stories.count), version: input.version,
            configuration: input.configurationHash)
    }

    /// Stories with a topic whose `digest.from` they reach, with those topics; the others stand below the line.
    private static func split(
        _ input: DigestInput
    ) -> (above: [(story: Story, topics: [TopicFinding])], below: [Story]) {
        let from = Dictionary(input.topics.map { ($0.id, $0.digestFrom) }, uniquingKeysWith: { first, _ in first })
        var above: [(Story, [TopicFinding])] = []
        var below: [Story] = []
        for story in input.stories {
            let topics = TopicFinding.best(in: story, topics: input.topics).filter {
                let isWanted = story.verdicts[$0.topic.id]?.verdict == .yes
                return isWanted || $0.match.match >= max(from[$0.topic.id] ?? .likely, .likely)
            }
            if topics.isEmpty { below.append(story) } else { above.append((story, topics)) }
        }
        return (above, below)
    }

    /// By match, newsrooms, novelty; then what matches best, and of equals the newest.
    private static func precedes(_ a: DigestStory, _ b: DigestStory) -> Bool {
        let (first, second) = (a.story.topics.first, b.story.topics.first)
        let matches = (first?.match ?? .nothing, second?.match ?? .nothing)
        if matches.0 != matches.1 { return matches.0 > matches.1 }
        return (b.story.newsroomsAtLeast, a.status.age, second?.score ?? 0, b.story.firstSeen, a.story.id)
            < (a.story.newsroomsAtLeast, b.status.age, first?.score ?? 0, a.story.firstSeen, b.story.id)
    }

    private static func nearMisses(_ stories: [Story], _ input: DigestInput) -> [NearMiss] {
        var told: Set<StoryID> = []
        let misses: [NearMiss] = stories.compactMap { story in
            guard
                let best = TopicFinding.best(in: story, topics: input.topics).first(where: {
                    $0.match.bySource != .never
                }),
                told.insert(story.id).inserted
            else { return nil }
            return NearMiss(story, best, input)
        }
        return Array(misses.prefix(max(0, input.belowTheLine)))
    }

    private static func corrections(_ input: DigestInput) -> [Correction] {
        var found: [Correction] = []
        for story in input.stories where story.firstSeen <= input.window.lowerBound {
            for member in story.members {
                let published = PublishedMember(
                    member, source: input.sources[member.source], until: input.window.upperBound)
                for change in published.changes where change.isCorrection && input.tells(changeAt: change.at) {
                    found.append(
                        Correction(
                            shownID: story.shownID, title: published.title ?? "(no headline)",
                            language: published.language, outlet: published.outlet, url: published.url,
                            storyFirstSeen: story.firstSeen,
                            issueDay: input.issues.first { $0.from < story.firstSeen && story.firstSeen <= $0.to }?.day,
                            change: change))
                }
            }
        }
        return found.sorted { ($0.change.at, $0.shownID, $0.outlet) < ($1.change.at, $1.shownID, $1.outlet) }
    }
}

extension DigestStory.Status {
    /// The less, the more of it is new.
    fileprivate var age: Int {
        switch self {
        case .new: 0
        case .day: 1
        case .updated: 2
        case .late: 3
        }
    }
}

extension DigestStory {
    init(_ story: Story, topics: [TopicFinding], input: DigestInput) {
        let from = input.window.lowerBound
        let to = input.window.upperBound
        let newArticles = story.members.filter { $0.firstSeen > from && $0.firstSeen <= to }.count
        let changes = story.members.flatMap(\.changes).filter { input.tells(changeAt: $0.at) }
        if story.firstSeen > from {
            status = .new
        } else if newArticles > 0 {
            status = .day
        } else {
            status = changes.isEmpty ? .late : .updated
        }
        let days = input.zone.local(to).date.daysSince1970 - input.zone.local(story.firstSeen).date.daysSince1970
        dayNumber = max(1, days + 1)
        isCorrected = changes.contains { $0.correction }
        self.newArticles = newArticles
        self.changes = changes.count
        self.story = .compose(
            story, topics: topics, sources: input.sources, gazetteer: input.gazetteer, excerptMax: input.excerptMax,
            zone: input.zone, since: from, until: to)
        let again = story.alerts.told.dropFirst().filter { $0.at <= to }.map {
            AlertedAgain(file: $0.file, at: $0.at, why: $0.why)
        }
        updates = again.isEmpty ? nil : again
        let folded = story.alerts.folded.filter { $0.at > from && $0.at <= to }.suffix(Limits.shownPerStoryMax)
        self.folded = folded.isEmpty ? nil : folded.map { Folded($0, in: story, sources: input.sources) }
        held = story.alerts.held.map { Held(by: $0.by, until: $0.until) }
    }
}

extension DigestStory.Folded {
    fileprivate init(_ folded: AlertLife.Folded, in story: Story, sources: [SourceID: Source]) {
        let member = story.members.first { $0.source == folded.text.source && $0.key == folded.text.key }
        self.init(
            outlet: CleanText.shown(sources[folded.text.source]?.name) ?? folded.text.source,
            title: CleanText.shown(member?.article.title), at: folded.at)
    }
}
