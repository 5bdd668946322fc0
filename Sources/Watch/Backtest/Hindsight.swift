import News
import Storage

/// One configuration, looking back at stories.
struct Hindsight: Sendable {
    let sources: [SourceID: Source]
    let topics: [TopicID: Topic]
    private let ordered: [Topic]
    private let engine: TopicEngine

    init(_ configuration: Configuration, state: StateFolder) {
        sources = configuration.sourcesByID
        ordered = configuration.topics
        topics = Dictionary(configuration.topics.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        engine = TopicEngine(configuration, state: state.path)
    }

    /// What it makes of a story with the articles of which the text is there and whose source it reads.
    func judge(_ story: Story) -> HindsightView {
        var judged = story
        var view = HindsightView()
        judged.members = []
        for member in story.members.prefix(Limits.backtestMembersMax) {
            guard let source = sources[member.source], source.enabled else {
                view.unreadSources.insert(member.source)
                continue
            }
            guard member.hasText else {
                view.textless += 1
                continue
            }
            let assessment = engine.assess(member.article).ruled(by: source)
            var again = member
            again.topics = assessment.topics
            again.entities = assessment.entities
            judged.members.append(again)
        }
        view.judged = judged.members.count
        for finding in TopicFinding.best(in: judged, topics: ordered) {
            view.best[finding.topic.id] = finding.match
            let isWanted = story.verdicts[finding.topic.id]?.verdict == .yes
            if isWanted || finding.match.match >= max(finding.topic.digestFrom, .likely) {
                view.shown.insert(finding.topic.id)
            }
        }
        let newsrooms = Newsrooms.count(in: judged.members, sources: sources)
        for topic in ordered where story.verdicts[topic.id]?.verdict != .no {
            judgeAlert(topic, judged, newsrooms, &view)
        }
        return view
    }

    /// The first line that holds for an article, with all the newsrooms that the story has come to; else what stood in the way
    /// of the best.
    private func judgeAlert(_ topic: Topic, _ story: Story, _ newsrooms: Int, _ view: inout HindsightView) {
        for member in story.members {
            guard let match = member.topics.first(where: { $0.topic == topic.id }), match.match >= .likely,
                let source = sources[member.source]
            else { continue }
            let subject = AlertRules.Subject(
                member.article, of: source, entities: member.entities, newsrooms: newsrooms)
            guard let rule = AlertRules.firstRule(of: topic, match: match, for: subject) else {
                if match == view.best[topic.id] {
                    view.obstacles[topic.id] = AlertRules.verdicts(of: topic, match: match, for: subject)
                        .min { $0.unmet.count < $1.unmet.count }?.unmet.joined(separator: "; ")
                }
                continue
            }
            guard !AlertRules.isAlone(story, for: topic, sources: sources) else {
                view.obstacles[topic.id] = AlertRules.aloneWords(topic)
                continue
            }
            view.alerts[topic.id] = rule
            return
        }
    }

    /// Why a story is under a topic.
    func why(_ topic: TopicID, in view: HindsightView) -> String {
        guard let match = view.best[topic] else { return "" }
        let found = match.evidence.filter { $0.ignored == nil }.prefix(Self.evidenceShown).map { evidence in
            "\"\(CleanText.line(evidence.phrase))\" in the \(Self.words(evidence.field))"
        }
        if let ruling = match.bySource { return "its source has the topic \(ruling.rawValue)" }
        return "\(match.match.rawValue): \(found.isEmpty ? "by what was learned" : found.joined(separator: ", "))"
    }

    /// Why it is not, or does not alert.
    func obstacle(_ topic: TopicID, in view: HindsightView, alert: Bool) -> String {
        guard let configured = topics[topic] else { return "the topic is not configured" }
        if view.judged == 0, !view.unreadSources.isEmpty {
            return "its source is not read: \(view.unreadSources.sorted().joined(separator: ", "))"
        }
        guard let match = view.best[topic] else { return "nothing of the topic is in it" }
        if match.match == .nothing { return NearMissReason.words(for: match, topic: configured) }
        if alert { return view.obstacles[topic] ?? "no line of alert: holds" }
        return "\(match.match.rawValue), the topic asks for \(configured.digestFrom.rawValue)"
    }

    private static func words(_ field: Evidence.Field) -> String {
        switch field {
        case .title: "headline"
        case .lead: "first lines"
        case .text: "text"
        }
    }

    private static let evidenceShown = 3
}

/// What one side makes, or made, of a story.
struct HindsightView: Sendable {
    /// Topics that alert, or did, with the line that held; empty where it is not known.
    var alerts: [TopicID: String] = [:]
    /// Topics under which an issue shows it.
    var shown: Set<TopicID> = []
    var best: [TopicID: TopicMatch] = [:]
    /// What kept likely and clear matches from alerting.
    var obstacles: [TopicID: String] = [:]
    /// Articles that were judged, and that could not be for want of a text.
    var judged = 0
    var textless = 0
    /// Whose articles are left out.
    var unreadSources: Set<SourceID> = []

    init() {}

    /// As it was decided.
    init(of story: Story, in record: IssuesShown?) {
        shown = record?.topics(of: story) ?? []
        // An alert of a database that was lost names no topics.
        for topic in story.alerts.topics { alerts[topic] = "" }
        judged = story.members.count
    }
}
