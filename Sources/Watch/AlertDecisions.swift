import News
import Publish
import Storage

/// What the desk alerts, holds and folds: one story at a time, inside its transaction.
///
/// A story alerts once; after that only for what `again.when` of one of its topics names, marked as an update. What would
/// alert and may not yet is held with the story and has a due time; it is told as things stand when that comes.
struct AlertDecisions {
    private enum Verdict {
        case pass([AlertDesk.Reason])
        case hold(AlertLife.Held.By, until: Timestamp)
        /// Nobody wants it any more: its topics are gone, or nobody else has carried it for so long.
        case over
    }

    private struct Released {
        var story: Story
        var life: AlertLife
        var held: AlertLife.Held
        var reasons: [AlertDesk.Reason]

        init(_ story: Story, _ life: AlertLife, _ held: AlertLife.Held, _ reasons: [AlertDesk.Reason]) {
            self.story = story
            // One that alerted before there were lives has none in the database yet.
            self.story.alerts = life
            self.life = life
            self.held = held
            self.reasons = reasons
        }
    }

    /// So long a story waits for another newsroom's text.
    private static let aloneMax = Duration.seconds(14 * 86_400)

    private let transaction: DeskTransaction
    private let rules: AlertDesk
    private let now: Timestamp
    private let gate: AlertGate
    /// Files decided.
    private(set) var alerts = 0
    /// Shown ids of stories whose life could not be read.
    private(set) var setAside: [String] = []
    /// Shown ids of stories whose hold has ended because none of its topics is configured any more.
    private(set) var ended: [(story: String, topics: [TopicID])] = []

    init(_ transaction: DeskTransaction, _ rules: AlertDesk, now: Timestamp) throws {
        self.transaction = transaction
        self.rules = rules
        self.now = now
        gate = AlertGate(now: now, zone: rules.zone)
        try transaction.believe(now)
    }

    /// A story to which these texts came.
    mutating func decide(_ id: StoryID, _ filed: [FiledReading]) throws {
        var (life, isMuted) = try life(of: id, except: filed.map(\.key))
        let filed = try withoutTold(filed, id, &life)
        if filed.isEmpty { return }
        let story = rules.countsNewsrooms ? try transaction.storyEnds(id, most: Limits.newsroomMembersMax) : nil
        let refused = try transaction.refusedTopics(of: id)
        let reasons = rules.reasons(for: filed.map(\.reading), in: story).filter { !refused.contains($0.topic.id) }
        if life.told.isEmpty {
            guard !isMuted, !reasons.isEmpty || life.held != nil else { return }
            try settle(id, &life, reasons, news: nil, filed)
        } else {
            try decideAgain(id, &life, reasons, filed, in: story, refused: refused, isMuted: isMuted)
        }
    }

    /// Looks at what is held: at all of it, or at what is due. What quiet hours and caps held is told in one file.
    mutating func release(all: Bool) throws {
        var more: [Released] = []
        for id in try transaction.heldStories(dueBy: all ? nil : now) {
            var (life, isMuted) = try life(of: id, except: [])
            guard let held = life.held, let story = try transaction.story(id) else {
                // Nothing of it is left to hold.
                try transaction.keep(life, of: id)
                continue
            }
            switch try verdict(story, life, rules.reasons(held.reasons, for: story), held.news, loud: []) {
            case .hold(let by, let until):
                life.held?.by = by
                life.held?.until = until
                try transaction.keep(life, of: id)
            case .pass(let reasons) where !isMuted:
                let released = Released(story, life, held, reasons)
                if held.by == .again || held.by == .alone { try alert(released) } else { more.append(released) }
            case .pass, .over:
                // A muted story's hold ends in silence, as what is filed into it does.
                life.held = nil
                let topics = held.reasons.map(\.topic)
                if !topics.contains(where: { rules.topics[$0] != nil }) {
                    life.ended = AlertLife.Ended(at: now, topics: topics)
                    ended.append((story.shownID, topics))
                }
                if let news = held.news { life.fold(news.texts, at: now) }
                try transaction.keep(life, of: id)
            }
        }
        try tell(more)
        try transaction.scheduleHeld()
    }

    /// How far the story's alerts have come, with times and holds as they stand now.
    private mutating func life(of id: StoryID, except news: [MemberKey]) throws -> (life: AlertLife, isMuted: Bool) {
        var (life, isMuted, isUnreadable) = try transaction.alertLife(of: id, except: news, at: now, rules: ruleKeys)
        life.believe(now)
        if isUnreadable {
            setAside.append(try transaction.story(id)?.shownID ?? id)
            try transaction.keep(life, of: id)
        }
        if let held = life.held, held.isThinned == true, let story = try transaction.story(id) {
            life.held = rules.standing(held, in: story)
        }
        return (life, isMuted)
    }
}

extension AlertDecisions {
    /// Texts without those that readers have in files of alerts, from before this database: with such a one the story has
    /// alerted, and has said what it says.
    private func withoutTold(_ filed: [FiledReading], _ id: StoryID, _ life: inout AlertLife) throws -> [FiledReading] {
        var rest: [FiledReading] = []
        for item in filed {
            guard item.change == nil, let story = try transaction.toldStory(item.reading.pending) else {
                rest.append(item)
                continue
            }
            let told = try transaction.alertLife(of: story, except: [], at: now, rules: ruleKeys).life
            if life.told.isEmpty, let first = told.told.first {
                life = told
                life.held = nil
                try transaction.markAlerted(id, at: first.at)
            }
            let reading = item.reading
            life.said.add(
                entities: reading.strongEntities, headline: reading.article.title,
                rules: rules.rules(for: reading, newsrooms: .max).map(\.key))
        }
        if rest.count < filed.count { try transaction.keep(life, of: id) }
        return rest
    }

    /// Of a story that has alerted and of which it is not known how many newsrooms it had then: none more is news.
    private func ruleKeys(_ member: StoryMember) -> [String] {
        rules.rules(for: member, newsrooms: .max).map(\.key)
    }

    /// A story that has alerted: what is new for it alerts again, all else is folded and counted.
    private mutating func decideAgain(
        _ id: StoryID, _ life: inout AlertLife, _ reasons: [AlertDesk.Reason], _ filed: [FiledReading],
        in story: Story?,
        refused: Set<TopicID>, isMuted: Bool
    ) throws {
        let concerned = Set(life.topics).union(reasons.map(\.topic.id)).subtracting(refused).sorted().compactMap {
            rules.topics[$0]
        }
        var news = AlertNews()
        var folded: [MemberKey] = []
        let newsrooms = rules.newsrooms(of: story)
        let others = (story?.members ?? []).flatMap { rules.rules(for: $0, newsrooms: newsrooms, byNewsrooms: true) }
        for item in filed {
            let lines = rules.rules(for: item.reading, newsrooms: newsrooms) + others
            let brought = AlertNews.between(said: life.said, item, topics: concerned, rules: lines)
            if !brought.why.isEmpty, !isMuted { news.merge(brought) } else if !item.isCopy { folded.append(item.key) }
        }
        life.fold(folded, at: now)
        guard !news.why.isEmpty || life.held != nil, !isMuted else {
            if !folded.isEmpty { try transaction.keep(life, of: id) }
            return
        }
        var all = life.held?.news ?? AlertNews()
        all.merge(news)
        let lines = Dictionary(reasons.map { ($0.topic.id, $0.rule) }, uniquingKeysWith: { first, _ in first })
        let wanted = all.topics.compactMap { topic in
            rules.topics[topic].map { topic -> AlertDesk.Reason in
                let match =
                    reasons.first { $0.topic.id == topic.id }?.match
                    ?? TopicMatch(topic: topic.id, match: .nothing, score: 0, evidence: [])
                return (topic, match, lines[topic.id] ?? "")
            }
        }
        try settle(id, &life, wanted, news: all, filed)
    }

    /// Alerts now, or is held with what was held before.
    private mutating func settle(
        _ id: StoryID, _ life: inout AlertLife, _ fresh: [AlertDesk.Reason], news: AlertNews?, _ filed: [FiledReading]
    ) throws {
        guard let story = try transaction.story(id) else { return }
        let known = Set(fresh.map(\.topic.id))
        let earlier = rules.reasons((life.held?.reasons ?? []).filter { !known.contains($0.topic) }, for: story)
        let reasons = AlertDesk.ranked(fresh + earlier)
        let loud = reasons.filter { reason in
            filed.contains { reason.topic.alertQuiet?.isLifted(by: $0.reading.article) ?? false }
        }
        switch try verdict(story, life, reasons, news, loud: Set(loud.map(\.topic.id))) {
        case .pass(let open):
            let held = AlertLife.Held(by: .again, since: now, until: now, reasons: [], news: news)
            try alert(Released(story, life, held, open))
        case .hold(let by, let until):
            life.held = AlertLife.Held(
                by: by, since: life.held?.since ?? now, until: until,
                reasons: reasons.map { AlertLife.Held.Reason(topic: $0.topic.id, rule: $0.rule) }, news: news)
            try transaction.keep(life, of: id)
        case .over:
            life.held = nil
            try transaction.keep(life, of: id)
        }
    }

    /// Whether these reasons pass. The end of a hold never moves away while it lasts, so that nothing is held for ever.
    private func verdict(
        _ story: Story, _ life: AlertLife, _ reasons: [AlertDesk.Reason], _ news: AlertNews?, loud: Set<TopicID>
    ) throws -> Verdict {
        if reasons.isEmpty { return .over }
        let old = life.held
        if let after = news?.after, let last = life.told.last?.at, last + after > now {
            return .hold(.again, until: last + after)
        }
        let open = news == nil ? reasons.filter { !rules.isAlone(story, for: $0.topic) } : reasons
        guard !open.isEmpty else {
            let longest = now + Self.aloneMax
            let end = old?.by == .alone ? min(old?.until ?? longest, longest) : longest
            return end > now ? .hold(.alone, until: end) : .over
        }
        var counts: [TopicID: AlertGate.Count] = [:]
        for reason in open where reason.topic.alertAtMost != nil {
            counts[reason.topic.id] = try transaction.alertCount(of: reason.topic.id)
        }
        guard let hold = gate.hold(open.map(\.topic), loud: loud, counts: counts) else { return .pass(open) }
        let isGoingOn = old.map { $0.by == .quiet || $0.by == .atMost } ?? false
        guard isGoingOn, let end = old?.until, end < hold.until else { return .hold(hold.by, until: hold.until) }
        return end > now ? .hold(old?.by ?? hold.by, until: end) : .pass(open)
    }

    /// Puts a story's alert, its first or an update, into the outbox, and counts it.
    private mutating func alert(_ released: Released) throws {
        let news = released.life.told.isEmpty ? nil : released.held.news
        let decided = try AlertPlace.freeSecond(
            released.story.shownID, from: now, zone: rules.zone, isTaken: transaction.isTaken)
        let alert = rules.alert(
            for: released.story, reasons: rules.withMatches(released.reasons, of: released.story), news: news,
            decided: decided)
        try transaction.put(
            Parcel(kind: .alert, stem: alert.stem, json: try PublicJSON.encode(alert), decided: alert.decided))
        for reason in released.reasons {
            guard let most = reason.topic.alertAtMost else { continue }
            try transaction.keep(
                gate.counted(try transaction.alertCount(of: reason.topic.id), of: most), of: reason.topic.id)
        }
        try note(released, file: alert.stem, at: alert.decided)
        alerts += 1
    }

    private mutating func tell(_ more: [Released]) throws {
        guard !more.isEmpty else { return }
        let stories = more.map { released in
            HeldAlerts.HeldStory(
                released.held, story: released.story,
                topics: rules.withMatches(released.reasons, of: released.story),
                update: released.life.told.isEmpty ? nil : rules.update(of: released.story, released.held.news),
                sources: rules.sources, gazetteer: rules.gazetteer, excerptMax: rules.excerptMax, zone: rules.zone)
        }
        let decided = try AlertPlace.freeSecond(
            "more", from: now, zone: rules.zone, isTaken: transaction.isTaken)
        let file = HeldAlerts.compose(stories, zone: rules.zone, decided: decided, version: rules.version)
        try transaction.put(
            Parcel(kind: .more, stem: file.stem, json: try PublicJSON.encode(file), decided: file.decided))
        for released in more { try note(released, file: file.stem, at: file.decided) }
        alerts += 1
    }

    /// What the story has said from now on, and where it was told.
    private func note(_ released: Released, file: String, at time: Timestamp) throws {
        var life = released.life
        let newsrooms = rules.newsrooms(of: released.story)
        for member in released.story.members {
            life.said.add(
                entities: member.strongEntities, headline: member.article.title,
                rules: rules.rules(for: member, newsrooms: newsrooms).map(\.key))
        }
        let why = life.told.isEmpty ? [] : released.held.news?.why ?? []
        life.note(AlertLife.Told(file: file, at: time, why: why), topics: released.reasons.map(\.topic.id))
        try transaction.keep(life, of: released.story.id)
        try transaction.markAlerted(released.story.id, at: time)
    }
}
