/// What stands below the line of an issue beside near misses: what was held, and what was folded into alerted stories.
extension Digest {
    /// A story of which quiet hours, `at_most` or `again.after` hold an alert, or held one that was told in the window.
    public struct HeldStory: Sendable, Hashable, Codable {
        public var shownID: String
        public var title: String
        /// BCP 47, of the headline; nil in files of earlier versions.
        public var language: String?
        /// Names of those that it is held for.
        public var topics: [String]
        public var by: AlertLife.Held.By
        public var since: Timestamp
        public var until: Timestamp
        /// Of an alert that was given.
        public var isUpdate: Bool
        /// What told it when the hold was over, relative to the state folder, without extension; nil while it is held.
        public var file: String?

        enum CodingKeys: String, CodingKey {
            case title, language, topics, by, since, until, file
            case shownID = "shown_id"
            case isUpdate = "update"
        }
    }

    /// A story that has alerted, and the texts of the window that were no reason for another alert; no copies.
    public struct FoldedStory: Sendable, Hashable, Codable {
        public var shownID: String
        public var title: String
        /// BCP 47, of the headline; nil in files of earlier versions.
        public var language: String?
        public var texts: Int
        /// Each once, the first to come first.
        public var outlets: [String]
        /// When the first and the last of them were filed.
        public var from: Timestamp
        public var to: Timestamp

        enum CodingKeys: String, CodingKey {
            case title, language, texts, outlets, from, to
            case shownID = "shown_id"
        }
    }

    /// - Parameter stories: of the issue.
    /// - Returns: what ends first before what ends later; nil where nothing was held.
    static func held(_ input: DigestInput, _ stories: [DigestStory]) -> [HeldStory]? {
        let titles = Dictionary(
            stories.map { ($0.story.id, Headline($0.story)) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<StoryID> = []
        let now = (input.held + input.stories).filter { seen.insert($0.id).inserted }.compactMap {
            HeldStory($0, head: titles[$0.id], input)
        }
        let told = input.heldTold.flatMap { file in
            file.stories.map { HeldStory($0, head: titles[$0.story.id], told: file) }
        }
        let all = (now + told).sorted { ($0.until, $0.since, $0.shownID) < ($1.until, $1.since, $1.shownID) }
        return all.isEmpty ? nil : Array(all.prefix(Limits.heldWholeMax))
    }

    /// - Parameter above: the stories of the issue.
    static func folded(_ above: [Story], _ input: DigestInput, _ stories: [DigestStory]) -> [FoldedStory]? {
        let byID = Dictionary(above.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let folded = stories.compactMap { told -> FoldedStory? in
            let texts = byID[told.story.id]?.alerts.folded.filter {
                $0.at > input.window.lowerBound && $0.at <= input.window.upperBound
            }
            guard let texts, let first = texts.first, let last = texts.last else { return nil }
            var outlets: [String] = []
            for text in texts {
                let name = CleanText.shown(input.sources[text.text.source]?.name) ?? text.text.source
                if !outlets.contains(name), outlets.count < Limits.shownPerStoryMax { outlets.append(name) }
            }
            return FoldedStory(
                shownID: told.story.shownID, title: told.story.title, language: told.story.language,
                texts: texts.count, outlets: outlets, from: first.at, to: last.at)
        }
        return folded.isEmpty ? nil : folded
    }
}

extension Digest {
    /// A title and its language.
    struct Headline {
        var title: String
        var language: String?

        init(_ story: PublishedStory) { (title, language) = (story.title, story.language) }

        /// Of the first article that has one.
        init(_ story: Story, _ sources: [SourceID: Source]) {
            let head = story.members.first { CleanText.shown($0.article.title) != nil }
            title = CleanText.shown(head?.article.title) ?? "(no headline)"
            language = head.flatMap { $0.language(in: sources[$0.source]) }
        }
    }
}

extension Digest.HeldStory {
    /// - Parameter head: as the issue has it; nil where it does not tell the story.
    /// - Returns: nil where nothing is held that will be told.
    fileprivate init?(_ story: Story, head: Digest.Headline?, _ input: DigestInput) {
        guard let held = story.alerts.held, held.by != .alone,
            !(story.mutedUntil.map { Story.isMuted(until: $0, at: input.issued) } ?? false)
        else { return nil }
        let names = held.reasons.compactMap { reason -> String? in
            guard story.verdicts[reason.topic]?.verdict != .no,
                let topic = input.topics.first(where: { $0.id == reason.topic })
            else { return nil }
            return CleanText.shown(topic.name) ?? topic.id
        }
        // Without its topics it ends in silence.
        guard held.reasons.isEmpty || !names.isEmpty else { return nil }
        let head = head ?? Digest.Headline(story, input.sources)
        self.init(
            shownID: story.shownID, title: head.title, language: head.language, topics: names, by: held.by,
            since: held.since, until: held.until, isUpdate: held.news != nil, file: nil)
    }

    fileprivate init(_ held: HeldAlerts.HeldStory, head: Digest.Headline?, told file: HeldAlerts) {
        let head = head ?? Digest.Headline(held.story)
        self.init(
            shownID: held.story.shownID, title: head.title, language: head.language,
            topics: held.story.topics.map(\.name), by: held.heldBy, since: held.heldSince, until: file.decided,
            isUpdate: held.updateOf != nil, file: file.stem)
    }
}

extension Digest.NearMiss {
    /// Headline and link are those of the article that came nearest, where it has a headline.
    init(_ story: Story, _ best: TopicFinding, _ input: DigestInput) {
        let hasTitle = { (member: StoryMember) in CleanText.shown(member.article.title) != nil }
        let head =
            best.member.flatMap { hasTitle($0) ? $0 : nil } ?? story.members.first(where: hasTitle) ?? best.member
        let shown = head.map { PublishedMember($0, source: input.sources[$0.source], until: input.window.upperBound) }
        let reason = NearMissReason(best.match, topic: best.topic)
        self.init(
            shownID: story.shownID, title: shown?.title ?? "(no headline)", language: shown?.language,
            outlet: shown?.outlet, url: shown?.url, topic: CleanText.shown(best.topic.name) ?? best.topic.id,
            reason: reason.words, quotes: reason.quotes,
            embargo: head.flatMap { Embargo.asked(by: $0.article, seen: $0.firstSeen, zone: input.zone) })
    }
}
