import News
import Publish
import Storage

/// Finds what became of an address, and tries the lines that would change it on what is stored. Only reads.
public struct MissedStory: Sendable {
    let configuration: Configuration
    let store: Store
    private let state: StateFolder
    private let clock: WallClock
    let ages: Ages
    /// Days that a line is tried on, at most `Limits.backtestDaysMax`.
    let days: Int

    /// - Throws: `ZoneError`.
    public init(
        _ configuration: Configuration, state: StateFolder, store: Store, days: Int = 14, clock: WallClock
    ) throws {
        self.configuration = configuration
        self.state = state
        self.store = store
        self.days = days
        self.clock = clock
        ages = Ages(now: clock.now(), zone: try ZoneFile.load(configuration.settings.timezone))
    }

    /// What the reader says of it: which topic it belongs to, and a phrase of it that the topic should know.
    public struct Wish: Sendable {
        public var topic: TopicID?
        public var phrase: String?

        public init(topic: TopicID? = nil, phrase: String? = nil) {
            self.topic = topic
            self.phrase = phrase
        }
    }

    /// - Throws: `UnknownName` for a topic that is not configured, `StoreError`.
    public func find(_ url: String, _ wish: Wish = Wish()) throws -> Missed {
        if let topic = wish.topic, !configuration.topics.contains(where: { $0.id == topic }) {
            let known = configuration.topics.map(\.id)
            throw UnknownName("topic", topic, among: known, hint: "known are \(known.joined(separator: ", "))")
        }
        let spellings = WebURL.spellings(of: url)
        if let story = try store.story(at: spellings) {
            var missed = filed(story, url, spellings, wish)
            if let remedy = missed.remedy { missed.found.change = try change(remedy) }
            return missed.found
        }
        if let entry = try store.entry(at: spellings) { return listed(url, entry) }
        return try unlisted(url)
    }

    // MARK: filed

    /// - Returns: with what would change it, to be tried.
    private func filed(
        _ story: Story, _ url: String, _ spellings: [String], _ wish: Wish
    ) -> (found: Missed, remedy: Remedy?) {
        func missed(_ fate: Missed.Fate, _ words: [String]) -> Missed {
            Missed(url, fate, words, story: story, source: member?.source)
        }
        let member = story.members.first { $0.url.map(spellings.contains) ?? false } ?? story.members.first
        let refused = story.verdicts.filter { $0.value.verdict == .no }.keys.sorted()
        if let at = story.alertedAt {
            var words = ["Its story alerted \(ages.both(at))" + file(story.alerts.told.first) + "."]
            guard let member,
                let folded = story.alerts.folded.last(where: {
                    $0.text == MemberKey(source: member.source, key: member.key)
                })
            else {
                return (missed(.alerted, words), nil)
            }
            words.append(
                "This text came \(ages.both(folded.at)) and was folded in: nothing of again.when was new in it.")
            return (missed(.folded, words), nil)
        }
        if let held = story.alerts.held {
            return (missed(.held, [Self.words(held, ages)]), Remedy.release(held, configuration))
        }
        if let until = story.mutedUntil, Story.isMuted(until: until, at: ages.now) {
            return (
                missed(.muted, ["The story is muted until \(ages.dayAndTime(until)): it does not alert before."]), nil
            )
        }
        let findings = TopicFinding.best(in: story, topics: configuration.topics)
        let topic = wish.topic ?? findings.first?.topic.id
        if let topic, refused.contains(topic) {
            let remedy = Remedy(place: "at the shell", line: "feedwatch yes \(story.shownID) --topic \(topic)")
            return (missed(.refused, ["You said no to it for \(name(topic)): issues do not show it there."]), remedy)
        }
        let shown = findings.first { topic == $0.topic.id && $0.match.match >= max($0.topic.digestFrom, .likely) }
        if let shown {
            let words = told(story, shown.topic, member)
            return (missed(.told, words), Remedy.alert(shown.topic, shown.match))
        }
        guard let topic, let configured = configuration.topics.first(where: { $0.id == topic }) else {
            let known = configuration.topics.map(\.id).joined(separator: ", ")
            let words = [
                "It was read, and nothing of any topic is in it.",
                "Say with --topic which one it belongs to (\(known)), and with --word a phrase of it that the topic should know.",
            ]
            return (missed(.noTopic, words), nil)
        }
        let match = findings.first { $0.topic.id == topic }?.match
        let why = match.map { NearMissReason.words(for: $0, topic: configured) } ?? "nothing of it is in the text"
        var words = ["It was read, and stands below the line of \(configured.name): \(why)."]
        if let fault = member?.article.pageFault {
            let why = CleanText.line(fault.split(separator: "-").dropFirst().joined(separator: " "))
            words.append("Its page could not be read (\(why)): only the feed's own words were judged.")
        }
        return (missed(match == nil ? .noTopic : .belowTheLine, words), remedy(story, configured, match, member, wish))
    }

    private func file(_ told: AlertLife.Told?) -> String { told.map { " (\($0.file).md)" } ?? "" }

    private func name(_ topic: TopicID) -> String {
        CleanText.shown(configuration.topics.first { $0.id == topic }?.name) ?? topic
    }

    /// In an issue, and why it did not alert.
    private func told(_ story: Story, _ topic: Topic, _ member: StoryMember?) -> [String] {
        let hindsight = Hindsight(configuration, state: state)
        let view = hindsight.judge(story)
        let line =
            topic.alertAnyOf.isEmpty
            ? "the topic has no line of alert" : hindsight.obstacle(topic.id, in: view, alert: true)
        return [
            "It belongs to \(topic.name) and stands in the issue of its day: first seen \(ages.both(story.firstSeen)).",
            "It did not alert: \(line).",
        ]
    }

    /// The first line, mildest first, by which the story would stand in an issue under the topic.
    private func remedy(
        _ story: Story, _ topic: Topic, _ match: TopicMatch?, _ member: StoryMember?, _ wish: Wish
    ) -> Remedy? {
        let source = member.flatMap { member in configuration.sources.first { $0.id == member.source } }
        let remedies = Remedy.candidates(topic, match, source, phrase: wish.phrase, language: member?.article.language)
        return remedies.first { remedy in
            guard let changed = remedy.configuration(configuration) else { return true }
            return Hindsight(changed, state: state).judge(story).shown.contains(topic.id)
        }
    }

    private func change(_ remedy: Remedy) throws -> Missed.Change {
        var change = Missed.Change(place: remedy.place, line: remedy.line, unknown: remedy.unknown)
        guard let changed = remedy.configuration(configuration) else { return change }
        let report = try Backtest(changed, against: configuration, state: state, store: store, clock: clock)
            .run(days: days)
        change.effect = Missed.Effect(report)
        return change
    }

    static func words(_ held: AlertLife.Held, _ ages: Ages) -> String {
        let since = "Its alert is held since \(ages.both(held.since)), until \(ages.dayAndTime(held.until))"
        switch held.by {
        case .alone: return "\(since) at the latest: nobody but affiliations of never_on_only has written of it."
        case .quiet: return "\(since), by quiet hours."
        case .atMost: return "\(since), by at_most: the topic had given its alerts."
        case .again: return "\(since), by again.after: the story had just alerted."
        }
    }

    // MARK: not filed

    private func listed(_ url: String, _ entry: KnownEntry) -> Missed {
        let source = configuration.sources.first { $0.id == entry.source }
        let name = CleanText.shown(source?.name) ?? entry.source
        switch entry.state {
        case .baseline:
            var missed = Missed(
                url, .firstRead,
                [
                    "It stood in the first document that was read of \(name), \(ages.both(entry.firstSeen)): that read is silent."
                ],
                source: entry.source)
            missed.change = Missed.Change(
                place: "sources.d, source \(entry.source)", line: "first_read: last-24h",
                unknown:
                    "It holds for sources that are read for the first time; what it would have brought is not known.")
            return missed
        case .pending:
            return Missed(
                url, .waiting, ["\(name) listed it \(ages.both(entry.firstSeen)); it waits to be read and filed."],
                source: entry.source)
        case .filed:
            return Missed(
                url, .noTopic,
                ["\(name) listed it \(ages.both(entry.firstSeen)) and it was filed; its article is no longer kept."],
                source: entry.source)
        }
    }
}
