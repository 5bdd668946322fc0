import News
import Publish
import Storage

/// `feedwatch backtest`: what another configuration would have made of the stored stories. Reads only; one story is in memory at
/// a time, and the same database and configurations give the same report.
public struct Backtest: Sendable {
    private let store: Store
    private let clock: WallClock
    private let changed: Hindsight
    /// Nil for what was done.
    private let other: Hindsight?
    private let settings: Settings

    /// - Parameter against: judges in place of what was done; nil sets the changed one beside that.
    public init(
        _ changed: Configuration, against: Configuration? = nil, state: StateFolder, store: Store, clock: WallClock
    ) {
        self.store = store
        self.clock = clock
        self.changed = Hindsight(changed, state: state)
        other = against.map { Hindsight($0, state: state) }
        settings = changed.settings
    }

    /// - Throws: `StoreError`.
    public func run(days: Int) throws -> BacktestReport {
        let now = clock.now()
        let from = now - .seconds(days * 86_400)
        let record = other == nil ? try IssuesShown(store, since: from) : nil
        var report = BacktestReport(
            from: from, to: now, days: days, isAgainstRecord: other == nil, zone: try ZoneFile.load(settings.timezone))
        for topic in [other, changed].compactMap({ $0 }).flatMap(\.topics.values) { report.name(topic.id, topic.name) }
        var unread = Set(changed.sources.values.filter(\.enabled).map(\.id))
        for id in try store.storyIDs(from: from, to: now) {
            guard let story = try store.story(id: id), !story.members.isEmpty else { continue }
            for member in story.members { unread.remove(member.source) }
            let view = changed.judge(story)
            report.count(story, view)
            compare(story, then: other?.judge(story) ?? HindsightView(of: story, in: record), now: view, &report)
        }
        report.newSources = unread.sorted()
        report.sort()
        return report
    }

    /// Topic by topic: what would come, what would go, and what nobody can know.
    private func compare(
        _ story: Story, then: HindsightView, now: HindsightView, _ report: inout BacktestReport
    ) {
        var isUnknown = false
        for topic in Set(then.alerts.keys).union(now.alerts.keys).union(then.shown).union(now.shown).sorted() {
            let verdict = story.verdicts[topic]?.verdict
            let sides: [(kind: BacktestReport.Change.Kind, was: Bool, isNow: Bool)] = [
                (.alert, then.alerts[topic] != nil, now.alerts[topic] != nil),
                (.story, then.shown.contains(topic), now.shown.contains(topic)),
            ]
            for (kind, was, isNow) in sides where was || isNow {
                // What the reader has decided no configuration changes.
                if verdict == .no || verdict == .yes && kind == .story {
                    report.count(topic, kind, then: isNow, now: isNow)
                    continue
                }
                // What would go might stay for an article whose text is gone.
                let isLost = was && !isNow && now.textless > 0
                isUnknown = isUnknown || isLost
                report.count(topic, kind, then: was, now: isNow || isLost)
                guard was != isNow, !isLost else { continue }
                report.add(
                    BacktestReport.Change(
                        topic: topic, kind: kind, isAdded: isNow, story: story.shownID,
                        title: story.members.lazy.compactMap { CleanText.shown($0.article.title) }.first
                            ?? "(no headline)",
                        firstSeen: story.firstSeen, why: why(topic, kind, isNow, story, now)))
            }
        }
        if isUnknown { report.unknownStories += 1 }
    }

    private func why(
        _ topic: TopicID, _ kind: BacktestReport.Change.Kind, _ isAdded: Bool, _ story: Story, _ view: HindsightView
    ) -> String {
        var parts: [String] = []
        if isAdded {
            if kind == .alert { parts.append("by the line \"\(view.alerts[topic] ?? "")\"") }
            parts.append(changed.why(topic, in: view))
            if kind == .alert, other == nil, story.mutedUntil != nil { parts.append("the story was muted") }
        } else {
            parts.append(changed.obstacle(topic, in: view, alert: kind == .alert))
            if other == nil, story.members.contains(where: { !$0.changes.isEmpty }) {
                parts.append("a text of it has changed since")
            }
        }
        return parts.joined(separator: "; ")
    }
}

/// Which topics issues have shown stories under.
struct IssuesShown {
    private var shown: [StoryID: Set<TopicID>] = [:]
    /// The end of the last issue's window.
    private(set) var until: Timestamp?

    init(_ store: Store, since: Timestamp) throws {
        var found = self
        try store.eachIssue(since: since) { parcel in
            guard let digest = try? PublicJSON.decode(Digest.self, from: parcel.json) else { return }
            for story in digest.stories {
                found.shown[story.story.id, default: []].formUnion(story.story.topics.map(\.id))
            }
            found.until = max(found.until ?? digest.window.to, digest.window.to)
        }
        self = found
    }

    /// What an issue has shown; of a story that is in none yet, and is too new for the last, what it matches.
    func topics(of story: Story) -> Set<TopicID> {
        if let shown = shown[story.id] { return shown }
        guard until.map({ story.firstSeen > $0 }) ?? true else { return [] }
        return Set(
            story.members.flatMap(\.topics).filter { $0.match >= .likely && story.verdicts[$0.topic]?.verdict != .no }
                .map(\.topic))
    }
}
